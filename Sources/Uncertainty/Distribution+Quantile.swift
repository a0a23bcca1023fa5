// SPDX-License-Identifier: GPL-3.0-or-later
// What the tool asks of a distribution: its quantiles, its centre, its bounds, and its name in words.

import Foundation
import Numerics

extension Distribution {
  /// The value that the share `probability`, in [0, 1], of the distribution lies below: the inverse of the
  /// cumulative distribution, non-decreasing. At 0 and 1 it is the support's bound, infinite where there is
  /// none.
  ///
  /// - Complexity: O(1); a PERT quantile iterates and takes microseconds.
  public func quantile(_ probability: Double) -> Double {
    precondition(probability >= 0 && probability <= 1, "\(probability) is not a probability")
    switch self {
    case .constant(let value):
      return value
    case .lognormal(let p10, let p90):
      let (location, scale) = Self.logarithmicParameters(p10: p10, p90: p90)
      return exp(location + scale * StandardNormal.quantile(probability))
    case .pert(let low, let mode, let high):
      guard low < high else { return low }
      let shapes = BetaDistribution(
        alpha: 1 + 4 * (mode - low) / (high - low), beta: 1 + 4 * (high - mode) / (high - low))
      return low + (high - low) * shapes.quantile(probability)
    case .triangular(let low, let mode, let high):
      guard low < high else { return low }
      let shareBelowMode = (mode - low) / (high - low)
      if probability <= shareBelowMode {
        return low + (probability * (high - low) * (mode - low)).squareRoot()
      }
      return high - ((1 - probability) * (high - low) * (high - mode)).squareRoot()
    case .uniform(let low, let high):
      return probability == 1 ? high : low + (high - low) * probability
    case .normal(let mean, let standardDeviation):
      return standardDeviation == 0 ? mean : mean + standardDeviation * StandardNormal.quantile(probability)
    case .empirical(let values):
      return Numerics.quantile(ofSorted: values, at: probability)
    case .mixture(let components):
      return Self.quantile(of: components, probability)
    case .quantiles(let points):
      return Self.quantile(between: points, probability)
    }
  }

  /// The mean in closed form. For an empirical distribution it is the mean of what is sampled, the values
  /// with straight lines between them, in which the least and the greatest value count half.
  public var mean: Double {
    switch self {
    case .constant(let value):
      return value
    case .lognormal(let p10, let p90):
      let (location, scale) = Self.logarithmicParameters(p10: p10, p90: p90)
      return exp(location + scale * scale / 2)
    case .pert(let low, let mode, let high):
      return (low + 4 * mode + high) / 6
    case .triangular(let low, let mode, let high):
      return (low + mode + high) / 3
    case .uniform(let low, let high):
      return low + (high - low) / 2
    case .normal(let mean, _):
      return mean
    case .empirical(let values):
      guard let first = values.first, let last = values.last, values.count > 1 else {
        return values.first ?? .nan
      }
      return (values.reduce(0, +) - (first + last) / 2) / Double(values.count - 1)
    case .mixture(let components):
      let total = components.reduce(0) { $0 + $1.weight }
      return components.reduce(0) { $0 + $1.weight * exp($1.mu + $1.sigma * $1.sigma / 2) } / total
    case .quantiles(let points):
      return zip(points, points.dropFirst()).reduce(0) {
        $0 + ($1.1.probability - $1.0.probability) * ($1.0.value + $1.1.value) / 2
      }
    }
  }

  /// The value that half of the distribution lies below.
  public var median: Double { quantile(0.5) }

  /// The least and the greatest value there can be; infinite where there is no bound.
  public var support: ClosedRange<Double> { quantile(0)...quantile(1) }

  /// Mean and standard deviation of the logarithm of a lognormal, from its 10th and 90th percentiles: they
  /// lie symmetrically at 1.2816 standard deviations from the middle.
  private static func logarithmicParameters(p10: Double, p90: Double) -> (location: Double, scale: Double) {
    let (low, high) = (log(p10), log(p90))
    return ((low + high) / 2, (high - low) / (2 * StandardNormal.quantile(0.9)))
  }
}

extension Distribution {
  /// The quantile of a mixture of lognormals: Newton's method on the logarithm, kept between the components' own
  /// quantiles, where it must lie.
  private static func quantile(of components: [LognormalComponent], _ probability: Double) -> Double {
    if probability == 0 { return 0 }
    if probability == 1 { return .infinity }
    let score = StandardNormal.quantile(probability)
    let ends = components.map { $0.mu + $0.sigma * score }
    var (low, high) = (ends.min() ?? 0, ends.max() ?? 0)
    let total = components.reduce(0) { $0 + $1.weight }
    var location = low + (high - low) / 2
    for _ in 0..<100 where high - low > 1e-12 * max(1, abs(high)) {
      var (below, density) = (-probability, 0.0)
      for part in components {
        let z = (location - part.mu) / part.sigma
        below += part.weight / total * StandardNormal.cumulative(z)
        density += part.weight / total / part.sigma * exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      }
      // Before the next step: at the root that would end on the bracket's border, and halving it lead away again.
      if abs(below) <= 1e-13 * min(probability, 1 - probability) { break }
      if below < 0 { low = location } else { high = location }
      let step = location - below / density
      if step == location { break }
      // Near its ends the density is too small to tell where to go: halving the stretch is sure.
      location = step > low && step < high ? step : low + (high - low) / 2
    }
    return exp(location)
  }

  private static func quantile(between points: [QuantilePoint], _ probability: Double) -> Double {
    // The first point above; the last probability is 1.
    let upper = max(
      1, points.firstIndex { $0.probability >= probability } ?? points.count - 1)
    let (before, after) = (points[upper - 1], points[upper])
    let share = (probability - before.probability) / (after.probability - before.probability)
    return before.value + (after.value - before.value) * share
  }
}

extension Distribution: CustomStringConvertible {
  /// The distribution in words, such as "lognormal, P10 1.9, P90 3.4".
  public var description: String {
    func text(_ value: Double) -> String { String(format: "%.6g", value) }
    switch self {
    case .constant(let value):
      return text(value)
    case .lognormal(let p10, let p90):
      return "lognormal, P10 \(text(p10)), P90 \(text(p90))"
    case .pert(let low, let mode, let high):
      return "PERT \(text(low)) … \(text(mode)) … \(text(high))"
    case .triangular(let low, let mode, let high):
      return "triangular \(text(low)) … \(text(mode)) … \(text(high))"
    case .uniform(let low, let high):
      return "uniform \(text(low)) … \(text(high))"
    case .normal(let mean, let standardDeviation):
      return "normal, mean \(text(mean)), standard deviation \(text(standardDeviation))"
    case .empirical(let values):
      let (p10, p90) = (text(quantile(0.1)), text(quantile(0.9)))
      return "empirical, \(values.count) value\(values.count == 1 ? "" : "s"), P10 \(p10), P90 \(p90)"
    case .mixture(let components):
      let (p10, p90) = (text(quantile(0.1)), text(quantile(0.9)))
      return "mixture of \(components.count) lognormals, P10 \(p10), P90 \(p90)"
    case .quantiles(let points):
      let (p10, p90) = (text(quantile(0.1)), text(quantile(0.9)))
      return "\(points.count) quantiles, P10 \(p10), P90 \(p90)"
    }
  }
}
