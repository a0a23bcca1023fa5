// SPDX-License-Identifier: GPL-3.0-or-later
// Plans with limited, cached, batched and retired APIs and with reserved units, against pencil and paper.

import Catalog
import Decision
import Foundation
import Planning
import Quantities
import Scenario
import Testing
import Uncertainty

/// Prices of two models at one provider, with cached input and batches.
private let prices = """
  api:
    bedrock:
      llama-3.1-8b: {input: 0.2, output: 0.8, cached_input: 0.05, batch: {input: 0.1, output: 0.4}}
      llama-4-scout: {input: 0.3, output: 1.2, cached_input: 0.1, batch: {input: 0.15, output: 0.6}}
  reserved:
    bedrock-provisioned:
      llama-3.1-8b: {unit_hour: 10, input_tokens_per_minute: 6000, output_tokens_per_minute: 1200}

  """

private func metered(_ more: String, name: String = "limited") -> String {
  "\(name): {chain: [{metered: {provider: bedrock\(more)}}]}\n"
}

private let cheap = "{draws: 2, simulations: 1, seed: 5}"

private func component(_ option: OptionResult, _ name: String) -> Double {
  option.components.first { $0.component == name }?.mean ?? 0
}

@Suite("Plans with services of others")
struct RemoteSupplyTests {
  @Test(
    "Prompts that begin alike are billed at the cached price, all others at the input price, to the token")
  func cachedInput() throws {
    // 600 of 1,000 tokens are one group's text: in each window all requests but the first find them.
    let use = """
      prefix_groups: {count: 1, tokens: 600}
      """
    let text = scenario(
      rate: "0.5", use: use,
      options: PlanningTests.api
        + metered(", prompt_cache: {ttl_seconds: 3600, min_tokens: 512}", name: "cached"),
      prices: prices, sampling: cheap)
    let result = try run(text).result
    let (api, cached) = (result.options[0], result.options[1])
    let supply = cached.supplies[0]
    let hits = try #require(supply.cachedInputTokens)
    // 900 requests a window of half an hour, of which one or two come before the text is there: 0.1 to 0.3 %.
    expectClose(hits, supply.requests * 600, within: 0.004)
    #expect(hits < supply.requests * 600)
    expectClose(component(cached, "API input tokens"), (supply.inputTokens - hits) / 1e6 * 0.2, within: 1e-9)
    expectClose(component(cached, "API cached input tokens"), hits / 1e6 * 0.05, within: 1e-9)
    expectClose(
      component(api, "API input tokens") - component(cached, "API input tokens"), hits / 1e6 * 0.2,
      within: 1e-9)
    #expect(api.supplies[0].cachedInputTokens == nil)
    expectClose(component(api, "API output tokens"), component(cached, "API output tokens"), within: 1e-12)
  }

  @Test(
    "Batches cost the batch price, come after the turnaround, and are in time where the deadline allows it")
  func batch() throws {
    let text = scenario(
      use: "deadline_hours: 24", options: PlanningTests.api + metered(", tier: batch", name: "batch"),
      prices: prices, sampling: cheap)
    let result = try run(text).result
    let (api, batch) = (result.options[0], result.options[1])
    expectClose(batch.totalCost.mean, api.totalCost.mean / 2, within: 1e-9)
    #expect(batch.serviceLevel == 1)
    expectClose(batch.latency[0].endToEnd.p50, 86_400_000, within: 0.01)
    #expect(batch.components.map(\.component) == ["API batch input tokens", "API batch output tokens"])
    let quick = try run(
      text.replacingOccurrences(of: "tier: batch", with: "tier: batch, turnaround_hours: 2"))
    expectClose(quick.result.options[1].latency[0].endToEnd.p50, 7_200_000, within: 0.01)
  }

  @Test("A batch tier passes on use cases that cannot wait")
  func batchPassesOn() throws {
    let text = scenario(
      options: PlanningTests.api
        + "mixed: {chain: [{metered: {name: later, provider: bedrock, tier: batch}}, {metered: {provider: bedrock}}]}\n",
      prices: prices, sampling: cheap
    ).replacingOccurrences(
      of: "    chat:",
      with:
        "    night: {model: llama-3.1-8b, rate: 0.3, input_tokens: 1000, output_tokens: 200, deadline_hours: 30}\n    chat:"
    )
    let mixed = try run(text).result.options[1]
    let (later, now) = (mixed.supplies[0], mixed.supplies[1])
    // 0.3 and 0.2 requests a second.
    expectClose(later.requests / (later.requests + now.requests), 0.6, within: 0.05)
    expectClose(component(mixed, "API batch input tokens"), later.inputTokens / 1e6 * 0.1, within: 1e-9)
    expectClose(component(mixed, "API input tokens"), now.inputTokens / 1e6 * 0.2, within: 1e-9)
  }

