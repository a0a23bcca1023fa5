// SPDX-License-Identifier: GPL-3.0-or-later
// Means, variances and sample quantiles: one definition of each for the whole tool.

/// A mean and variance gathered one value at a time, without losing digits where the mean is large (Welford:
/// Technometrics 4(3), 1962, doi:10.1080/00401706.1962.10490022).
public struct Moments: Sendable, Hashable {
  /// How many values were added.
  public private(set) var count = 0
  /// Their mean; NaN where there are none.
  public var mean: Double { count > 0 ? runningMean : .nan }
  private var runningMean = 0.0
  /// Sum of squared deviations from the mean.
  private var squares = 0.0

  /// Moments of no values.
  public init() {}

  /// Moments of some values.
  public init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  /// Adds one value.
  public mutating func add(_ value: Double) {
    count += 1
    let deviation = value - runningMean
    runningMean += deviation / Double(count)
    squares += deviation * (value - runningMean)
  }

  /// The unbiased variance (divisor n − 1); NaN for fewer than two values.
  public var variance: Double { count > 1 ? squares / Double(count - 1) : .nan }

  /// The square root of the variance.
  public var standardDeviation: Double { variance.squareRoot() }

  /// The standard error of the mean of independent values.
  public var standardError: Double { (variance / Double(count)).squareRoot() }
}

/// The quantile of values sorted ascending, interpolated linearly between order statistics: definition 7 of
/// Hyndman and Fan (Sample quantiles in statistical packages, doi:10.2307/2684934), the default of R and
/// NumPy.
///
/// - Parameters:
///   - sorted: at least one value, ascending.
///   - probability: in [0, 1]; 0 gives the least, 1 the greatest.
/// - Complexity: O(1).
public func quantile(ofSorted sorted: [Double], at probability: Double) -> Double {
  precondition(!sorted.isEmpty, "a quantile of no values")
  precondition(probability >= 0 && probability <= 1, "\(probability) is not a probability")
  let position = probability * Double(sorted.count - 1)
  let index = min(Int(position), sorted.count - 1)
  let (below, above) = (sorted[index], sorted[min(index + 1, sorted.count - 1)])
  let fraction = position - Double(index)
  // Between equal values nothing is to be interpolated, and infinities would give NaN.
  return fraction == 0 || below == above ? below : below + (above - below) * fraction
}

/// The quantiles of values in any order, as `quantile(ofSorted:at:)` defines them.
///
/// - Parameters:
///   - values: at least one, none NaN.
///   - probabilities: each in [0, 1].
/// - Returns: a quantile per probability, in their order.
/// - Complexity: O(n log n) for n values.
public func quantiles(of values: [Double], at probabilities: [Double]) -> [Double] {
  precondition(!values.contains { $0.isNaN }, "a quantile of values that are not numbers")
  let sorted = values.sorted()
  return probabilities.map { quantile(ofSorted: sorted, at: $0) }
}
