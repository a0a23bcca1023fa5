// SPDX-License-Identifier: GPL-3.0-or-later
// Who is the cheapest, among the options that serve well enough.

import Decision

/// The options compared: who is cheapest among those that serve well enough.
struct Comparison {
  let statistics: [OptionStatistics]
  /// P(cheapest) among the options that meet the service level; 0 for the others.
  let probabilityCheapest: [Probability]
  /// Mean cost above the cheapest of those options.
  let expectedRegret: [Double]
  /// The option of least mean cost among them.
  let recommended: Int
  /// The options that may be chosen: those that meet the service level, or all where none does.
  let candidates: [Int]
  /// The candidate of next lowest mean cost; nil where there is only one.
  let runnerUp: Int?

  /// Compares options. Where none meets the service level, all are compared.
  init(costs: [[Double]], serviceLevels: [Double], simulations: Int) {
    statistics = CostMatrix(costs).statistics(simulations: simulations)
    let meeting = costs.indices.filter { serviceLevels[$0] >= requiredServiceLevel }
    let candidates = meeting.isEmpty ? Array(costs.indices) : meeting
    self.candidates = candidates
    let matrix = CostMatrix(candidates.map { costs[$0] })
    var probabilities = Array(repeating: Probability(estimate: 0, low: 0, high: 0), count: costs.count)
    for (place, probability) in matrix.probabilityCheapest(simulations: simulations).enumerated() {
      // The only candidate is the cheapest by definition, not by observation.
      probabilities[candidates[place]] =
        candidates.count == 1 ? Probability(estimate: 1, low: 1, high: 1) : probability
    }
    probabilityCheapest = probabilities
    let cheapest = matrix.cheapest
    let means = costs.map { $0.reduce(0, +) / Double($0.count) }
    let floor = cheapest.reduce(0, +) / Double(cheapest.count)
    expectedRegret = means.map { $0 - floor }
    let ranked = candidates.sorted { (means[$0], $0) < (means[$1], $1) }
    recommended = ranked[0]
    runnerUp = ranked.count > 1 ? ranked[1] : nil
  }

  /// The option of least mean cost among those that meet the service level, or among all where none does.
  static func leastMean(_ means: [Double], serviceLevels: [Double]) -> Int {
    let meeting = means.indices.filter { serviceLevels[$0] >= requiredServiceLevel }
    return (meeting.isEmpty ? Array(means.indices) : meeting).min { (means[$0], $0) < (means[$1], $1) } ?? 0
  }
}
