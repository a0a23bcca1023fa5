// SPDX-License-Identifier: GPL-3.0-or-later
// What makes one Tuesday unlike another: noise on the demand's weekly profile.

import Foundation
import Numerics
import Quantities

/// Factors on the 168 hours of one week, each with mean 1, and how far minutes stray from their hour.
///
/// A day's factor is lognormal; an hour's is the exponential of a first-order autoregression with lag-one correlation
/// 0.7, as measured on the residuals of public traces of API pools; a minute's is lognormal and independent, and drawn
/// as the minute is reached.
public struct DemandNoise: Sendable, Hashable {
  /// The factor of each hour.
  public let factors: [Double]
  /// Standard deviation of the logarithm of the minute factors.
  public let minute: Double

  static let hourCorrelation = 0.7

  /// The noise of one week.
  /// - Parameters:
  ///   - day: standard deviation of the logarithm of the day factors.
  ///   - hour: standard deviation of the logarithm of the hour factors.
  ///   - minute: standard deviation of the logarithm of the minute factors.
  ///   - seed: the run's seed.
  ///   - draw: the draw.
  ///   - month: the month that the week stands for, or the week's number in a timeline.
  public init(
    day: Double, hour: Double, minute: Double = 0, seed: UInt64, draw: UInt32, month: Int
  ) {
    var stream = CounterRandom(seed: seed, draw: draw, purpose: .demandNoise, index: UInt32(month))
    let days = (0..<7).map { _ in
      exp(day * StandardNormal.quantile(stream.nextUniform()) - day * day / 2)
    }
    var state = StandardNormal.quantile(stream.nextUniform())
    let innovation = (1 - Self.hourCorrelation * Self.hourCorrelation).squareRoot()
    factors = (0..<168).map { index in
      if index > 0 {
        state = Self.hourCorrelation * state + innovation * StandardNormal.quantile(stream.nextUniform())
      }
      return days[index / 24] * exp(hour * state - hour * hour / 2)
    }
    self.minute = minute
  }
}
