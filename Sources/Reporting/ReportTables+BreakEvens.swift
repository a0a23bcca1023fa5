// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy tables of what turns the answer.

import Decision

extension ReportTables {
  /// The tables that documents of before have not.
  static func flips(_ flips: FlipResult, options: [String]) -> [(name: String, table: CSVTable)] {
    [("frontier.csv", frontier(flips.frontier)), ("payback.csv", payback(flips.savings))]
      + (flips.map.map { [("break_even_map.csv", breakEvenMap($0, options: options))] } ?? [])
  }

  /// Every pair of options by every axis.
  static func breakEven(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: breakEvenColumns,
      meaning: "An option held against another along one axis: where it begins to pay, and how sure that is.",
      key: ["option", "against", "axis"])
    func cell(_ value: Double?) -> CSVTable.Cell { value.map { .number($0, digits: 6) } ?? .empty }
    for found in result.breakEvens + (result.flips?.otherBreakEvens ?? []) {
      let (value, multiple) = (found.value, found.multiple)
      table.append(
        [
          .text(found.option), .text(found.against), .text(found.axis),
          found.unit.map { .text($0) } ?? .empty,
          .text((found.pays ?? .from).rawValue), cell(found.point),
        ] + [value?.mean, value?.p10, value?.p50, value?.p90, value?.p95, found.planned].map(cell)
          + [multiple?.p10, multiple?.p50, multiple?.p90].map(cell)
          + [.share(found.neverShare), .share(found.alwaysShare), .text(found.finding)])
    }
    return table
  }

  private static var breakEvenColumns: [CSVTable.Column] {
    let unit = "as in the column unit"
    var columns: [CSVTable.Column] = [
      .init("option", .string, "The option that may pay."),
      .init("against", .string, "The option it is held against."),
      .init("axis", .string, "What is changed; docs/break-even.md says how."),
      .init("unit", .string, "What the values of the axis count."),
      .init("pays", .string, "On which side of the value the option costs less."),
      .init("point", .number, unit: unit, "The value at which the mean costs are equal."),
      .init("break_even_mean", .number, unit: unit, "Mean over the futures that have a break-even."),
    ]
    for quantile in ["p10", "p50", "p90", "p95"] {
      let meaning = "\(quantile.uppercased()) over the futures that have a break-even."
      columns.append(.init("break_even_\(quantile)", .number, unit: unit, meaning))
    }
    columns.append(.init("planned", .number, unit: unit, "The value as planned, mean over futures."))
    for quantile in ["p10", "p50", "p90"] {
      let meaning =
        "The break-even as a multiple of the same future's plan, \(quantile.uppercased()) over futures."
      columns.append(.init("multiple_\(quantile)", .number, meaning))
    }
    return columns + [
      .share("never_share", "Share of futures in which the option never pays."),
      .share("always_share", "Share of futures in which it pays all along the axis."),
      .init("finding", .string, "The break-even in words."),
    ]
  }

  static func frontier(_ stretches: [FrontierStretch]) -> CSVTable {
    var table = CSVTable(
      columns: [
        .init("option", .string, "The option of lowest mean cost among those that meet the service level."),
        .init("volume_multiple_from", .number, "Multiple of the planned demand."),
        .init("volume_multiple_to", .number, "Likewise, where the stretch ends."),
        .init("output_tokens_per_day_from", .number, unit: "tokens", "First-month demand."),
        .init("output_tokens_per_day_to", .number, unit: "tokens", "Likewise, where the stretch ends."),
      ], meaning: "A stretch of demand over which one option has the lowest mean cost.",
      key: ["volume_multiple_from"])
    for stretch in stretches {
      table.append([
        .text(stretch.option), .number(stretch.from, digits: 6), .number(stretch.to, digits: 6),
        .number(stretch.outputTokensPerDayFrom, digits: 0), .number(stretch.outputTokensPerDayTo, digits: 0),
      ])
    }
    return table
  }

  static func payback(_ savings: [CumulativeSaving]) -> CSVTable {
    var table = CSVTable(
      columns: [
        .option, .init("against", .string, "Today's option."),
        .init("month", .yearmonth, "The last month that is counted."),
      ]
        + ["mean", "p10", "p50", "p90", "p95"].map {
          .init("cumulative_saving_\($0)_usd", .number, unit: "USD", "Discounted to the first month.")
        } + [.init("positive_share", .number, "Share of futures in which the saving is above 0.")],
      meaning: "What an option has saved against today's by the end of a month.",
      key: ["option", "against", "month"])
    for saving in savings {
      for month in saving.months {
        let amounts = month.saving
        table.append(
          [.text(saving.option), .text(saving.against), .text(month.month)]
            + [amounts.mean, amounts.p10, amounts.p50, amounts.p90, amounts.p95].map { .dollars($0) }
            + [.share(month.positiveShare)])
      }
    }
    return table
  }

  static func breakEvenMap(_ map: BreakEvenMap, options: [String]) -> CSVTable {
    var table = CSVTable(
      columns: [
        .init("volume_multiple", .number, "Multiple of the planned demand."),
        .init("output_tokens_per_day", .number, unit: "tokens", "First-month demand."),
        .init("gpu_price_multiple", .number, "Factor on all GPU-hour prices."),
        .init("gpu_hour_usd", .number, unit: "USD", "The option's GPU-hour at that factor."),
        .init("cheapest_option", .string, "The option that is cheapest in most futures."),
        .init("probability_cheapest", .number, "Share of futures in which it is."),
        .option, .init("against", .string, "Today's option."),
        .init("probability_cheaper", .number, "Share of futures in which option costs less than against."),
      ], meaning: "A point of the plane of volume and GPU price.",
      key: ["volume_multiple", "gpu_price_multiple"])
    for (place, volume) in map.volumes.enumerated() {
      for (row, factor) in map.gpuPriceFactors.enumerated() {
        table.append([
          .number(volume, digits: 6), .number(map.outputTokensPerDay[place], digits: 0),
          .number(factor, digits: 6), .number(factor * map.plannedGPUHour, digits: 6),
          .text(options[map.cheapest[place][row]]), .share(map.probabilityCheapest[place][row]),
          .text(map.option), .text(map.against), .share(map.probabilityCheaper[place][row]),
        ])
      }
    }
    return table
  }
}
