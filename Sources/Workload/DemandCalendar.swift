// SPDX-License-Identifier: GPL-3.0-or-later
// What the calendar does to demand: holidays, and launches after which nothing is as before.

public import Quantities

/// Factors on the demand of single days, and of all days from one on.
public struct DemandCalendar: Sendable, Hashable {
  /// A day and the factor that begins with it.
  public struct Step: Sendable, Hashable {
    /// The day, in UTC.
    public var day: CalendarDay
    /// The factor, 0 or more.
    public var factor: Double

    /// A step.
    public init(day: CalendarDay, factor: Double) {
      self.day = day
      self.factor = factor
    }
  }

  /// Days whose demand is multiplied; factors of one day multiply each other.
  public var holidays: [Step]
  /// Days from which on the demand is multiplied.
  public var launches: [Step]

  /// A calendar; without arguments one in which all days are alike.
  public init(holidays: [Step] = [], launches: [Step] = []) {
    self.holidays = holidays
    self.launches = launches
  }

  /// Whether all days are alike.
  public var isEmpty: Bool { holidays.isEmpty && launches.isEmpty }

  /// The factor of a day, in days since 1970-01-01.
  public func factor(day: Int) -> Double {
    holidays.reduce(1) { $1.day.daysSince1970 == day ? $0 * $1.factor : $0 }
      * launches.reduce(1) { $1.day.daysSince1970 <= day ? $0 * $1.factor : $0 }
  }

  /// The factors of a month's Mondays, Tuesdays, …: each the mean over its days of that name, so that a week that stands
  /// for the month has the month's requests.
  public func weekdayFactors(_ month: CalendarMonth) -> [Double] {
    guard !isEmpty, let first = CalendarDay("\(month)-01") else { return [Double](repeating: 1, count: 7) }
    var sums = [Double](repeating: 0, count: 7)
    var counts = sums
    for day in 0..<month.days {
      let weekday = (first.weekday + day) % 7
      sums[weekday] += factor(day: first.daysSince1970 + day)
      counts[weekday] += 1
    }
    return zip(sums, counts).map { $0 / $1 }
  }
}
