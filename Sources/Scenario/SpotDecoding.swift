// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes interruptions.

import Catalog
import YAMLDocument

extension ScenarioDecoder {
  func spot(_ fleet: MappingView, _ purchase: PurchaseType?) -> SpotDefinition? {
    guard let view = fleet.mapping("spot") else {
      if purchase == .spot, fleet.node["spot"] == nil {
        context.report(
          fleet.position(of: "purchase"), "a spot fleet needs its interruptions",
          remedy: "add spot: {mean_up_hours: {p10: 4, p90: 40}, mean_down_hours: {p10: 0.5, p90: 3}}")
      }
      return nil
    }
    if let purchase, purchase != .spot {
      context.report(
        fleet.position(of: "spot"), "`spot` means nothing with purchase \(purchase.rawValue)",
        remedy: "write purchase: spot, or remove it")
    }
    let zones = view.integer("zones") ?? 1
    let shape = view.number("shape") ?? 0.6
    let notice = view.number("notice_seconds") ?? 120
    let up = view.uncertain("mean_up_hours")
    let down = view.uncertain("mean_down_hours")
    guard let up, let down else { return nil }
    return SpotDefinition(
      zones: zones, meanUpHours: up, meanDownHours: down, shape: shape, noticeSeconds: notice)
  }
}
