// SPDX-License-Identifier: GPL-3.0-or-later
// Quantiles of latencies and gaps, which span microseconds to days: counts in bins of equal ratio.

import Foundation

/// A histogram with bins 0.5 % apart, from a microsecond to about 30 years; quantiles are good to 0.25 %.
public struct LogHistogram: Sendable, Hashable {
  private static let least = 1e-6
  private static let binWidth = log(1.005)
  private static let mostBins = 6921
  private var counts: [Int] = []
  /// How many values were added.
  public private(set) var count = 0
  private var sum = 0.0

  /// No values yet.
  public init() {}

  /// Adds a value of 0 or more; what is not a number is left out.
  /// - Complexity: O(1).
  public mutating func add(_ value: Double) {
    guard value >= 0, value.isFinite else { return }
    let bin =
      value <= Self.least ? 0 : min(Self.mostBins, 1 + Int(log(value / Self.least) / Self.binWidth))
    if bin >= counts.count { counts += [Int](repeating: 0, count: bin + 1 - counts.count) }
    counts[bin] += 1
    count += 1
    sum += value
  }

  /// The mean; not a number without values.
  public var mean: Double { count > 0 ? sum / Double(count) : .nan }

  /// The value that a share of all does not exceed; nil without values.
  /// - Complexity: O(bins).
  public func quantile(_ probability: Double) -> Double? {
    guard count > 0 else { return nil }
    let rank = max(1, Int((probability * Double(count)).rounded(.up)))
    var below = 0
    for (bin, inBin) in counts.enumerated() {
      below += inBin
      if below >= rank {
        // The middle of the bin, on the scale of ratios.
        return bin == 0 ? 0 : Self.least * exp((Double(bin) - 0.5) * Self.binWidth)
      }
    }
    return nil
  }
}
