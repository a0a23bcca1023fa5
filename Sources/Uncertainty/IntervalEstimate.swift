// SPDX-License-Identifier: GPL-3.0-or-later
// An estimate with its interval, from the scatter of replicates: the one way in which a statistic says how far
// chance reaches.

import Numerics

/// An estimate and its 95 % interval.
public struct IntervalEstimate: Codable, Sendable, Hashable {
  /// The estimate.
  public var value: Double
  /// Lower end of the 95 % interval.
  public var low: Double
  /// Upper end of the 95 % interval.
  public var high: Double

  /// An estimate with its interval.
  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// A statistic of all futures, with the scatter of the same statistic over independent replicates of them
  /// ("sectioning"; for quantiles Nakayama: Confidence intervals for quantiles using sectioning when applying
  /// variance-reduction techniques, 2014, doi:10.1145/2558328). Its bias is that of all futures together, not
  /// that of the small replicates.
  /// - Parameters:
  ///   - pooled: the statistic of all futures.
  ///   - replicates: the statistic of each of at least two equal, independent parts of them.
  public init(pooled: Double, replicates: [Double]) {
    precondition(replicates.count >= 2, "the scatter of \(replicates.count) replicates")
    let error = Moments(replicates).standardError
    self.init(
      value: pooled, reach: StudentDistribution(degreesOfFreedom: Double(replicates.count - 1)), error: error)
  }

  /// A statistic by the jackknife that leaves out one replicate at a time: its bias of order 1/n is removed,
  /// and its variance estimated (Quenouille, doi:10.1093/biomet/43.3-4.353; Miller: The jackknife, a review,
  /// 1974, doi:10.1093/biomet/61.1.1).
  /// - Parameters:
  ///   - pooled: the statistic of all futures.
  ///   - withoutEach: the statistic without each of at least two equal, independent parts of them.
  public init(pooled: Double, withoutEach: [Double]) {
    precondition(withoutEach.count >= 2, "a jackknife of \(withoutEach.count) parts")
    let parts = Double(withoutEach.count)
    let moments = Moments(withoutEach)
    self.init(
      value: parts * pooled - (parts - 1) * moments.mean,
      reach: StudentDistribution(degreesOfFreedom: parts - 1),
      error: (parts - 1) * moments.standardError)
  }

  /// A statistic that is never below 0, by the same jackknife. Near 0 such estimates scatter far to one side, so
  /// that the interval is made for the square root, which scatters more evenly, and squared.
  /// - Parameters:
  ///   - pooled: the statistic of all futures, 0 or more.
  ///   - withoutEach: the statistic without each part, 0 or more.
  public init(positive pooled: Double, withoutEach: [Double]) {
    let value = max(IntervalEstimate(pooled: pooled, withoutEach: withoutEach).value, 0)
    let root = IntervalEstimate(
      pooled: max(pooled, 0).squareRoot(), withoutEach: withoutEach.map { max($0, 0).squareRoot() })
    let (low, high) = (max(root.low, 0), max(root.high, 0))
    self.init(value: value, low: min(low * low, value), high: max(high * high, value))
  }

  private init(value: Double, reach: StudentDistribution, error: Double) {
    let half = reach.quantile(0.975) * error
    self.init(value: value, low: value - half, high: value + half)
  }

  /// The estimate of a quantity that cannot lie outside `bounds`.
  public func clipped(to bounds: ClosedRange<Double>) -> IntervalEstimate {
    func clip(_ value: Double) -> Double { min(max(value, bounds.lowerBound), bounds.upperBound) }
    return IntervalEstimate(value: clip(value), low: clip(low), high: clip(high))
  }
}

/// Equal, or nearly equal, runs of neighbouring futures.
///
/// - Parameters:
///   - count: futures, at least `parts`.
///   - parts: runs, at least 1.
public func runs(of count: Int, parts: Int) -> [Range<Int>] {
  precondition(parts >= 1 && count >= parts, "\(count) futures in \(parts) parts")
  return (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }
}
