// SPDX-License-Identifier: GPL-3.0-or-later
// What an outcome is expected to be once an input is known: the one regression that sensitivities, swings and
// the value of finding out are all computed from, on the futures at hand.

import Numerics

/// The expectation of some outcomes given one input, or several.
///
/// For one input the candidates are polynomials of degree 1 to 3 in its value and cubic splines of 4, 8 and 16
/// pieces in its rank; the one that predicts each part of the futures best from the other parts is taken. For
/// several inputs each brings its own candidate, and the products of pairs are added where that predicts
/// better.
public struct ConditionalMean: Sendable {
  private let basis: RegressionBasis
  private let fits: [RegressionFit]
  private let responses: [[Double]]
  /// By outcome, then future: its expectation given the inputs' values in that future.
  public let fitted: [[Double]]

  /// The expectations of outcomes given inputs.
  ///
  /// - Parameters:
  ///   - responses: by outcome, then future; finite. One candidate is chosen for all of them together, so that
  ///     the expectation of a difference is the difference of the expectations.
  ///   - inputs: by input, then future; finite.
  ///   - parts: independent runs of futures, at least two, which together are all of them.
  /// - Returns: nil where the futures are too few to tell, or no input varies.
  /// - Complexity: O(futures × columns²) for each candidate.
  public init?(of responses: [[Double]], given inputs: [[Double]], parts: [Range<Int>]) {
    self.init(
      of: responses, adjusted: responses, given: inputs.map { InputBases($0, parts: parts) }, parts: parts)
  }

  /// The expectations of outcomes given inputs, from outcomes less what other inputs are known to add to them.
  /// - Parameter adjusted: the outcomes that are regressed, which have the means of `original`.
  init?(
    of original: [[Double]], adjusted responses: [[Double]], given inputs: [InputBases], parts: [Range<Int>]
  ) {
    precondition(parts.count >= 2 && !responses.isEmpty, "\(parts.count) parts, \(responses.count) outcomes")
    let scales = responses.map { Moments($0).variance }
    func error(_ fits: [RegressionFit]) -> Double {
      zip(fits, scales).reduce(0) { $0 + ($1.1 > 0 ? $1.0.predictionError / $1.1 : 0) }
    }
    var chosen: [[[Double]]] = []
    var best: (basis: RegressionBasis, fits: [RegressionFit])?
    for input in inputs {
      var ownBest: (columns: [[Double]], basis: RegressionBasis, fits: [RegressionFit])?
      for (columns, basis) in input.candidates {
        let fits = responses.map(basis.fit)
        if ownBest.map({ error(fits) < error($0.fits) }) ?? true { ownBest = (columns, basis, fits) }
      }
      guard let ownBest else { continue }
      chosen.append(ownBest.columns)
      best = (ownBest.basis, ownBest.fits)
    }
    if chosen.count > 1 { best = Self.joint(chosen, responses, parts, error) }
    guard let best else { return nil }
    basis = best.basis
    fits = best.fits
    self.responses = original
    fitted = best.fits.map { best.basis.values($0.coefficients) }
  }

  /// The best of: every input's own columns, those with the products of pairs, straight lines, and those with
  /// products.
  private static func joint(
    _ inputs: [[[Double]]], _ responses: [[Double]], _ parts: [Range<Int>],
    _ error: ([RegressionFit]) -> Double
  ) -> (basis: RegressionBasis, fits: [RegressionFit])? {
    let lines = inputs.map { $0[0] }
    var products: [[Double]] = []
    for second in lines.indices {
      for first in 0..<second { products.append(zip(lines[first], lines[second]).map { $0 * $1 }) }
    }
    let curves = Array(inputs.joined())
    var best: (basis: RegressionBasis, fits: [RegressionFit])?
    for columns in [lines, curves, lines + products, curves + products]
    where columns.count <= max(lines.count, Self.mostColumns) {
      guard let basis = RegressionBasis(columns, parts: parts) else { continue }
      let fits = responses.map(basis.fit)
      if best.map({ error(fits) < error($0.fits) }) ?? true { best = (basis, fits) }
    }
    return best
  }

  /// More columns than this cost more time than their curves are worth.
  private static let mostColumns = 80

  /// A statistic of the expectations that is never below 0, by the jackknife over the parts.
  /// - Parameter statistic: of the expectations by outcome, then future, of which the futures of the given runs
  ///   count.
  public func estimate(
    _ statistic: (_ fitted: [[Double]], _ futures: [Range<Int>]) -> Double
  ) -> IntervalEstimate {
    let pooled = statistic(fitted, basis.parts)
    let without = basis.parts.indices.map { left in
      let futures = basis.parts.indices.filter { $0 != left }.map { basis.parts[$0] }
      let values = zip(fits, responses).map { fit, response in
        recentred(basis.values(fit.withoutPart[left]), on: response, over: futures)
      }
      return statistic(values, futures)
    }
    return IntervalEstimate(positive: pooled, withoutEach: without)
  }

