// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a provider's token prices an option's supplies are billed at.

import Catalog
import Scenario

extension PlanModel {
  /// The prices of a metered supply's tokens: of its tier, of the prompt cache where it has one, and of the models that
  /// take over within the horizon.
  func tokenPrices(of supply: MeteredDefinition, models: [String]) -> [Price] {
    let prices = scenario.reference.prices
    return models.flatMap { model -> [Price] in
      guard supply.price(of: model, in: prices) != nil else { return [] }
      return supply.succession(of: model, in: prices, over: scenario.horizon).flatMap { part -> [Price] in
        guard let tokens = prices.metered[supply.provider]?.models[part.model] else { return [] }
        switch supply.tier {
        case .batch: return [tokens.batchInput, tokens.batchOutput].compactMap(\.self)
        case .onDemand: return onDemand(tokens, isCached: supply.promptCache != nil)
        }
      }
    }
  }

  /// The prices of what exceeds a reserved supply's units; none unless it is paid by the token.
  func overflowPrices(of supply: ReservedDefinition, model: String) -> [Price] {
    guard let tokens = supply.payAsYouGo.flatMap({ scenario.reference.prices.metered[$0]?.models[model] })
    else { return [] }
    return onDemand(tokens, isCached: supply.promptCache != nil)
  }

  private func onDemand(_ tokens: MeteredPrice, isCached: Bool) -> [Price] {
    [tokens.input, tokens.output] + (isCached ? [tokens.cachedInput].compactMap(\.self) : [])
  }
}
