// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy table of what became of requests before the chain: routes, escalations, cached answers, work that waited.

import Decision

extension ReportTables {
  /// One row per option with a gateway and use case. Shares are of the requests that arrived.
  static func gateway(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .option, .useCase,
        .init("models", .string, "The models that answer, with their shares where there are several."),
        .share("cached_share", "Requests answered with the answer of an equal one."),
        .share("coalesced_share", "Those of them that waited for an equal one in work."),
        .share("escalated_share", "Requests answered twice: by a small model, and again by a larger one."),
        .share("filled_share", "Requests held back until a replica had room to spare."),
        .share("late_share", "Requests answered after their deadline."),
      ], meaning: "What became of a use case's requests before they reached a supply.",
      key: ["option", "use_case"])
    for option in result.options {
      for use in option.gateway ?? [] {
        table.append([
          .text(option.name), .text(use.useCase), .text(use.models), .share(use.cached),
          .share(use.coalesced), .share(use.escalated), .share(use.filled), .share(use.late),
        ])
      }
    }
    return table
  }
}
