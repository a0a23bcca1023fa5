// SPDX-License-Identifier: GPL-3.0-or-later
// An option's bill divided among the use cases. Tokens know who asked for them; an hour of a replica does not.

import Decision
import Economics
import Scenario
import Simulation

extension PricedOption {
  /// What each use case costs; their sum is the option's mean cost, undiscounted.
  /// - Parameters:
  ///   - bill: the option's quantities over the horizon, mean over draws.
  ///   - quantities: by draw, then month and line of the schedule.
  static func useCaseCosts(
    _ model: PlanModel, _ bill: BillOfQuantities, option: Int, quantities: [[Double]], prices: PlanPrices
  ) -> [UseCaseCost] {
    let blueprint = model.options[option]
    let lines = blueprint.schedule.lines
    // Every line its own component: the cost of each line, summed over futures.
    let sums = FutureCosts(
      quantities: quantities, prices: prices.lines[option], discounts: prices.discounts,
      components: Array(lines.indices))
    let futures = Double(sums.presentValues.count)
    let uses = model.scenario.demand.uses
    var direct = uses.map { _ in 0.0 }
    var shared = 0.0
    for (index, line) in lines.enumerated() {
      let cost = sums.componentSums.reduce(0) { $0 + $1[index] } / futures
      guard let shares = bill.shares(of: line.quantity) else {
        shared += cost
        continue
      }
      for use in uses.indices { direct[use] += cost * shares[use] }
    }
    let total = direct.reduce(0, +)
    return uses.enumerated().map { index, use in
      let part = total > 0 ? direct[index] / total : 1 / Double(uses.count)
      let supplies = bill.supplies.indices.map { bill.totals(supply: $0, useCase: index) }
      return UseCaseCost(
        useCase: use.name, model: model.modelIDs[blueprint.modelOfUseCase[index]],
        cost: direct[index] + shared * part,
        requests: bill.requests[index].served + bill.requests[index].cached,
        outputTokens: supplies.reduce(0) { $0 + $1.outputTokens })
    }
  }
}

extension BillOfQuantities {
  /// The part of each use case in a priced quantity; nil where none causes it, or it is nothing.
  fileprivate func shares(of quantity: PricedQuantity) -> [Double]? {
    switch quantity {
    case .inputTokens(let supply, let model), .uncachedInputTokens(let supply, let model):
      shares { self.supplies[supply][self.stream(useCase: $0, model: model)].computedInput }
    case .cachedInputTokens(let supply, let model):
      shares { self.supplies[supply][self.stream(useCase: $0, model: model)].cachedInputTokens }
    case .outputTokens(let supply, let model):
      shares { self.supplies[supply][self.stream(useCase: $0, model: model)].outputTokens }
    case .spilledTokens(_, let supply, let model), .unitHours(let supply, let model):
      shares { self.supplies[supply][self.stream(useCase: $0, model: model)].computed }
    case .gpuHours(let supply), .gpuHoursAbove(let supply, _), .committed(let supply, _):
      hourShares(supply: supply)
    default: nil
    }
  }

  /// Hours are divided among models as their pools or units have them, then by tokens computed.
  private func hourShares(supply: Int) -> [Double]? {
    let pools = poolHours[supply].map(\.paid)
    let weights = pools.isEmpty ? reserved[supply].map(\.unitHours) : pools
    let total = weights.reduce(0, +)
    guard total > 0 else { return nil }
    var result = requests.map { _ in 0.0 }
    var divided = 0.0
    for (model, weight) in weights.enumerated() where weight > 0 {
      let own = shares { self.supplies[supply][self.stream(useCase: $0, model: model)].computed }
      guard let own else { continue }
      divided += weight
      for use in result.indices { result[use] += own[use] * weight }
    }
    // A pool that nobody used is paid for by those who used the others.
    return divided > 0 ? result.map { $0 / divided } : nil
  }

  private func shares(_ part: (Int) -> Double) -> [Double]? {
    let parts = requests.indices.map(part)
    let total = parts.reduce(0, +)
    return total > 0 ? parts.map { $0 / total } : nil
  }
}

extension SupplyTotals {
  /// Prompt tokens that no cache held.
  fileprivate var computedInput: Double { inputTokens - cachedInputTokens }
  /// Tokens that took time: prompts computed and answers generated.
  fileprivate var computed: Double { computedInput + outputTokens }
}
