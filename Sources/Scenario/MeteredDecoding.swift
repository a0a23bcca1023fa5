// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes pay-per-token APIs.

import Catalog
import YAMLDocument

extension ScenarioDecoder {
  func metered(_ view: MappingView) -> MeteredDefinition? {
    let name = view.identifier("name")
    guard let id = view.text("provider") else { return nil }
    let ids = reference.prices.metered.keys.sorted()
    let place = view.position(of: "provider")
    guard let provider = known(id, among: ids, "API provider", "the price book has", place) else {
      return nil
    }
    return MeteredDefinition(name: name ?? provider, provider: provider)
  }
}
