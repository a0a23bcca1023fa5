// SPDX-License-Identifier: GPL-3.0-or-later
// An answer for the terminal and for a spreadsheet.

import CommandLineKit
import Decision
import NumberFormatting
import Reporting

/// What a change does, option by option.
struct WhatIfReport {
  private let answer: WhatIfAnswer

  init(_ answer: WhatIfAnswer) { self.answer = answer }

  /// The question, a table of the options before and after, and the decision, which comes last.
  var text: String {
    var table = TextTable(columns: [
      .left("Option"), .left(""), .right("Mean"), .right("P10"), .right("P90"), .right("In time"),
      .right("P(cheapest)"), .right("Change"),
    ])
    let order = answer.options.sorted {
      (($0.after ?? $0.before)?.totalCost.mean ?? 0, $0.name)
        < (($1.after ?? $1.before)?.totalCost.mean ?? 0, $1.name)
    }
    for option in order {
      switch (option.before, option.after) {
      case (let before?, let after?) where before == after:
        table.add([option.title, "same"] + Self.cells(after) + [""])
      case (let before?, let after?):
        table.add([option.title, "before"] + Self.cells(before) + [""])
        table.add(["", "after"] + Self.cells(after) + [Self.change(option)])
      case (let before?, nil): table.add([option.title, "removed"] + Self.cells(before) + [""])
      case (nil, let after?): table.add([option.title, "added"] + Self.cells(after) + [""])
      case (nil, nil): break
      }
    }
    let how =
      answer.isPriceOnly ? "only prices change, nothing is simulated for it" : "what is simulated changes"
    let futures = "\(NumberText.count(Double(answer.draws))) futures of \(answer.simulations) simulations"
    let sentence =
      answer.decisionFlips ? TextStyle.warning.applied(to: answer.sentence) : answer.sentence
    return "\(answer.title), from \(answer.base)\n"
      + answer.changes.map { "  what if \($0)\n" }.joined()
      + "\n\(table.rendered)\n\(futures); \(how)\n\n\(sentence)\n"
  }

  private static func cells(_ outlook: OptionOutlook) -> [String] {
    let cost = outlook.totalCost
    return [
      NumberText.money(cost.mean), NumberText.money(cost.p10), NumberText.money(cost.p90),
      NumberText.attainment(outlook.serviceLevel),
      outlook.meetsServiceLevel
        ? NumberText.percent(outlook.probabilityCheapest.estimate, digits: 0) : "too late",
    ]
  }

  /// `+$38.2 k (+3.1 %)`.
  private static func change(_ option: WhatIfAnswer.OptionChange) -> String {
    guard let change = option.meanChange, change != 0 else { return "" }
    let sign = change > 0 ? "+" : ""
    let share = option.relativeChange.map { " (\(sign)\(NumberText.percent($0)))" } ?? ""
    return "\(sign)\(NumberText.money(change))\(share)"
  }

  /// A row for each option and side.
  var csv: String {
    var table = CSVTable(columns: [
      .init("option", .string, "The option's id."),
      .init("side", .string, "before or after the changes."),
      .init("mean_cost_usd", .number, unit: "USD", "Mean cost over futures, discounted."),
      .init("p10_cost_usd", .number, unit: "USD", "10th percentile of the cost."),
      .init("p50_cost_usd", .number, unit: "USD", "Median of the cost."),
      .init("p90_cost_usd", .number, unit: "USD", "90th percentile of the cost."),
      .init("p_cheapest", .number, "Probability of being the cheapest that serves well enough."),
      .init("service_level", .number, "Share of requests served within their objective."),
      .init("meets_service_level", .boolean, "Whether that is enough to be recommended."),
      .init("recommended", .boolean, "Whether it is the option to take."),
    ])
    for option in answer.options {
      for (side, outlook, choice) in [
        ("before", option.before, answer.before), ("after", option.after, answer.after),
      ] {
        guard let outlook else { continue }
        table.append(
          [.text(option.name), .text(side)] + outlook.csvCells + [.flag(option.name == choice)])
      }
    }
    return table.text
  }
}

extension OptionOutlook {
  /// Mean, P10, P50, P90, P(cheapest), share in time, and whether that is enough.
  var csvCells: [CSVTable.Cell] {
    [
      .dollars(totalCost.mean), .dollars(totalCost.p10), .dollars(totalCost.p50), .dollars(totalCost.p90),
      .number(probabilityCheapest.estimate, digits: 6), .number(serviceLevel, digits: 6),
      .flag(meetsServiceLevel),
    ]
  }
}
