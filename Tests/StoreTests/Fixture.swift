// SPDX-License-Identifier: GPL-3.0-or-later
// A small but complete result, and folders that vanish after a test.

import Decision
import Foundation
import Store

/// A folder for one test, removed with everything in it when the test is done.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// Every file with its bytes: what must not change when a file is refused.
  func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: url.path) {
      contents[name] = try Data(contentsOf: url.appending(path: name))
    }
    return contents
  }
}

/// A finished run with two options.
enum Fixture {
  static let createdAt = "2026-02-01T03:00:00Z"
  /// Costs whose means and ranges are those of the options, exact in binary32.
  static let costs: [[Double]] = [[800, 1000.5, 999.5, 1200], [720, 900.25, 899.75, 1080]]

  static func option(_ name: String, mean: Double) -> OptionResult {
    OptionResult(
      name: name, title: "Option “\(name)”", totalCost: spread(mean),
      conditionalValueAtRisk95: mean * 1.4,
      probabilityCheapest: Probability(estimate: 0.75, low: 0.5, high: 0.9), expectedRegret: 12,
      costPerMillionOutput: spread(1), costPerRequest: spread(0.001), servedShare: 1, serviceLevel: 0.97,
      meetsServiceLevel: true, costQuantiles: [], components: [], monthly: [], supplies: [], latency: [])
  }

  static func spread(_ mean: Double) -> Spread {
    Spread(mean: mean, p10: mean * 0.8, p50: mean, p90: mean * 1.2, p95: mean * 1.3)
  }

  static func result(scenario: String = "support", seed: UInt64 = .max, draws: Int = 4) -> PlanResult {
    PlanResult(
      run: RunDescription(
        version: "1.0.0", scenario: scenario, title: "Support; it's “quoted”", scenarioDigest: "aa",
        catalogDigest: "bb", command: "breakeven plan", seed: seed, draws: draws, simulations: 2,
        startMonth: "2026-02", months: 12,
        representation: "168 hours of 1 month", simulatedRequests: 1000),
      decision: DecisionSummary(
        sentence: "Self-host: 75 % sure.", option: "own", baseline: "api",
        probabilityCheapest: Probability(estimate: 0.75, low: 0.5, high: 0.9),
        savingAgainstBaseline: spread(100), expectedRegret: 12,
        requiredServiceLevel: 0.95),
      options: [option("api", mean: 1000), option("own", mean: 900)],
      breakEvens: [
        BreakEven(
          option: "own", against: "api", axis: "volume", finding: "at 0.9×", value: spread(0.9),
          neverShare: 0, alwaysShare: 0),
        BreakEven(
          option: "own", against: "api", axis: "utilization", finding: "never", value: nil, neverShare: 1,
          alwaysShare: 0),
      ],
      alongVolume: [], demand: DemandSummary(hourOfWeekRate: [], useCases: [], monthly: []),
      assumptions: [], warnings: [])
  }

  static func json(_ result: PlanResult) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return try encoder.encode(result)
  }

  /// Saves a run as the program would.
  @discardableResult
  static func save(
    _ result: PlanResult, in store: borrowing RunStore, at createdAt: String = createdAt
  ) throws -> Int64 {
    try store.save(result, json: json(result), costs: costs, createdAt: createdAt)
  }

  /// A new store with runs of these scenarios, a day apart, the first at the start of February.
  static func store(_ path: String, scenarios: [String]) throws -> RunStore {
    let store = try RunStore(path: path)
    for (day, scenario) in scenarios.enumerated() {
      try save(
        result(scenario: scenario, seed: UInt64(day)), in: store,
        at: "2026-02-\(day < 9 ? "0" : "")\(day + 1)T03:00:00Z")
    }
    return store
  }
}
