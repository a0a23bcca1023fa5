// SPDX-License-Identifier: GPL-3.0-or-later
// Variance-based sensitivity of a model that can be run at will: what given futures cannot tell, the share of an
// input with all its interactions.

public import Numerics
public import Quantities

/// The Sobol' indices of a model of independent inputs, by evaluating it at points made for the purpose.
///
/// Two independent sets of points A and B, and for each input the set A with that input's column from B. The first-order
/// index comes from mean f(B)(f(A_B) − f(A)) (Saltelli et al.: Variance based sensitivity analysis of model
/// output, 2010, doi:10.1016/j.cpc.2009.09.018), the total one from mean (f(A) − f(A_B))² / 2 (Jansen: Analysis
/// of variance designs for model output, 1999, doi:10.1016/S0010-4655(98)00154-4).
public struct SobolIndices: Sendable, Hashable {
  /// By input: the share of the variance that knowing the input alone removes.
  public let firstOrder: [IntervalEstimate]
  /// By input: the share of the variance that is left when all other inputs are known.
  public let total: [IntervalEstimate]
  /// Evaluations of the model.
  public let evaluations: Int

  /// Evaluates a model.
  /// - Parameters:
  ///   - model: its outcome at a point of the open unit cube, finite; an input's distribution is applied to its
  ///     coordinate by the model itself.
  ///   - dimensions: inputs, at least 1.
  ///   - points: points of each set; best a power of 2.
  ///   - replicates: independent scrambles, from which the intervals come; at least 2, divides `points`.
  ///   - seed: the run's seed.
  ///   - purpose: what the points are for.
  /// - Complexity: points × (dimensions + 2) evaluations.
  public init(
    dimensions: Int, points: Int, replicates: Int = 8, seed: UInt64, purpose: StreamPurpose,
    of model: ([Double]) -> Double
  ) {
    precondition(dimensions >= 1 && replicates >= 2, "\(dimensions) inputs, \(replicates) replicates")
    let sample = SamplePoints(
      count: points, dimensions: 2 * dimensions, seed: seed, purpose: purpose, replicates: replicates)
    var base: [Double] = []
    var other: [Double] = []
    var mixed = Array(repeating: [Double](), count: dimensions)
    for point in 0..<points {
      let a = (0..<dimensions).map { sample[point, $0] }
      let b = (0..<dimensions).map { sample[point, dimensions + $0] }
      base.append(model(a))
      other.append(model(b))
      for input in 0..<dimensions {
        var swapped = a
        swapped[input] = b[input]
        mixed[input].append(model(swapped))
      }
    }
    self.init(base: base, other: other, mixed: mixed, replicates: replicates)
  }

  /// The indices of a model that has been evaluated, for who has cheaper ways of doing so than one point at a time.
  /// - Parameters:
  ///   - base: f(A), by point.
  ///   - other: f(B), by point.
  ///   - mixed: by input, then point: f(A_B). An input may be several that are only independent of the others
  ///     together: then all their columns are B's, and the indices are those of the group.
  ///   - replicates: equal runs of neighbouring points that are independent of each other; at least 2, divides the
  ///     number of points.
  /// - Complexity: O(points × inputs × replicates).
  public init(base: [Double], other: [Double], mixed: [[Double]], replicates: Int) {
    precondition(
      other.count == base.count && mixed.allSatisfy { $0.count == base.count } && replicates >= 2
        && base.count % replicates == 0,
      "\(base.count) and \(other.count) points in \(replicates) replicates")
    let parts = runs(of: base.count, parts: replicates)
    func index(_ input: Int, total: Bool) -> IntervalEstimate {
      func share(_ parts: [Range<Int>]) -> Double {
        var outcomes = Moments()
        for part in parts { for point in part { outcomes.add(base[point]); outcomes.add(other[point]) } }
        guard !Self.isConstant(outcomes) else { return 0 }
        var sum = Moments()
        for part in parts {
          for point in part {
            let step = mixed[input][point] - base[point]
            // Without its mean the product scatters less, and its expectation is the same.
            sum.add(total ? step * step / 2 : (other[point] - outcomes.mean) * step)
          }
        }
        return sum.mean / outcomes.variance
      }
      let without = parts.indices.map { left in
        share(parts.indices.filter { $0 != left }.map { parts[$0] })
      }
      return IntervalEstimate(pooled: share(parts), withoutEach: without)
    }
    firstOrder = mixed.indices.map { index($0, total: false).clipped(to: 0...1) }
    total = mixed.indices.map { index($0, total: true).clipped(to: 0...(.infinity)) }
    evaluations = base.count * (mixed.count + 2)
  }

  /// Whether outcomes differ by rounding only, of which no input has a share: standard deviations below 10^-10 of the
  /// mean are none.
  public static func isConstant(_ outcomes: Moments) -> Bool {
    outcomes.variance.squareRoot() <= 1e-10 * abs(outcomes.mean)
  }
}
