// SPDX-License-Identifier: GPL-3.0-or-later
// Plans that were once priced or judged wrongly, each with what it must say instead.

import Decision
import Foundation
import Planning
import Scenario
import Testing

@Suite("Plans that once went wrong")
struct BreakEvenRegressionTests {
  /// A plan of one use case of an 8 B model that is served by the options given.
  private func outcome(
    _ options: String, use: String = "rate: 20, input_tokens: 1000, output_tokens: 200",
    growth: String = "0", volume: Double = 1, months: Int = 12,
    represent: String = "{months: 1, windows: 4, window_minutes: 2}",
    baseline: String = "api", sampling: String = "{draws: 4, simulations: 4}"
  ) throws -> PlanResult {
    let text = """
      name: regression
      baseline: \(baseline)
      demand:
        growth_per_month: \(growth)
        volume: \(volume)
        uses:
          chat: {model: llama-3.1-8b, \(use)}
      options:
        api: {chain: [metered: {provider: bedrock}]}
      \(options.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      horizon: {start: 2026-12, months: \(months), represent: \(represent)}
      prices:
        gpu_hour: {h100-sxm: {on-demand: 2, spot: 2}}
        api: {bedrock: {factor: 1, llama-3.1-8b: {input: 0.2, output: 0.2}}}
        reserved: {bedrock-provisioned: {llama-3.1-8b: {unit_hour: 10, \
      input_tokens_per_minute: 100000, output_tokens_per_minute: 100000}}}
      sampling: \(sampling)
      """
    let scenario = try ScenarioLoader.load(bytes: [UInt8](text.utf8), file: "regression.yaml")
    return try PlanModel(scenario, sampling: scenario.sampling).run(
      threads: 2, version: "test", command: "test"
    ).result
  }

