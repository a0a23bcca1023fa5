// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes the ways to serve the demand: options, their chains, and the metered and reserved supplies.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  func options(_ view: MappingView) -> [DecodedOption] {
    view.namedEntries.compactMap { entry in
      checkName(entry, "option")
      return view.mapping(entry.key).map { option(entry, $0) }
    }
  }

  private func option(_ entry: YAMLEntry, _ view: MappingView) -> DecodedOption {
    let name = entry.key
    let title = view.text("title") ?? name
    var isWhole = true
    var route: String?
    if let id = view.text("route") {
      route = knownModel(id, view.position(of: "route"))
      isWhole = route != nil
    }
    let costs = view.mapping("costs")
    let path = "\(view.path).costs"
    let fixed = FixedCosts(
      peoplePerMonth: uncertain(costs, "people_per_month", path, default: 0),
      platformPerMonth: uncertain(costs, "platform_per_month", path, default: 0),
      oneOff: uncertain(costs, "one_off", path, default: 0))
    let nodes = view.elements("chain")
    var chain: [SupplyDefinition] = []
    var positions: [SourcePosition] = []
    for (index, node) in (nodes ?? []).enumerated() {
      let decoded = supply(node, path: "\(view.path).chain.\(index)", earlier: isWhole ? chain : nil)
      guard let decoded else {
        isWhole = false
        continue
      }
      if chain.contains(where: { $0.name == decoded.name }) {
        context.report(
          node.position, "two supplies of \(view.path).chain are named `\(decoded.name)`",
          remedy: "give each a `name` of its own")
      }
      chain.append(decoded)
      positions.append(node.position)
    }
    let definition = OptionDefinition(name: name, title: title, route: route, chain: chain, costs: fixed)
    return DecodedOption(
      definition: definition, position: entry.keyPosition, supplyPositions: positions,
      isWhole: isWhole && nodes != nil)
  }

  /// - Parameter earlier: the supplies before this one; nil where one of them could not be read.
  private func supply(_ node: YAMLNode, path: String, earlier: [SupplyDefinition]?) -> SupplyDefinition? {
    guard let view = context.mapping(node, ScenarioKeys.supply, path: path) else { return nil }
    if let part = view.mapping("metered") { return metered(part).map(SupplyDefinition.metered) }
    if let part = view.mapping("reserved") { return reserved(part).map(SupplyDefinition.reserved) }
    if let part = view.mapping("fleet") { return fleet(part, earlier: earlier).map(SupplyDefinition.fleet) }
    return nil
  }

  private func metered(_ view: MappingView) -> MeteredDefinition? {
    let name = view.identifier("name")
    guard let id = view.text("provider") else { return nil }
    let ids = reference.prices.metered.keys.sorted()
    let place = view.position(of: "provider")
    guard let provider = known(id, among: ids, "API provider", "the price book has", place) else {
      return nil
    }
    return MeteredDefinition(name: name ?? provider, provider: provider)
  }

  private func reserved(_ view: MappingView) -> ReservedDefinition? {
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
      let count = named?.integer(entry.key)
      guard let model = knownModel(entry.key, entry.keyPosition) else { continue }
      if let provider { checkOffer(of: model, by: provider, term, entry.keyPosition) }
      if let count { units.append(ModelUnits(model: model, units: count)) }
    }
    guard let provider, units.count == named?.namedEntries.count else { return nil }
    return ReservedDefinition(
      name: name ?? provider.id, provider: provider.id, term: term, windowSeconds: window, units: units)
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
