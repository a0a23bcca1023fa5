// SPDX-License-Identifier: GPL-3.0-or-later
// Popularity by rank, drawn in constant time: one number per request decides which prompt or which group it is.

import Foundation

/// The ranks 0, 1, … with probabilities proportional to 1 / (rank + 1)^exponent, as an alias table.
///
/// A. J. Walker, An efficient method for generating discrete random variables with general distributions, ACM TOMS 3(3),
/// 1977, doi:10.1145/355744.355749; filled as M. D. Vose does it, IEEE TSE 17(9), 1991, doi:10.1109/32.92917.
public struct ZipfTable: Sendable {
  /// Where a cell's share of its own rank ends, and which rank has the rest.
  struct Cell: Sendable, BitwiseCopyable {
    var threshold: Double
    var alias: Int32
  }

  let cells: [Cell]

  /// The table of some ranks.
  /// - Parameters:
  ///   - count: ranks, 1 to 2^31 − 1.
  ///   - exponent: 0 or more; 0 makes all equally likely.
  /// - Complexity: O(`count`), also in memory: 16 bytes a rank.
  public init(count: Int, exponent: Double) {
    precondition(count >= 1 && count <= Int(Int32.max), "a Zipf table of \(count) ranks")
    precondition(exponent >= 0 && exponent.isFinite, "a Zipf exponent of \(exponent)")
    let shares = Self.shares(count: count, exponent: exponent)
    var scaled = shares.map { $0 * Double(count) }
    var cells = scaled.map { Cell(threshold: $0, alias: 0) }
    var small: [Int] = []
    var large: [Int] = []
    for rank in 0..<count { if scaled[rank] < 1 { small.append(rank) } else { large.append(rank) } }
    while let poor = small.popLast() {
      guard let rich = large.popLast() else {
        cells[poor].threshold = 1
        continue
      }
      cells[poor] = Cell(threshold: scaled[poor], alias: Int32(rich))
      scaled[rich] -= 1 - scaled[poor]
      if scaled[rich] < 1 { small.append(rich) } else { large.append(rich) }
    }
    for rank in large { cells[rank].threshold = 1 }
    self.cells = cells
  }

  /// The probabilities of `count` ranks.
  public static func shares(count: Int, exponent: Double) -> [Double] {
    let weights = (1...count).map { pow(Double($0), -exponent) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// The ranks.
  public var count: Int { cells.count }

  /// The rank at a number uniform on (0, 1).
  public subscript(uniform: Double) -> Int { Self.rank(uniform, in: cells.span) }

  /// The rank at a number uniform on (0, 1) in a table's cells.
  @inline(__always)
  static func rank(_ uniform: Double, in cells: Span<Cell>) -> Int {
    let position = uniform * Double(cells.count)
    let index = min(Int(position), cells.count - 1)
    let cell = cells[index]
    return position - Double(index) < cell.threshold ? index : Int(cell.alias)
  }
}
