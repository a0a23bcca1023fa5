// SPDX-License-Identifier: GPL-3.0-or-later
// Levers for people and programs: a table that reads as a waterfall.

import CommandLineKit
import Decision
import Foundation
import NumberFormatting
import Reporting

/// What `breakeven levers` prints.
struct LeversReport {
  let result: LeversResult

  private struct Document: Encodable {
    var schemaVersion = 1
    var levers: LeversResult
  }

  /// One JSON object.
  var json: String {
    get throws { try JSONText.of(Document(levers: result)) }
  }

  /// One state a line.
  var csv: String { result.table.text }

  var text: String {
    var table = TextTable(columns: [
      .left("Measure"), .right("Cost after it"), .right("GPUs"), .right("In time"), .right("Saves here"),
      .right("P10–P90"), .right("Over all orders"),
    ])
    table.add(
      "none: all on \(result.largestModel), one by one", NumberText.money(result.start.cost.mean),
      NumberText.count(Double(result.start.gpus)), NumberText.attainment(result.start.serviceLevel), "", "",
      "")
    for step in result.steps {
      add(
        step.lever.title, step.state, step.saving, NumberText.money(step.shapleyShare), to: &table)
    }
    for measure in result.besides {
      add("besides: \(measure.title)", measure.state, measure.saving, "", to: &table)
    }
    let replicas = [("before", result.start)] + (result.steps.last.map { [("after", $0.state)] } ?? [])
    var text = "\(result.title): what each measure saves over the horizon\n\n\(table.rendered)\n"
    for (when, state) in replicas { text += "Replicas \(when): \(state.replicas)\n" }
    for note in result.notes { text += "Note: \(note)\n" }
    return text
      + "Costs are means over the prices of \(NumberText.count(Double(result.futures))) futures; each of "
      + "\(result.simulatedSets) sets of measures is simulated in the median future.\n"
  }

  private func add(
    _ title: String, _ state: LeverState, _ saving: Spread, _ share: String, to table: inout TextTable
  ) {
    table.add(
      title, NumberText.money(state.cost.mean), NumberText.count(Double(state.gpus)),
      NumberText.attainment(state.serviceLevel), NumberText.money(saving.mean),
      NumberText.moneyRange(saving.p10, saving.p90), share)
  }
}
