// SPDX-License-Identifier: GPL-3.0-or-later
// `replicas: for-slo`: one replica fewer is too few, and where theory knows the number, it is that number.

import Decision
import Foundation
import Planning
import Quantities
import Scenario
import Testing

/// A fleet of single GPUs in front of nothing else.
private func own(_ replicas: String, gpu: String = "h100-sxm", fleet: String = "", pool: String = "")
  -> String
{
  """
  own:
    chain:
      - fleet:
          gpu: \(gpu)
          purchase: on-demand
          \(fleet)
          pools:
            llama-3.1-8b: {replicas: \(replicas), weights: fp8, kv_cache: fp8\(pool)}

  """
}

@Suite("Replicas for an objective")
struct ForObjectivesTests {
  private func demand(
    _ seed: Int, rate: Double, objective: String, replicas: String, fleet: String = "", pool: String = "",
    windows: String = "{months: 1, windows: 4, window_minutes: 3}"
  ) throws -> PlanModel {
    try plan(
      scenario(
        rate: "\(rate)", use: "profile: flat\nslo: \(objective)",
        options: own(replicas, gpu: "h100-sxm", fleet: fleet, pool: pool), represent: windows,
        prices: "gpu_hour: {h100-sxm: {on-demand: 3}}\n",
        sampling: "{draws: 1, simulations: 1, seed: \(seed)}", baseline: "own"))
  }

  @Test("One replica fewer misses the objective, the number chosen keeps it", arguments: 0..<24)
  func smallest(seed: Int) throws {
    var random = CounterRandom(seed: UInt64(seed), draw: 1, purpose: .testing)
    let rate = 10 + 20 * random.nextUniform()
    let objective = "{ttft_ms: \(60 + Int(200 * random.nextUniform()))}"
    let pool = ", max_num_seqs: \([2, 4, 8][seed % 3])"
    let model = try demand(seed, rate: rate, objective: objective, replicas: "for-slo", pool: pool)
    let choice = try #require(model.simulateOnce(option: 0).sizes?.first)
    func level(_ replicas: Int) throws -> Double {
      try demand(seed, rate: rate, objective: objective, replicas: "\(replicas)", pool: pool)
        .simulateOnce(option: 0).totals.serviceLevel
    }
    #expect(choice.rule == "for-slo" && choice.requiredServiceLevel == requiredServiceLevel)
    #expect(try level(choice.size) >= 0.95, "seed \(seed): \(choice)")
    #expect(try level(choice.size + 1) >= 0.95, "seed \(seed): \(choice)")
    #expect(choice.size > 1, "seed \(seed) proves nothing: one replica is enough")
    #expect(try level(choice.size - 1) < 0.95, "seed \(seed): \(choice)")
    // What it says it has tried is what was simulated.
    let tried = try #require(choice.trials.first { $0.size == choice.size })
    #expect(abs(try level(choice.size) - tried.serviceLevel) < 1e-9)
  }

  /// Erlang's B formula by its recursion.
  private func erlangB(_ servers: Int, _ erlangs: Double) -> Double {
    (1...servers).reduce(1.0) { erlangs * $0 / (Double($1) + erlangs * $0) }
  }

  /// Erlang's C formula.
  private func erlangC(_ servers: Int, _ erlangs: Double) -> Double {
    let blocking = erlangB(servers, erlangs)
    return erlangs < Double(servers)
      ? blocking / (1 - erlangs / Double(servers) * (1 - blocking)) : 1
  }

  /// Replicas that serve one request at a time, for exponential answers: a queue with c servers.
  private func queue(_ replicas: String, limit: Int?, objective: String) throws -> PlanModel {
    let quantiles: [Double] = (0...200).map { place in
      -200 * log(1 - min(Double(place) / 200, 0.999)) + 1
    }
    let list = quantiles.map(\.description).joined(separator: ", ")
    let text = scenario(
      rate: "6", use: "profile: flat\nslo: \(objective)",
      options: own(
        replicas, fleet: limit.map { "queue_limit: \($0)" } ?? "",
        pool: ", max_num_seqs: 1, throughput: 150"),
      represent: "{months: 1, windows: 4, window_minutes: 50}",
      prices: "gpu_hour: {h100-sxm: {on-demand: 3}}\n", sampling: "{draws: 1, simulations: 1, seed: 5}",
      baseline: "own"
    ).replacingOccurrences(of: "input_tokens: 1000", with: "input_tokens: 1").replacingOccurrences(
      of: "output_tokens: 200",
      with: "output_tokens: {quantiles: [\(list)]}")
    return try plan(text)
  }

