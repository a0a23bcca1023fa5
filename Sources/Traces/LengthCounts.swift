// SPDX-License-Identifier: GPL-3.0-or-later
// Exact quantiles of token lengths in little memory: lengths are whole numbers that repeat, so they are counted.

import Foundation

/// How often each token length occurs.
public struct LengthCounts: Sendable {
  /// Counts of the lengths below `directLengths`, as far as any was seen.
  private var direct: [Int] = []
  /// Counts of longer ones: there are few.
  private var rare: [Int32: Int] = [:]
  private static let directLengths = 1 << 21

  /// How many lengths were added.
  public private(set) var count = 0

  /// No lengths yet.
  public init() {}

  /// Adds a length; a negative one counts as 0.
  /// - Complexity: O(1) amortized.
  public mutating func add(_ length: Int32, times: Int = 1) {
    let index = Int(max(0, length))
    count += times
    if index < Self.directLengths {
      if index >= direct.count {
        direct += [Int](repeating: 0, count: max(index + 1, 2 * direct.count) - direct.count)
      }
      direct[index] += times
    } else {
      rare[length, default: 0] += times
    }
  }

  /// Every length that occurs with its count, ascending.
  /// - Complexity: O(longest length below two million + k log k) for k longer ones.
  public var entries: [(length: Int, count: Int)] {
    var result: [(length: Int, count: Int)] = []
    for (length, count) in direct.enumerated() where count > 0 { result.append((length, count)) }
    for length in rare.keys.sorted() { result.append((Int(length), rare[length] ?? 0)) }
    return result
  }

  /// Everything that is told of the lengths; nil where there are none.
  public var summary: LengthSummary? { LengthSummary(entries: entries) }

  /// The lengths at probabilities, each the least length that at least this share of all does not exceed (definition 1
  /// of Hyndman and Fan, doi:10.2307/2684934).
  ///
  /// - Parameter probabilities: ascending, each in [0, 1].
  public static func quantiles(_ entries: [(length: Int, count: Int)], at probabilities: [Double]) -> [Int] {
    let total = entries.reduce(0) { $0 + $1.count }
    precondition(total > 0, "quantiles of no lengths")
    var (index, below) = (0, 0)
    return probabilities.map { probability in
      // The k-th smallest, k = ⌈p·n⌉, with a hair of tolerance for p·n just above a whole number by rounding.
      let rank = max(1, Int((probability * Double(total) - 1e-9).rounded(.up)))
      while below + entries[index].count < rank && index < entries.count - 1 {
        below += entries[index].count
        index += 1
      }
      return entries[index].length
    }
  }
}

/// What is told of token lengths, in tokens.
public struct LengthSummary: Sendable, Hashable, Encodable {
  /// The mean.
  public var mean: Double
  /// The standard deviation (divisor n).
  public var sd: Double
  /// Quantiles: the least length that at least this share does not exceed.
  public var p10, p50, p90, p95, p99: Int
  /// The longest.
  public var max: Int
  /// Mean and standard deviation (divisor n) of the natural logarithm, 0 tokens counted as 1.
  public var logMean, logSD: Double

  init?(entries: [(length: Int, count: Int)]) {
    guard let last = entries.last else { return nil }
    let total = Double(entries.reduce(0) { $0 + $1.count })
    func moments(_ value: (Int) -> Double) -> (mean: Double, sd: Double) {
      let mean = entries.reduce(0) { $0 + value($1.length) * Double($1.count) } / total
      let squares = entries.reduce(0) {
        $0 + (value($1.length) - mean) * (value($1.length) - mean) * Double($1.count)
      }
      return (mean, (squares / total).squareRoot())
    }
    (mean, sd) = moments(Double.init)
    (logMean, logSD) = moments { log(Double(Swift.max(1, $0))) }
    let quantiles = LengthCounts.quantiles(entries, at: [0.1, 0.5, 0.9, 0.95, 0.99])
    (p10, p50, p90) = (quantiles[0], quantiles[1], quantiles[2])
    (p95, p99) = (quantiles[3], quantiles[4])
    max = last.length
  }
}
