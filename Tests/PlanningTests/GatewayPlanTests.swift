// SPDX-License-Identifier: GPL-3.0-or-later
// What stands before a chain, from the scenario to the bill: hand-checked costs, shares of futures, what results tell.

import Decision
import Foundation
import Planning
import Testing

/// Token prices of a small and a large model, $ per 1M.
private let twoModels = """
  gpu_hour:
    h100-sxm: {on-demand: 3}
  api:
    bedrock:
      llama-3.1-8b: {input: 0.2, output: 0.8}
      llama-3.1-70b: {input: 2, output: 4}

  """

private func mixed(_ gateway: String, chain: String = "[{metered: {provider: bedrock}}]") -> String {
  "mixed:\n  \(gateway)\n  chain: \(chain)\n"
}

private func outcome(
  _ gateway: String, use: String = "profile: flat", rate: String = "0.5", represent: String? = nil,
  sampling: String = "{draws: 8, simulations: 4, seed: 3}"
) throws -> OptionResult {
  let text = scenario(
    rate: rate, use: use, options: api + mixed(gateway),
    represent: represent ?? "{months: 1, windows: 4, window_minutes: 30}", prices: twoModels,
    sampling: sampling)
  return try run(text).result.options[1]
}

@Suite("Plans with a gateway")
struct GatewayPlanTests {
  /// A request has 1,000 tokens in and 200 out.
  static let small = (1000 * 0.2 + 200 * 0.8) / 1e6
  static let large = (1000 * 2.0 + 200 * 4.0) / 1e6

  @Test("An escalated request is billed twice: by hand, to the rate that was simulated")
  func bothAreBilled() throws {
    for (rate, low, high) in [("0.25", 0.2, 0.3), ("1", 1, 1), ("0", 0, 0)] {
      let result = try outcome(
        "routing: {\"*\": {escalate: {llama-3.1-8b: {to: llama-3.1-70b, rate: \(rate)}}}}")
      let gateway = try #require(result.gateway?.first)
      #expect(gateway.escalated >= low && gateway.escalated <= high)
      expectClose(result.costPerRequest.mean, Self.small + gateway.escalated * Self.large, within: 1e-3)
      let paid = result.components.reduce(0) { $0 + $1.mean }
      let requests = result.supplies[0].inputTokens / 1000
      expectClose(
        paid, requests / (1 + gateway.escalated) * (Self.small + gateway.escalated * Self.large), within: 1e-9
      )
    }
  }

  @Test("Shares of several models cost their weighted mean")
  func shares() throws {
    let result = try outcome(
      "routing: {chat: {shares: {llama-3.1-8b: 0.75, llama-3.1-70b: rest}}}", rate: "2")
    expectClose(result.costPerRequest.mean, 0.75 * Self.small + 0.25 * Self.large, within: 0.02)
    #expect(result.gateway?.first?.models == "llama-3.1-8b 0.75, llama-3.1-70b 0.25")
  }

