// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy tables of how sure a result is, what it hangs on and what finding out is worth. A result without an
// uncertainty analysis has their headers alone.

import Decision
import Uncertainty

extension ReportTables {
  /// One row per option: statistics of its cost with their intervals, budget, dominance.
  static func decision(_ result: PlanResult) -> CSVTable {
    let statistics = [
      ("mean", "Mean"), ("p10", "10th percentile"), ("p50", "Median"), ("p90", "90th percentile"),
      ("cvar95", "Mean of the worst 5 %"),
    ]
    var table = CSVTable(
      columns: [.option]
        + statistics.flatMap { name, words in
          interval("total_cost_\(name)", "usd", unit: "USD", "\(words) of the cost, discounted.")
        } + chance("probability_above_budget", "costing more than the budget; empty without one") + [
          .init(
            "first_order_dominated_by", .string,
            "Options that everybody should prefer by cost, separated by spaces."),
          .init(
            "second_order_dominated_by", .string,
            "Options that everybody who dislikes risk should prefer, separated by spaces."),
        ], meaning: "How well an option's cost is known.", key: ["option"])
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
      columns: [
        .init("input", .string, "The path of the uncertain value."),
        .init("kind", .string, "physical: it changes what is simulated; price: it does not."),
        .init("input_p10", .number, "Its 10th percentile, in its own unit."),
        .init("input_p90", .number, "Its 90th percentile, in its own unit."), .option,
        .init(
          "mean_cost_at_p10_usd", .number, unit: "USD", "Expected cost with the input at its 10th percentile."
        ),
        .init(
          "mean_cost_at_p90_usd", .number, unit: "USD", "Expected cost with the input at its 90th percentile."
        ),
      ]
        + interval(
          "first_order_index", "share", unit: "share",
          "The cost's variance that knowing the input alone removes."),
      meaning: "What an uncertain input does to an option's cost.")
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
    var table = CSVTable(
      columns: [
        .init("known", .string, "What is found out: everything, a group of inputs, or one."),
        .init("kind", .string, "perfect, group or input."),
        .init("inputs", .integer, unit: "inputs", "How many inputs that is."),
      ] + interval("worth_at_most", "usd", unit: "USD", "What knowing it before deciding is worth, at most."),
      meaning: "What finding something out is worth.")
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
    var table = CSVTable(
      columns: [
        .option, .init("simulated_draws", .integer, unit: "draws", "Draws that were simulated."),
        .init("predicted_draws", .integer, unit: "draws", "Draws that were predicted from them."),
        .share("cost_error_share", "Error of predicted costs where both are known, of the cost."),
        .share("cost_error_limit_share", "The error up to which predictions are used."),
        .share("service_level_error_share", "Error of the predicted share served in time."),
      ], meaning: "How well a fast run predicted an option's draws that it did not simulate.", key: ["option"]
    )
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
      columns: [
        .init("round", .integer, "The round, from 1."),
        .init("replicates", .integer, "Independent sets of futures."),
        .init("simulations", .integer, "Draws of the physical inputs that were simulated or predicted."),
        .init("futures", .integer, "Futures priced."), .option,
      ] + interval("mean_cost", "usd", unit: "USD", "Mean cost of the recommended option.") + [
        .share("mean_cost_half_width_share", "Half the interval's width, of the mean cost.")
      ] + chance("probability_cheapest", "the recommended option being the cheapest") + [
        .share("probability_cheapest_half_width", "Half the interval's width."),
        .init("ending", .string, "Why there was no further round; in the last row alone."),
      ], meaning: "A round of futures, and what it recommended.", key: ["round"])
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
}
