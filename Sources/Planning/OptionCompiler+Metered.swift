// SPDX-License-Identifier: GPL-3.0-or-later
// A pay-per-token API, from what the scenario says to what is simulated and billed.

import Catalog
import Economics
import Quantities
import Scenario
import Simulation

extension OptionCompiler {
  /// - Parameter reached: the models that requests come to.
  mutating func metered(
    _ supply: MeteredDefinition, _ index: Int, reached: Set<Int>, price: inout UncertainInputs
  ) -> SupplyBlueprint {
    let provider = scenario.reference.prices.metered[supply.provider]
    for (model, entry) in models.enumerated() {
      guard let provider, let tokens = provider.models[entry.id], reached.contains(model) else { continue }
      add(
        CostLine(
          component: "API input tokens", quantity: .inputTokens(supply: index, model: model)),
        tokens.input, provider.priceFactor, price: &price)
      add(
        CostLine(
          component: "API output tokens", quantity: .outputTokens(supply: index, model: model)),
        tokens.output, provider.priceFactor, price: &price)
    }
    return .metered(
      serves: models.map { provider?.models[$0.id] != nil },
      latency: ServiceLatency(
        firstToken: Seconds(provider?.firstTokenLatency ?? 0),
        perOutputToken: Seconds(provider?.timePerOutputToken ?? 0)))
  }
}
