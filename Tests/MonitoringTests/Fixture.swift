// SPDX-License-Identifier: GPL-3.0-or-later
// A result of two options whose every number a test can set, and folders that vanish.

import Decision
import Foundation

/// A synthetic night.
enum Fixture {
  static func spread(_ p50: Double) -> Spread {
    Spread(mean: p50 * 1.02, p10: p50 * 0.8, p50: p50, p90: p50 * 1.25, p95: p50 * 1.4)
  }

  static func option(_ name: String, p50: Double, chance: Double, title: String? = nil) -> OptionResult {
    let months = ["2026-12", "2027-01"].map { month in
      MonthlyCost(
        month: month, cost: spread(1000),
        components: [
          CostComponent(component: "API input tokens", mean: 500),
          CostComponent(component: "API output tokens", mean: 244),
          CostComponent(component: "People", mean: 256),
        ])
    }
    return OptionResult(
      name: name, title: title ?? "The \(name)", totalCost: spread(p50), conditionalValueAtRisk95: p50 * 1.6,
      probabilityCheapest: Probability(estimate: chance, low: chance - 0.1, high: chance + 0.1),
      expectedRegret: 1, costPerMillionOutput: spread(1), costPerRequest: spread(0.001), servedShare: 1,
      serviceLevel: 0.97, meetsServiceLevel: true, costQuantiles: [], components: [], monthly: months,
      supplies: [], latency: [])
  }

  /// `own` recommended over `api`, which is in use.
  /// - Parameters:
  ///   - chance: P(cheapest) of `own`.
  ///   - p50: its median cost.
  ///   - breakEven: its median break-even by volume.
  static func result(
    recommended: String = "own", chance: Double = 0.7, p50: Double = 1600, breakEven: Double = 1.5,
    never: Double = 0, title: String = "Support"
  ) -> PlanResult {
    // Twice as busy by day as by night, and nothing on Sundays.
    let rates = (0..<168).map { $0 >= 144 ? 0 : $0 % 24 >= 8 && $0 % 24 < 20 ? 2.0 : 1.0 }
    return PlanResult(
      run: RunDescription(
        version: "1.0.0", scenario: "support", title: title, scenarioDigest: "aa", catalogDigest: "bb",
        command: "breakeven plan", seed: 1, draws: 4, simulations: 2, startMonth: "2026-12", months: 2,
        representation: "all", simulatedRequests: 10),
      decision: DecisionSummary(
        sentence: "Take it.", option: recommended, baseline: "api",
        probabilityCheapest: Probability(estimate: chance, low: chance - 0.1, high: chance + 0.1),
        savingAgainstBaseline: spread(400), expectedRegret: 1, requiredServiceLevel: 0.95),
      options: [
        option("api", p50: 2000, chance: 1 - chance, title: "The | API"),
        option("own", p50: p50, chance: chance),
      ],
      breakEvens: [
        BreakEven(
          option: "own", against: "api", axis: "volume", finding: "from", value: spread(breakEven),
          neverShare: never, alwaysShare: 0),
        BreakEven(
          option: "own", against: "api", axis: "utilization", finding: "at", value: spread(1),
          neverShare: 0, alwaysShare: 0),
      ],
      alongVolume: [],
      demand: DemandSummary(
        hourOfWeekRate: rates, useCases: [],
        monthly: [
          MonthlyDemand(month: "2026-12", requests: 3_000_000, inputTokens: 3e9, outputTokens: 6e8),
          MonthlyDemand(month: "2027-01", requests: 6_000_000, inputTokens: 6e9, outputTokens: 12e8),
        ]),
      assumptions: [], warnings: [])
  }
}

/// A folder for one test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "monitoring-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appending(path: name))
  }
}
