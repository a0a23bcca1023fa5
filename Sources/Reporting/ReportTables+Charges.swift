// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy table of quantities beside money: what the bills of the months to come should read.

import Decision

extension ReportTables {
  /// One row per option, price paid and month.
  static func charges(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .option, .month, .component,
        .init("supply", .string, "The supply; empty for what the option costs as a whole."),
        .init("item", .string, "The model or GPU that is paid for."),
        .init("provider", .string, "Who is paid; empty where the scenario names nobody."),
        .init("region", .string, "The region of the price; empty where it holds anywhere."),
        .init("kind", .string, "usage, interruptible, commitment, recurring or once."),
        .init("quantity", .number, "What is paid for, in the row's unit, mean over futures."),
        .init("unit", .string, "The row's unit."),
        .init("mean_cost_usd", .number, unit: "USD", "Mean over futures of the month's cost, undiscounted."),
      ], meaning: "What an option pays one price for in a month, undiscounted.")
    for option in result.options {
      for charge in option.charges ?? [] {
        for (place, month) in option.monthly.enumerated() {
          table.append([
            .text(option.name), .text(month.month), .text(charge.component), optional(charge.supply),
            optional(charge.item), optional(charge.provider), optional(charge.region),
            .text(charge.kind.rawValue), .number(charge.quantities[place], digits: 6),
            .text(charge.unit.rawValue), .dollars(charge.costs[place]),
          ])
        }
      }
    }
    return table
  }

  private static func optional(_ text: String?) -> CSVTable.Cell { text.map { .text($0) } ?? .empty }
}
