// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy tables of a report: one observation per row, units in the column names, options by their id so that
// tables join.

import Decision

/// The CSV files of a report.
enum ReportTables {
  /// Every table with its file name.
  static func all(_ result: PlanResult, since earlier: EarlierRun?) -> [(name: String, table: CSVTable)] {
    [
      ("options.csv", options(result)),
      ("monthly_cost.csv", monthlyCost(result)),
      ("monthly_components.csv", monthlyComponents(result)),
      ("components.csv", components(result)),
      ("charges.csv", charges(result)),
      ("cost_distribution.csv", costDistribution(result)),
      ("supplies.csv", supplies(result)),
      ("latency.csv", latency(result)),
      ("break_even.csv", breakEven(result)),
      ("along_volume.csv", alongVolume(result)),
      ("demand_by_hour.csv", demandByHour(result)),
      ("demand_by_use.csv", demandByUse(result)),
      ("demand_monthly.csv", demandMonthly(result)),
      ("assumptions.csv", assumptions(result)),
      ("decision.csv", decision(result)),
      ("sensitivity.csv", sensitivity(result)),
      ("information.csv", information(result)),
      ("convergence.csv", convergence(result)),
    ] + (result.fidelity.map { [("fidelity.csv", fidelity($0))] } ?? [])
      + (result.levers.map { [("levers.csv", $0.table)] } ?? [])
      + (result.options.contains { $0.gateway != nil } ? [("gateway.csv", gateway(result))] : [])
      + (result.flips.map { flips($0, options: result.options.map(\.name)) } ?? [])
      + details(result) + (earlier.map { [("changes.csv", changes($0.comparison))] } ?? [])
  }

  static func options(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .option, .init("title", .string, "The option in words."),
        .init("recommended", .boolean, "Whether the decision recommends it."),
        .init("today", .boolean, "Whether it is what is in use today."),
        .init("meets_service_level", .boolean, "Whether enough requests are served within their objective."),
      ] + spread("total_cost", "usd", unit: "USD", "the cost over the horizon, discounted") + [
        .init("cvar95_usd", .number, unit: "USD", "Mean cost of the worst 5 % of futures, discounted.")
      ] + chance("probability_cheapest", "being the cheapest") + [
        .init(
          "expected_regret_usd", .number, unit: "USD",
          "Mean cost above the cheapest option of each future that serves well enough.")
      ]
        + spread(
          "cost_per_million_output_tokens", "usd", unit: "USD per 1M output tokens",
          "the undiscounted cost per million output tokens served")
        + spread(
          "cost_per_request", "usd", unit: "USD per request", "the undiscounted cost per request served") + [
          .share("served_share", "Requests that were served, whatever their latency."),
          .share("served_within_objective_share", "Requests that were served within their objective."),
          .init("retries", .number, "Attempts after a request's first; empty where no client asks again."),
        ], meaning: "An option: what it costs and how it serves.", key: ["option"])
    for option in result.options {
      let likely = option.probabilityCheapest
      table.append(
        [
          .text(option.name), .text(option.title), .flag(option.name == result.decision.option),
          .flag(option.name == result.decision.baseline), .flag(option.meetsServiceLevel),
        ] + dollars(option.totalCost) + [
          .dollars(option.conditionalValueAtRisk95), .share(likely.estimate), .share(likely.low),
          .share(likely.high), .dollars(option.expectedRegret),
        ] + numbers(option.costPerMillionOutput, digits: 6) + numbers(option.costPerRequest, digits: 9)
          + [
            .share(option.servedShare), .share(option.serviceLevel),
            option.retries.map { .number($0, digits: 1) } ?? .empty,
          ])
    }
    return table
  }

  static func monthlyCost(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [.option, .month] + spread("cost", "usd", unit: "USD", "the month's cost, undiscounted"),
      meaning: "What an option costs in a month, undiscounted.", key: ["option", "month"])
    for option in result.options {
      for month in option.monthly {
        table.append([.text(option.name), .text(month.month)] + dollars(month.cost))
      }
    }
    return table
  }

  static func monthlyComponents(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .option, .month, .component,
        .init("mean_cost_usd", .number, unit: "USD", "Mean over futures of the month's cost, undiscounted."),
      ], meaning: "What a kind of cost comes to in a month, undiscounted.",
      key: ["option", "month", "component"])
    for option in result.options {
      for month in option.monthly {
        for part in month.components {
          table.append([.text(option.name), .text(month.month), .text(part.component), .dollars(part.mean)])
        }
      }
    }
    return table
  }

  static func components(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .option, .component,
        .init(
          "mean_cost_usd", .number, unit: "USD",
          "Mean over futures of the cost over the horizon, undiscounted."),
      ], meaning: "What a kind of cost comes to over the horizon, undiscounted.",
      key: ["option", "component"])
    for option in result.options {
      for part in option.components {
        table.append([.text(option.name), .text(part.component), .dollars(part.mean)])
      }
    }
    return table
  }

  static func costDistribution(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .option, .share("probability", "Futures that cost no more."),
        .init("total_cost_usd", .number, unit: "USD", "The cost over the horizon, discounted."),
      ], meaning: "A point of the cumulative distribution of an option's cost.",
      key: ["option", "probability"])
    for option in result.options {
      for (percent, cost) in option.costQuantiles.enumerated() {
        table.append([.text(option.name), .number(Double(percent) / 100, digits: 2), .dollars(cost)])
      }
    }
    return table
  }

  static func alongVolume(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .init("volume_multiple", .number, unit: "multiple", "Demand as a multiple of the plan."),
        .init(
          "output_tokens_per_day", .number, unit: "tokens/day", "Output tokens of the first month's day."),
        .option, .share("probability_cheapest", "Futures in which it is the cheapest."),
        .init("median_total_cost_usd", .number, unit: "USD", "Median cost over the horizon, discounted."),
        .share("served_within_objective_share", "Requests that are served within their objective."),
      ], meaning: "An option at a multiple of the planned demand.", key: ["volume_multiple", "option"])
    for point in result.alongVolume {
      for (index, option) in result.options.enumerated() {
        table.append([
          .number(point.volume, digits: 6), .number(point.outputTokensPerDay, digits: 0), .text(option.name),
          .share(point.probabilityCheapest[index]), .dollars(point.medianCost[index]),
          .share(point.serviceLevel[index]),
        ])
      }
    }
    return table
  }

  static func dollars(_ spread: Spread) -> [CSVTable.Cell] {
    [spread.mean, spread.p10, spread.p50, spread.p90, spread.p95].map { .dollars($0) }
  }

  static func numbers(_ spread: Spread, digits: Int) -> [CSVTable.Cell] {
    [spread.mean, spread.p10, spread.p50, spread.p90, spread.p95].map { .number($0, digits: digits) }
  }
}
