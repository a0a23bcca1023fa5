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
    let (value, unit) = ("break_even", "as in the column unit")
    var table = CSVTable(columns: [
      .init("option", .string, "The option that may pay."),
      .init("against", .string, "The option it is held against."),
      .init("axis", .string, "What is changed; docs/break-even.md says how."),
      .init("unit", .string, "What the values of the axis count."),
      .init("pays", .string, "On which side of the value the option costs less."),
      .init("point", .number, unit: unit, "The value at which the mean costs are equal."),
      .init("\(value)_mean", .number, unit: unit, "Mean over the futures that have a break-even."),
      .init("\(value)_p10", .number, unit: unit), .init("\(value)_p50", .number, unit: unit),
      .init("\(value)_p90", .number, unit: unit), .init("\(value)_p95", .number, unit: unit),
      .init("planned", .number, unit: unit, "The value as planned, mean over futures."),
      .init("multiple_p10", .number, "The break-even as a multiple of the plan of the same future."),
      .init("multiple_p50", .number), .init("multiple_p90", .number),
      .init("never_share", .number, "Share of futures in which the option never pays."),
      .init("always_share", .number, "Share of futures in which it pays all along the axis."),
      .init("finding", .string, "The break-even in words."),
    ])
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

  static func frontier(_ stretches: [FrontierStretch]) -> CSVTable {
    var table = CSVTable(columns: [
      .init("option", .string, "The option of lowest mean cost among those that meet the service level."),
      .init("volume_multiple_from", .number, "Multiple of the planned demand."),
      .init("volume_multiple_to", .number),
      .init("output_tokens_per_day_from", .number, unit: "tokens", "First-month demand."),
      .init("output_tokens_per_day_to", .number, unit: "tokens"),
    ])
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
        .init("option", .string), .init("against", .string, "Today's option."),
        .init("month", .yearmonth, "The last month that is counted."),
      ]
        + ["mean", "p10", "p50", "p90", "p95"].map {
          .init("cumulative_saving_\($0)_usd", .number, unit: "USD", "Discounted to the first month.")
        } + [.init("positive_share", .number, "Share of futures in which the saving is above 0.")])
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
    var table = CSVTable(columns: [
      .init("volume_multiple", .number, "Multiple of the planned demand."),
      .init("output_tokens_per_day", .number, unit: "tokens", "First-month demand."),
      .init("gpu_price_multiple", .number, "Factor on all GPU-hour prices."),
      .init("gpu_hour_usd", .number, unit: "USD", "The option's GPU-hour at that factor."),
      .init("cheapest_option", .string, "The option that is cheapest in most futures."),
      .init("probability_cheapest", .number, "Share of futures in which it is."),
      .init("option", .string), .init("against", .string, "Today's option."),
      .init("probability_cheaper", .number, "Share of futures in which option costs less than against."),
    ])
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
