// SPDX-License-Identifier: GPL-3.0-or-later
// A result as a year's plan would give it: seven options, plausible prices, one option that is cheap but too slow.
// Made by formulas, so that tests can change its inputs.

import Decision
import Foundation

/// A synthetic result.
enum Fixture {
  /// How one option of the fixture costs and serves.
  struct Plan {
    var name: String
    var title: String
    /// Median total cost, $.
    var median: Double
    /// Standard deviation of its logarithm.
    var sigma: Double
    /// The share of the cost that does not grow with volume.
    var fixed: Double
    var serviceLevel: Double
    /// How much slower than the first option it answers.
    var slowness: Double
    /// Component names with their shares, largest first.
    var parts: [(String, Double)]
    var supplies: [SupplyResult]
  }

  static let months = [
    "2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05", "2027-06", "2027-07", "2027-08",
    "2027-09",
    "2027-10", "2027-11",
  ]

  static func fleet(_ name: String, _ hours: [Double], requests: Double) -> SupplyResult {
    SupplyResult(
      name: name, kind: "fleet", requests: requests, inputTokens: requests * 1310,
      outputTokens: requests * 241,
      recomputedTokens: requests * 3.1,
      gpuHours: zip(["busy", "idle", "booting", "draining"], hours).map { StateHours(state: $0, hours: $1) },
      unitHours: 0, utilization: hours[0] / hours.reduce(0, +))
  }

  static func metered(_ name: String, requests: Double) -> SupplyResult {
    SupplyResult(
      name: name, kind: "metered", requests: requests, inputTokens: requests * 1310,
      outputTokens: requests * 241,
      recomputedTokens: 0, gpuHours: [], unitHours: 0, utilization: nil)
  }

  static let plans = [
    Plan(
      name: "bedrock-on-demand", title: "Bedrock on demand", median: 428_000, sigma: 0.21, fixed: 0.02,
      serviceLevel: 0.9931, slowness: 1,
      parts: [("API input tokens", 0.58), ("API output tokens", 0.40), ("Observability", 0.02)],
      supplies: [metered("bedrock", requests: 7.6e8)]),
    Plan(
      name: "all-on-maverick", title: "No routing: everything on Maverick, on demand", median: 641_000,
      sigma: 0.21,
      fixed: 0.015, serviceLevel: 0.9874, slowness: 1.35,
      parts: [("API input tokens", 0.61), ("API output tokens", 0.375), ("Observability", 0.015)],
      supplies: [metered("bedrock", requests: 7.6e8)]),
    Plan(
      name: "self-hosted-bf16", title: "Self-hosted H100s, BF16", median: 836_000, sigma: 0.15, fixed: 0.97,
      serviceLevel: 0.9962, slowness: 0.8,
      parts: [
        ("GPU-hours, on demand", 0.84), ("Operations people", 0.09), ("Platform", 0.02),
        ("One-off migration", 0.05),
      ],
      supplies: [fleet("h100", [91_200, 124_100, 380, 120], requests: 7.58e8)]),
    Plan(
      name: "self-hosted-fp8", title: "Self-hosted H100s, FP8", median: 447_000, sigma: 0.17, fixed: 0.96,
      serviceLevel: 0.9718, slowness: 0.9,
      parts: [
        ("GPU-hours, on demand", 0.71), ("Operations people", 0.16), ("Platform", 0.03),
        ("One-off migration", 0.10),
      ],
      supplies: [fleet("h100", [67_300, 46_100, 210, 60], requests: 7.55e8)]),
    Plan(
      name: "spot-fp8", title: "FP8 on spot, on-demand fallback", median: 318_000, sigma: 0.20, fixed: 0.88,
      serviceLevel: 0.9413, slowness: 1.8,
      parts: [
        ("GPU-hours, spot", 0.44), ("Operations people", 0.27), ("One-off migration", 0.15),
        ("GPU-hours, on demand", 0.07), ("Platform", 0.05), ("API output tokens", 0.02),
      ],
      supplies: [
        fleet("spot", [61_900, 38_200, 5_900, 2_100], requests: 6.9e8),
        fleet("fallback", [6_200, 2_900, 1_450, 300], requests: 5.1e7), metered("burst", requests: 1.4e7),
      ]),
    Plan(
      name: "provisioned", title: "Provisioned Throughput with spill-over", median: 702_000, sigma: 0.08,
      fixed: 0.86,
      serviceLevel: 0.9894, slowness: 0.95,
      parts: [("Provisioned unit-hours", 0.87), ("API input tokens", 0.08), ("API output tokens", 0.05)],
      supplies: [
        SupplyResult(
          name: "provisioned", kind: "reserved", requests: 6.4e8, inputTokens: 8.4e11, outputTokens: 1.5e11,
          recomputedTokens: 0, gpuHours: [], unitHours: 26_280, utilization: 0.38),
        metered("spill-over", requests: 1.2e8),
      ]),
    Plan(
      name: "base-with-burst", title: "Self-hosted FP8 base, API burst", median: 341_000, sigma: 0.16,
      fixed: 0.55,
      serviceLevel: 0.9837, slowness: 0.95,
      parts: [
        ("GPU-hours, on demand", 0.37), ("API input tokens", 0.23), ("API output tokens", 0.17),
        ("Operations people", 0.14), ("One-off migration", 0.07), ("Platform", 0.02),
      ],
      supplies: [
        fleet("base", [24_800, 10_050, 90, 25], requests: 4.4e8), metered("burst", requests: 3.2e8),
      ]),
  ]

