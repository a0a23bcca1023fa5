// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy tables of a report: one observation per row, units in the column names, options by their id so that
// tables join.

import Decision

/// The CSV files of a report.
enum ReportTables {
  /// Every table with its file name.
  static func all(_ result: PlanResult) -> [(name: String, table: CSVTable)] {
    [
      ("options.csv", options(result)),
      ("monthly_cost.csv", monthlyCost(result)),
      ("monthly_components.csv", monthlyComponents(result)),
      ("components.csv", components(result)),
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
      + (result.options.contains { $0.gateway != nil } ? [("gateway.csv", gateway(result))] : [])
      + details(result)
  }

  static func options(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      header: ["option", "title", "recommended", "today", "meets_service_level"]
        + spreadColumns("total_cost", "usd")
        + [
          "cvar95_usd", "probability_cheapest", "probability_cheapest_low", "probability_cheapest_high",
          "expected_regret_usd",
        ] + spreadColumns("cost_per_million_output_tokens", "usd") + spreadColumns("cost_per_request", "usd")
        + ["served_share", "served_within_objective_share", "retries"])
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
    var table = CSVTable(header: ["option", "month"] + spreadColumns("cost", "usd"))
    for option in result.options {
      for month in option.monthly {
        table.append([.text(option.name), .text(month.month)] + dollars(month.cost))
      }
    }
    return table
  }

  static func monthlyComponents(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(header: ["option", "month", "component", "mean_cost_usd"])
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
    var table = CSVTable(header: ["option", "component", "mean_cost_usd"])
    for option in result.options {
      for part in option.components {
        table.append([.text(option.name), .text(part.component), .dollars(part.mean)])
      }
    }
    return table
  }

  static func costDistribution(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(header: ["option", "probability", "total_cost_usd"])
    for option in result.options {
      for (percent, cost) in option.costQuantiles.enumerated() {
        table.append([.text(option.name), .number(Double(percent) / 100, digits: 2), .dollars(cost)])
      }
    }
    return table
  }

  /// The states a fleet's hours always have a column for; others follow in the order of their names.
  static let states = ["busy", "idle", "booting", "draining"]

  static func supplies(_ result: PlanResult) -> CSVTable {
    let named = Set(result.options.flatMap(\.supplies).flatMap(\.gpuHours).map(\.state))
    let states = Self.states + named.subtracting(Self.states).sorted()
    var table = CSVTable(
      header: [
        "option", "supply", "kind", "requests", "input_tokens", "output_tokens", "recomputed_tokens",
      ] + states.map { "gpu_hours_\($0)" } + [
        "unit_hours", "utilization_share", "cached_input_tokens", "interrupted_requests",
        "throttled_answers", "pay_as_you_go_requests", "committed_gpus", "committed_hours_used",
        "committed_hours_unused",
      ])
    for option in result.options {
      for supply in option.supplies {
        table.append(
          [
            .text(option.name), .text(supply.name), .text(supply.kind), .number(supply.requests, digits: 1),
            .number(supply.inputTokens, digits: 0), .number(supply.outputTokens, digits: 0),
            .number(supply.recomputedTokens, digits: 0),
          ]
            + states.map { state in
              .number(supply.gpuHours.filter { $0.state == state }.map(\.hours).reduce(0, +), digits: 3)
            } + [
              .number(supply.unitHours, digits: 3), supply.utilization.map { .share($0) } ?? .empty,
              supply.cachedInputTokens.map { .number($0, digits: 0) } ?? .empty,
              supply.interruptedRequests.map { .number($0, digits: 1) } ?? .empty,
              supply.throttled.map { .number($0, digits: 1) } ?? .empty,
              supply.payAsYouGoRequests.map { .number($0, digits: 1) } ?? .empty,
              supply.commitment.map { .integer($0.gpus) } ?? .empty,
              supply.commitment.map { .number($0.usedHours, digits: 3) } ?? .empty,
              supply.commitment.map { .number($0.unusedHours, digits: 3) } ?? .empty,
            ])
      }
    }
    return table
  }

