// SPDX-License-Identifier: GPL-3.0-or-later
// Weekly load curves that a scenario may name instead of writing 168 numbers.

import Foundation

/// Load curves over the hours of a week.
public enum ProfilePresets {
  /// Hours of a week.
  public static let hoursPerWeek = 168

  /// The names of the presets.
  public static let names = ["azure-conversation", "azure-code", "flat"]

  /// The 168 factors of a preset, hour of the week from Monday 00:00 UTC, mean 1; nil for an unknown name.
  ///
  /// `azure-conversation` and `azure-code` are hourly means of the Azure LLM inference dataset 2024
  /// (Stojkovic et al., DynamoLLM, HPCA 2025; CC-BY-4.0), read from the data set's published plots: one curve
  /// for the weekdays, one for the weekend, each scaled to the level of its day.
  public static func hourly(named name: String) -> [Double]? {
    switch name {
    case "azure-conversation":
      hourly(weekday: conversationWeekday, weekend: conversationWeekend, days: conversationDays)
    case "azure-code": hourly(weekday: codeWeekday, weekend: codeWeekend, days: codeDays)
    case "flat": [Double](repeating: 1, count: hoursPerWeek)
    default: nil
    }
  }

  /// Joins a weekday's and a weekend day's 24 factors into a week.
  ///
  /// Each day's curve is scaled to mean 1 and then to the level of its day, so that the levels alone say how
  /// the days compare; without levels the two curves compare as they are.
  ///
  /// - Parameters:
  ///   - weekday: 24 factors, Monday to Friday.
  ///   - weekend: 24 factors, Saturday and Sunday.
  ///   - days: 7 levels from Monday, or nil.
  /// - Returns: 168 factors of mean 1; nil where a count is wrong or a sum is not positive and finite.
  public static func hourly(weekday: [Double], weekend: [Double], days: [Double]?) -> [Double]? {
    guard weekday.count == 24, weekend.count == 24, days?.count ?? 7 == 7 else { return nil }
    var week: [Double] = []
    for day in 0..<7 {
      let curve = day < 5 ? weekday : weekend
      guard let days else {
        week += curve
        continue
      }
      let total = curve.reduce(0, +)
      guard total > 0 else { return nil }
      week += curve.map { $0 * 24 / total * days[day] }
    }
    return normalized(week)
  }

  /// The factors scaled to mean 1; nil where there are not 168 of them, one is negative, or they do not sum
  /// to a positive finite number.
  public static func normalized(_ factors: [Double]) -> [Double]? {
    let total = factors.reduce(0, +)
    guard factors.count == hoursPerWeek, factors.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite else {
      return nil
    }
    return factors.map { $0 * Double(hoursPerWeek) / total }
  }

  /// A cosine of the week.
  public struct Harmonic: Sendable, Hashable {
    /// Periods in a week.
    public var cyclesPerWeek: Int
    /// Height relative to the mean.
    public var amplitude: Double
    /// Hours from Monday 00:00 UTC to a peak.
    public var peakHour: Double

    /// A harmonic.
    public init(cyclesPerWeek: Int, amplitude: Double, peakHour: Double) {
      self.cyclesPerWeek = cyclesPerWeek
      self.amplitude = amplitude
      self.peakHour = peakHour
    }
  }

  /// The 168 factors of a sum of cosines around the mean, each at the middle of its hour, clipped to 0 and scaled back to
  /// mean 1.
  ///
  /// - Returns: the factors, and what was clipped as a share of the mean; nil where nothing is left.
  public static func hourly(_ harmonics: [Harmonic]) -> (factors: [Double], clipped: Double)? {
    let sums = (0..<hoursPerWeek).map { hour in
      harmonics.reduce(1.0) { sum, part in
        let cycles = Double(part.cyclesPerWeek) * (Double(hour) + 0.5 - part.peakHour) / Double(hoursPerWeek)
        return sum + part.amplitude * cos(2 * Double.pi * cycles)
      }
    }
    let clipped = sums.reduce(0) { $0 - min($1, 0) } / Double(hoursPerWeek)
    return normalized(sums.map { max($0, 0) }).map { ($0, clipped) }
  }

  private static let conversationWeekday: [Double] = [
    0.892, 0.972, 0.955, 0.793, 0.803, 0.874, 1.008, 1.086, 1.110, 1.080, 0.975, 1.029,
    1.152, 1.274, 1.336, 1.244, 1.131, 1.085, 1.080, 1.013, 0.921, 0.771, 0.693, 0.723,
  ]
  private static let conversationWeekend: [Double] = [
    0.885, 0.936, 0.933, 0.787, 0.772, 0.804, 0.822, 0.916, 0.943, 0.866, 0.919, 1.022,
    1.095, 1.217, 1.230, 1.273, 1.194, 1.171, 1.128, 1.058, 1.060, 1.015, 0.942, 1.011,
  ]
  private static let conversationDays: [Double] = [1.180, 1.221, 1.131, 1.142, 1.029, 0.659, 0.638]

  private static let codeWeekday: [Double] = [
    0.704, 0.683, 0.641, 0.523, 0.419, 0.344, 0.297, 0.252, 0.234, 0.244, 0.262, 0.384,
    0.701, 1.193, 1.689, 1.813, 1.722, 1.986, 2.183, 2.227, 2.062, 1.518, 1.097, 0.822,
  ]
  private static let codeWeekend: [Double] = [
    1.354, 1.324, 1.179, 1.142, 0.961, 0.778, 0.638, 0.444, 0.344, 0.310, 0.291, 0.401,
    0.601, 0.795, 0.986, 1.130, 1.230, 1.313, 1.457, 1.490, 1.499, 1.480, 1.480, 1.374,
  ]
  private static let codeDays: [Double] = [1.226, 1.331, 1.322, 1.280, 1.035, 0.412, 0.395]
}
