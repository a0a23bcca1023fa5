// SPDX-License-Identifier: GPL-3.0-or-later
// A price that wanders and is drawn back: the course of market prices, such as those of GPU-hours, over months.

import Foundation

/// A mean-reverting course of a price: its logarithm X is an Ornstein–Uhlenbeck process,
///
///     dX = κ (θ − X) dt + σ dW
///
/// (the one-factor model of Schwartz 1997, doi:10.1111/j.1540-6261.1997.tb02721.x). Months are stepped exactly, whatever
/// their length: X(t + Δ) is normal with mean θ + (X(t) − θ) e^(−κΔ) and variance σ² (1 − e^(−2κΔ)) / (2κ)
/// (Gillespie 1996, doi:10.1103/PhysRevE.54.2084).
public struct MeanReversion: Sendable, Hashable {
  /// κ, per year: after ln 2 / κ years half of a deviation is left.
  public var speed: Double
  /// σ, the standard deviation of the logarithm that a year without reversion would add.
  public var volatility: Double
  /// e^θ: the factor on the first month's price that the median tends to.
  public var longRun: Double

  /// A course.
  /// - Precondition: speed and long-run level are above 0, the volatility is not negative, all are finite.
  public init(speed: Double, volatility: Double, longRun: Double = 1) {
    precondition(speed > 0 && speed.isFinite, "a reversion speed of \(speed)")
    precondition(volatility >= 0 && volatility.isFinite, "a volatility of \(volatility)")
    precondition(longRun > 0 && longRun.isFinite, "a long-run level of \(longRun)")
    self.speed = speed
    self.volatility = volatility
    self.longRun = longRun
  }

  /// The price of each month as a multiple of the first month's: 1 first, then one per shock.
  /// - Parameter shocks: independent standard normal numbers, one for each month after the first.
  /// - Complexity: O(shocks).
  public func factors(shocks: some Sequence<Double>) -> [Double] {
    let kept = exp(-speed / 12)
    let deviation = volatility * (-expm1(-2 * speed / 12) / (2 * speed)).squareRoot()
    let target = log(longRun)
    var logarithm = 0.0
    return [1]
      + shocks.map { shock in
        logarithm = target + (logarithm - target) * kept + deviation * shock
        return exp(logarithm)
      }
  }
}
