// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of demand over hours, days and weeks, from requests or from usage that comes in buckets.

import Foundation

/// Requests in consecutive hours. Hours that a log does not cover are gaps, which no figure counts.
public struct HourlyDemand: Sendable, Hashable {
  /// Hours since 1970-01-01T00:00Z of the first one; since the trace's own zero where its times have no date.
  public let firstHour: Int
  /// Requests in each hour; nil where the log does not tell.
  public let requests: [Double?]
  /// Whether the hours have dates, so that weekdays are known.
  public let hasCalendar: Bool

  /// Hours with their requests.
  public init(firstHour: Int, requests: [Double?], hasCalendar: Bool) {
    self.firstHour = firstHour
    self.requests = requests
    self.hasCalendar = hasCalendar
  }

  /// Nanoseconds of an hour.
  static let hour: Int64 = 3_600_000_000_000

  /// The hour of the week of a point of the series, from Monday 00:00 UTC. Without a calendar, the trace's zero stands
  /// for a Monday's midnight.
  public func hourOfWeek(_ index: Int) -> Int {
    // 1970-01-01 was a Thursday.
    let hours = firstHour + index + (hasCalendar ? 72 : 0)
    return (hours % 168 + 168) % 168
  }

  private var known: [Double] { requests.compactMap { $0 } }

  /// Hours that the log covers.
  public var coveredHours: Int { known.count }

  /// Mean requests in an hour; not a number where none is covered.
  public var mean: Double { known.reduce(0, +) / Double(known.count) }

  /// The busiest hour over the mean; nil with fewer than two hours or no requests.
  public var peakOverMean: Double? { ratio(known.max()) }

  /// The quietest hour over the mean.
  public var troughOverMean: Double? { ratio(known.min()) }

  private func ratio(_ value: Double?) -> Double? {
    guard let value, known.count >= 2, mean > 0 else { return nil }
    return value / mean
  }

  /// Standard deviation (divisor n) of the hours over their mean.
  public var variation: Double? {
    guard known.count >= 2, mean > 0 else { return nil }
    let middle = mean
    let squares = known.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    return (squares / Double(known.count)).squareRoot() / middle
  }

  /// A day of the series.
  public struct Day: Sendable, Hashable {
    /// Days since the origin of the hours.
    public var day: Int
    /// Day of the week, Monday is 0.
    public var weekday: Int
    /// Mean of its hours over the mean of all.
    public var level: Double
    /// The busiest of its hours over its mean.
    public var peakOverMean: Double
  }

  /// The days of which at least 20 hours are covered.
  public var days: [Day] {
    var groups: [(day: Int, weekday: Int, hours: [Double])] = []
    for (index, value) in requests.enumerated() {
      let day = Int((Double(firstHour + index) / 24).rounded(.down))
      if groups.last?.day != day { groups.append((day, hourOfWeek(index) / 24, [])) }
      if let value { groups[groups.count - 1].hours.append(value) }
    }
    let overall = mean
    return groups.filter { $0.hours.count >= 20 }.map { group in
      let level = group.hours.reduce(0, +) / Double(group.hours.count)
      return Day(
        day: group.day, weekday: group.weekday, level: level / overall,
        peakOverMean: level > 0 ? (group.hours.max() ?? 0) / level : 1)
    }
  }

  /// Mean level of Saturdays and Sundays over that of the other days; nil without a calendar or without both.
  public var weekendOverWeekday: Double? {
    guard hasCalendar else { return nil }
    func mean(_ levels: [Double]) -> Double? {
      levels.isEmpty ? nil : levels.reduce(0, +) / Double(levels.count)
    }
    let days = days
    guard let weekend = mean(days.filter { $0.weekday >= 5 }.map(\.level)),
      let week = mean(days.filter { $0.weekday < 5 }.map(\.level)), week > 0
    else { return nil }
    return weekend / week
  }

  /// The mean of each slot of a cycle over the mean of all slots; nil where a slot was never covered.
  private func profile(slots: Int) -> [Double]? {
    var (sums, counts) = ([Double](repeating: 0, count: slots), [Int](repeating: 0, count: slots))
    for (index, value) in requests.enumerated() {
      guard let value else { continue }
      sums[hourOfWeek(index) % slots] += value
      counts[hourOfWeek(index) % slots] += 1
    }
    guard counts.allSatisfy({ $0 > 0 }) else { return nil }
    let means = zip(sums, counts).map { $0 / Double($1) }
    let overall = means.reduce(0, +) / Double(slots)
    return overall > 0 ? means.map { $0 / overall } : nil
  }

  /// 168 factors of mean 1, Monday 00:00 UTC first; nil where an hour of the week is not covered.
  public var weekProfile: [Double]? { profile(slots: 168) }

  /// 24 factors of mean 1, midnight UTC first; nil where an hour of the day is not covered.
  public var dayProfile: [Double]? { profile(slots: 24) }
}