  static func latency(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      header: [
        "option", "use_case", "metric", "p50_ms", "p90_ms", "p99_ms", "objective_ms",
        "served_within_objective_share",
      ])
    for option in result.options {
      for use in option.latency {
        let metrics = [
          ("time_to_first_token", use.timeToFirstToken, use.timeToFirstTokenLimit),
          ("time_per_output_token", use.timePerOutputToken, use.timePerOutputTokenLimit),
          ("end_to_end", use.endToEnd, nil),
        ]
        for (metric, value, limit) in metrics {
          table.append([
            .text(option.name), .text(use.useCase), .text(metric), .number(value.p50, digits: 3),
            .number(value.p90, digits: 3), .number(value.p99, digits: 3),
            limit.map { .number($0, digits: 3) } ?? .empty, .share(use.serviceLevel),
          ])
        }
      }
    }
    return table
  }

  static func breakEven(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      header: ["option", "against", "axis"] + spreadColumns("break_even", "multiple")
        + ["never_share", "always_share", "finding"])
    for found in result.breakEvens {
      table.append(
        [.text(found.option), .text(found.against), .text(found.axis)]
          + (found.value.map { numbers($0, digits: 6) } ?? Array(repeating: .empty, count: 5))
          + [.share(found.neverShare), .share(found.alwaysShare), .text(found.finding)])
    }
    return table
  }

  static func alongVolume(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      header: [
        "volume_multiple", "output_tokens_per_day", "option", "probability_cheapest", "median_total_cost_usd",
        "served_within_objective_share",
      ])
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

  static func demandByHour(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(header: ["hour_of_week", "weekday", "hour_utc", "requests_per_second"])
    for (hour, rate) in result.demand.hourOfWeekRate.enumerated() {
      table.append([
        .integer(hour), .text(CalendarText.weekdays[hour / 24]), .integer(hour % 24),
        .number(rate, digits: 6),
      ])
    }
    return table
  }

  static func demandByUse(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      header: [
        "use_case", "model", "source", "requests_per_day", "mean_input_tokens", "mean_output_tokens",
      ])
    for use in result.demand.useCases {
      table.append([
        .text(use.name), .text(use.model), .text(use.source), .number(use.requestsPerDay, digits: 1),
        .number(use.meanInputTokens, digits: 3), .number(use.meanOutputTokens, digits: 3),
      ])
    }
    return table
  }

  static func demandMonthly(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(header: ["month", "requests", "input_tokens", "output_tokens"])
    for month in result.demand.monthly {
      table.append([
        .text(month.month), .number(month.requests, digits: 0), .number(month.inputTokens, digits: 0),
        .number(month.outputTokens, digits: 0),
      ])
    }
    return table
  }

  static func assumptions(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      header: ["name", "kind", "distribution", "p10", "p50", "p90", "unit", "source", "verified_on"])
    for one in result.assumptions {
      table.append([
        .text(one.name), .text(one.kind), .text(one.distribution), .number(one.p10, digits: 9),
        .number(one.p50, digits: 9), .number(one.p90, digits: 9), .text(one.unit), .text(one.source),
        one.verifiedOn.map { .text($0) } ?? .empty,
      ])
    }
    return table
  }

  static func spreadColumns(_ name: String, _ unit: String) -> [String] {
    ["mean", "p10", "p50", "p90", "p95"].map { "\(name)_\($0)_\(unit)" }
  }

  private static func dollars(_ spread: Spread) -> [CSVTable.Cell] {
    [spread.mean, spread.p10, spread.p50, spread.p90, spread.p95].map { .dollars($0) }
  }

  private static func numbers(_ spread: Spread, digits: Int) -> [CSVTable.Cell] {
    [spread.mean, spread.p10, spread.p50, spread.p90, spread.p95].map { .number($0, digits: digits) }
  }
}
