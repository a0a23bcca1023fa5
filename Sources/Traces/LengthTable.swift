// SPDX-License-Identifier: GPL-3.0-or-later
// Token lengths as the few quantiles that say it all: spikes and clips of real lengths have no formula.

import Foundation
public import Uncertainty

/// Quantiles of token lengths between which straight lines stay close to every length of a trace.
public struct LengthTable: Sendable, Hashable {
  /// The points, from probability 0 to 1.
  public var points: [QuantilePoint]

  /// Chooses points so that the lines' error stays below 1.5 % of a length or 0.8 tokens over a grid of a thousand
  /// probabilities and finer tails: the curve is divided where it is furthest off (Douglas, Peucker,
  /// doi:10.3138/FM57-6770-U75U-7727).
  ///
  /// - Returns: nil without lengths.
  /// - Complexity: O(distinct lengths + grid · points).
  public init?(_ counts: LengthCounts) {
    let entries = counts.entries
    guard !entries.isEmpty else { return nil }
    let tail = [0.0001, 0.0002, 0.0005]
    let grid =
      [0] + tail + (1..<1000).map { Double($0) / 1000 } + tail.reversed().map { 1 - $0 } + [1]
    let lengths = LengthCounts.quantiles(entries, at: grid).map { Double(max(1, $0)) }
    var isKept = [Bool](repeating: false, count: grid.count)
    // The ends, and the probabilities that people ask for.
    var corners = [0, grid.count - 1]
    for asked in [0.1, 0.5, 0.9, 0.95, 0.99] {
      if let index = grid.firstIndex(where: { abs($0 - asked) < 1e-9 }) { corners.append(index) }
    }
    corners.sort()
    for index in corners { isKept[index] = true }
    var stretches = Array(zip(corners, corners.dropFirst()))
    while let (from, to) = stretches.popLast() {
      var worst: (index: Int, excess: Double)?
      for index in from + 1..<max(from + 1, to) {
        let share = (grid[index] - grid[from]) / (grid[to] - grid[from])
        let line = lengths[from] + (lengths[to] - lengths[from]) * share
        let excess = abs(line - lengths[index]) / max(0.8, 0.015 * lengths[index])
        if excess > 1, excess > worst?.excess ?? 0 { worst = (index, excess) }
      }
      if let worst {
        isKept[worst.index] = true
        stretches += [(from, worst.index), (worst.index, to)]
      }
    }
    points = grid.indices.filter { isKept[$0] }.map {
      QuantilePoint(probability: (grid[$0] * 10_000).rounded() / 10_000, value: lengths[$0])
    }
  }
}