  @Test("Where nothing may wait, the number is that of Erlang's C formula")
  func waiting() throws {
    let roomy = try queue("60", limit: nil, objective: "{ttft_ms: 100000}").simulateOnce(option: 0)
    let service = roomy.useCases[0].endToEnd.mean / 1000
    let erlangs = Double(roomy.totals.arrived) / (roomy.simulatedHours * 3600) * service
    // The first token of whoever need not wait comes after one step; a tenth of a service is next to no wait.
    let first = roomy.useCases[0].timeToFirstToken.p50
    let choice = try #require(
      try queue("for-slo", limit: nil, objective: "{ttft_ms: \(first * 1.5 + 1)}").simulateOnce(option: 0)
        .sizes?.first)
    let theory = try #require((1...100).first { erlangC($0, erlangs) <= 0.05 })
    #expect(
      abs(choice.size - theory) <= 1, "\(choice.size), Erlang C asks for \(theory) at \(erlangs) erlangs")
  }

  @Test("Where whoever would wait is refused, the number is that of Erlang's B formula")
  func loss() throws {
    let roomy = try queue("60", limit: nil, objective: "{ttft_ms: 100000}").simulateOnce(option: 0)
    let erlangs =
      Double(roomy.totals.arrived) / (roomy.simulatedHours * 3600) * roomy.useCases[0].endToEnd.mean / 1000
    let choice = try #require(
      try queue("for-slo", limit: 0, objective: "{ttft_ms: 100000}").simulateOnce(option: 0).sizes?.first)
    let theory = try #require((1...100).first { erlangB($0, erlangs) <= 0.05 })
    #expect(
      abs(choice.size - theory) <= 1, "\(choice.size), Erlang B asks for \(theory) at \(erlangs) erlangs")
    let level = try #require(choice.trials.first { $0.size == theory }?.serviceLevel)
    #expect(abs(1 - level - erlangB(theory, erlangs)) < 0.01)
  }

  @Test("An objective shorter than an idle replica's latency is refused where it stands, with the reason")
  func unreachable() {
    let problem = #expect(throws: PlanningProblem.self) {
      try demand(1, rate: 5, objective: "{ttft_ms: 1}", replicas: "for-slo")
    }
    let spaces: Set<Character> = ["\u{A0}", "\u{202F}"]
    let words = String((problem?.description ?? "").map { spaces.contains($0) ? " " : $0 })
    #expect(
      words.contains("scenario.yaml:22:13: no number of replicas keeps the objective of chat in 95.0 %"),
      "\(words)")
    #expect(words.contains("even a replica with nothing else to do keeps it in 0.0 %"), "\(words)")
    #expect(words.contains("its time to first token is "), "\(words)")
  }

  @Test("A higher share and a fuller future take more replicas, growth those of its last month")
  func targets() throws {
    func size(_ pool: String, growth: String = "0", volume: String = "{p10: 0.5, p90: 2}", months: Int = 1)
      throws -> SizeChoice
    {
      let model = try plan(
        scenario(
          rate: "12", growth: growth, volume: volume, use: "profile: flat\nslo: {ttft_ms: 120}",
          options: own("for-slo", pool: ", max_num_seqs: 8" + pool), months: months,
          represent: "{months: \(min(2, months)), windows: 4, window_minutes: 3}",
          prices: "gpu_hour: {h100-sxm: {on-demand: 3}}\n",
          sampling: "{draws: 64, simulations: 64, seed: 3}", baseline: "own"))
      return try #require(model.simulateOnce(option: 0).sizes?.first)
    }
    let plain = try size("")
    #expect(plain.demandMultiple == 1 && plain.month == "2026-12")
    let p90 = try size(", slo_demand: p90")
    expectClose(p90.demandMultiple, 2, within: 0.1)
    #expect(p90.size > plain.size)
    #expect(try size(", slo_share: 0.999").size >= plain.size)
    #expect(try size(", slo_share: 0.5").size <= plain.size)
    let grown = try size("", growth: "0.1", months: 6)
    #expect(grown.month == "2027-05" && grown.size > plain.size)
    let shrunk = try size("", growth: "-0.1", months: 6)
    #expect(shrunk.month == "2026-12" && shrunk.size == plain.size)
  }

  @Test("A plan runs with the number found and says why")
  func plans() throws {
    let sized = try demand(
      2, rate: 12, objective: "{ttft_ms: 120}", replicas: "for-slo", pool: ", max_num_seqs: 8")
    let result = sized.run(threads: 2, version: "test", command: "test").result
    let choice = try #require(result.sizes?.first)
    #expect(result.warnings.contains(choice.sentence))
    #expect(choice.sentence.contains("fleet has \(choice.size) replica"), "\(choice.sentence)")
    let fixed = try demand(
      2, rate: 12, objective: "{ttft_ms: 120}", replicas: "\(choice.size)", pool: ", max_num_seqs: 8"
    ).run(threads: 1, version: "test", command: "test").result
    #expect(fixed.sizes == nil)
    #expect(fixed.options == result.options)
  }
}
