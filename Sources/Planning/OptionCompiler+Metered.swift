// SPDX-License-Identifier: GPL-3.0-or-later
// A pay-per-token API, from what the scenario says to what is simulated and billed.

import Catalog
import Economics
import Quantities
import Scenario
import Simulation
import Uncertainty

extension OptionCompiler {
  /// - Parameter reached: the models that requests come to.
  mutating func metered(
    _ supply: MeteredDefinition, _ index: Int, reached: Set<Int>, physical: inout UncertainInputs,
    price: inout UncertainInputs
  ) -> SupplyBlueprint {
    let prices = scenario.reference.prices
    let provider = prices.metered[supply.provider]
    for (model, entry) in models.enumerated() where reached.contains(model) {
      guard let provider, supply.price(of: entry.id, in: prices) != nil else { continue }
      let succession = supply.succession(of: entry.id, in: prices, over: scenario.horizon)
      for (name, shares) in succession {
        guard let tokens = provider.models[name] else { continue }
        let isWhole = shares.allSatisfy { $0 == 1 }
        bill(
          tokens, supply, index, model, shares: isWhole ? nil : shares, factor: provider.priceFactor,
          price: &price)
      }
    }
    let isBatch = supply.tier == .batch
    return .metered(
      MeteredBlueprint(
        serves: models.map { supply.price(of: $0.id, in: prices) != nil },
        latency: LatencyBlueprint(
          supply.latency,
          provider: (provider?.firstTokenLatency ?? 0, provider?.timePerOutputToken ?? 0),
          physical: &physical),
        turnaround: isBatch ? Seconds(supply.turnaroundHours * 3600) : nil,
        admits: isBatch ? scenario.demand.uses.map { SupplyDefinition.metered(supply).admits($0) } : nil,
        requestsPerMinute: supply.requestsPerMinute.map { physical.reference($0) },
        tokensPerMinute: supply.tokensPerMinute.map { physical.reference($0) }, definition: supply))
  }

  /// The lines of one model's tokens in the months in which it answers.
  private mutating func bill(
    _ tokens: MeteredPrice, _ supply: MeteredDefinition, _ index: Int, _ model: Int, shares: [Double]?,
    factor: UncertainValue, price: inout UncertainInputs
  ) {
    func line(_ component: String, _ quantity: PricedQuantity) -> CostLine {
      CostLine(component: component, quantity: quantity, monthShares: shares)
    }
    if supply.tier == .batch {
      guard let input = tokens.batchInput, let output = tokens.batchOutput else { return }
      // A price that is a share of another follows that one's path.
      let isShare = tokens.batchFactor != nil
      add(
        line("API batch input tokens", .inputTokens(supply: index, model: model)), input, factor,
        alias: isShare ? tokens.input.amount.name : nil, price: &price)
      add(
        line("API batch output tokens", .outputTokens(supply: index, model: model)), output, factor,
        alias: isShare ? tokens.output.amount.name : nil, price: &price)
      return
    }
    if let cached = tokens.cachedInput, supply.promptCache != nil {
      add(
        line("API input tokens", .uncachedInputTokens(supply: index, model: model)), tokens.input, factor,
        price: &price)
      add(
        line("API cached input tokens", .cachedInputTokens(supply: index, model: model)), cached, factor,
        price: &price)
    } else {
      add(
        line("API input tokens", .inputTokens(supply: index, model: model)), tokens.input, factor,
        price: &price)
    }
    add(
      line("API output tokens", .outputTokens(supply: index, model: model)), tokens.output, factor,
      price: &price)
  }
}
