// SPDX-License-Identifier: GPL-3.0-or-later
// Latency percentiles in constant memory, mergeable across windows, months and draws.

/// A histogram of positive times with bins of equal ratio within each octave: 64 bins an octave, read straight from
/// the bits of the number, so a bin's middle is within 0.8 % of everything in it.
public struct LatencyHistogram: Sendable, Hashable {
  /// Bins per doubling.
  static let binsPerOctave = 64
  /// Times below 2^-20 s (about a microsecond) count as that.
  static let lowestExponent = -20
  /// Times from 2^24 s (194 days) up count as that.
  static let highestExponent = 24
  static let binCount = (highestExponent - lowestExponent) * binsPerOctave

  /// Weight per bin.
  public private(set) var weights: [Double]
  /// Weighted sum of the times, seconds, exact.
  public private(set) var sum = 0.0

  /// An empty histogram.
  public init() { weights = [] }

  /// The bin of a time in seconds.
  @inline(__always)
  static func bin(of seconds: Double) -> Int {
    let offset = (1023 + lowestExponent) * binsPerOctave
    let bin = Int(truncatingIfNeeded: seconds.bitPattern >> 46) - offset
    return min(max(bin, 0), binCount - 1)
  }

  /// The middle of a bin, seconds.
  static func value(ofBin bin: Int) -> Double {
    let offset = UInt64((1023 + lowestExponent) * binsPerOctave)
    return Double(bitPattern: (UInt64(bin) + offset) << 46 | 1 << 45)
  }

  /// Adds counts of bins, each times `weight`, and the sum of the times counted.
  mutating func add(counts: borrowing Storage<UInt32>, from start: Int, sum: Double, weight: Double) {
    self.sum += weight * sum
    if weights.isEmpty { weights = Array(repeating: 0, count: Self.binCount) }
    for bin in 0..<Self.binCount { weights[bin] += weight * Double(counts[start + bin]) }
  }

  /// Adds another histogram, times `weight`.
  public mutating func add(_ other: LatencyHistogram, weight: Double = 1) {
    guard !other.weights.isEmpty else { return }
    sum += weight * other.sum
    if weights.isEmpty { weights = Array(repeating: 0, count: Self.binCount) }
    for bin in 0..<Self.binCount { weights[bin] += weight * other.weights[bin] }
  }

  /// The total weight.
  public var total: Double { weights.reduce(0, +) }

  /// The mean time in seconds; nil where the histogram is empty.
  public var mean: Double? { total > 0 ? sum / total : nil }

  /// The `share` quantile in seconds, 0 to 1; nil where the histogram is empty.
  /// - Complexity: O(bins).
  public func quantile(_ share: Double) -> Double? {
    let goal = total * share
    guard total > 0 else { return nil }
    var sum = 0.0
    for (bin, weight) in weights.enumerated() where weight > 0 {
      sum += weight
      if sum >= goal { return Self.value(ofBin: bin) }
    }
    return weights.lastIndex { $0 > 0 }.map(Self.value(ofBin:))
  }
}