  /// Fitted values moved to the mean that the outcome itself has: what other inputs add to it is as uncertain as it
  /// was, though it is not in the regression.
  private func recentred(_ values: [Double], on response: [Double], over futures: [Range<Int>]) -> [Double] {
    var gap = Moments()
    for run in futures { for future in run { gap.add(response[future] - values[future]) } }
    return values.map { $0 + gap.mean }
  }

  /// The expectation of an outcome where the one input has a value, on the straight line between the two nearest
  /// futures; beyond them that of the nearest.
  /// - Parameters:
  ///   - outcome: which of the outcomes.
  ///   - input: the input by future, as it was given.
  ///   - value: the input's value.
  public func expectation(of outcome: Int = 0, where input: [Double], is value: Double) -> Double {
    var (below, above): (Int?, Int?) = (nil, nil)
    for future in input.indices {
      if input[future] <= value, below.map({ input[$0] < input[future] }) ?? true { below = future }
      if input[future] >= value, above.map({ input[$0] > input[future] }) ?? true { above = future }
    }
    let ends = fitted[outcome]
    guard let below, let above else { return ends[below ?? above ?? 0] }
    guard input[above] > input[below] else { return ends[below] }
    let share = (value - input[below]) / (input[above] - input[below])
    return ends[below] + share * (ends[above] - ends[below])
  }

  /// The share of an outcome's variance that its expectation given the inputs has: the first-order Sobol' index
  /// of one input, the closed index of several (Sobol', 2001, doi:10.1016/S0378-4754(00)00270-6).
  /// - Parameter outcome: which of the outcomes; one that never varies has a share of 0.
  public func explainedShare(of outcome: Int = 0) -> IntervalEstimate {
    let response = responses[outcome]
    guard Moments(response).variance > 0 else { return IntervalEstimate(value: 0, low: 0, high: 0) }
    return estimate { fitted, futures in
      var (own, whole) = (Moments(), Moments())
      for run in futures {
        for future in run {
          own.add(fitted[outcome][future])
          whole.add(response[future])
        }
      }
      // Without the one part in which it varied at all, an outcome may not vary.
      return whole.variance > 0 ? own.variance / whole.variance : 0
    }.clipped(to: 0...1)
  }
}

/// One input, ready for the regressions of any outcomes on it: what they all have in common, and most of the work.
public struct InputBases: Sendable {
  /// The columns of each candidate that the futures determine, and their basis.
  let candidates: [(columns: [[Double]], basis: RegressionBasis)]

  /// - Parameters:
  ///   - input: by future; finite.
  ///   - parts: independent runs of futures, at least two, which together are all of them.
  /// - Complexity: O(futures × columns²) for each candidate.
  public init(_ input: [Double], parts: [Range<Int>]) {
    candidates = InputColumns(input).candidates.compactMap { columns in
      RegressionBasis(columns, parts: parts).map { (columns, $0) }
    }
  }
}

/// The columns that one input may enter a regression with.
private struct InputColumns {
  /// By candidate, from the plainest on; the first column of each is a straight line. None where the input does
  /// not vary.
  let candidates: [[[Double]]]

  init(_ input: [Double]) {
    let moments = Moments(input)
    guard moments.variance > 0 else {
      candidates = []
      return
    }
    let line = input.map { ($0 - moments.mean) / moments.standardDeviation }
    let order = input.indices.sorted { (input[$0], $0) < (input[$1], $1) }
    var ranks = line
    var distinct = 0
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, input[order[last + 1]] == input[order[first]] { last += 1 }
      // Equal values share the middle of their ranks.
      let rank = (Double(first + last) / 2 + 0.5) / Double(order.count)
      for place in first...last { ranks[order[place]] = rank }
      distinct += 1
      first = last + 1
    }
    var candidates = [[line]]
    for degree in 2...3 where distinct >= 4 * (degree + 1) {
      candidates.append((1...degree).map { power in line.map { Self.power($0, power) } })
    }
    for pieces in [4, 8, 16] where distinct >= 4 * (pieces + 3) {
      if let splines = Self.splines(of: ranks, pieces: pieces) { candidates.append([line] + splines) }
    }
    self.candidates = candidates
  }

  private static func power(_ value: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * value }
  }

  /// The splines but one, which the constant and the others make up.
  private static func splines(of ranks: [Double], pieces: Int) -> [[Double]]? {
    guard let basis = try? BSplineBasis(pieces: pieces, on: 0...1) else { return nil }
    var columns = Array(repeating: Array(repeating: 0.0, count: ranks.count), count: basis.count - 1)
    for (row, rank) in ranks.enumerated() {
      guard let values = try? basis.values(at: rank) else { return nil }
      for column in columns.indices { columns[column][row] = values[column] }
    }
    return columns
  }
}