  @Test("An uncertain share is a physical input of every future, named and with its unit")
  func uncertainShares() throws {
    let text = scenario(
      rate: "0.5",
      options: api
        + mixed(
          "routing: {chat: {shares: {llama-3.1-8b: {uniform: [0.5, 0.9]}, llama-3.1-70b: rest}, escalate: "
            + "{llama-3.1-8b: {to: llama-3.1-70b, rate: {uniform: [0, 0.2]}}}}}"), prices: twoModels,
      sampling: "{draws: 16, simulations: 16, seed: 3}")
    let plan = try run(text)
    let assumptions = plan.result.assumptions.filter { $0.kind == "physical" && $0.name.contains("mixed") }
    #expect(
      assumptions.map(\.name).sorted() == [
        "options.mixed.routing.chat.escalate.llama-3.1-8b.rate",
        "options.mixed.routing.chat.shares.llama-3.1-8b",
      ])
    #expect(Set(assumptions.map(\.unit)) == ["share of answers", "share of requests"])
    // 0.7 to the small model on average, of which a tenth goes on; the two are independent.
    expectClose(
      plan.result.options[1].costPerRequest.mean, 0.7 * Self.small + (0.3 + 0.07) * Self.large, within: 0.06)
    #expect(Set(plan.costs[1]).count == 16)
  }

  @Test("Cached answers cost nothing: cost per request falls by the hit rate")
  func cache() throws {
    let duplicates = "duplicates: {share: 0.6, distinct: 20, zipf: 1}"
    let result = try outcome(
      "cache: {ttl_seconds: 300, entries: 1000, latency_ms: 5}", use: "profile: flat\n\(duplicates)")
    let gateway = try #require(result.gateway?.first)
    #expect(gateway.cached > 0.3 && gateway.cached < 0.6 && gateway.coalesced <= gateway.cached)
    expectClose(result.costPerRequest.mean, (1 - gateway.cached) * Self.small, within: 0.01)
    #expect(result.servedShare > 0.999)
    #expect(try outcome("title: plain").gateway == nil)
  }

  @Test("`simulate` tells models, cached, escalated and held requests")
  func simulation() throws {
    let gateway =
      "cache: {ttl_seconds: 300}\n  routing: {\"*\": {escalate: {llama-3.1-8b: {to: llama-3.1-70b, rate: 0.5}}}}"
    let model = try plan(
      scenario(
        rate: "0.5", use: "profile: flat\nduplicates: {share: 0.5, distinct: 5}",
        options: api + mixed(gateway), prices: twoModels))
    let report = model.simulateOnce(option: 1)
    let use = report.useCases[0]
    let counts = try #require(use.gateway)
    #expect(use.model == "llama-3.1-8b, llama-3.1-8b → llama-3.1-70b 0.5")
    #expect(counts.cached > 0 && counts.escalated > 0 && counts.filled == 0 && counts.late == 0)
    #expect(use.arrived == counts.cached + use.served + use.throttled + use.failed + use.inFlight)
    #expect(report.totals.cached == counts.cached)
    #expect(report.supplies[0].served == use.served + counts.escalated)
    #expect(model.simulateOnce(option: 0).useCases[0].gateway == nil)
  }

  @Test("Work with a deadline fills a fleet's nights: same GPU-hours, in time")
  func offline() throws {
    let chain =
      "[{fleet: {gpu: h100-sxm, pools: {llama-3.1-8b: {replicas: 1, weights: fp8, max_num_seqs: 64}}}}]"
    func text(_ deadline: String) -> String {
      scenario(
        rate: "0.3", use: "profile: azure-conversation\n\(deadline)",
        options: api + mixed("offline: {share: 0.25}", chain: chain), represent: "{months: 1}",
        prices: twoModels, sampling: "{draws: 2, simulations: 1, seed: 3}")
    }
    let held = try plan(text("deadline_hours: 10")).simulateOnce(option: 1)
    let atOnce = try plan(text("")).simulateOnce(option: 1)
    let counts = try #require(held.useCases[0].gateway)
    #expect(counts.filled > held.useCases[0].arrived * 9 / 10 && counts.late == 0)
    #expect(held.useCases[0].serviceLevel == 1)
    let hours = [held, atOnce].map { $0.supplies[0].gpuHours.reduce(0) { $0 + $1.hours } }
    expectClose(hours[0], 168, within: 1e-9)
    expectClose(hours[1], 168, within: 1e-9)
    #expect(atOnce.useCases[0].gateway == nil)
  }

  private static let mooncake = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data/mooncake/synthetic_trace.jsonl").standardized.path(
      percentEncoded: false)

  /// Requests whose prompt has the same blocks as an earlier one, counted on the text of the file.
  @Test(
    "Mooncake's synthetic trace: the cache answers each duplicate, and the fewer the shorter it keeps answers",
    .enabled(if: FileManager.default.fileExists(atPath: mooncake), "no ../shared/data/mooncake"))
  func realDuplicates() throws {
    let file = try String(contentsOf: URL(filePath: Self.mooncake), encoding: .utf8)
    var prompts: Set<Substring> = []
    var (requests, duplicates) = (0, 0)
    for line in file.split(separator: "\n") {
      requests += 1
      let blocks = try #require(line.range(of: "\"hash_ids\""))
      if !prompts.insert(line[blocks.lowerBound...]).inserted { duplicates += 1 }
    }
    func cached(seconds: Int, entries: Int) throws -> Int {
      let text = scenario(
        options: api + mixed("cache: {ttl_seconds: \(seconds), entries: \(entries)}"), represent: "week",
        prices: twoModels
      ).replacingOccurrences(of: "rate: 0.2", with: "trace: \(Self.mooncake)")
        .replacingOccurrences(of: "      input_tokens: 1000\n      output_tokens: 200\n", with: "")
        .replacingOccurrences(of: "      profile: flat\n", with: "")
      let use = try plan(text).simulateOnce(option: 1).useCases[0]
      #expect(use.arrived == requests)
      return try #require(use.gateway).cached
    }
    #expect(try cached(seconds: 100_000, entries: 1_000_000) == duplicates)
    let short = try cached(seconds: 60, entries: 1_000_000)
    let small = try cached(seconds: 100_000, entries: 20)
    #expect(short < duplicates && short > 0 && small < duplicates)
    #expect(duplicates == 213 && requests == 3993)
    print("mooncake: \(duplicates) of \(requests) duplicates, \(short) within 60 s, \(small) with 20 entries")
  }
}
