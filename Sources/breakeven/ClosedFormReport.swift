// SPDX-License-Identifier: GPL-3.0-or-later
// How `breakeven calc` shows its result to a person: a table and a sentence.

import CommandLineKit
import Economics
import Foundation

/// The closed-form comparison in words.
struct ClosedFormReport {
  let costs: ClosedFormCosts
  let utilization: Double

  init(_ costs: ClosedFormCosts, utilization: Double) {
    self.costs = costs
    self.utilization = utilization
  }

  /// The table and below it the sentence.
  var text: String {
    var table = TextTable(columns: [.left(""), .right("")])
    table.add("Self-host, $ per 1M output tokens", dollars(costs.selfHostPerMillionOutput))
    if costs.breakEvenUtilization == costs.breakEvenUtilizationBlended {
      table.add("API, $ per 1M output tokens", dollars(costs.apiPerMillionOutput))
      table.add("Break-even utilization", percent(costs.breakEvenUtilization))
    } else {
      table.add("API, $ per 1M output tokens with their input", dollars(costs.apiPerMillionOutput))
      table.add("Break-even utilization, output tokens alone", percent(costs.breakEvenUtilization))
      table.add("Break-even utilization, with their input", percent(costs.breakEvenUtilizationBlended))
    }
    return table.rendered + "\n" + sentence + "\n"
  }

  /// The verdict; where input counts, that against output tokens alone goes before it.
  private var sentence: String {
    let blended = verdict(costs.breakEvenUtilizationBlended)
    if costs.breakEvenUtilization == costs.breakEvenUtilizationBlended { return "Self-hosting \(blended)" }
    return "Against output tokens alone self-hosting \(verdict(costs.breakEvenUtilization))\n"
      + "With their input it \(blended)"
  }

  private func verdict(_ needed: Double) -> String {
    guard needed <= 1 else {
      return needed.isFinite
        ? "never breaks even: it would need \(percent(needed)) utilization."
        : "never breaks even: the API is free."
    }
    let breakEven = "breaks even at \(percent(needed)) utilization"
    let now = percent(utilization)
    if utilization == needed { return "\(breakEven), which is where it is." }
    return utilization > needed
      ? "\(breakEven); at \(now) it is the cheaper one."
      : "\(breakEven); at \(now) the API is the cheaper one."
  }

  private func dollars(_ value: Double) -> String {
    // Token prices span cents to tens of dollars: four significant digits say the same of each.
    value.isFinite ? String(format: "%#.4g", value) : "infinite"
  }

  private func percent(_ share: Double) -> String {
    guard share.isFinite else { return "infinite" }
    let text = String(format: "%.1f", share * 100)
    // Rounding must not hide on which side of the border the value lies.
    if share > 1 && text == "100.0" { return "just over 100 %" }
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + " %"
  }
}
