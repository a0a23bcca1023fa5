// SPDX-License-Identifier: GPL-3.0-or-later
// Two lognormals with a clip: the smooth stand-in for lengths where a table of quantiles is too close to one trace.

import Foundation
import Numerics
public import Uncertainty

/// A mixture of two lognormals fitted to token lengths, cut off at the longest.
public struct LengthMixture: Sendable, Hashable {
  /// The components, the one of shorter lengths first.
  public var components: [LognormalComponent]
  /// The longest length; what would be longer is cut to it.
  public var maximum: Int
  /// The greatest distance of the cumulative distributions (Kolmogorov and Smirnov).
  public var distance: Double

  /// Fits by expectation and maximization (Dempster, Laird, Rubin, doi:10.1111/j.2517-6161.1977.tb01600.x) on the
  /// logarithms, each length with its count; 0 tokens count as 1.
  ///
  /// - Parameter counts: at least one length.
  /// - Complexity: O(iterations · distinct lengths).
  public init?(_ counts: LengthCounts) {
    let entries = counts.entries
    guard let last = entries.last, counts.count > 1, entries.count > 1 else { return nil }
    let values = entries.map { log(Double(max(1, $0.length))) }
    let weights = entries.map { Double($0.count) }
    let total = weights.reduce(0, +)
    let quantiles = LengthCounts.quantiles(entries, at: [0.25, 0.5, 0.75, 0.9]).map {
      log(Double(max(1, $0)))
    }
    maximum = max(1, last.length)
    // The likelihood has several summits: two starts, and the one that ends closest to the data.
    var best: (parts: [LognormalComponent], distance: Double)?
    for (low, high) in [(quantiles[0], quantiles[2]), (quantiles[1], quantiles[3])] {
      let parts = Self.maximized(values, weights, total, low: low, high: max(high, low + 0.1))
      let distance = Self.distance(entries, total, parts, maximum)
      if distance < (best?.distance ?? .infinity) { best = (parts, distance) }
    }
    guard let best else { return nil }
    components = best.parts.sorted { $0.mu < $1.mu }
    distance = best.distance
  }

  private static func maximized(
    _ values: [Double], _ weights: [Double], _ total: Double, low: Double, high: Double
  ) -> [LognormalComponent] {
    var parts = [
      LognormalComponent(weight: 0.5, mu: low, sigma: 0.7),
      LognormalComponent(weight: 0.5, mu: high, sigma: 0.7),
    ]
    var before = -Double.infinity
    for _ in 0..<2000 {
      var (sums, means, squares) = ([0.0, 0.0], [0.0, 0.0], [0.0, 0.0])
      var likelihood = 0.0
      for (value, weight) in zip(values, weights) {
        let densities = parts.map { part in
          let score = (value - part.mu) / part.sigma
          return part.weight / part.sigma * exp(-score * score / 2) + 1e-300
        }
        let both = densities[0] + densities[1]
        likelihood += weight * log(both)
        for index in 0..<2 {
          let share = weight * densities[index] / both
          sums[index] += share
          means[index] += share * value
          squares[index] += share * value * value
        }
      }
      for index in 0..<2 where sums[index] > 0 {
        let mean = means[index] / sums[index]
        let variance = squares[index] / sums[index] - mean * mean
        // A component must not shrink onto one length: its likelihood would have no end.
        parts[index] = LognormalComponent(
          weight: max(sums[index] / total, 1e-6), mu: mean, sigma: max(variance, 0.0025).squareRoot())
      }
      if likelihood - before < 1e-9 * abs(likelihood) { break }
      before = likelihood
    }
    return parts
  }

  /// The distance of the clipped mixture, in whole tokens, from the lengths.
  private static func distance(
    _ entries: [(length: Int, count: Int)], _ total: Double, _ parts: [LognormalComponent], _ maximum: Int
  ) -> Double {
    let weights = parts.reduce(0) { $0 + $1.weight }
    func cumulative(_ length: Int) -> Double {
      if length >= maximum { return 1 }
      return parts.reduce(0) {
        $0 + $1.weight / weights
          * StandardNormal.cumulative((log(Double(length) + 0.5) - $1.mu) / $1.sigma)
      }
    }
    var (below, greatest) = (0.0, 0.0)
    for (length, count) in entries {
      greatest = max(greatest, abs(cumulative(max(0, length - 1)) - below / total))
      below += Double(count)
      greatest = max(greatest, abs(cumulative(length) - below / total))
    }
    return greatest
  }
}
