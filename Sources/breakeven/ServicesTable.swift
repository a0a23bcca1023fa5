// SPDX-License-Identifier: GPL-3.0-or-later
// What only services on somebody else's machines do: they say "too many requests", cache prompts, bill by the token.

import CommandLineKit
import NumberFormatting
import Planning

/// The table of a simulation's metered and reserved supplies, where there is more to say of them than of any supply.
struct ServicesTable {
  private let supplies: [SimulationReport.SupplyReport]

  init(_ report: SimulationReport) {
    supplies = report.supplies.filter { supply in
      guard supply.kind != "fleet" else { return false }
      return supply.throttled ?? 0 > 0 || supply.cachedInputTokens != nil
        || supply.payAsYouGoRequests ?? 0 > 0
    }
  }

  /// The table and a line break; nothing where there is nothing to say.
  var text: String {
    guard !supplies.isEmpty else { return "" }
    var table = TextTable(columns: [
      .left("Service"), .right("Answers 429"), .right("Input cached"), .right("Paid by the token"),
    ])
    for supply in supplies {
      let cached = supply.cachedInputTokens.map { Double($0) / Double(max(1, supply.inputTokens)) }
      table.add(
        supply.name, NumberText.count(Double(supply.throttled ?? 0)),
        cached.map { NumberText.percent($0) } ?? "–",
        supply.payAsYouGoRequests.map { NumberText.count(Double($0)) } ?? "–")
    }
    return table.rendered + "\n"
  }
}