  @Test(
    "What is said of another volume is what a plan of that volume says",
    arguments: [("0.25", 0.25), ("0.25", 4), ("-0.2", 0.25), ("-0.2", 4)])
  func otherVolumes(growth: String, volume: Double) throws {
    func result(volume: Double, months: Int) throws -> PlanResult {
      try outcome(
        """
        burst:
          chain:
            - fleet: {gpu: h100-sxm, queue_limit: 0, pools: {llama-3.1-8b: {replicas: 1, max_num_seqs: 64}}}
            - metered: {provider: bedrock}
        """, growth: growth, volume: volume, represent: "{months: \(months), windows: 4, window_minutes: 2}")
    }
    let point = try #require(
      try result(volume: 1, months: 3).alongVolume.first { abs($0.volume - volume) < 1e-9 })
    for (cost, option) in zip(point.medianCost, try result(volume: volume, months: 12).options) {
      #expect(abs(cost / option.totalCost.p50 - 1) < 0.05, "\(option.name): \(cost), \(option.totalCost.p50)")
    }
  }

  @Test("An API that own GPUs overtake pays up to a volume, not always")
  func paysUpTo() throws {
    let result = try outcome(
      "own: {chain: [fleet: {gpu: h100-sxm, pools: {llama-3.1-8b: {replicas: 1}}}]}",
      use: "rate: 2, input_tokens: 1000, output_tokens: 200", baseline: "own")
    let found = try #require(result.breakEvens.first { $0.axis == "volume" })
    // An hour of a GPU costs as much as 10 M tokens; the planned demand is 8.64 M tokens an hour.
    #expect(found.alwaysShare == 0 && found.pays == .upTo)
    #expect(try #require(found.value).p50 > 1.1 && found.finding.hasPrefix("up to 1.1"), "\(found.finding)")
  }

  @Test("Break-even utilization is of the hours that spot GPUs are there")
  func utilizationOfServingHours() throws {
    func utilization(_ fleet: String) throws -> Double {
      let result = try outcome(
        "own: {chain: [fleet: {gpu: h100-sxm, startup_seconds: 0, \(fleet), "
          + "pools: {llama-3.1-8b: {replicas: 1}}}]}", months: 1,
        represent: "{months: 1, windows: 24, window_minutes: 1}", sampling: "{draws: 64, simulations: 64}")
      return try #require(result.breakEvens.first { $0.axis == "utilization" }?.value?.mean)
    }
    let always = try utilization("purchase: on-demand")
    let half = try utilization(
      "purchase: spot, spot: {mean_up_hours: 2, mean_down_hours: 2, notice_seconds: 0}")
    #expect(abs(half / always - 1) < 0.03, "\(half) on spot, \(always) on demand at the same price")
  }

  @Test("A demand of a request in half an hour does not make a fleet serve nothing")
  func littleDemand() throws {
    func utilization(_ rate: String) throws -> Double {
      let result = try outcome(
        "own: {chain: [fleet: {gpu: h100-sxm, pools: {llama-3.1-8b: {replicas: 1}}}]}",
        use: "rate: \(rate), input_tokens: {p10: 300, p90: 2000}, output_tokens: {p10: 50, p90: 500}",
        months: 1)
      return try #require(result.breakEvens.first { $0.axis == "utilization" }?.value?.p50)
    }
    let (little, much) = (try utilization("0.0005"), try utilization("50"))
    #expect(abs(little / much - 1) < 0.1, "\(little) at little demand, \(much) at much")
  }

  @Test("Units with a budget by the day serve no more in five minutes than units with one by the minute")
  func dailyBudget() throws {
    func served(_ window: Int) throws -> Double {
      let result = try outcome(
        """
        units:
          chain:
            - reserved: {provider: bedrock-provisioned, window_seconds: \(window), units: {llama-3.1-8b: 1}}
            - metered: {provider: bedrock}
        """, months: 1, represent: "{months: 1, windows: 4, window_minutes: 5}")
      return result.options[1].supplies[0].requests
    }
    let (minute, day) = (try served(60), try served(86_400))
    #expect(abs(day / minute - 1) < 0.05, "\(minute) requests by the minute, \(day) by the day")
  }

  @Test("A trace that takes four weeks at a quarter of the volume meets spot capacity in all of them")
  func slowTraceOnSpot() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("slow-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    var rows = "TIMESTAMP,ContextTokens,GeneratedTokens\n"
    for hour in 0..<150 {
      let (day, time) = hour.quotientAndRemainder(dividingBy: 24)
      rows += "2024-01-\(day < 9 ? "0" : "")\(day + 1) \(time < 10 ? "0" : "")\(time):00:00,1000,200\n"
    }
    try rows.write(to: file, atomically: true, encoding: .utf8)
    let result = try outcome(
      "own: {chain: [fleet: {gpu: h100-sxm, purchase: spot, spot: {mean_up_hours: 40, mean_down_hours: 1}, "
        + "pools: {llama-3.1-8b: {replicas: 1}}}]}", use: "trace: \(file.path)", months: 1,
      represent: "week")
    let costs = result.alongVolume.map { $0.medianCost[1] }
    let (least, most) = (costs.min() ?? 0, costs.max() ?? 0)
    #expect(least > 0.9 * most, "a fleet of one size costs \(least) to \(most)")
    // A row an hour: at every volume they are all played once.
    let requests = result.options[0].supplies[0].requests
    #expect(abs(requests - 31 * 24) < 1e-6 * requests, "\(requests) requests")
  }

  @Test("More use cases than there are streams for are refused")
  func manyUseCases() {
    let uses = (0..<65).map {
      "    u\($0): {model: llama-3.1-8b, rate: 1, input_tokens: 10, output_tokens: 10}"
    }
    let text = """
      name: many
      demand:
        uses:
      \(uses.joined(separator: "\n"))
      options: {api: {chain: [metered: {provider: bedrock}]}}
      horizon: {start: 2026-12}
      """
    #expect(throws: ScenarioProblems.self) {
      try ScenarioLoader.load(bytes: [UInt8](text.utf8), file: "many.yaml")
    }
  }
}