  /// The standard normal quantile, by bisection on the error function: slow and plain.
  static func normalQuantile(_ p: Double) -> Double {
    var (low, high) = (-6.0, 6.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// A lognormal distribution's summary.
  static func spread(median: Double, sigma: Double) -> Spread {
    let at = { (p: Double) in median * exp(sigma * normalQuantile(p)) }
    return Spread(
      mean: median * exp(sigma * sigma / 2), p10: at(0.1), p50: median, p90: at(0.9), p95: at(0.95))
  }

  /// Shares of being the cheapest at a volume: the lower the cost, the larger.
  static func chances(at volume: Double) -> [Double] {
    let weights = plans.map { plan in
      exp(
        -9
          * log(
            plan.median * (plan.fixed + (1 - plan.fixed) * volume) * max(1, pow(volume, plan.fixed * 0.45))))
    }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  static func latency(_ plan: Plan) -> [LatencyResult] {
    let uses: [(String, Double, Double, Double, Double)] = [
      ("classify", 92, 8.5, 800, 60), ("extract", 240, 14, 2000, 60), ("reason", 410, 21, 3000, 60),
    ]
    return uses.enumerated().map { index, use in
      let (name, first, each, firstLimit, eachLimit) = use
      let slow = plan.slowness
      return LatencyResult(
        useCase: name,
        timeToFirstToken: Percentiles(
          p50: first * slow, p90: first * slow * 2.1, p99: first * slow * slow * 4.7 + Double(index) * 120),
        timePerOutputToken: Percentiles(
          p50: each * slow, p90: each * slow * 1.4, p99: each * slow * slow * 2.2),
        endToEnd: Percentiles(
          p50: first + each * 200 * slow, p90: first + each * 500 * slow, p99: first + each * 900 * slow),
        timeToFirstTokenLimit: firstLimit, timePerOutputTokenLimit: eachLimit,
        serviceLevel: min(1, plan.serviceLevel + 0.008 - 0.009 * Double(index)))
    }
  }

  static func option(_ plan: Plan) -> OptionResult {
    let cost = spread(median: plan.median, sigma: plan.sigma)
    let quantiles = (0...100).map { percent in
      plan.median * exp(plan.sigma * normalQuantile(min(0.998, max(0.002, Double(percent) / 100))))
    }
    let undiscounted = cost.mean * 1.037
    let growth = months.indices.map { 1 + 0.024 * Double($0) * (1 - plan.fixed) }
    let monthly = months.enumerated().map { index, month -> MonthlyCost in
      let parts = plan.parts.map { name, share -> CostComponent in
        if name == "One-off migration" {
          return CostComponent(component: name, mean: index == 0 ? undiscounted * share : 0)
        }
        return CostComponent(
          component: name, mean: undiscounted * share * growth[index] / growth.reduce(0, +))
      }
      let mean = parts.map(\.mean).reduce(0, +)
      return MonthlyCost(
        month: month, cost: spread(median: mean / exp(plan.sigma * plan.sigma / 2), sigma: plan.sigma),
        components: parts)
    }
    let index = plans.firstIndex { $0.name == plan.name } ?? 0
    let chance = chances(at: 1)[index]
    return OptionResult(
      name: plan.name, title: plan.title, totalCost: cost,
      conditionalValueAtRisk95: cost.p95 * (1 + plan.sigma * 0.35),
      probabilityCheapest: Probability(
        estimate: chance, low: max(0, chance - 0.02), high: min(1, chance + 0.02)),
      expectedRegret: cost.mean - 309_000,
      costPerMillionOutput: spread(median: plan.median / 1.831e5, sigma: plan.sigma),
      costPerRequest: spread(median: plan.median / 7.6e8, sigma: plan.sigma), servedShare: 0.9998,
      serviceLevel: plan.serviceLevel, meetsServiceLevel: plan.serviceLevel >= 0.95, costQuantiles: quantiles,
      components: plan.parts.map { CostComponent(component: $0.0, mean: undiscounted * $0.1) },
      monthly: monthly,
      supplies: plan.supplies, latency: latency(plan))
  }

  static let breakEvens = [
    BreakEven(
      option: "base-with-burst", against: "bedrock-on-demand", axis: "volume",
      finding: "pays from 0.62× the planned demand on", value: spread(median: 0.62, sigma: 0.2),
      neverShare: 0.02,
      alwaysShare: 0.05),
    BreakEven(
      option: "self-hosted-fp8", against: "bedrock-on-demand", axis: "volume",
      finding: "pays from 1.07× the planned demand on", value: spread(median: 1.07, sigma: 0.22),
      neverShare: 0.06,
      alwaysShare: 0),
    BreakEven(
      option: "self-hosted-fp8", against: "bedrock-on-demand", axis: "utilization",
      finding: "pays from 58 % of the fleet's saturated throughput on",
      value: spread(median: 0.58, sigma: 0.2),
      neverShare: 0.06, alwaysShare: 0),
    BreakEven(
      option: "self-hosted-bf16", against: "bedrock-on-demand", axis: "volume",
      finding: "pays from 2.2× the planned demand on, which needs a second pool of Maverick replicas",
      value: spread(median: 2.2, sigma: 0.18), neverShare: 0.31, alwaysShare: 0),
    BreakEven(
      option: "spot-fp8", against: "bedrock-on-demand", axis: "volume",
      finding: "pays from 0.7× the planned demand on, and misses the service level all the way",
      value: spread(median: 0.7, sigma: 0.25), neverShare: 0.04, alwaysShare: 0.02),
    BreakEven(
      option: "all-on-maverick", against: "bedrock-on-demand", axis: "volume",
      finding: "never: it costs more per token at every volume", value: nil, neverShare: 1, alwaysShare: 0),
    BreakEven(
      option: "provisioned", against: "bedrock-on-demand", axis: "volume",
      finding: "pays from 1.9× the planned demand on", value: spread(median: 1.9, sigma: 0.12),
      neverShare: 0.12,
      alwaysShare: 0),
  ]

  static let assumptions = [
    Assumption(
      name: "demand.growth_per_month", kind: "physical", distribution: "lognormal, P10 0.01, P90 0.05",
      p10: 0.01,
      p50: 0.0224, p90: 0.05, unit: "per month", source: "scenario", verifiedOn: nil),
    Assumption(
      name: "demand.volume", kind: "physical", distribution: "PERT 0.75 … 1 … 1.3", p10: 0.872, p50: 1.007,
      p90: 1.151,
      unit: "multiple", source: "scenario", verifiedOn: nil),
    Assumption(
      name: "prices.gpu_hour.h100-sxm.on-demand", kind: "price", distribution: "PERT 1.5 … 2.6 … 4",
      p10: 2.02, p50: 2.63,
      p90: 3.29, unit: "$ per GPU-hour",
      source: "https://example.com/gpu-cloud/pricing/h100-sxm?region=eu-central",
      verifiedOn: "2026-10-02"),
    Assumption(
      name: "prices.gpu_hour.h100-sxm.spot", kind: "price", distribution: "PERT 1 … 1.5 … 2.5", p10: 1.22,
      p50: 1.56,
      p90: 1.98, unit: "$ per GPU-hour", source: "https://example.com/gpu-cloud/pricing/spot",
      verifiedOn: "2026-10-02"),
    Assumption(
      name: "prices.api.bedrock.llama-4-maverick.output", kind: "price", distribution: "0.97 × factor",
      p10: 0.78,
      p50: 0.907, p90: 1.01, unit: "$ per 1M tokens", source: "https://aws.amazon.com/bedrock/pricing/",
      verifiedOn: "2026-09-28"),
    Assumption(
      name: "engines.h100-sxm.fp8.mbu", kind: "physical", distribution: "normal 0.62 ± 0.04", p10: 0.569,
      p50: 0.62,
      p90: 0.671, unit: "share", source: "fit of 14 benchmark points, vLLM 0.11", verifiedOn: "2026-08-17"),
  ]

  /// The result.
  static var result: PlanResult {
    let options = plans.map(option)
    let best = options[6]
    let volumes = [0.25, 0.35, 0.5, 0.71, 1, 1.41, 2, 2.83, 4]
    let rates = (0..<168).map { hour -> Double in
      let (day, time) = (hour / 24, Double(hour % 24))
      let daily = 1 + 0.55 * sin((time - 8.6) / 24 * 2 * .pi) + 0.14 * sin((time - 3) / 12 * 2 * .pi)
      return 22 * daily * (day >= 5 ? 0.58 : 1 + 0.04 * Double(day == 1 ? 2 : 1))
    }
    return PlanResult(
      run: RunDescription(
        version: "0.1.0", scenario: "support-assistant",
        title: "Support assistant: classify, extract, reason",
        scenarioDigest: "9f2c61d07b1f4e2d8a90c5b34417eaf06d3382b1c94e57f8a2b6d0131e7c4f95",
        catalogDigest: "41b7d89e2c035fa6617be0d94c83a1259e70f4d36b8c12ea5d90473f6a81bc2e",
        command: "breakeven plan workloads/support-assistant.yaml --seed 20261201 --draws 2048",
        seed: 20_261_201,
        draws: 2048, simulations: 32, startMonth: "2026-12", months: 12,
        representation: "4 of 12 months, 12 windows of 10 minutes each", simulatedRequests: 41_872_204),
      decision: DecisionSummary(
        sentence: """
          Self-hosted FP8 base, API burst is the cheapest option that meets the service level: it saves $92 k over \
          12 months against Bedrock on demand (P10–P90 −$21 k to $214 k).
          """,
        option: best.name, baseline: "bedrock-on-demand", probabilityCheapest: best.probabilityCheapest,
        savingAgainstBaseline: Spread(mean: 92_140.5, p10: -21_400, p50: 88_900, p90: 213_700, p95: 251_000),
        expectedRegret: best.expectedRegret, requiredServiceLevel: 0.95),
      options: options, breakEvens: breakEvens,
      alongVolume: volumes.map { volume in
        VolumePoint(
          volume: volume, outputTokensPerDay: volume * 5.02e8, probabilityCheapest: chances(at: volume),
          medianCost: plans.map { $0.median * ($0.fixed + (1 - $0.fixed) * volume) },
          serviceLevel: plans.map { min(1, max(0, $0.serviceLevel - 0.05 * $0.fixed * log(volume))) })
      },
      demand: DemandSummary(
        hourOfWeekRate: rates,
        useCases: [
          UseCaseDemand(
            name: "classify", model: "llama-3.1-8b", source: "synthesized", requestsPerDay: 1_036_800,
            meanInputTokens: 497,
            meanOutputTokens: 10.7),
          UseCaseDemand(
            name: "extract", model: "llama-4-scout", source: "synthesized", requestsPerDay: 518_400,
            meanInputTokens: 2120,
            meanOutputTokens: 178),
          UseCaseDemand(
            name: "reason", model: "llama-4-maverick", source: "synthesized", requestsPerDay: 345_600,
            meanInputTokens: 1790, meanOutputTokens: 487),
        ],
        monthly: months.enumerated().map { index, month in
          let requests = 5.9e7 * (1 + 0.024 * Double(index))
          return MonthlyDemand(
            month: month, requests: requests, inputTokens: requests * 1310, outputTokens: requests * 241)
        }),
      assumptions: assumptions,
      warnings: [
        "FP8 on spot, on-demand fallback has the lowest mean cost but serves 94.1 % of requests within objective; it needs 95 %.",
        "Bedrock announces the end of life of llama-3.1-8b for 2027-03-30, within the horizon.",
        "The price of an H100 on demand was last verified on 2026-08-01, more than 90 days before the first month.",
      ])
  }
}
