// SPDX-License-Identifier: GPL-3.0-or-later
// Futures are added until the answer is as precise as was asked for. What is added are whole replicates, each a set of
// even points of its own: so the first ones stay as they are, and a run in rounds is the run that asks for all at once.

import Decision
import Economics
import Numerics
import Scenario
import Uncertainty

/// A plan when its last round has ended.
struct PlanRounds: Sendable {
  /// The plan with the sampling it ended with.
  let model: PlanModel
  let quantities: PlanQuantities
  let prices: PlanPrices
  /// By option.
  let priced: [PricedOption]
  let account: ConvergenceResult
}

/// The prices of every future, as drawn and as they multiply the options' lines.
struct PlanPrices: Sendable {
  /// By future, then input.
  let draws: [[Double]]
  /// By option.
  let lines: [PriceMatrix]
  let discounts: DiscountMatrix

  init(_ model: PlanModel) { self.init(model, draws: model.priceDraws()) }

  /// - Parameter draws: by future, then input.
  init(_ model: PlanModel, draws: [[Double]]) {
    self.draws = draws
    lines = model.options.map { option in
      let (lines, months) = (option.prices.count, model.scenario.horizon.months)
      guard option.followsPaths else {
        return PriceMatrix(draws.map { option.linePrices(in: $0) }, lines: lines)
      }
      return PriceMatrix(
        draws.map { draw in (0..<months).flatMap { option.linePrices(in: draw, month: $0) } }, lines: lines,
        months: months)
    }
    discounts = DiscountMatrix(
      rates: draws.map { model.discountRate.value(in: $0) }, months: model.scenario.horizon.months)
  }
}

extension PlanModel {
  /// Simulates and prices rounds of futures until the target is reached; one round where there is none.
  func rounds(from source: PieceSource, threads: Int) -> PlanRounds {
    var model = self
    var rounds: [ConvergenceRound] = []
    while true {
      let current = model
      let quantities = source.quantities(of: current)
      let prices = PlanPrices(current)
      let priced = parallelMap(count: options.count, threads: threads) { option in
        PricedOption(current, quantities, option: option, prices: prices)
      }
      let round = current.round(priced)
      rounds.append(round)
      var ending = ConvergenceResult.Ending.asAsked
      if let target = sampling.target {
        ending = target.isReached(by: round) ? .target : .maximum
        if ending == .maximum, let grown = current.sampling.grown(upTo: target.maximum(of: sampling)) {
          model.sampling = grown
          continue
        }
      }
      let variances = current.options.indices.map { option in
        CostVariance(
          option: current.options[option].definition.name, costs: priced[option].presentValues,
          simulations: current.sampling.simulations)
      }
      let account = ConvergenceResult(
        ending: ending, meanCostTarget: sampling.target?.meanCost,
        probabilityCheapestTarget: sampling.target?.probabilityCheapest,
        maximumDraws: sampling.target?.maximum(of: sampling), rounds: rounds, variances: variances)
      return PlanRounds(
        model: current, quantities: quantities, prices: prices, priced: priced, account: account)
    }
  }

  private func round(_ priced: [PricedOption]) -> ConvergenceRound {
    let comparison = Comparison(
      costs: priced.map(\.presentValues), serviceLevels: priced.map(\.serviceLevel),
      simulations: sampling.simulations)
    let option = comparison.recommended
    let parts = parts(futuresPerDraw: sampling.draws / sampling.simulations)
    return ConvergenceRound(
      replicates: sampling.replicates, simulations: sampling.simulations, draws: sampling.draws,
      option: options[option].definition.name,
      meanCost: parts.map { CostIntervals(priced[option].presentValues, parts: $0).mean },
      probabilityCheapest: comparison.probabilityCheapest[option])
  }
}

extension SamplingTarget {
  /// The most futures, of a first round.
  func maximum(of first: Sampling) -> Int {
    max(first.draws, maximumDraws ?? first.draws * Self.defaultMaximumFactor)
  }

  /// Whether every interval asked for is narrow enough. One that cannot be said is not.
  func isReached(by round: ConvergenceRound) -> Bool {
    if let meanCost, !((round.meanCostHalfWidth ?? .infinity) <= meanCost) { return false }
    if let probabilityCheapest, !(round.probabilityHalfWidth <= probabilityCheapest) { return false }
    return true
  }
}

extension Sampling {
  /// With half as many replicates more, each as large as before, or as many as a maximum of futures allows; nil where
  /// it allows none.
  ///
  /// Every look at the intervals is another chance for a lucky one: rounds that grow by half are few, and the last is
  /// never more than half as large again as it need have been.
  func grown(upTo maximumDraws: Int) -> Sampling? {
    let count = min(replicates + max(1, replicates / 2), maximumDraws / (draws / replicates))
    guard count > replicates else { return nil }
    var grown = self
    grown.draws = draws / replicates * count
    grown.simulations = simulations / replicates * count
    grown.wantedReplicates = count
    return grown
  }
}
