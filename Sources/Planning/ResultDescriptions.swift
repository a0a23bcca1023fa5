// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the result document that describe what went in: demand, assumptions, and what to beware of.

import Catalog
import Decision
import Foundation
import NumberFormatting
import Quantities
import Scenario
import Simulation
import Uncertainty
import Workload

extension PlanModel {
  /// Which hours were simulated, in words.
  var representationInWords: String {
    let months = simulatedMonths.count
    let total = scenario.horizon.months
    let which = months == total ? "every month" : "\(months) of \(total) months, the others interpolated"
    if demand.isUniformReplay, scenario.horizon.represent.windows == nil {
      return "the trace once for \(which), faster as demand grows"
    }
    guard let windows = scenario.horizon.represent.windows else { return "one whole week of \(which)" }
    let minutes = NumberText.significant(scenario.horizon.represent.windowSeconds / 60)
    return "\(windows) windows of \(minutes) minutes, stratified by load, of the week of \(which)"
  }

  /// The demand, as the mean over draws where it is uncertain.
  func demandSummary(_ quantities: PlanQuantities) -> DemandSummary {
    let draws = 0..<quantities.draws
    let rates = draws.map { demand.drawn(quantities.physical[$0], draw: UInt32($0)).hourlyRate }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let first = draws.map { quantities.firstMonthHourly(draw: $0).requests }
    let hourOfWeek = (0..<168).map { hour in mean(rates.map { $0[hour] }) }
    let billed = draws.map { quantities.monthlyBills(draw: $0, option: 0).map(\.requests) }
    let months = (0..<scenario.horizon.months).map { month in
      let bills = billed.map { $0[month] }
      return MonthlyDemand(
        month: scenario.horizon.start.advanced(by: month).description,
        requests: mean(bills.map { $0.reduce(0) { $0 + $1.arrived } }),
        inputTokens: mean(bills.map { $0.reduce(0) { $0 + $1.inputTokens } }),
        outputTokens: mean(bills.map { $0.reduce(0) { $0 + $1.outputTokens } }))
    }
    let useCases = scenario.demand.uses.enumerated().map { index, use in
      let arrived = mean(first.map { $0[index].arrived })
      var source = "synthesized"
      if case .replayed(let replay) = use.source { source = replay.path }
      return UseCaseDemand(
        name: use.name, model: use.model, source: source, requestsPerDay: arrived * 24,
        meanInputTokens: arrived > 0 ? mean(first.map { $0[index].inputTokens }) / arrived : 0,
        meanOutputTokens: arrived > 0 ? mean(first.map { $0[index].outputTokens }) / arrived : 0)
    }
    return DemandSummary(hourOfWeekRate: hourOfWeek, useCases: useCases, monthly: months)
  }

  /// Every uncertain input, then every certain price that a line is multiplied by.
  func assumptions() -> [Assumption] {
    let provenance = provenanceByName
    return physical.inputs.map { assumption($0, kind: "physical", provenance[$0.name]) }
      + (price.inputs + certainPrices).map { assumption($0, kind: "price", provenance[$0.name]) }
  }

  private func assumption(_ value: UncertainValue, kind: String, _ provenance: Provenance?) -> Assumption {
    Assumption(
      name: value.name, kind: kind, distribution: value.distribution.description,
      p10: value.distribution.quantile(0.1), p50: value.distribution.quantile(0.5),
      p90: value.distribution.quantile(0.9), unit: unit(of: value.name),
      source: provenance?.source ?? "scenario", verifiedOn: provenance?.verifiedOn.description)
  }

  /// Prices that options use and that are certain, in order of name.
  private var certainPrices: [UncertainValue] {
    var seen: Set<String> = []
    var values: [UncertainValue] = []
    for (value, _) in usedPrices where value.isConstant && seen.insert(value.name).inserted {
      values.append(value)
    }
    return values.sorted { $0.name < $1.name }
  }

