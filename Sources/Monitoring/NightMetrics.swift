// SPDX-License-Identifier: GPL-3.0-or-later
// A night as gauges, for dashboards and for alerts of another system: also that it did not run at all.

import Decision
import Foundation

extension Night {
  /// The night in OpenMetrics text.
  public var metrics: String {
    var text = OpenMetricsText()
    let planned = scenarios.compactMap { night in night.planned.map { (name: night.name, planned: $0) } }
    addCosts(planned, to: &text)
    addDecisions(planned, to: &text)
    addUsage(planned, to: &text)
    text.add(
      "breakeven_alert", unit: nil, help: "1 where a threshold that the scenario sets was crossed.",
      planned.flatMap { name, planned in
        planned.thresholds.kinds.map { kind in
          (
            [("scenario", name), ("threshold", kind.rawValue)],
            planned.alerts.contains { $0.kind == kind } ? 1 : 0
          )
        }
      })
    text.add(
      "breakeven_exit_code", unit: nil,
      help: "0 where all is well, 3 where a threshold was crossed, else why the scenario failed.",
      scenarios.map { ([("scenario", $0.name)], Double($0.exitCode)) })
    text.add(
      "breakeven_last_success_timestamp_seconds", unit: "seconds",
      help: "When the scenario was last planned by night, since 1970.",
      scenarios.compactMap { night in
        night.lastSuccess.flatMap(Self.seconds).map { ([("scenario", night.name)], $0) }
      })
    text.add(
      "breakeven_night_finished_timestamp_seconds", unit: "seconds",
      help: "When the night ended, since 1970.",
      [([], finishedSeconds)])
    return text.text
  }

  private typealias Row = (name: String, planned: ScenarioNight.Planned)

  private static func options(
    _ planned: [Row], _ value: (OptionResult) -> Double
  ) -> [(labels: [(String, String)], value: Double)] {
    planned.flatMap { name, planned in
      planned.result.options.map { ([("scenario", name), ("option", $0.name)], value($0)) }
    }
  }

  private func addCosts(_ planned: [Row], to text: inout OpenMetricsText) {
    text.add(
      "breakeven_cost_dollars", unit: "dollars",
      help: "Cost over the horizon, discounted, by quantile over futures.",
      planned.flatMap { name, planned in
        planned.result.options.flatMap { option in
          let cost = option.totalCost
          return [("0.1", cost.p10), ("0.5", cost.p50), ("0.9", cost.p90), ("0.95", cost.p95)].map {
            ([("scenario", name), ("option", option.name), ("quantile", $0.0)], $0.1)
          }
        }
      })
    text.add(
      "breakeven_mean_cost_dollars", unit: "dollars", help: "Mean cost over the horizon, discounted.",
      Self.options(planned) { $0.totalCost.mean })
  }

  private func addDecisions(_ planned: [Row], to text: inout OpenMetricsText) {
    text.add(
      "breakeven_probability_cheapest_ratio", unit: "ratio",
      help: "Probability that the option is the cheapest of those that serve well enough.",
      Self.options(planned) { $0.probabilityCheapest.estimate })
    text.add(
      "breakeven_service_level_ratio", unit: "ratio",
      help: "Share of requests served within their objective.", Self.options(planned) { $0.serviceLevel })
    text.add(
      "breakeven_recommended", unit: nil, help: "1 for the option that the decision recommends.",
      planned.flatMap { name, planned in
        planned.result.options.map {
          ([("scenario", name), ("option", $0.name)], $0.name == planned.result.decision.option ? 1 : 0)
        }
      })
    text.add(
      "breakeven_break_even_volume_ratio", unit: "ratio",
      help: "Median break-even by volume, as a multiple of the planned demand.",
      planned.flatMap { name, planned in
        planned.result.volumeBreakEvens.map {
          (
            [("scenario", name), ("option", $0.breakEven.option), ("against", $0.breakEven.against)],
            $0.value
          )
        }
      })
  }

  private func addUsage(_ planned: [Row], to text: inout OpenMetricsText) {
    func add(
      _ name: String, _ unit: String, _ help: String, _ value: (UsageAgainstPlan) -> Double?
    ) {
      text.add(
        name, unit: unit, help: help,
        planned.compactMap { name, planned in
          planned.usage.flatMap(value).map { ([("scenario", name)], $0) }
        })
    }
    add("breakeven_actual_spend_dollars", "dollars", "What the usage logs say was spent.") {
      $0.measured.dollars
    }
    add("breakeven_planned_spend_dollars", "dollars", "What the plan has for the time of the usage logs.") {
      $0.plannedSpend
    }
    add("breakeven_actual_requests", "requests", "Requests of the usage logs.") { $0.measured.requests }
    add(
      "breakeven_planned_requests", "requests", "Requests that the plan has for the time of the usage logs."
    ) {
      $0.plannedRequests
    }
  }

  /// Seconds since 1970 of a time as the store has it.
  private static func seconds(_ text: String) -> Double? {
    (try? Date(text, strategy: .iso8601)).map(\.timeIntervalSince1970)
  }
}
