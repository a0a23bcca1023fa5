// SPDX-License-Identifier: GPL-3.0-or-later
// Cumulative distributions and quantiles of the families the tool needs, as plain Swift values over GSL.

import CGSL
import Foundation

/// The normal distribution with mean 0 and standard deviation 1.
public enum StandardNormal {
  /// The probability of a value of at most `value`.
  public static func cumulative(_ value: Double) -> Double { gsl_cdf_ugaussian_P(value) }

  /// The value that `probability`, in [0, 1], of the distribution lies below; infinite at 0 and 1. Wichura's
  /// rational approximation (Algorithm AS 241, doi:10.2307/2347330), good to about 1 part in 10^16.
  public static func quantile(_ probability: Double) -> Double {
    requireProbability(probability)
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    return gsl_cdf_ugaussian_Pinv(probability)
  }
}

/// Student's t distribution.
public struct StudentDistribution: Sendable, Hashable {
  /// Degrees of freedom, above 0.
  public let degreesOfFreedom: Double

  /// The distribution with `degreesOfFreedom` above 0.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "\(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of a value of at most `value`.
  public func cumulative(_ value: Double) -> Double { gsl_cdf_tdist_P(value, degreesOfFreedom) }

  /// The value that `probability`, in (0, 1), of the distribution lies below.
  public func quantile(_ probability: Double) -> Double {
    requireProbability(probability)
    precondition(probability > 0 && probability < 1, "the t quantile at \(probability) is infinite")
    // By symmetry, so that the upper tail is as fine as the lower.
    if probability > 0.5 { return -quantile(1 - probability) }
    GSL.ready
    let value = gsl_cdf_tdist_Pinv(probability, degreesOfFreedom)
    if isInverse(value, cumulative: cumulative, probability) { return value }
    return invert(cumulative, at: probability, support: -.infinity ... .infinity)
  }
}

/// The beta distribution on [0, 1].
public struct BetaDistribution: Sendable, Hashable {
  /// First shape, above 0.
  public let alpha: Double
  /// Second shape, above 0.
  public let beta: Double

  /// The distribution with shapes above 0.
  public init(alpha: Double, beta: Double) {
    precondition(alpha > 0 && beta > 0, "beta shapes \(alpha) and \(beta)")
    self.alpha = alpha
    self.beta = beta
  }

  /// The probability of a value of at most `value`.
  public func cumulative(_ value: Double) -> Double { gsl_cdf_beta_P(value, alpha, beta) }

  /// The value in [0, 1] that `probability`, in [0, 1], of the distribution lies below. Where GSL's Newton
  /// iteration fails (it then returns NaN or a value far off), the cumulative distribution is inverted by
  /// bisection.
  public func quantile(_ probability: Double) -> Double {
    requireProbability(probability)
    if probability == 0 || probability == 1 { return probability }
    GSL.ready
    let value = gsl_cdf_beta_Pinv(probability, alpha, beta)
    if isInverse(value, cumulative: cumulative, probability) { return value }
    return invert(cumulative, at: probability, support: 0...1)
  }
}

/// The gamma distribution.
public struct GammaDistribution: Sendable, Hashable {
  /// Shape, above 0.
  public let shape: Double
  /// Scale, above 0: the mean is shape × scale.
  public let scale: Double

  /// The distribution with shape and scale above 0.
  public init(shape: Double, scale: Double) {
    precondition(shape > 0 && scale > 0, "gamma shape \(shape) and scale \(scale)")
    self.shape = shape
    self.scale = scale
  }

  /// The probability of a value of at most `value`.
  public func cumulative(_ value: Double) -> Double { gsl_cdf_gamma_P(value, shape, scale) }

  /// The value that `probability`, in [0, 1], of the distribution lies below; infinite at 1. Falls back to
  /// bisection as the beta quantile does.
  public func quantile(_ probability: Double) -> Double {
    requireProbability(probability)
    if probability == 0 { return 0 }
    if probability == 1 { return .infinity }
    GSL.ready
    let value = gsl_cdf_gamma_Pinv(probability, shape, scale)
    if isInverse(value, cumulative: cumulative, probability) { return value }
    return invert(cumulative, at: probability, support: 0 ... .infinity)
  }
}

/// The Weibull distribution, P(X ≤ x) = 1 − exp(−(x/scale)^shape).
public struct WeibullDistribution: Sendable, Hashable {
  /// Shape, above 0; below 1 is heavy-tailed.
  public let shape: Double
  /// Scale, above 0: 63 % lie below it.
  public let scale: Double

  /// The distribution with shape and scale above 0.
  public init(shape: Double, scale: Double) {
    precondition(shape > 0 && scale > 0, "Weibull shape \(shape) and scale \(scale)")
    self.shape = shape
    self.scale = scale
  }

  /// The distribution with the given mean: scale = mean / Γ(1 + 1/shape).
  public init(shape: Double, mean: Double) {
    self.init(shape: shape, scale: mean / Foundation.tgamma(1 + 1 / shape))
  }

  /// The mean, scale × Γ(1 + 1/shape).
  public var mean: Double { scale * Foundation.tgamma(1 + 1 / shape) }

  /// The probability of a value of at most `value`.
  public func cumulative(_ value: Double) -> Double {
    value <= 0 ? 0 : -Foundation.expm1(-Foundation.pow(value / scale, shape))
  }

  /// The value that `probability`, in [0, 1], of the distribution lies below; infinite at 1.
  public func quantile(_ probability: Double) -> Double {
    requireProbability(probability)
    return scale * Foundation.pow(-Foundation.log1p(-probability), 1 / shape)
  }
}

/// Traps unless a number is a probability.
private func requireProbability(_ probability: Double) {
  precondition(probability >= 0 && probability <= 1, "\(probability) is not a probability")
}

/// Whether `value` is a quantile up to the accuracy a double can have: the cumulative distribution there
/// differs from `probability` by at most 10^-8 of the smaller tail, and near 1 by the spacing of doubles.
private func isInverse(
  _ value: Double, cumulative: (Double) -> Double, _ probability: Double
) -> Bool {
  guard value.isFinite else { return false }
  let spacing = probability > 0.5 ? 0x1p-51 : 0
  return abs(cumulative(value) - probability) <= 1e-8 * min(probability, 1 - probability) + spacing
}

/// The smallest double at which a non-decreasing function reaches `probability`, to the last bit, by
/// bisection.
///
/// - Complexity: at most about 2100 evaluations; about 60 where the answer is near 1.
private func invert(
  _ cumulative: (Double) -> Double, at probability: Double, support: ClosedRange<Double>
) -> Double {
  var low = support.lowerBound.isFinite ? support.lowerBound : -1
  while support.lowerBound.isInfinite && cumulative(low) >= probability && low.isFinite { low *= 2 }
  var high = support.upperBound.isFinite ? support.upperBound : 1
  while support.upperBound.isInfinite && cumulative(high) < probability && high.isFinite { high *= 2 }
  while true {
    let middle = low + (high - low) / 2
    guard middle > low && middle < high else { return high }
    if cumulative(middle) < probability { low = middle } else { high = middle }
  }
}