  /// Every price of the book that some option uses.
  private var usedPrices: [(UncertainValue, Provenance?)] {
    var result: [(UncertainValue, Provenance?)] = []
    for option in scenario.options {
      for price in option.costs.servicePrices where price.provenance != nil { result += price.inputs }
      for case .fleet(let fleet) in option.chain {
        if let price = fleet.owned?.power?.perKilowattHour, price.provenance != nil { result += price.inputs }
      }
      let models = Set(scenario.demand.uses.flatMap(option.models(for:)))
      for supply in option.chain {
        switch supply {
        case .metered(let metered):
          for price in tokenPrices(of: metered, models: models.sorted()) {
            result += price.inputs
          }
        case .reserved(let reserved):
          for unit in reserved.units {
            let offer = scenario.reference.prices.reserved[reserved.provider]?.models[unit.model]
            guard let offer, let price = offer.unitHour[reserved.term] else { continue }
            result += price.inputs
            for price in overflowPrices(of: reserved, model: unit.model) { result += price.inputs }
          }
        case .fleet(let fleet):
          let hours = scenario.reference.prices.gpuHour(of: fleet.gpu, region: fleet.region)
          for purchase in fleet.purchases { result += hours[purchase]?.inputs ?? [] }
        }
      }
    }
    return result
  }

  /// Where the catalog's values come from, by the path that names them.
  private var provenanceByName: [String: Provenance] {
    var table: [String: Provenance] = [:]
    for (value, provenance) in usedPrices { table[value.name] = provenance }
    for provider in scenario.reference.prices.reserved.values {
      for offer in provider.models.values where table[offer.inputTokensPerMinute.name] == nil {
        table[offer.inputTokensPerMinute.name] = offer.provenance
        table[offer.outputTokensPerMinute.name] = offer.provenance
      }
    }
    for engine in scenario.reference.engines.values {
      for value in engine.calibration.values + engine.calibration.components.map(\.factor) {
        table[value.name] = engine.provenance
      }
    }
    return table
  }

  /// The unit of a value, by the key that names it.
  private func unit(of name: String) -> String {
    let units = [
      ("prices.people", "$ per month"), ("prices.platform", "$ per unit"), ("_share", "share"),
      (".per_kwh", "$ per kWh"), ("per_gigabyte_month", "$ per GB-month"), ("per_gigabyte", "$ per GB"),
      ("per_million_requests", "$ per 1M requests"), ("_per_gpu_month", "$ per GPU and month"),
      ("capex_per_gpu", "$ per GPU"), ("_kw", "kW"), ("bytes_per_", "bytes"), (".gigabytes", "GB"),
      ("per_thousand_missed", "$ per 1,000 requests"), (".costs.people.", "full-time"),
      ("trend_per_month", "per month"), (".volatility", "per year"), (".speed", "per year"),
      ("long_run", "times"), (".steps.", "times"), (".per_month", "$ per month"),
      (".escalate.", "share of answers"), (".shares.", "share of requests"),
      (".components.", "standard deviations"), ("step_time_factor", "times"),
      ("exchange_rates.", "$ per unit"), ("gpu_hour.", "$ per GPU-hour"), ("unit_hour", "$ per unit-hour"),
      (".input_tokens_per_minute", "tokens/min"),
      (".output_tokens_per_minute", "tokens/min"), (".tokens_per_minute", "tokens/min"),
      ("requests_per_minute", "requests/min"), (".seconds_per_", "s"), ("p99_over_median", "times"),
      (".cached_input", "$ per 1M tokens"), (".factor", "factor"), ("term_residual", "share"),
      ("growth_per_month", "per month"),
      ("demand.volume", "factor"), (".rate", "requests/s"), ("_hours", "hours"),
      ("throughput", "output tokens/s"),
      ("efficiency", "share of peak"), ("_seconds", "s"), ("_per_month", "$ per month"), ("one_off", "$"),
      ("discount_rate", "per year"), (".input", "$ per 1M tokens"), (".output", "$ per 1M tokens"),
    ]
    return units.first { name.contains($0.0) }?.1 ?? ""
  }

  /// Requests below which a run's averages are a matter of luck: their standard error is still some 5 %.
  private static let fewRequests = 1000

  /// The share of unfinished requests from which a warning says so: long answers at a window's end are no overload.
  private static let unfinishedTolerance = 0.01
  /// How far the simulated demand may be from the planned one before a reader is told.
  private static let demandTolerance = 0.1

