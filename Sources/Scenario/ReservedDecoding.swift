// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes reserved throughput and checks that it is on offer.

import Catalog
import YAMLDocument

extension ScenarioDecoder {
  func reserved(_ view: MappingView) -> ReservedDefinition? {
    let name = view.identifier("name")
    let term = view.choice("term", as: ReservedTerm.self) ?? ReservedTerm.none
    let window = view.number("window_seconds")
    let named = view.mapping("units")
    var provider: ReservedProvider?
    if let id = view.text("provider") {
      let ids = reference.prices.reserved.keys.sorted()
      let found = known(
        id, among: ids, "reserved provider", "the price book has", view.position(of: "provider"))
      provider = found.flatMap { reference.prices.reserved[$0] }
    }
    var units: [ModelUnits] = []
    for entry in named?.namedEntries ?? [] {
      guard let model = knownModel(entry.key, entry.keyPosition) else { continue }
      if let provider { checkOffer(of: model, by: provider, term, entry.keyPosition) }
      guard let held = self.units(entry, model) else { continue }
      units.append(held)
      if let provider, !held.isLeastCost {
        checkIncrement(held.units, of: model, by: provider, entry.value.position)
      }
    }
    let accounting = accounting(view, provider?.accounting ?? ReservedAccounting())
    let overflow = overflow(view, models: named?.namedEntries.map(\.key) ?? [])
    let (cache, latency) = (promptCache(view), latency(view))
    guard let provider, units.count == named?.namedEntries.count else { return nil }
    var result = ReservedDefinition(
      name: name ?? provider.id, provider: provider.id, term: term,
      windowSeconds: window ?? provider.accounting.windowSeconds, units: units)
    result.windows = accounting.windows
    result.outputWeight = accounting.outputWeight
    result.cachedInputWeight = accounting.cachedInputWeight
    result.maxTokens = view.integer("max_tokens")
    (result.overflow, result.payAsYouGo, result.retry) = overflow
    result.promptCache = cache
    result.latency = latency
    result.residual = view.uncertain("term_residual")
    return result
  }

  /// The provider's accounting with what the supply says otherwise.
  private func accounting(_ view: MappingView, _ provider: ReservedAccounting) -> ReservedAccounting {
    var accounting = provider
    accounting.windows = view.choice("windows", as: ReservedAccounting.Windows.self) ?? provider.windows
    accounting.outputWeight = view.number("output_weight") ?? provider.outputWeight
    accounting.cachedInputWeight = view.number("cached_input_weight") ?? provider.cachedInputWeight
    if view["cached_input_weight"] != nil, view["prompt_cache"] == nil {
      context.report(
        view.position(of: "cached_input_weight"),
        "`cached_input_weight` means nothing without `prompt_cache`",
        remedy: "add prompt_cache: {ttl_seconds: 300}, or remove it")
    }
    return accounting
  }

  private func overflow(
    _ view: MappingView, models: [String]
  ) -> (OverflowMode, payAsYouGo: String?, RetryDefinition?) {
    let chosen = view.choice("overflow", as: OverflowMode.self)
    let mode = chosen ?? .next
    let retry = retry(view)
    // A mode that is written but not understood says nothing about what belongs beside it.
    let isUnderstood = chosen != nil || view["overflow"] == nil
    for (key, own) in [("retry", OverflowMode.retry), ("pay_as_you_go", .payAsYouGo)] where isUnderstood {
      if view[key] != nil, mode != own {
        context.report(
          view.position(of: key), "`\(key)` means nothing with overflow: \(mode.rawValue)",
          remedy: "write overflow: \(own.rawValue), or remove it")
      } else if view[key] == nil, mode == own {
        context.report(
          view.position(of: "overflow"), "`overflow: \(own.rawValue)` lacks `\(key)`",
          remedy: own == .retry
            ? "add retry: {retries: 5}" : "add pay_as_you_go: with a metered provider, such as bedrock")
      }
    }
    guard let id = view.text("pay_as_you_go") else { return (mode, nil, retry) }
    let position = view.position(of: "pay_as_you_go")
    let ids = reference.prices.metered.keys.sorted()
    guard let provider = known(id, among: ids, "API provider", "the price book has", position) else {
      return (mode, nil, retry)
    }
    for model in models where reference.prices.metered[provider]?.models[model] == nil {
      guard reference.models[model] != nil else { continue }
      context.report(
        position, "\(provider) has no price per token of \(model)",
        remedy: "add prices.api.\(provider).\(model), or name another provider")
    }
    return (mode, provider, retry)
  }

  private func checkIncrement(
    _ units: Int, of model: String, by provider: ReservedProvider, _ position: SourcePosition
  ) {
    let (least, step) = (provider.accounting.minimumUnits, provider.accounting.unitIncrement)
    guard units < least || (units - least) % step != 0 else { return }
    let next = units < least ? least : least + (units - least + step - 1) / step * step
    context.report(
      position, "\(provider.id) sells \(least) units of \(model) or more, in steps of \(step); not \(units)",
      remedy: "write \(next)")
  }

  private func checkOffer(
    of model: String, by provider: ReservedProvider, _ term: ReservedTerm, _ position: SourcePosition
  ) {
    guard let offer = provider.models[model] else {
      context.report(
        position, "\(provider.id) offers no units of \(model)",
        remedy: "it offers \(provider.models.keys.sorted().joined(separator: ", ")); "
          + "add others under prices.reserved.\(provider.id)")
      return
    }
    if offer.unitHour[term] == nil {
      context.report(
        position, "there is no price of \(model) by \(provider.id) for the term \(term.rawValue)",
        remedy: "add prices.reserved.\(provider.id).\(model).unit_hour.\(term.rawValue)")
    }
  }
}
