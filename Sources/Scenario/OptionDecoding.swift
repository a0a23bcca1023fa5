// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes the ways to serve the demand: options and their chains.

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
    let (gateway, gatewayPositions) = gateway(view)
    if gateway == nil { isWhole = false }
    let fixed = costs(view)
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
    var definition = OptionDefinition(name: name, title: title, route: route, chain: chain, costs: fixed)
    definition.retry = retry(view)
    definition.gateway = gateway ?? GatewayDefinition()
    return DecodedOption(
      definition: definition, position: entry.keyPosition, supplyPositions: positions,
      isWhole: isWhole && nodes != nil, gatewayPositions: gatewayPositions)
  }

  /// - Parameter earlier: the supplies before this one; nil where one of them could not be read.
  private func supply(_ node: YAMLNode, path: String, earlier: [SupplyDefinition]?) -> SupplyDefinition? {
    guard let view = context.mapping(node, ScenarioKeys.supply, path: path) else { return nil }
    if let part = view.mapping("metered") { return metered(part).map(SupplyDefinition.metered) }
    if let part = view.mapping("reserved") { return reserved(part).map(SupplyDefinition.reserved) }
    if let part = view.mapping("fleet") { return fleet(part, earlier: earlier).map(SupplyDefinition.fleet) }
    return nil
  }
}
