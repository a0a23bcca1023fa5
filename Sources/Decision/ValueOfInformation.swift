// SPDX-License-Identifier: GPL-3.0-or-later
// Uncertainty as a to-do list: what it is worth, at most, to find out an input before deciding.

import Numerics
public import Uncertainty

/// What deciding with more knowledge is expected to save over deciding now, among some options in the same
/// futures (Raiffa, Schlaifer: Applied Statistical Decision Theory, 1961).
public struct ValueOfInformation: Sendable {
  private let costs: [[Double]]
  /// What each option costs more than the one decided for: its expectation is what regressions are fitted to.
  private let differences: OutcomeRegression?
  private let parts: [Range<Int>]

  /// The value of information about a choice.
  /// - Parameters:
  ///   - costs: of the options that may be chosen.
  ///   - inputs: the uncertain inputs, by input, then future.
  ///   - dependent: pairs of inputs that are not independent.
  ///   - parts: equal, independent runs of futures, at least two, from whose scatter the intervals come.
  public init(
    _ costs: CostMatrix, inputs: [[Double]], dependent: [(Int, Int)] = [], parts: [Range<Int>]
  ) {
    let rows = (0..<costs.options).map(costs.row)
    let means = rows.map { Moments($0).mean }
    let now = means.indices.min { (means[$0], $0) < (means[$1], $1) } ?? 0
    self.costs = rows
    self.parts = parts
    let others = rows.indices.filter { $0 != now }
    differences =
      others.isEmpty
      ? nil
      : OutcomeRegression(
        others.map { option in zip(rows[option], rows[now]).map { $0 - $1 } }, on: inputs,
        dependent: dependent, parts: parts)
  }

  /// The expected value of perfect information, $: mean cost of the option that is best on average, less the
  /// mean of the cheapest of each future. It includes chance that nobody can find out, such as interruptions.
  public var perfect: IntervalEstimate {
    let whole = saving(costs, parts)
    let without = parts.indices.map { left in
      saving(costs, parts.indices.filter { $0 != left }.map { parts[$0] })
    }
    return IntervalEstimate(positive: whole, withoutEach: without)
  }

  /// The expected value of partial perfect information, $: what knowing some inputs exactly is worth, by
  /// regression of the options' cost differences on them (Strong, Oakley, Brennan: Estimating multiparameter
  /// partial expected value of perfect information from a probabilistic sensitivity analysis sample, 2014,
  /// doi:10.1177/0272989X13505910).
  /// - Parameters:
  ///   - known: which inputs.
  ///   - bases: of each of them, where they are at hand.
  /// - Returns: nil where the futures are too few to tell, or none of these inputs varies.
  public func partial(_ known: [Int], bases: [InputBases]? = nil) -> IntervalEstimate? {
    guard let differences else { return IntervalEstimate(value: 0, low: 0, high: 0) }
    guard let expected = differences.mean(knowing: known, bases: bases) else { return nil }
    let zero = Array(repeating: 0.0, count: costs[0].count)
    return expected.estimate { saving([zero] + $0, $1) }
  }

  /// The least of the options' means less the mean of the least, over some futures.
  private func saving(_ costs: [[Double]], _ futures: [Range<Int>]) -> Double {
    var sums = Array(repeating: 0.0, count: costs.count)
    var least = 0.0
    var count = 0
    for run in futures {
      for future in run {
        var lowest = Double.infinity
        for option in costs.indices {
          sums[option] += costs[option][future]
          lowest = min(lowest, costs[option][future])
        }
        least += lowest
        count += 1
      }
    }
    return ((sums.min() ?? 0) - least) / Double(count)
  }
}
