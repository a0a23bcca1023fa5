// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes nodes that fail.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  /// The node failures of a fleet; nil where it has none.
  func failures(_ fleet: MappingView) -> FailureDefinition? {
    guard let view = fleet.mapping("failures"), let rate = view.uncertain("per_gpu_year") else { return nil }
    return FailureDefinition(
      perGPUYear: rate, repairHours: uncertain(view, "repair_hours", view.path, default: 0))
  }
}
