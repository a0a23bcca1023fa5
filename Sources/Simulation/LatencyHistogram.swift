// SPDX-License-Identifier: GPL-3.0-or-later
// Latency percentiles in constant memory, mergeable across windows, months and draws.

/// A histogram of positive times with bins of equal width within each octave: 64 bins an octave, read straight from
/// the bits of the number, so a bin's middle is within 0.8 % of everything in it.
public struct LatencyHistogram: Sendable, Hashable, Codable {
  /// Bins per doubling.
  static let binsPerOctave = 64
  /// Times below 2^-20 s (about a microsecond) count as that.
  static let lowestExponent = -20
  /// Times from 2^24 s (194 days) up count as that.
  static let highestExponent = 24
  static let binCount = (highestExponent - lowestExponent) * binsPerOctave

  /// Weights of the bins from `firstBin` on: a use case's latencies fill a few octaves, and a run keeps thousands of
  /// histograms.
  private var weights: [Double] = []
  private var firstBin = 0
  /// Weighted sum of the times, seconds, exact.
  public private(set) var sum = 0.0

  /// An empty histogram.
  public init() {}

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

  /// The histogram of a recorder's counts of all bins, `start` on, and the sum of the times counted.
  init<Count: FixedWidthInteger & BitwiseCopyable>(
    counts: borrowing Storage<Count>, from start: Int, sum: Double
  ) {
    var used = 0..<0
    for bin in 0..<Self.binCount where counts[start + bin] > 0 {
      used = (used.isEmpty ? bin : used.lowerBound)..<(bin + 1)
    }
    self.sum = sum
    firstBin = used.lowerBound
    weights.reserveCapacity(used.count)
    for bin in used { weights.append(Double(counts[start + bin])) }
  }

  /// Adds another histogram, times `weight`.
  public mutating func add(_ other: LatencyHistogram, weight: Double = 1) {
    guard !other.weights.isEmpty else { return }
    sum += weight * other.sum
    if weights.isEmpty { firstBin = other.firstBin }
    let before = max(0, firstBin - other.firstBin)
    if before > 0 { weights.insert(contentsOf: repeatElement(0, count: before), at: 0) }
    firstBin -= before
    let after = other.firstBin + other.weights.count - firstBin - weights.count
    if after > 0 { weights.append(contentsOf: repeatElement(0, count: after)) }
    for (offset, added) in other.weights.enumerated() {
      weights[other.firstBin - firstBin + offset] += weight * added
    }
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
    for (offset, weight) in weights.enumerated() where weight > 0 {
      sum += weight
      if sum >= goal { return Self.value(ofBin: firstBin + offset) }
    }
    return weights.lastIndex { $0 > 0 }.map { Self.value(ofBin: firstBin + $0) }
  }
}
