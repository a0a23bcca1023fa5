// SPDX-License-Identifier: GPL-3.0-or-later
// Prices that move over the months: what a plan with them costs follows from what it costs without, month by month.

import Decision
import Foundation
import Planning
import Quantities
import Scenario
import Testing

@Suite("Price paths")
struct PricePathTests {
  /// An API and a fleet over six months, with nothing uncertain but what `prices` and `paths` say.
  private func text(_ paths: String, prices: String = prices(), options: String = api + fleet) -> String {
    scenario(
      rate: "0.5", options: options, months: 6, represent: "{months: 1, windows: 2, window_minutes: 10}",
      prices: prices, sampling: "{draws: 64, simulations: 2, seed: 3}")
      + (paths.isEmpty ? "" : "price_paths: {\(paths)}\n")
  }

  /// Mean cost of each month of an option, $.
  private func months(_ outcome: PlanOutcome, _ option: String) throws -> [Double] {
    let found = outcome.result.options.first { $0.name == option }
    return try #require(found).monthly.map(\.cost.mean)
  }

  @Test("steps multiply a price from their month on, and only the prices they name")
  func steps() throws {
    let plain = try run(text(""))
    let moved = try run(text("cut: {of: prices.api.bedrock.factor, steps: {2027-02: 0.8, 2027-04: 0.5}}"))
    let (before, after) = (try months(plain, "api"), try months(moved, "api"))
    for (month, factor) in [1.0, 1, 0.8, 0.8, 0.5, 0.5].enumerated() {
      expectClose(after[month], before[month] * factor, within: 1e-12)
    }
    #expect(try months(plain, "own") == months(moved, "own"))
  }

  @Test("levels stand in the place of the price drawn")
  func levels() throws {
    let uncertain = prices(gpuHour: "{p10: 2, p90: 4}")
    let moved = try run(
      text("quote: {of: prices.gpu_hour.h100-sxm, levels: {2026-01: 3, 2027-03: 1.5}}", prices: uncertain))
    let plain = try run(text(""))
    let (before, after) = (try months(plain, "own"), try months(moved, "own"))
    for (month, factor) in [1.0, 1, 1, 0.5, 0.5, 0.5].enumerated() {
      expectClose(after[month], before[month] * factor, within: 1e-12)
    }
  }

  @Test("a trend compounds from month to month")
  func trend() throws {
    let plain = try run(text(""))
    let moved = try run(text("fall: {of: [prices.gpu_hour], trend_per_month: -0.03}"))
    for (month, cost) in try months(moved, "own").enumerated() {
      expectClose(cost, try months(plain, "own")[month] * pow(0.97, Double(month)), within: 1e-12)
    }
  }

  @Test("a mean-reverting price has the moments of its process in every month")
  func reverting() throws {
    let path = "market: {of: prices.gpu_hour, mean_reverting: {speed: 2, volatility: 0.4, long_run: 0.7}}"
    let moved = try run(text(path).replacing("draws: 64", with: "draws: 4096"))
    let plain = try run(text(""))
    let option = try #require(moved.result.options.first { $0.name == "own" })
    for month in 0..<6 {
      let time = Double(month) / 12
      let median = exp(log(0.7) * (1 - exp(-2 * time)))
      let deviation = 0.4 * ((1 - exp(-4 * time)) / 4).squareRoot()
      let (cost, before) = (option.monthly[month].cost, try months(plain, "own")[month])
      expectClose(cost.p50, before * median, within: 0.02, "median of month \(month)")
      expectClose(cost.p90 / cost.p50, exp(1.2816 * deviation), within: 0.03, "P90 of month \(month)")
    }
  }

  @Test("INV-8: chance in prices is the same on any threads, and for every path whatever others there are")
  func deterministic() throws {
    let market = "market: {of: prices.gpu_hour, mean_reverting: {speed: 1, volatility: 0.5}}"
    let other = "tokens: {of: prices.api, mean_reverting: {speed: 1, volatility: 0.5}}"
    let one = try run(text(market), threads: 1)
    #expect(try run(text(market), threads: 3).costs == one.costs)
    let both = try run(text(other + ", " + market))
    #expect(both.costs[1] == one.costs[1] && both.costs[0] != one.costs[0])
    #expect(try run(text(market), overrides: ["sampling.seed=4"]).costs[1] != one.costs[1])
  }

