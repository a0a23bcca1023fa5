// SPDX-License-Identifier: GPL-3.0-or-later
// A sensitivity study for people and programs: a tornado with indices beside it.

import CommandLineKit
import Decision
import Foundation
import NumberFormatting
import Reporting
import Uncertainty

/// What `breakeven sensitivity` prints.
struct SensitivityReport {
  let result: TotalIndicesResult

  /// One JSON object.
  var json: String {
    get throws { try JSONText.of(result) }
  }

  /// A line for each input; those of a group of correlated inputs have the group's indices.
  var csv: String {
    var table = CSVTable(columns: [
      .init("input", .string, "Path of the input; chance for what has no name"),
      .init("source", .string, "What its indices are of: the input, or all that are correlated with it"),
      .init("kind", .string, "physical, price, correlated or chance"),
      .init("p10", .number, "The input's 10th percentile"),
      .init("p90", .number, "The input's 90th percentile"),
      .init("cost_at_p10_usd", .number, unit: "USD", "Mean cost where the input is at its 10th percentile"),
      .init("cost_at_p90_usd", .number, unit: "USD", "Mean cost where the input is at its 90th percentile"),
      .init("first_order_index", .number, "Share of the variance that knowing it alone removes"),
      .init("first_order_low", .number, "Lower end of the 95 % interval"),
      .init("first_order_high", .number, "Upper end of the 95 % interval"),
      .init("total_index", .number, "Share of the variance that is left when everything else is known"),
      .init("total_low", .number, "Lower end of the 95 % interval"),
      .init("total_high", .number, "Upper end of the 95 % interval"),
    ])
    func number(_ value: Double?) -> CSVTable.Cell { value.map { .number($0, digits: 6) } ?? .empty }
    for index in result.indices {
      let shares = [index.firstOrder, index.total].flatMap { [$0.value, $0.low, $0.high] }
      let names = index.swings.isEmpty ? [index.name] : index.swings.map(\.input)
      for (place, name) in names.enumerated() {
        let swing = index.swings.isEmpty ? nil : index.swings[place]
        table.append(
          [
            .text(name), .text(index.name), .text(index.kind.rawValue), number(swing?.p10),
            number(swing?.p90),
          ]
            + [swing?.costAtP10, swing?.costAtP90].map { $0.map { .dollars($0) } ?? .empty }
            + shares.map { number($0) })
      }
    }
    return table.text
  }

  /// A table, and what it means.
  var text: String {
    let subject = result.against.map { "\(result.option) less \($0)" } ?? result.option
    var table = TextTable(columns: [
      .left("Input"), .right("Cost at P10"), .right("At P90"), .right("First order"), .right("95 %"),
      .right("Total"), .right("95 %"),
    ])
    let idle = result.indices.filter { Self.isIdle($0) }
    for index in result.indices where idle.count < 3 || !Self.isIdle(index) {
      let shares = [
        Self.share(index.firstOrder.value), Self.range(index.firstOrder), Self.share(index.total.value),
        Self.range(index.total),
      ]
      // The inputs of a group have a line each, the first with the indices of all.
      for (place, swing) in index.swings.enumerated() {
        table.add(
          [
            place == 0 ? swing.input : "+ \(swing.input)",
            swing.costAtP10.map { NumberText.money($0) } ?? "–",
            swing.costAtP90.map { NumberText.money($0) } ?? "–",
          ] + (place == 0 ? shares : ["", "", "", ""]))
      }
      if index.swings.isEmpty { table.add(["chance (no input)", "–", "–"] + shares) }
    }
    let spread = NumberText.money(result.standardDeviation)
    var text = """
      \(result.scenario), cost of \(subject): mean \(NumberText.money(result.mean.value)) \
      (95 % \(NumberText.moneyRange(result.mean.low, result.mean.high))), standard deviation \(spread)

      \(table.rendered)
      \(verdict)

      """
    if idle.count >= 3 {
      let names = idle.flatMap { $0.swings.isEmpty ? ["chance"] : $0.swings.map(\.input) }
      text += "\(names.count) more matter less than \(Self.share(Self.idleShare)): "
      text += "\(names.joined(separator: ", "))\n"
    }
    for name in result.constantInputs { text += "\(name) does not vary: its indices are 0.\n" }
    if result.indices.contains(where: { $0.kind == .correlated }) {
      text +=
        "Inputs with + before them are correlated with the one above: the indices are of all together.\n"
    }
    for warning in result.warnings { text += "Note: \(warning)\n" }
    return text
      + "From \(NumberText.count(Double(result.points))) points of each set in \(result.replicates) replicates, "
      + "\(result.pricesPerPoint) prices each; \(NumberText.count(Double(result.simulations))) simulations; "
      + "seed \(result.seed).\n"
  }

  /// What the indices say of interactions.
  private var verdict: String {
    guard result.standardDeviation > 0 else { return "The cost does not vary." }
    let alone = result.indices.reduce(0) { $0 + $1.firstOrder.value }
    if alone > 1 {
      return
        "First-order indices add up to \(Self.share(alone)); what is over 1 is the error of so few points: try "
        + "--points \(result.points * 2)."
    }
    return
      "First-order indices add up to \(Self.share(alone)); what is missing to 1 is interactions, which each total "
      + "index has its own part of."
  }

  /// The upper end of an interval under which an input is not worth a line.
  private static let idleShare = 0.01

  /// Whether an input surely does not matter, alone or with others. Its cost at either end is then noise as well.
  private static func isIdle(_ index: TotalIndex) -> Bool {
    max(index.firstOrder.high, index.total.high) < idleShare
  }

  private static func share(_ value: Double) -> String { DecimalText.fixed(value, digits: 3) }

  private static func range(_ estimate: IntervalEstimate) -> String {
    "\(share(estimate.low)) – \(share(estimate.high))"
  }
}
