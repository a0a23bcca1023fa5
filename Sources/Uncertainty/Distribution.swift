// SPDX-License-Identifier: GPL-3.0-or-later
// The distributions that may stand wherever a scenario or a price book has a number.

/// A probability distribution of one real number, as a scenario writes it.
public enum Distribution: Sendable, Hashable {
  /// A certain number.
  case constant(Double)
  /// Lognormal through its 10th and 90th percentiles, both positive, `p10 < p90`: `{p10: 1.9, p90: 3.4}`.
  case lognormal(p10: Double, p90: Double)
  /// Beta-PERT on [low, high] with its mode: `{pert: [low, mode, high]}`. Shape parameter 4 (Malcolm et al.,
  /// Operations Research 7(5), 1959, doi:10.1287/opre.7.5.646).
  case pert(low: Double, mode: Double, high: Double)
  /// Triangular: `{triangular: [low, mode, high]}`.
  case triangular(low: Double, mode: Double, high: Double)
  /// Uniform: `{uniform: [low, high]}`.
  case uniform(low: Double, high: Double)
  /// Normal: `{normal: [mean, standard deviation]}`.
  case normal(mean: Double, standardDeviation: Double)
  /// The values of a file, each equally likely, interpolated between order statistics: `{empirical: file.csv}`.
  /// The values are sorted ascending and not empty.
  case empirical([Double])
  /// Several lognormals, each with its share: `{mixture: [{weight: 0.3, mu: 5.5, sigma: 1.3}, …]}`. At least one.
  case mixture([LognormalComponent])
  /// Straight lines between quantiles: `{quantiles: {0: 1, 0.5: 129, 1: 1000}}`. At least two; probabilities ascend
  /// from 0 to 1, values do not descend.
  case quantiles([QuantilePoint])
}

/// One lognormal of a mixture.
public struct LognormalComponent: Sendable, Hashable {
  /// Its share of the mixture beside the others' weights, above 0.
  public var weight: Double
  /// Mean of the natural logarithm.
  public var mu: Double
  /// Standard deviation of the natural logarithm, above 0.
  public var sigma: Double

  /// A component.
  public init(weight: Double, mu: Double, sigma: Double) {
    self.weight = weight
    self.mu = mu
    self.sigma = sigma
  }
}

/// A probability and the value that it lies below.
public struct QuantilePoint: Sendable, Hashable {
  /// Probability, 0 to 1.
  public var probability: Double
  /// The value.
  public var value: Double

  /// A point.
  public init(probability: Double, value: Double) {
    self.probability = probability
    self.value = value
  }
}

/// A number of a scenario or catalog that may be uncertain, with the path by which reports and `--set` name it.
public struct UncertainValue: Sendable, Hashable {
  /// The path of the value in its file, such as `demand.growth_per_month`.
  public var name: String
  /// What is believed of it.
  public var distribution: Distribution

  /// An uncertain value with its path.
  public init(name: String, distribution: Distribution) {
    self.name = name
    self.distribution = distribution
  }

  /// A certain value.
  public init(name: String, _ value: Double) {
    self.init(name: name, distribution: .constant(value))
  }

  /// Whether the value is certain.
  public var isConstant: Bool { if case .constant = distribution { true } else { false } }
}
