// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy table of what changed since the run before.

import Decision

extension ReportTables {
  /// What was put in and differs, every figure of the options, and what changed of break-evens and assumptions.
  static func changes(_ comparison: RunComparison) -> CSVTable {
    var table = CSVTable(
      columns: [
        .init("kind", .string, "input, option, break-even or assumption."),
        .init("name", .string, "What it is: an option's id, a path, or options and an axis."),
        .init("figure", .string, "Which of its figures; empty where it has one."),
        .init("change", .string, "added, removed, changed or same."),
        .init("old", .number, unit: "as the figure's", "The number before; empty where there was none."),
        .init("new", .number, unit: "as the figure's", "The number now; empty where there is none."),
        .init("old_words", .string, "What it was in words, where words say more."),
        .init("new_words", .string, "What it is in words."),
      ], meaning: "A figure of the run before and of this one.", key: ["kind", "name", "figure"])
    func cell(_ value: Double?) -> CSVTable.Cell { value.map { .number($0, digits: 6) } ?? .empty }
    func words(_ text: String?) -> CSVTable.Cell { text.map { .text($0) } ?? .empty }
    for input in comparison.inputs {
      table.append([
        .text("input"), .text(input.name), .empty, .text(RunComparison.Change.changed.rawValue), .empty,
        .empty,
        .text(input.old), .text(input.new),
      ])
    }
    for option in comparison.options {
      for (figure, value) in [
        ("mean_cost_usd", option.mean), ("p10_cost_usd", option.p10), ("p50_cost_usd", option.p50),
        ("p90_cost_usd", option.p90), ("probability_cheapest", option.probabilityCheapest),
        ("served_within_objective_share", option.serviceLevel),
      ] {
        let change = value.old == value.new ? RunComparison.Change.same : option.change
        table.append([
          .text("option"), .text(option.name), .text(figure), .text(change.rawValue), cell(value.old),
          cell(value.new), .empty, .empty,
        ])
      }
    }
    for (kind, rows) in [("break-even", comparison.breakEvens), ("assumption", comparison.assumptions)] {
      for row in rows {
        table.append([
          .text(kind), .text(row.name), .text("p50"), .text(row.change.rawValue), cell(row.p50.old),
          cell(row.p50.new), words(row.old), words(row.new),
        ])
      }
    }
    return table
  }
}