  @Test("From the day after its end of life a model's successor is billed, day by day and month by month")
  func replacement() throws {
    // The price book's end of life is 2027-03-30: one day of March is left, then April and May.
    let text = scenario(
      options: PlanningTests.api + metered(", replace_with: {llama-3.1-8b: llama-4-scout}", name: "replaced"),
      start: "2027-02", months: 4, represent: "{months: 4, windows: 4, window_minutes: 30}", prices: prices,
      sampling: cheap)
    let result = try run(text).result
    let (before, after) = (result.options[0].monthly, result.options[1].monthly)
    // Every price of the successor is 3/2 of the retired model's.
    let factors = [1, (30 + 1 * 1.5) / 31, 1.5, 1.5]
    for (month, factor) in factors.enumerated() {
      expectClose(after[month].cost.mean, before[month].cost.mean * factor, within: 1e-9, after[month].month)
    }
    // The requests are the same; only who answers and what it costs changes.
    expectClose(
      result.options[1].supplies[0].outputTokens, result.options[0].supplies[0].outputTokens, within: 1e-12)
    let names = result.assumptions.map(\.name)
    #expect(names.contains("prices.api.bedrock.llama-4-scout.input"))
  }

  @Test("A model that is not replaced goes on at its prices, and a reader is told")
  func notReplaced() throws {
    let model = try plan(
      scenario(options: PlanningTests.api, start: "2027-02", months: 4, prices: prices, sampling: cheap))
    #expect(
      model.scenario.warnings.contains {
        $0.contains("bedrock serves llama-3.1-8b only until 2027-03-30") && $0.contains("replace_with")
      })
    let replaced = try plan(
      scenario(
        options: metered(", replace_with: {llama-3.1-8b: llama-4-scout}", name: "api"), start: "2027-02",
        months: 4, prices: prices, sampling: cheap))
    // The successor ends on the same day.
    #expect(replaced.scenario.warnings.contains { $0.contains("bedrock serves llama-4-scout only until") })
    #expect(!replaced.scenario.warnings.contains { $0.contains("bedrock serves llama-3.1-8b only") })
  }

  @Test("What exceeds the units is billed by the token: used and spilled tokens are all there are")
  func payAsYouGo() throws {
    // 12 requests of 1,000 and 200 tokens a minute against one unit of 6,000 and 1,200: half of them exceed it.
    let reserved = """
      spill:
        chain:
          - reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}, overflow: pay-as-you-go, pay_as_you_go: bedrock}

      """
    let result = try run(
      scenario(options: PlanningTests.api + reserved, prices: prices, sampling: cheap)
    ).result
    let (api, spill) = (result.options[0], result.options[1])
    let supply = spill.supplies[0]
    let share = try #require(supply.payAsYouGoRequests) / supply.requests
    // Poisson arrivals of mean 12 a minute: the units take E min(N, 6) = 5.97 of them.
    expectClose(supply.requests * (1 - share), 744 * 60 * 5.97, within: 0.01)
    expectClose(component(spill, "Reserved units"), 744 * 10, within: 1e-9)
    expectClose(
      component(spill, "Pay-as-you-go input tokens"), component(api, "API input tokens") * share, within: 1e-9
    )
    expectClose(
      component(spill, "Pay-as-you-go output tokens"), component(api, "API output tokens") * share,
      within: 1e-9)
    #expect(spill.servedShare == 1)
  }

  @Test("A turned-away request is not served; one that asks again mostly is")
  func rejectAndRetry() throws {
    func option(_ name: String, _ overflow: String) -> String {
      "\(name): {chain: [{reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 3}, \(overflow)}}]}\n"
    }
    let result = try run(
      scenario(
        options: PlanningTests.api + option("reject", "overflow: reject")
          + option("retry", "overflow: retry, retry: {retries: 6, first_delay_seconds: 8}"), prices: prices,
        sampling: cheap)
    ).result
    // 18 a minute hold 12 on average: Poisson, 4.6 % of minutes and 1.0 % of requests exceed them.
    let (reject, retry) = (result.options[1], result.options[2])
    #expect((0.97..<1).contains(reject.servedShare))
    #expect(retry.servedShare > reject.servedShare)
    #expect(try #require(retry.supplies[0].throttled) > 0)
    #expect(reject.supplies[0].throttled == 0)
  }

  @Test("Azure's units: one bucket, output weighs four times, in steps of a hundred from the price book")
  func provisionedUnits() throws {
    let options = """
      ptu:
        chain: [{reserved: {provider: azure-ptu, units: {llama-3.3-70b: 100}}}, {metered: {provider: bedrock}}]

      """
    let text = scenario(
      rate: "4", options: PlanningTests.api + options,
      prices: "reserved: {azure-ptu: {llama-3.3-70b: {unit_hour: 1}}}\n",
      sampling: cheap
    ).replacingOccurrences(of: "llama-3.1-8b", with: "llama-3.3-70b")
    let ptu = try run(text).result.options[1]
    // 845,000 a minute; a request weighs 1,000 + 4 · 200: 240 a minute make 432,000, and all are taken.
    #expect(ptu.supplies[1].requests == 0)
    expectClose(try #require(ptu.supplies[0].utilization), 432.0 / 845, within: 0.02)
    expectClose(component(ptu, "Reserved units"), 744 * 100, within: 1e-9)
  }

  @Test("A quota lets through what it holds, and the rest goes on or is lost")
  func quota() throws {
    // 12 requests a minute come, 6 are let through.
    let result = try run(
      scenario(
        options: PlanningTests.api + metered(", requests_per_minute: 6", name: "alone")
          + "chained: {chain: [{metered: {name: first, provider: bedrock, tokens_per_minute: 7200}}, {metered: {provider: bedrock}}]}\n",
        prices: prices, sampling: cheap)
    ).result
    // Each window of half an hour begins with a full minute.
    expectClose(result.options[1].servedShare, 0.5, within: 0.08)
    let (first, second) = (result.options[2].supplies[0], result.options[2].supplies[1])
    expectClose(first.requests / (first.requests + second.requests), 0.5, within: 0.08)
    #expect(result.options[2].servedShare == 1)
  }

  @Test("Latency and quotas may be uncertain: they are physical inputs, and each draw has its own")
  func uncertainService() throws {
    let model = try plan(
      scenario(
        options: metered(
          ", requests_per_minute: {uniform: [100, 200]}, latency: {first_token_seconds: {p10: 0.3, p90: 0.9}, p99_over_median: 4}",
          name: "api"), prices: prices, sampling: "{draws: 8, simulations: 8, seed: 2}"))
    #expect(
      model.physical.inputs.map(\.name) == [
        "options.api.chain.0.metered.latency.first_token_seconds",
        "options.api.chain.0.metered.requests_per_minute",
      ])
    let result = model.run(threads: 2, version: "test", command: "test").result
    let units = Dictionary(uniqueKeysWithValues: result.assumptions.map { ($0.name, $0.unit) })
    #expect(units["options.api.chain.0.metered.requests_per_minute"] == "requests/min")
    #expect(units["options.api.chain.0.metered.latency.first_token_seconds"] == "s")
    let latency = result.options[0].latency[0]
    // Futures and noise together spread more than the noise alone, which is 4 from the median to the 99th percentile.
    #expect(latency.timeToFirstToken.p99 / latency.timeToFirstToken.p50 > 3.6)
  }

  @Test("simulate shows what was throttled, cached and paid by the token")
  func simulated() throws {
    let model = try plan(
      scenario(
        rate: "1",
        options: metered(
          ", requests_per_minute: 30, retry: {retries: 2, first_delay_seconds: 5}, prompt_cache: {ttl_seconds: 60}",
          name: "api"), prices: prices, sampling: cheap))
    let supply = model.simulateOnce(option: 0).supplies[0]
    #expect(try #require(supply.throttled) > 0)
    #expect(supply.cachedInputTokens == 0)
    #expect(supply.payAsYouGoRequests == nil)
  }
}
