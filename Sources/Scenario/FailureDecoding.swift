// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes things that go wrong: nodes that fail, and clients that ask again.

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

  /// The retries of an option; nil where a refused request is lost at once.
  func retry(_ option: MappingView) -> RetryDefinition? {
    guard let view = option.mapping("retry") else { return nil }
    let (retries, first) = (view.integer("retries"), view.number("first_delay_seconds") ?? 1)
    let (factor, jitter) = (view.number("factor") ?? 2, view.number("jitter") ?? 1)
    let longest = view.number("longest_delay_seconds") ?? max(60, first)
    if longest < first, view["longest_delay_seconds"] != nil {
      context.report(
        view.position(of: "longest_delay_seconds"),
        "`longest_delay_seconds` is \(plain(longest)), but the first delay is \(plain(first))",
        remedy: "write at least that")
    }
    guard let retries else { return nil }
    return RetryDefinition(
      retries: retries, firstDelaySeconds: first, factor: factor, longestDelaySeconds: max(longest, first),
      jitter: jitter)
  }
}