  @Test("prices of one path move together, and each follows a path once")
  func shared() throws {
    let batch = """
      api: {chain: [{metered: {provider: bedrock}}]}
      batch: {chain: [{metered: {provider: bedrock, tier: batch, turnaround_hours: 1}}]}

      """
    let path = "all: {of: prices.api.bedrock, mean_reverting: {speed: 1, volatility: 0.5}}"
    for price in ["0.88", "{p10: 0.5, p90: 1.2}"] {
      let half = prices(input: price, output: price).replacing(
        "output: \(price)", with: "output: \(price), batch_factor: 0.5")
      let outcome = try run(
        text(path, prices: half, options: batch).replacing(
          "output_tokens: 200", with: "output_tokens: 200\n      deadline_hours: 24"))
      for (whole, part) in zip(outcome.costs[0], outcome.costs[1]) {
        expectClose(part, whole / 2, within: 1e-9)
      }
    }
  }

  @Test("what is committed keeps the price of its signing until it is renewed")
  func committed() throws {
    let committed = """
      own:
        chain:
          - fleet:
              gpu: h100-sxm
              purchase: {committed-1-year: 1, on-demand: rest}
              pools:
                llama-3.1-8b: {replicas: 2, weights: fp8}
      units:
        chain:
          - reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}, term: 1-month}
          - metered: {provider: bedrock}

      """
    let own =
      prices().replacing("{on-demand: 3}", with: "{on-demand: 3, committed-1-year: 2}") + """
        reserved:
          bedrock-provisioned:
            llama-3.1-8b: {unit_hour: 10, input_tokens_per_minute: 100000, output_tokens_per_minute: 100000}

        """
    func plan(_ paths: String) throws -> PlanOutcome {
      try run(text(paths, prices: own, options: api + committed).replacing("months: 6", with: "months: 15"))
    }
    let plain = try plan("")
    let moved = try plan("fall: {of: [prices.gpu_hour, prices.reserved], trend_per_month: -0.02}")
    func component(_ outcome: PlanOutcome, _ option: Int, _ name: String, _ month: Int) throws -> Double {
      try #require(
        outcome.result.options[option].monthly[month].components.first { $0.component == name }
      ).mean
    }
    for month in 0..<15 {
      let signed = pow(0.98, Double(month / 12 * 12))
      expectClose(
        try component(moved, 1, "GPU-hours, committed-1-year", month),
        try component(plain, 1, "GPU-hours, committed-1-year", month) * signed, within: 1e-12)
      let today = pow(0.98, Double(month))
      for (option, name) in [(1, "GPU-hours, on-demand"), (2, "Reserved units")] {
        expectClose(
          try component(moved, option, name, month), try component(plain, option, name, month) * today,
          within: 1e-12)
      }
    }
    // Nine more months are owed, at the price of the second signing.
    expectClose(
      try component(moved, 1, "Commitments after the horizon", 14),
      try component(plain, 1, "Commitments after the horizon", 14) * pow(0.98, 12), within: 1e-12)
  }

  @Test("a reader is told what moves, and what was said to move but is not paid")
  func notes() throws {
    let warnings = try run(
      text(
        "fall: {of: prices.gpu_hour.h100-sxm, trend_per_month: -0.02}, idle: {of: prices.gpu_hour.b200, "
          + "steps: {2027-01: 0.5}}")
    ).result.warnings
    let said = warnings.first { $0.hasPrefix("Prices move over the horizon: ") }
    #expect(said?.contains("prices.gpu_hour.h100-sxm (−2.0") == true, "\(warnings)")
    #expect(warnings.contains { $0.hasPrefix("price_paths.idle: no option pays a price that follows it") })
  }
}
