// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy tables of how options serve: what each supply did, and how long requests took.

import Decision

extension ReportTables {
  /// The states a fleet's hours always have a column for; others follow in the order of their names.
  static let states = ["busy", "idle", "booting", "draining"]

  static func supplies(_ result: PlanResult) -> CSVTable {
    let named = Set(result.options.flatMap(\.supplies).flatMap(\.gpuHours).map(\.state))
    let states = Self.states + named.subtracting(Self.states).sorted()
    var table = CSVTable(
      columns: [
        .option, .init("supply", .string, "The supply's name."),
        .init("kind", .string, "What it is: metered, reserved or fleet."),
        .init("requests", .number, unit: "requests", "Requests it finished."),
        .init("input_tokens", .number, unit: "tokens", "Prompt tokens it was given."),
        .init("output_tokens", .number, unit: "tokens", "Tokens it generated."),
        .init(
          "recomputed_tokens", .number, unit: "tokens",
          "Tokens computed again after a preemption or an interruption."),
      ]
        + states.map {
          .init(
            "gpu_hours_\($0)", .number, unit: "GPU-hours", "GPU-hours paid for while \($0); 0 without GPUs.")
        } + [
          .init("unit_hours", .number, unit: "unit-hours", "Hours of reserved units paid for."),
          .share("utilization_share", "What is used of what is paid for; empty for a metered supply."),
          .init(
            "cached_input_tokens", .number, unit: "tokens",
            "Prompt tokens that a cache held; empty where there is none."),
          .init(
            "interrupted_requests", .number, unit: "requests",
            "Times a request was taken from a replica that went away; empty without GPUs."),
          .init(
            "throttled_answers", .number, unit: "answers",
            "Answers \u{201C}too many requests\u{201D} (429) after which it was asked again; empty for fleets."
          ),
          .init(
            "pay_as_you_go_requests", .number, unit: "requests",
            "Requests beyond reserved units that were paid by the token; empty for other supplies."),
          .init(
            "committed_gpus", .integer, unit: "GPUs", "GPUs paid for in every hour; empty where none are."),
          .init(
            "committed_hours_used", .number, unit: "GPU-hours", "Hours of them that were needed."),
          .init(
            "committed_hours_unused", .number, unit: "GPU-hours", "Hours of them that were not."),
        ], meaning: "What a supply of an option did over the horizon, mean over futures.",
      key: ["option", "supply"])
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
      columns: [
        .option, .useCase,
        .init("metric", .string, "time_to_first_token, time_per_output_token or end_to_end."),
        .init("p50_ms", .number, unit: "ms", "Median over all simulated requests."),
        .init("p90_ms", .number, unit: "ms", "90th percentile."),
        .init("p99_ms", .number, unit: "ms", "99th percentile."),
        .init("objective_ms", .number, unit: "ms", "What it may take; empty where nothing is asked for."),
        .share("served_within_objective_share", "The use case's requests served within all its objectives."),
      ], meaning: "How long the requests of a use case take under an option.",
      key: ["option", "use_case", "metric"])
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
}
