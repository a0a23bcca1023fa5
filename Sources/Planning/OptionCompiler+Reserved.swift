// SPDX-License-Identifier: GPL-3.0-or-later
// Reserved throughput, from what the scenario says to what is simulated and billed.

import Catalog
import Economics
import Quantities
import Scenario
import Simulation
import Uncertainty

extension OptionCompiler {
  mutating func reserved(
    _ supply: ReservedDefinition, _ index: Int, physical: inout UncertainInputs,
    price: inout UncertainInputs
  ) -> SupplyBlueprint {
    let provider = scenario.reference.prices.reserved[supply.provider]
    var units: [(units: Int, input: InputReference, output: InputReference)?] = []
    for (model, entry) in models.enumerated() {
      guard let held = supply.units.first(where: { $0.model == entry.id }),
        let offer = provider?.models[entry.id], let unitHour = offer.unitHour[supply.term]
      else {
        units.append(nil)
        continue
      }
      units.append(
        (
          held.units, physical.reference(offer.inputTokensPerMinute),
          physical.reference(offer.outputTokensPerMinute)
        ))
      add(
        CostLine(component: "Reserved units", quantity: .unitHours(supply: index, model: model)),
        unitHour.amount, price: &price)
      addOwed(
        .term(months: supply.term.months), supply: index, units: held.units, unitHour, supply.residual,
        price: &price)
    }
    return .reserved(
      ReservedBlueprint(
        units: units, window: Seconds(supply.windowSeconds),
        latency: ServiceLatency(
          firstToken: Seconds(provider?.firstTokenLatency ?? 0),
          perOutputToken: Seconds(provider?.timePerOutputToken ?? 0))))
  }
}
