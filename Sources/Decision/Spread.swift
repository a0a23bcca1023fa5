// SPDX-License-Identifier: GPL-3.0-or-later
// How an uncertain quantity is summed up in the result document.

/// A probability estimated from futures, with its 95 % interval.
public struct Probability: Codable, Sendable, Hashable {
  /// The share of futures.
  public var estimate: Double
  /// Lower end of the 95 % interval.
  public var low: Double
  /// Upper end of the 95 % interval.
  public var high: Double

  /// A probability with its interval.
  public init(estimate: Double, low: Double, high: Double) {
    self.estimate = estimate
    self.low = low
    self.high = high
  }
}

/// The distribution of a quantity over futures.
public struct Spread: Codable, Sendable, Hashable {
  /// The mean.
  public var mean: Double
  /// 10th percentile.
  public var p10: Double
  /// Median.
  public var p50: Double
  /// 90th percentile.
  public var p90: Double
  /// 95th percentile.
  public var p95: Double

  /// A distribution's summary.
  public init(mean: Double, p10: Double, p50: Double, p90: Double, p95: Double) {
    self.mean = mean
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.p95 = p95
  }
}
