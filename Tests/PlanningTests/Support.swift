// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of a plan share: scenarios from text, runs, and the arithmetic of months.

import Decision
import Foundation
import Planning
import Quantities
import Scenario
import Testing

/// Loads a scenario text and makes it ready to run.
func plan(
  _ text: String, overrides: [String] = [], seed: UInt64? = nil, draws: Int? = nil
) throws -> PlanModel {
  let scenario = try ScenarioLoader.load(
    bytes: [UInt8](text.utf8), file: "scenario.yaml", overrides: overrides)
  return try PlanModel(scenario, sampling: try scenario.sampling.with(seed: seed, draws: draws))
}

/// Runs a scenario text.
func run(
  _ text: String, overrides: [String] = [], seed: UInt64? = nil, threads: Int = 2
) throws -> PlanOutcome {
  try plan(text, overrides: overrides, seed: seed).run(threads: threads, version: "test") {}
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// Hours of each month of a horizon.
func hours(from start: String, months: Int) throws -> [Double] {
  let first = try #require(CalendarMonth(start))
  return (0..<months).map { first.advanced(by: $0).hours }
}

/// Records an issue where `measured` is further from `expected` than a share of it.
func expectClose(
  _ measured: Double, _ expected: Double, within share: Double, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    abs(measured - expected) <= share * abs(expected), "\(what) \(measured), expected \(expected)",
    sourceLocation: sourceLocation)
}

/// A scenario: one use case of 1,000 input and 200 output tokens, and whatever else is asked.
func scenario(
  rate: String = "0.2", growth: String = "0", volume: String = "1", noise: String = "{day: 0, hour: 0}",
  use: String = "profile: flat", options: String, start: String = "2026-12", months: Int = 1,
  represent: String = "{months: 1, windows: 4, window_minutes: 30}", prices: String,
  discountRate: String = "0", sampling: String = "{draws: 16, simulations: 8, seed: 11}",
  baseline: String = "api"
) -> String {
  """
  name: test
  demand:
    growth_per_month: \(growth)
    volume: \(volume)
    noise: \(noise)
    uses:
      chat:
        model: llama-3.1-8b
        rate: \(rate)
        input_tokens: 1000
        output_tokens: 200
        \(use.split(separator: "\n").joined(separator: "\n      "))
  options:
  \(options.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
  baseline: \(baseline)
  horizon: {start: \(start), months: \(months), represent: \(represent)}
  prices:
  \(prices.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
  discount_rate: \(discountRate)
  sampling: \(sampling)

  """
}

/// Pay per token.
let api = "api: {chain: [{metered: {provider: bedrock}}]}\n"

/// Two replicas of one H100 that are always there.
let fleet = """
  own:
    chain:
      - fleet:
          gpu: h100-sxm
          purchase: on-demand
          pools:
            llama-3.1-8b: {replicas: 2, weights: fp8, kv_cache: fp8}

  """

/// Token prices, $ per 1M, and a GPU-hour's.
func prices(input: String = "0.22", output: String = "0.88", gpuHour: String = "3", factor: String = "1")
  -> String
{
  """
  gpu_hour:
    h100-sxm: {on-demand: \(gpuHour)}
  api:
    bedrock:
      factor: \(factor)
      llama-3.1-8b: {input: \(input), output: \(output)}

  """
}