  /// Requests simulated in the first month over those that the rates ask for, without noise; mean over draws.
  private func simulatedShareOfDemand(_ quantities: PlanQuantities) -> Double {
    var (simulated, planned) = (0.0, 0.0)
    for draw in 0..<quantities.draws {
      let demand = self.demand.drawn(quantities.physical[draw], draw: UInt32(draw))
      planned += demand.hourlyRate.reduce(0, +) / 168 * 3600 * demand.level(month: 0)
      simulated += quantities.firstMonthHourly(draw: draw).requests.reduce(0) { $0 + $1.arrived }
    }
    return planned > 0 ? simulated / planned : 1
  }

  /// The scenario's warnings and those that only the run can give.
  func warnings(priced: [PricedOption], quantities: PlanQuantities) -> [String] {
    var warnings = scenario.warnings + dependence.warnings
    let requests = quantities.simulatedRequests / options.count
    if requests < Self.fewRequests {
      warnings.append(
        "Only \(NumberText.count(Double(requests))) requests were simulated for each option: costs per token and "
          + "latencies rest on chance; simulate more windows, longer ones, or more months")
    }
    let coverage = simulatedShareOfDemand(quantities)
    if abs(coverage - 1) > Self.demandTolerance {
      warnings.append(
        "The simulated windows carry \(NumberText.percent(coverage, digits: 0)) of the demand that rates and load curves "
          + "ask for in the first month: simulate more windows, more simulations, or whole weeks")
    }
    for (option, result) in zip(options, priced) where result.serviceLevel < requiredServiceLevel {
      warnings.append(
        "\(option.definition.title) serves \(NumberText.attainment(result.serviceLevel)) of requests within their "
          + "objective, less than the \(NumberText.percent(requiredServiceLevel, digits: 0)) asked for: it is "
          + "not recommended whatever it costs")
    }
    warnings += failureWarnings(priced: priced, quantities: quantities)
    for (option, result) in zip(options, priced) where result.unfinishedShare > Self.unfinishedTolerance {
      warnings.append(
        "\(option.definition.title) cannot keep up: \(NumberText.percent(result.unfinishedShare)) of its requests were "
          + "unfinished \(NumberText.significant(Self.drainLimit.rawValue)) s after their window's end")
    }
    if priced.allSatisfy({ $0.serviceLevel < requiredServiceLevel }) {
      warnings.append("No option serves as asked for, so all of them were compared")
    }
    warnings += notCounted + pathNotes
    warnings += sizes.map(\.sentence)
    warnings += fidelityWarnings(priced: priced, quantities.fidelity)
    warnings += traceWarnings(of: scenario.options)
    warnings += zip(scenario.demand.uses, demand.sources).compactMap { use, source in
      if case .replayed(let replay) = source { traceNote(use, replay) } else { nil }
    }
    return warnings
  }

  /// How a trace became the demand of whole months.
  private func traceNote(_ use: UseCase, _ replay: TraceReplay) -> String? {
    let hours = NumberText.significant(replay.passSeconds / 3600)
    if replay.isAligned {
      let weeks = Int((replay.period / (168 * 3600)).rounded())
      return
        "The trace of \(use.name) gives \(weeks) whole week\(weeks == 1 ? "" : "s"): every month is taken to look like "
        + "one of them, hour by hour"
    }
    let repeats =
      "it is repeated, its arrival times after the first pass drawn anew in stretches of "
      + "\(NumberText.significant(replay.blockSeconds / 60)) minutes"
    if !replay.isFlat {
      return "The trace of \(use.name) covers \(hours) h; under the scenario's load curve \(repeats)"
    }
    let isOnce = demand.isUniformReplay && scenario.horizon.represent.windows == nil
    return
      "The trace \(isOnce ? "" : "of \(use.name) ")covers \(hours) h; every hour of every month is taken to look "
      + "like it, so the daily and weekly shape of the demand is not in these numbers"
      + (isOnce ? "" : "; \(repeats)") + "; a `profile` beside it would give it one"
  }
}
