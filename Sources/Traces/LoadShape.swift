// SPDX-License-Identifier: GPL-3.0-or-later
// The level of a demand, its shape over the week, and how far days and hours stray from that shape.

import Foundation

/// Rate, load curve and noise of a trace.
public struct LoadShape: Sendable, Hashable, Encodable {
  /// Requests per second, mean over a week of the load curve.
  public var rate: Double
  /// 168 factors of mean 1 from Monday 00:00 UTC; nil where the trace is too short to tell: then the load is flat.
  public var profile: [Double]?
  /// Standard deviations of the logarithms of what days and hours stray; 0 where fewer than two weeks are known.
  public var dayNoise = 0.0
  /// The same of hours, within their day.
  public var hourNoise = 0.0
  /// What was assumed, in sentences.
  public var notes: [String] = []

  /// The shape of some hours.
  /// - Parameters:
  ///   - hourly: requests by the hour.
  ///   - rate: requests per second of the whole trace.
  public init(_ hourly: HourlyDemand, rate: Double) {
    self.rate = rate
    if let week = hourly.weekProfile {
      profile = week
      if !hourly.hasCalendar {
        notes.append("The times have no dates: the trace's zero is taken for a Monday, 00:00 UTC.")
      }
    } else if hourly.coveredHours >= 24, let day = hourly.dayProfile {
      profile = (0..<168).map { day[$0 % 24] }
      notes.append("The trace covers less than a week: every day has the same load curve.")
    } else {
      notes.append("The trace covers less than a day: the load is flat over the week.")
    }
    guard let profile, hourly.coveredHours > 0 else { return }
    // The mean of the hours over the mean of the curve there: a trace of nine days has two of some weekdays.
    var (requests, expected) = (0.0, 0.0)
    for (index, value) in hourly.requests.enumerated() {
      guard let value else { continue }
      requests += value
      expected += profile[hourly.hourOfWeek(index)]
    }
    if expected > 0 { self.rate = requests / expected / 3600 }
    addNoise(hourly, profile)
  }

  /// Splits the logarithms of hours over the load curve into days and hours.
  private mutating func addNoise(_ hourly: HourlyDemand, _ profile: [Double]) {
    let weeks = Double(hourly.coveredHours) / 168
    guard weeks >= 2 else { return }
    var days: [Int: [Double]] = [:]
    var poisson = 0.0
    for (index, value) in hourly.requests.enumerated() {
      let expected = rate * 3600 * profile[hourly.hourOfWeek(index)]
      // The logarithm of a handful of requests tells of chance, not of demand.
      guard let value, value > 0, expected >= 20 else { continue }
      days[(hourly.firstHour + index) / 24, default: []].append(log(value / expected))
      poisson += 1 / expected
    }
    let groups = days.keys.sorted().compactMap { days[$0] }.filter { $0.count >= 12 }
    let count = Double(groups.reduce(0) { $0 + $1.count })
    guard groups.count >= 7, count > 0 else { return }
    let means = groups.map { $0.reduce(0, +) / Double($0.count) }
    let overall = means.reduce(0, +) / Double(means.count)
    let within = zip(groups, means).reduce(0) { sum, group in
      sum + group.0.reduce(0) { $0 + ($1 - group.1) * ($1 - group.1) }
    }
    // The curve was made from the same weeks and has taken its part of the noise.
    let correction = weeks / (weeks - 1)
    let hourVariance = max(0, within / (count - Double(groups.count)) * correction - poisson / count)
    let between =
      means.reduce(0) { $0 + ($1 - overall) * ($1 - overall) } / Double(means.count - 1) * correction
    // The mean of 24 hours that are correlated by 0.7 from one to the next still has 0.21 of their variance.
    let dayVariance = max(0, between - 0.21 * hourVariance)
    hourNoise = (hourVariance.squareRoot() * 1000).rounded() / 1000
    dayNoise = (dayVariance.squareRoot() * 1000).rounded() / 1000
  }

  /// What bursts stand on.
  func load(_ hourly: HourlyDemand) -> BurstModel.Load {
    let hours = hourly.requests.compactMap { $0 }
    let mean = hourly.mean
    guard hours.count >= 24, mean > 0 else { return BurstModel.Load(rate: rate) }
    let variance = hours.reduce(0) { $0 + ($1 / mean - 1) * ($1 / mean - 1) } / Double(hours.count)
    // An hour without requests stands for one with half a request.
    let inverse = hours.reduce(0) { $0 + mean / max($1, 0.5) } / Double(hours.count)
    return BurstModel.Load(
      rate: mean / 3600, hourlyVariance: max(0, variance - 1 / mean), meanInverse: inverse)
  }
}
