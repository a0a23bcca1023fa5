// SPDX-License-Identifier: GPL-3.0-or-later
// What makes one Tuesday unlike another: noise on the demand's weekly profile.

import Foundation
import Numerics
import Quantities

/// Factors on the 168 hours of one week, each with mean 1.
///
/// A day's factor is lognormal; an hour's is the exponential of a first-order autoregression with lag-one correlation
/// 0.7, as measured on the residuals of public traces of API pools.
public struct WeekNoise: Sendable, Hashable {
  /// The factor of each hour of the week.
  public let factors: [Double]

  static let hourCorrelation = 0.7

  /// The noise of one week.
  /// - Parameters:
  ///   - day: standard deviation of the logarithm of the day factors.
  ///   - hour: standard deviation of the logarithm of the hour factors.
  ///   - seed: the run's seed.
  ///   - draw: the draw.
  ///   - month: the month the week stands for.
  public init(day: Double, hour: Double, seed: UInt64, draw: UInt32, month: Int) {
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
  }
}
