// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy tables of how sure a result is, what it hangs on and what finding out is worth. A result without an
// uncertainty analysis has their headers alone.

import Decision
import Uncertainty

extension ReportTables {
  /// One row per option: statistics of its cost with their intervals, budget, dominance.
  static func decision(_ result: PlanResult) -> CSVTable {
    let statistics = ["mean", "p10", "p50", "p90", "cvar95"]
    var table = CSVTable(
      header: ["option"] + statistics.flatMap { intervalColumns("total_cost_\($0)", "usd") } + [
        "probability_above_budget", "probability_above_budget_low", "probability_above_budget_high",
        "first_order_dominated_by", "second_order_dominated_by",
      ])
    for option in result.uncertainty?.options ?? [] {
      let cost = option.cost
      let intervals = [cost.mean, cost.p10, cost.p50, cost.p90, cost.conditionalValueAtRisk95]
      func names(_ order: Dominance) -> CSVTable.Cell {
        let names = option.dominatedBy.filter { $0.order == order }.map(\.option)
        return names.isEmpty ? .empty : .text(names.joined(separator: " "))
      }
      table.append(
        [.text(option.option)]
          + intervals.flatMap { [.dollars($0.value), .dollars($0.low), .dollars($0.high)] }
          + (option.probabilityAboveBudget.map { [.share($0.estimate), .share($0.low), .share($0.high)] }
            ?? [.empty, .empty, .empty]) + [names(.firstOrder), names(.secondOrder)])
    }
    return table
  }

  /// One row per uncertain input and option: the tornado and the first-order indices.
  static func sensitivity(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      header: [
        "input", "kind", "input_p10", "input_p90", "option", "mean_cost_at_p10_usd", "mean_cost_at_p90_usd",
      ] + intervalColumns("first_order_index", "share"))
    for input in result.uncertainty?.inputs ?? [] {
      for effect in input.effects {
        let index = effect.firstOrderIndex
        table.append([
          .text(input.name), .text(input.kind), .number(input.p10, digits: 9), .number(input.p90, digits: 9),
          .text(effect.option), .dollars(effect.costAtP10), .dollars(effect.costAtP90), .share(index.value),
          .share(index.low), .share(index.high),
        ])
      }
    }
    return table
  }

  /// What knowing everything, a group of inputs, and each input is worth, at most.
  static func information(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(header: ["known", "kind", "inputs"] + intervalColumns("worth_at_most", "usd"))
    guard let uncertainty = result.uncertainty else { return table }
    func append(_ known: String, _ kind: String, _ inputs: Int, _ worth: IntervalEstimate) {
      table.append([
        .text(known), .text(kind), .integer(inputs), .dollars(worth.value), .dollars(worth.low),
        .dollars(worth.high),
      ])
    }
    append("everything", "perfect", uncertainty.inputs.count, uncertainty.perfectInformation)
    for group in uncertainty.groups { append(group.name, "group", group.inputs.count, group.information) }
    for input in uncertainty.inputs { append(input.name, "input", 1, input.information) }
    return table
  }

  /// One row per option: how well a fast run predicted the draws that it did not simulate.
  static func fidelity(_ summary: FidelitySummary) -> CSVTable {
    var table = CSVTable(header: [
      "option", "simulated_draws", "predicted_draws", "cost_error_share", "cost_error_limit_share",
      "service_level_error_share",
    ])
    for option in summary.options {
      table.append([
        .text(option.option), .integer(summary.simulated), .integer(summary.predicted),
        .share(option.costError), .share(summary.errorLimit), .share(option.serviceLevelError),
      ])
    }
    return table
  }

  /// One row per round of futures: how many, what they recommended, and how sure that was. The last one's ending says
  /// why there was no other.
  static func convergence(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      header: ["round", "replicates", "simulations", "futures", "option"]
        + intervalColumns("mean_cost", "usd") + ["mean_cost_half_width_share"]
        + [
          "probability_cheapest", "probability_cheapest_low", "probability_cheapest_high",
          "probability_cheapest_half_width", "ending",
        ])
    guard let convergence = result.convergence else { return table }
    for (place, round) in convergence.rounds.enumerated() {
      let likely = round.probabilityCheapest
      table.append(
        [
          .integer(place + 1), .integer(round.replicates), .integer(round.simulations),
          .integer(round.draws), .text(round.option),
        ]
          + (round.meanCost.map { [.dollars($0.value), .dollars($0.low), .dollars($0.high)] }
            ?? [.empty, .empty, .empty]) + [
            round.meanCostHalfWidth.map { .share($0) } ?? .empty, .share(likely.estimate),
            .share(likely.low), .share(likely.high), .share(round.probabilityHalfWidth),
            place == convergence.rounds.count - 1 ? .text(convergence.ending.rawValue) : .empty,
          ])
    }
    return table
  }

  private static func intervalColumns(_ name: String, _ unit: String) -> [String] {
    ["\(name)_\(unit)", "\(name)_low_\(unit)", "\(name)_high_\(unit)"]
  }
}
