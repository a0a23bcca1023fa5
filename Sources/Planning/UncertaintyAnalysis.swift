// SPDX-License-Identifier: GPL-3.0-or-later
// How sure a plan's numbers are, what they hang on and what finding out is worth: all from the futures at hand,
// without simulating or pricing another.

import Decision
import Numerics
import Scenario
import Uncertainty

/// An uncertain input in every future.
private struct SampledInput: Sendable {
  var value: UncertainValue
  var kind: String
  /// By future.
  var draws: [Double]
}

extension PlanModel {
  /// Futures beyond which regressions are given only the first of each simulation: they cost memory by input and
  /// option, and their intervals come from the simulations.
  static let mostRegressed = 16_384

  /// The fewest parts of the futures whose scatter says anything.
  static let fewestParts = 4

  /// The independent runs of futures that intervals come from: the replicates of the sample points. Where there is
  /// but one, its simulations in runs of neighbours: they are spread more evenly than independent ones, which makes
  /// the intervals wider than need be. Nil where there are too few simulations for either.
  func parts(futuresPerDraw: Int) -> [Range<Int>]? {
    var count = sampling.replicates
    if count == 1 {
      guard sampling.simulations >= Self.fewestParts else { return nil }
      count =
        (Self.fewestParts...2 * Self.fewestParts).last { sampling.simulations % $0 == 0 } ?? Self.fewestParts
    }
    return runs(of: sampling.simulations, parts: count).map {
      $0.lowerBound * futuresPerDraw..<$0.upperBound * futuresPerDraw
    }
  }

  /// The uncertainty of a comparison's numbers; nil where there are too few simulations to say.
  /// - Parameters:
  ///   - costs: discounted, by option, then future.
  ///   - candidates: the options that may be chosen.
  ///   - physicalDraws: by draw, then input.
  ///   - prices: by future, then input.
  func uncertainty(
    costs: [[Double]], candidates: [Int], physicalDraws: [[Double]], prices: [[Double]], threads: Int
  ) -> UncertaintyResult? {
    let futuresPerDraw = prices.count / physicalDraws.count
    guard let parts = parts(futuresPerDraw: futuresPerDraw) else { return nil }
    let matrix = CostMatrix(costs)
    let dominators = matrix.dominators
    let optionResults = options.indices.map { option in
      OptionUncertainty(
        option: options[option].definition.name, cost: CostIntervals(costs[option], parts: parts),
        probabilityAboveBudget: scenario.budget.map {
          matrix.probabilityAbove($0, option: option, simulations: sampling.simulations)
        },
        dominatedBy: dominators[option].map {
          Dominator(option: options[$0.option].definition.name, order: $0.dominance)
        })
    }
    let all = ValueOfInformation(CostMatrix(candidates.map { costs[$0] }), inputs: [], parts: parts)
    // From here on the futures that the regressions see.
    let kept = min(futuresPerDraw, max(1, Self.mostRegressed / physicalDraws.count))
    let futures = prices.indices.filter { $0 % futuresPerDraw < kept }
    let keptParts = self.parts(futuresPerDraw: kept) ?? parts
    let keptCosts = costs.map { row in futures.map { row[$0] } }
    let sampled =
      physical.inputs.enumerated().map { place, value in
        SampledInput(
          value: value, kind: "physical", draws: futures.map { physicalDraws[$0 / futuresPerDraw][place] })
      }
      + price.inputs.enumerated().map { place, value in
        SampledInput(value: value, kind: "price", draws: futures.map { prices[$0][place] })
      }
    let columns = sampled.map(\.draws)
    let information = ValueOfInformation(
      CostMatrix(candidates.map { keptCosts[$0] }), inputs: columns, dependent: dependence.pairs,
      parts: keptParts)
    let regressions = parallelMap(count: keptCosts.count, threads: threads) { option in
      OutcomeRegression([keptCosts[option]], on: columns, dependent: dependence.pairs, parts: keptParts)
    }
    let inputs = parallelMap(count: sampled.count, threads: threads) { place in
      sensitivity(
        to: place, sampled[place], bases: InputBases(columns[place], parts: keptParts),
        regressions: regressions, information: information)
    }.compactMap(\.self)
    let wanted = Self.groups(of: sampled.map(\.value.name))
    let groups = parallelMap(count: wanted.count, threads: threads) { place -> GroupSensitivity? in
      let members = sampled.indices.filter { wanted[place].members.contains(sampled[$0].value.name) }
      return information.partial(members).map {
        GroupSensitivity(name: wanted[place].name, inputs: wanted[place].members, information: $0)
      }
    }.compactMap(\.self)
    return UncertaintyResult(
      method: sampling.method.rawValue, replicates: parts.count, budget: scenario.budget,
      options: optionResults, perfectInformation: all.perfect,
      inputs: inputs.sorted { ($1.information.value, $0.name) < ($0.information.value, $1.name) },
      groups: groups.sorted { ($1.information.value, $0.name) < ($0.information.value, $1.name) })
  }

  /// What hangs on one input; nil where it does not vary or the futures are too few.
  private func sensitivity(
    to place: Int, _ input: SampledInput, bases: InputBases, regressions: [OutcomeRegression],
    information: ValueOfInformation
  ) -> InputSensitivity? {
    guard let worth = information.partial([place], bases: [bases]) else { return nil }
    let (p10, p90) = (input.value.distribution.quantile(0.1), input.value.distribution.quantile(0.9))
    var effects: [InputEffect] = []
    for option in options.indices {
      guard let mean = regressions[option].mean(knowing: [place], bases: [bases]) else { return nil }
      effects.append(
        InputEffect(
          option: options[option].definition.name,
          costAtP10: mean.expectation(where: input.draws, is: p10),
          costAtP90: mean.expectation(where: input.draws, is: p90), firstOrderIndex: mean.explainedShare()))
    }
    return InputSensitivity(
      name: input.value.name, kind: input.kind, p10: p10, p90: p90, information: worth, effects: effects)
  }

  /// Inputs that share the beginning of their path, which is what one piece of work would find out: one quote for
  /// all GPU prices, one benchmark for an engine. Only groups of several, and not of all.
  static func groups(of names: [String]) -> [(name: String, members: [String])] {
    var groups: [(name: String, members: [String])] = []
    for name in names {
      let path = name.split(separator: ".").map(String.init)
      for depth in 1...2 where path.count > depth {
        let beginning = path.prefix(depth).joined(separator: ".")
        if let place = groups.firstIndex(where: { $0.name == beginning }) {
          groups[place].members.append(name)
        } else {
          groups.append((beginning, [name]))
        }
      }
    }
    var seen: Set<[String]> = []
    // Of two beginnings with the same inputs the longer says more.
    return groups.sorted { ($1.name.count, $0.name) < ($0.name.count, $1.name) }.filter {
      $0.members.count > 1 && $0.members.count < names.count && seen.insert($0.members).inserted
    }
  }
}
