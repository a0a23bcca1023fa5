// SPDX-License-Identifier: GPL-3.0-or-later
// What `breakeven plan` prints: the options in a table, the warnings' number, and the decision.

import CommandLineKit
import Decision
import NumberFormatting
import Uncertainty

/// A result for the terminal.
struct PlanSummary {
  private let result: PlanResult

  init(_ result: PlanResult) { self.result = result }

  /// The table, the break-evens and the decision sentence, which comes last.
  var text: String {
    var table = TextTable(columns: [
      .left("Option"), .right("Mean"), .right("P10"), .right("P50"), .right("P90"), .right("$ per 1M out"),
      .right("In time"), .right("P(cheapest)"),
    ])
    for option in result.options.sorted(by: { ($0.totalCost.mean, $0.name) < ($1.totalCost.mean, $1.name) }) {
      let cost = option.totalCost
      let mark = option.name == result.decision.baseline ? " (today)" : ""
      let chance = option.probabilityCheapest
      table.add(
        option.title + mark, NumberText.money(cost.mean), NumberText.money(cost.p10),
        NumberText.money(cost.p50), NumberText.money(cost.p90),
        NumberText.money(option.costPerMillionOutput.mean), NumberText.attainment(option.serviceLevel),
        option.meetsServiceLevel
          ? NumberText.probability(chance.estimate, chance.low, chance.high) : "too late")
    }
    var text = "\(result.run.title): cost over \(result.run.months) months from \(result.run.startMonth)\n\n"
    text += table.rendered + "\n"
    text += BreakEvenSummary(result).text
    text += information + convergence + "\n"
    for warning in result.warnings { text += "Warning: \(warning)\n" }
    return text + (result.warnings.isEmpty ? "" : "\n") + result.decision.sentence + "\n"
  }

  /// What is worth finding out, on one line: what everything together is worth, and the single inputs whose worth is
  /// more than chance would make of nothing. Empty where nothing is.
  private var information: String {
    guard let uncertainty = result.uncertainty, uncertainty.perfectInformation.value >= 1 else { return "" }
    let worthwhile = uncertainty.inputs.filter { $0.information.low >= 1 }.prefix(3)
    let list = worthwhile.map { "\($0.name) \(NumberText.money($0.information.value))" }
    return "Worth at most \(NumberText.money(uncertainty.perfectInformation.value)) to find out: "
      + (list.isEmpty ? "no single input is sure to change the choice" : list.joined(separator: ", ")) + "\n"
  }

  /// Whether the target was reached, on one line; empty where there was none.
  private var convergence: String {
    guard let convergence = result.convergence, convergence.ending != .asAsked,
      let last = convergence.rounds.last
    else { return "" }
    let reached = convergence.ending == .target ? "The target is reached" : "The target is not reached"
    let mean = last.meanCostHalfWidth.map { "mean cost ± \(NumberText.percent($0)), " } ?? ""
    return "\(reached) with \(NumberText.count(Double(last.draws))) futures of "
      + "\(NumberText.count(Double(last.simulations))) simulations: \(mean)P(cheapest) ± "
      + "\(NumberText.percent(last.probabilityHalfWidth))\n"
  }
}
