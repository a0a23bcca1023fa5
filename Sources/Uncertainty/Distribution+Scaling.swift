// SPDX-License-Identifier: GPL-3.0-or-later
// A distribution in another unit: euros become dollars, a price its half.

import Foundation

extension Distribution {
  /// The distribution of `factor` times the value.
  ///
  /// - Parameter factor: above 0 and finite.
  /// - Complexity: linear in the values of an empirical distribution, the components of a mixture and the points of
  ///   quantiles; else O(1).
  public func scaled(by factor: Double) -> Distribution {
    precondition(factor > 0 && factor.isFinite, "a distribution scaled by \(factor)")
    if factor == 1 { return self }
    switch self {
    case .constant(let value): return .constant(value * factor)
    case .lognormal(let p10, let p90): return .lognormal(p10: p10 * factor, p90: p90 * factor)
    case .pert(let low, let mode, let high):
      return .pert(low: low * factor, mode: mode * factor, high: high * factor)
    case .triangular(let low, let mode, let high):
      return .triangular(low: low * factor, mode: mode * factor, high: high * factor)
    case .uniform(let low, let high): return .uniform(low: low * factor, high: high * factor)
    case .normal(let mean, let standardDeviation):
      return .normal(mean: mean * factor, standardDeviation: standardDeviation * factor)
    case .empirical(let values): return .empirical(values.map { $0 * factor })
    case .mixture(let components):
      return .mixture(
        components.map {
          LognormalComponent(weight: $0.weight, mu: $0.mu + log(factor), sigma: $0.sigma)
        })
    case .quantiles(let points):
      return .quantiles(
        points.map { QuantilePoint(probability: $0.probability, value: $0.value * factor) })
    }
  }
}
