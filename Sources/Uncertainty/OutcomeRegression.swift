// SPDX-License-Identifier: GPL-3.0-or-later
// Outcomes and the inputs they may depend on, in the futures at hand. What one input does is hard to see among a few
// dozen simulations while all others vary too: their straight and bent effects are taken out first.

import Numerics

/// Outcomes over futures, ready to be regressed on any of the inputs.
///
/// The expectation of an outcome given an input does not change where effects of inputs independent of it, with mean
/// 0, are subtracted from the outcome; its scatter around that expectation does.
public struct OutcomeRegression: Sendable {
  private let outcomes: [[Double]]
  private let inputs: [[Double]]
  private let parts: [Range<Int>]
  /// By input: which set of dependent inputs it belongs to.
  private let component: [Int]
  /// By outcome, then input, then future: the input's own effect, with mean 0; empty where it is none.
  private let effects: [[[Double]]]

  /// Outcomes and inputs.
  /// - Parameters:
  ///   - outcomes: by outcome, then future; finite.
  ///   - inputs: by input, then future; finite.
  ///   - dependent: pairs of inputs that are not independent.
  ///   - parts: independent runs of futures, at least two, which together are all of them.
  /// - Complexity: O(futures × inputs²) for each outcome.
  public init(
    _ outcomes: [[Double]], on inputs: [[Double]], dependent: [(Int, Int)] = [], parts: [Range<Int>]
  ) {
    self.outcomes = outcomes
    self.inputs = inputs
    self.parts = parts
    var component = Array(inputs.indices)
    for (first, second) in dependent {
      let (kept, merged) = (component[first], component[second])
      component = component.map { $0 == merged ? kept : $0 }
    }
    self.component = component
    guard !inputs.isEmpty else {
      effects = outcomes.map { _ in [] }
      return
    }
    let lines = inputs.map(Self.standardized)
    let bends = lines.map { line in Self.standardized(line.map { $0 * $0 }) }
    let straight = RegressionBasis(lines, parts: parts)
    let bent = RegressionBasis(lines + bends, parts: parts)
    effects = outcomes.map { outcome in
      // Only what predicts the outcome in futures not seen is worth taking out.
      let spread = Moments(outcome).variance
      let candidates = [(straight, lines, 1), (bent, lines + bends, 2)].compactMap { basis, columns, count in
        basis.map { (error: $0.fit(outcome).predictionError, columns: columns, perInput: count) }
      }
      guard let best = candidates.min(by: { $0.error < $1.error }), best.error < spread,
        let contributions = Self.contributions(best.columns, to: outcome)
      else { return inputs.map { _ in [] } }
      return inputs.indices.map { input in
        (0..<best.perInput).reduce(into: contributions[input]) { sum, degree in
          guard degree > 0 else { return }
          for future in sum.indices { sum[future] += contributions[input + degree * inputs.count][future] }
        }
      }
    }
  }

  /// The expectation of the outcomes given some of the inputs; nil where the futures are too few to tell, or none
  /// of these inputs varies.
  /// - Parameters:
  ///   - known: which inputs.
  ///   - bases: of each of them, where they are at hand; they are the same for every outcome.
  public func mean(knowing known: [Int], bases: [InputBases]? = nil) -> ConditionalMean? {
    let related = Set(known.map { component[$0] })
    let adjusted = outcomes.indices.map { outcome in
      var values = outcomes[outcome]
      for input in inputs.indices where !related.contains(component[input]) {
        for (future, effect) in effects[outcome][input].enumerated() { values[future] -= effect }
      }
      return values
    }
    return ConditionalMean(
      of: outcomes, adjusted: adjusted,
      given: bases ?? known.map { InputBases(inputs[$0], parts: parts) }, parts: parts)
  }

  /// With mean 0 and variance 1; zeros where the input does not vary.
  private static func standardized(_ values: [Double]) -> [Double] {
    let moments = Moments(values)
    // A value that only rounding makes vary would come out as noise.
    guard moments.standardDeviation > 1e-12 * abs(moments.mean) else { return values.map { _ in 0 } }
    return values.map { ($0 - moments.mean) / moments.standardDeviation }
  }

  /// By column: its share in the least-squares fit of all of them to an outcome; nil where they are dependent.
  private static func contributions(_ columns: [[Double]], to outcome: [Double]) -> [[Double]]? {
    let varying = columns.indices.filter { column in columns[column].contains { $0 != 0 } }
    guard !varying.isEmpty else { return nil }
    let mean = Moments(outcome).mean
    var equations = SymmetricMatrix(diagonal: Array(repeating: 0, count: varying.count))
    var right: [Double] = []
    for (row, left) in varying.enumerated() {
      for column in 0...row {
        equations[row, column] = zip(columns[left], columns[varying[column]]).reduce(0) { $0 + $1.0 * $1.1 }
      }
      right.append(zip(columns[left], outcome).reduce(0) { $0 + $1.0 * ($1.1 - mean) })
    }
    guard let factor = equations.choleskyFactor() else { return nil }
    var result = columns.map { $0.map { _ in 0.0 } }
    for (place, coefficient) in factor.solve(right).enumerated() {
      result[varying[place]] = columns[varying[place]].map { $0 * coefficient }
    }
    return result
  }
}
