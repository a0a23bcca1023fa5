// SPDX-License-Identifier: GPL-3.0-or-later
// Summaries of a sample of futures: its spread, its cumulative distribution, its bad end.

import Numerics

extension Spread {
  /// The mean and percentiles (Hyndman and Fan, definition 7) of a quantity in equally likely futures.
  /// - Parameter samples: at least one, none NaN.
  /// - Complexity: O(n log n).
  public init(samples: [Double]) {
    let percentiles = quantiles(of: samples, at: [0.1, 0.5, 0.9, 0.95])
    self.init(
      mean: Moments(samples).mean, p10: percentiles[0], p50: percentiles[1], p90: percentiles[2],
      p95: percentiles[3])
  }
}

/// The quantiles of a sample at 0 %, 1 %, … 100 %: 101 values, ascending.
/// - Parameter samples: at least one, none NaN.
/// - Complexity: O(n log n).
public func percentileCurve(of samples: [Double]) -> [Double] {
  quantiles(of: samples, at: (0...100).map { Double($0) / 100 })
}

/// The mean of the worst, that is greatest, share of a sample: the conditional value at risk (Rockafellar,
/// Uryasev: Conditional value-at-risk for general loss distributions, 2002,
/// doi:10.1016/S0378-4266(02)00271-6). Where the share is no whole number of samples, the last one counts in
/// part.
/// - Parameters:
///   - samples: at least one, none NaN.
///   - level: in [0, 1); 0.95 averages the worst 5 %.
/// - Complexity: O(n log n).
public func conditionalValueAtRisk(of samples: [Double], level: Double = 0.95) -> Double {
  precondition(!samples.isEmpty && samples.allSatisfy { !$0.isNaN }, "no samples, or some not numbers")
  precondition(level >= 0 && level < 1, "level \(level)")
  let worstFirst = samples.sorted(by: >)
  let weight = Double(samples.count) * (1 - level)
  var remaining = weight
  var total = 0.0
  for sample in worstFirst {
    let part = min(remaining, 1)
    total += part * sample
    remaining -= part
    if remaining <= 0 { break }
  }
  return total / (weight - max(remaining, 0))
}
