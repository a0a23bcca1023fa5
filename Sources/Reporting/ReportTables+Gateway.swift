// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy table of what became of requests before the chain: routes, escalations, cached answers, work that waited.

import Decision

extension ReportTables {
  /// One row per option with a gateway and use case. Shares are of the requests that arrived.
  static func gateway(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      header: [
        "option", "use_case", "models", "cached_share", "coalesced_share", "escalated_share", "filled_share",
        "late_share",
      ])
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
