// SPDX-License-Identifier: GPL-3.0-or-later
// The tables behind the page's details: what the choice saves, how the fleets' hours lie, what a use case costs.

import Decision

extension ReportTables {
  /// The tables of what a result may lack.
  static func details(_ result: PlanResult) -> [(name: String, table: CSVTable)] {
    var tables: [(name: String, table: CSVTable)] = []
    if let differences = result.differences { tables.append(("savings.csv", savings(differences))) }
    if result.options.contains(where: { $0.fleetLoads != nil }) {
      tables.append(("fleet_loads.csv", fleetLoads(result)))
    }
    if let weeks = result.fleetWeeks { tables.append(("fleet_weeks.csv", fleetWeeks(weeks))) }
    if result.options.contains(where: { $0.useCaseCosts != nil }) {
      tables.append(("use_case_costs.csv", useCaseCosts(result)))
    }
    if let engines = result.engines { tables.append(("engines.csv", self.engines(engines))) }
    return tables
  }

  /// Quantiles of what the recommended option saves against others.
  static func savings(_ differences: [CostDifference]) -> CSVTable {
    var table = CSVTable(
      columns: [
        .init("option", .string, "The recommended option's id."),
        .init("against", .string, "The id of the option that it is held against."),
        .init("probability", .number, unit: "1", "Share of futures in which the saving is at most this."),
        .init(
          "saving_usd", .number, unit: "USD",
          "Cost of `against` less cost of `option` in the same future, discounted."),
      ], meaning: "A quantile of what the recommended option saves against another.",
      key: ["option", "against", "probability"])
    for one in differences {
      for (percent, saving) in one.savingQuantiles.enumerated() {
        table.append([
          .text(one.option), .text(one.against), .number(Double(percent) / 100, digits: 2), .dollars(saving),
        ])
      }
    }
    return table
  }

  /// The load-duration curves of all fleets.
  static func fleetLoads(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .option, .init("supply", .string, "The fleet's name."),
        .init("gpu", .string, "The GPU's catalog id."),
        .init("gpus", .integer, unit: "GPU", "A number of GPUs."),
        .init("hours_share", .number, unit: "1", "Share of the hours in which at least so many are there."),
        .init("purchase", .string, "How the last of them is bought."),
      ], meaning: "How many hours a fleet has at least so many GPUs: the load-duration curve.",
      key: ["option", "supply", "gpus"])
    for option in result.options {
      for load in option.fleetLoads ?? [] {
        for (index, share) in load.hoursShareOfGPU.enumerated() {
          table.append([
            .text(option.name), .text(load.supply), .text(load.gpu), .integer(index + 1), .share(share),
            load.purchase(ofGPU: index).map { .text($0) } ?? .empty,
          ])
        }
      }
    }
    return table
  }

  /// Cost by option and use case.
  static func useCaseCosts(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .option, .useCase,
        .init("model", .string, "The model that answers it, or most of it."),
        .init("mean_cost_usd", .number, unit: "USD", "Its part of the cost over the horizon, undiscounted."),
        .init("requests", .number, "Requests served."),
        .init("output_tokens", .number, unit: "token", "Output tokens generated for it."),
        .init(
          "cost_per_million_output_tokens_usd", .number, unit: "USD per 1M tokens", "The first by the last."),
        .init("cost_per_thousand_requests_usd", .number, unit: "USD per 1,000 requests", "Cost by requests."),
      ], meaning: "What a use case costs under an option.", key: ["option", "use_case"])
    for option in result.options {
      for use in option.useCaseCosts ?? [] {
        table.append([
          .text(option.name), .text(use.useCase), .text(use.model), .dollars(use.cost),
          .number(use.requests, digits: 1), .number(use.outputTokens, digits: 0),
          use.perMillionOutput.map { .number($0, digits: 6) } ?? .empty,
          use.perThousandRequests.map { .number($0, digits: 6) } ?? .empty,
        ])
      }
    }
    return table
  }

  /// Two weeks of fleets, hour by hour.
  static func fleetWeeks(_ weeks: [FleetWeek]) -> CSVTable {
    let gpus = ["busy", "idle", "booting", "draining"]
    var table = CSVTable(
      columns: [
        .init("week", .string, "typical or worst."), .init("month", .yearmonth, "The week's month."),
        .option,
        .init("hour_of_week", .integer, unit: "h", "From Monday 00:00 UTC."),
        .init("supply", .string, "The fleet's name."),
      ] + gpus.map { .init("gpus_\($0)", .number, unit: "GPU", "Mean of the hour.") } + [
        .init("interrupted_per_hour", .number, "Requests taken unfinished from replicas that were lost."),
        .init("requests_per_second", .number, "Requests that arrived, whatever supply served them."),
        .init("served_within_objective_share", .number, unit: "1", "Of all that arrived."),
      ], meaning: "An hour of a fleet in a typical and in the worst week of the recommended option.",
      key: ["week", "option", "supply", "hour_of_week"])
    for week in weeks {
      for fleet in week.fleets {
        for hour in 0..<168 {
          table.append(
            [
              .text(week.kind.rawValue), .text(week.month), .text(week.option), .integer(hour),
              .text(fleet.supply),
            ]
              + [fleet.busy, fleet.idle, fleet.booting, fleet.draining, fleet.interrupted].map {
                .number($0[hour], digits: 3)
              } + [.number(week.requestsPerSecond[hour], digits: 6), .share(week.serviceLevel[hour])])
        }
      }
    }
    return table
  }

  /// The coefficients of the fleets' engines.
  static func engines(_ fits: [EngineFit]) -> CSVTable {
    var table = CSVTable(
      columns: [
        .init("engine", .string, "The engine's catalog id."),
        .init("coefficient", .string, "Its key; what ends in _seconds is in seconds, the rest has no unit."),
        .init("value", .number, "The median."),
        .init(
          "relative_error", .number, unit: "1", "Standard deviation of its logarithm; 0: taken as certain."),
        .init("source", .string, "What it was fitted to."),
        .init("verified_on", .date, "The day of the last check against the source."),
      ], meaning: "A fitted coefficient of an engine's step time.", key: ["engine", "coefficient"])
    for fit in fits {
      for one in fit.coefficients {
        table.append([
          .text(fit.engine), .text(one.name), .number(one.value, digits: 9), .share(one.relativeError),
          .text(fit.source), .text(fit.verifiedOn),
        ])
      }
    }
    return table
  }
}

extension FleetLoad {
  /// How a GPU, counted from 0, is bought; nil where it lies above all layers and nothing is bought there.
  func purchase(ofGPU index: Int) -> String? {
    var upTo = 0
    for layer in layers {
      guard let gpus = layer.gpus else { return layer.purchase }
      upTo += gpus
      if index < upTo { return layer.purchase }
    }
    return nil
  }
}
