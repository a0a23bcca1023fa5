// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes reserved throughput and checks that it is on offer.

import Catalog
import YAMLDocument

extension ScenarioDecoder {
  func reserved(_ view: MappingView) -> ReservedDefinition? {
    let name = view.identifier("name")
    let term = view.choice("term", as: ReservedTerm.self) ?? ReservedTerm.none
    let window = view.number("window_seconds") ?? 60
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
      if let held = self.units(entry, model) { units.append(held) }
    }
    guard let provider, units.count == named?.namedEntries.count else { return nil }
    var reserved = ReservedDefinition(
      name: name ?? provider.id, provider: provider.id, term: term, windowSeconds: window, units: units)
    reserved.residual = view.uncertain("term_residual")
    return reserved
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
