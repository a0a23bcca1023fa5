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
    let metered = supply.payAsYouGo.flatMap { scenario.reference.prices.metered[$0] }
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
          // Where one budget holds for all tokens, nobody reads what one unit generates.
          supply.outputWeight == nil
            ? physical.reference(offer.outputTokensPerMinute)
            : physical.reference(UncertainValue(name: "", 0))
        ))
      add(
        CostLine(component: "Reserved units", quantity: .unitHours(supply: index, model: model)),
        unitHour, term: supply.term.months, price: &price)
      if let metered, let tokens = metered.models[entry.id] {
        billOverflow(tokens, supply, index, model, factor: metered.priceFactor, price: &price)
      }
      addOwed(
        .term(months: supply.term.months), supply: index, units: held.units, unitHour, supply.residual,
        price: &price)
    }
    return .reserved(
      ReservedBlueprint(
        units: units, window: Seconds(supply.windowSeconds),
        latency: LatencyBlueprint(
          supply.latency,
          provider: (provider?.firstTokenLatency ?? 0, provider?.timePerOutputToken ?? 0),
          physical: &physical),
        spillLatency: metered.map {
          LatencyBlueprint(
            supply.latency, provider: ($0.firstTokenLatency, $0.timePerOutputToken), physical: &physical)
        }, definition: supply))
  }

  /// The lines of what exceeds the units and is paid by the token.
  private mutating func billOverflow(
    _ tokens: MeteredPrice, _ supply: ReservedDefinition, _ index: Int, _ model: Int, factor: UncertainValue,
    price: inout UncertainInputs
  ) {
    func line(_ component: String, _ kind: PricedQuantity.SpilledTokens) -> CostLine {
      CostLine(component: component, quantity: .spilledTokens(kind, supply: index, model: model))
    }
    if let cached = tokens.cachedInput, supply.promptCache != nil {
      add(line("Pay-as-you-go input tokens", .uncachedInput), tokens.input, factor, price: &price)
      add(line("Pay-as-you-go cached input tokens", .cachedInput), cached, factor, price: &price)
    } else {
      add(line("Pay-as-you-go input tokens", .input), tokens.input, factor, price: &price)
    }
    add(line("Pay-as-you-go output tokens", .output), tokens.output, factor, price: &price)
  }
}
