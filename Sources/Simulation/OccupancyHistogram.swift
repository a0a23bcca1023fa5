// SPDX-License-Identifier: GPL-3.0-or-later
// How many there were, over time: batch sizes and queue lengths in constant memory, mergeable like latencies.

/// A histogram of whole numbers, weighted by the time they held: exact up to 127, above with 64 bins an octave, so that a
/// bin's value is within 0.8 % of everything in it.
public struct OccupancyHistogram: Sendable, Hashable, Codable {
  static let binCount = 128 + 64 * 24

  private var weights: [Double] = []
  /// Σ number × time, exact.
  public private(set) var sum = 0.0
  /// Time in all, seconds.
  public private(set) var total = 0.0

  /// An empty histogram.
  public init() {}

  /// The bin of a number, not negative and less than 2^31.
  @inline(__always)
  static func bin(of number: Int32) -> Int {
    if number < 128 { return Int(number) }
    let octave = 31 - number.leadingZeroBitCount
    return 128 + (octave - 7) << 6 + Int(number >> Int32(octave - 6)) & 63
  }

  /// The middle of a bin.
  static func value(ofBin bin: Int) -> Double {
    if bin < 128 { return Double(bin) }
    let octave = 7 + (bin - 128) >> 6
    let width = Double(1 << (octave - 6))
    return Double(64 + (bin - 128) & 63) * width + (width - 1) / 2
  }

  /// The histogram of a recorder's times of all bins, `start` on.
  init(times: borrowing Storage<Double>, from start: Int, sum: Double) {
    var last = -1
    for bin in 0..<Self.binCount where times[start + bin] > 0 { last = bin }
    for bin in 0..<(last + 1) {
      weights.append(times[start + bin])
      total += times[start + bin]
    }
    self.sum = sum
  }

  /// Adds another histogram, times `weight`.
  public mutating func add(_ other: OccupancyHistogram, weight: Double = 1) {
    while weights.count < other.weights.count { weights.append(0) }
    for (bin, time) in other.weights.enumerated() { weights[bin] += weight * time }
    sum += weight * other.sum
    total += weight * other.total
  }

  /// The mean over time; nil where no time was recorded.
  public var mean: Double? { total > 0 ? sum / total : nil }

  /// The number that was not exceeded for `share` of the time, 0 to 1; nil where no time was recorded.
  /// - Complexity: O(bins).
  public func quantile(_ share: Double) -> Double? {
    guard total > 0 else { return nil }
    var time = 0.0
    for (bin, weight) in weights.enumerated() where weight > 0 {
      time += weight
      if time >= total * share { return Self.value(ofBin: bin) }
    }
    return weights.lastIndex { $0 > 0 }.map(Self.value(ofBin:))
  }
}
