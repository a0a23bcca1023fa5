// SPDX-License-Identifier: GPL-3.0-or-later
// How well the futures at hand determine what is said of an option's cost.

import Numerics
public import Uncertainty

/// The statistics of one option's cost, $, each with its 95 % interval.
public struct CostIntervals: Codable, Sendable, Hashable {
  /// The mean.
  public var mean: IntervalEstimate
  /// The 10th percentile.
  public var p10: IntervalEstimate
  /// The median.
  public var p50: IntervalEstimate
  /// The 90th percentile.
  public var p90: IntervalEstimate
  /// The mean of the worst 5 % of futures.
  public var conditionalValueAtRisk95: IntervalEstimate

  /// The statistics of costs.
  /// - Parameters:
  ///   - costs: by future, none NaN.
  ///   - parts: equal, independent runs of the futures, at least two, from whose scatter the intervals come.
  /// - Complexity: O(futures × log futures).
  public init(_ costs: [Double], parts: [Range<Int>]) {
    func interval(_ statistic: ([Double]) -> Double) -> IntervalEstimate {
      IntervalEstimate(pooled: statistic(costs), replicates: parts.map { statistic(Array(costs[$0])) })
    }
    mean = interval { Moments($0).mean }
    p10 = interval { quantiles(of: $0, at: [0.1])[0] }
    p50 = interval { quantiles(of: $0, at: [0.5])[0] }
    p90 = interval { quantiles(of: $0, at: [0.9])[0] }
    // A part has few of the worst futures, so that its own mean of them would say little: all parts but one do.
    conditionalValueAtRisk95 = IntervalEstimate(
      pooled: Decision.conditionalValueAtRisk(of: costs),
      withoutEach: parts.map { part in
        Decision.conditionalValueAtRisk(of: Array(costs[..<part.lowerBound] + costs[part.upperBound...]))
      })
  }
}
