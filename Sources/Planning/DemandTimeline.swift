// SPDX-License-Identifier: GPL-3.0-or-later
// The scenario's demand as a log of many weeks, hour after hour of the calendar, for tools that want requests.

import Foundation
public import Quantities
import Scenario
public import Workload

/// The requests of a stretch of the calendar.
public struct DemandTimeline: Sendable {
  /// The day on which it begins, at 00:00 UTC.
  public let start: CalendarDay
  /// The requests; arrivals count from the start.
  public var requests: RequestGenerator

  /// Hours of the longest timeline: eleven years.
  public static let mostHours = 100_000.0
}

extension PlanModel {
  /// The demand from a month's first day on, with every uncertain input at its median.
  ///
  /// Unlike a plan, in which one week stands for a month, every hour is an hour of the calendar, with its own growth,
  /// holidays, launches and noise; the hourly noise starts afresh every 168 hours. A longer timeline begins with the
  /// requests of a shorter one.
  /// - Parameters:
  ///   - month: the first month, not before the horizon's.
  ///   - hours: how long, above 0, at most `DemandTimeline.mostHours`.
  public func timeline(from month: CalendarMonth, hours: Double) -> DemandTimeline {
    precondition(hours > 0 && hours <= DemandTimeline.mostHours, "a timeline of \(hours) hours")
    guard let start = CalendarDay("\(month)-01") else { preconditionFailure("\(month) has no first day") }
    let drawn = demand.drawn(physical.medians, draw: 0)
    let count = Int(hours.rounded(.up))
    var noise: [Double] = []
    for week in 0...count / 168 {
      noise +=
        DemandNoise(
          day: demand.dayNoise, hour: demand.hourNoise, seed: sampling.seed, draw: 0, month: week
        ).factors
    }
    // The month and its days change with the day.
    var (current, daysLeft) = (month, month.days)
    var growth = monthsOfGrowth(month, drawn.growth)
    var day = 0.0
    let factors = (0..<count).map { hour -> Double in
      if hour % 24 == 0 {
        if hour > 0 { daysLeft -= 1 }
        if daysLeft == 0 {
          current = current.advanced(by: 1)
          daysLeft = current.days
          growth = monthsOfGrowth(current, drawn.growth)
        }
        day = demand.calendar.factor(day: start.daysSince1970 + hour / 24) * growth * drawn.volume
      }
      return noise[hour] * day
    }
    return DemandTimeline(
      start: start,
      requests: RequestGenerator(
        timeline: drawn.sources, factors: factors, minuteNoise: demand.minuteNoise,
        firstHourOfWeek: start.weekday * 24, seed: sampling.seed, draw: 0, length: Seconds(hours * 3600)))
  }

  private func monthsOfGrowth(_ month: CalendarMonth, _ growth: Double) -> Double {
    let first = demand.start
    return pow(1 + growth, Double((month.year - first.year) * 12 + month.month - first.month))
  }
}
