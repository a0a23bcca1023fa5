// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about options side by side: the same futures for all, break-evens where the costs cross, shares that add up.

import Decision
import Foundation
import Planning
import Testing

@Suite("Options compared")
struct ComparisonTests {
  /// An uncertain GPU price around what the API costs at the planned demand.
  private func breakEven(gpuHour: String, minutes: Int = 2) throws -> PlanOutcome {
    try run(
      scenario(
        rate: "4", options: api + fleet, represent: "{months: 1, windows: 6, window_minutes: \(minutes)}",
        prices: prices(gpuHour: gpuHour), sampling: "{draws: 256, simulations: 4, seed: 21}"))
  }

  /// 4 requests a second of $0.000396 cost $5.70 an hour; two GPUs cost two GPU-hours.
  @Test("a fixed fleet breaks even at the volume where the API costs as much")
  func volume() throws {
    let outcome = try breakEven(gpuHour: "{uniform: [2, 4]}", minutes: 20)
    let found = try #require(outcome.result.breakEvens.first { $0.axis == "volume" })
    #expect(found.option == "own" && found.against == "api")
    #expect(found.neverShare == 0 && found.alwaysShare == 0)
    // In each future the fleet's cost over the API's cost per planned volume.
    let ratios = zip(outcome.costs[1], outcome.costs[0]).map { $0 / $1 }.sorted()
    let value = try #require(found.value)
    expectClose(value.p50, (ratios[127] + ratios[128]) / 2, within: 0.01, "median")
    expectClose(value.p10, ratios[25], within: 0.02, "p10")
    expectClose(value.p90, ratios[230], within: 0.02, "p90")
    expectClose(value.p50, 2 * 3 / (4 * 3600 * 396e-6), within: 0.02, "by hand")
  }

  @Test("a fleet too dear for four times the demand never breaks even, a free one always does")
  func bounds() throws {
    let dear = try #require(
      try breakEven(gpuHour: "20").result.breakEvens.first { $0.axis == "volume" })
    #expect(dear.neverShare == 1 && dear.value == nil && dear.finding.hasPrefix("never"))
    let free = try #require(
      try breakEven(gpuHour: "0.01").result.breakEvens.first { $0.axis == "volume" })
    #expect(free.alwaysShare == 1 && free.value == nil && free.finding.hasPrefix("always"))
  }

  /// The field's closed form: GPU-hours over what the API asks for all the tokens the GPUs can do.
  @Test("break-even utilization is the fleet's price over the API's price of its measured throughput")
  func utilization() throws {
    let options =
      api + """
        own:
          chain:
            - fleet:
                gpu: h100-sxm
                pools:
                  llama-3.1-8b: {replicas: 1, tensor_parallel: 2, throughput: 2500}

        """
    let outcome = try run(
      scenario(
        rate: "2", options: options, prices: prices(input: "0", output: "0.66", gpuHour: "3"),
        sampling: "{draws: 8, simulations: 4, seed: 3}"))
    let found = try #require(outcome.result.breakEvens.first { $0.axis == "utilization" })
    // $6 an hour against 9 million tokens at $0.66: 1.01, which no fleet can reach.
    expectClose(try #require(found.value).p50, 1.0101, within: 0.01)
    #expect(found.neverShare == 1 && found.finding.hasPrefix("never"))
  }

  @Test("P(cheapest) adds up to 1 over the options that meet the service level, here and along volume")
  func shares() throws {
    // A third option that refuses nearly all it is asked.
    let options =
      api + fleet + """
        tiny:
          chain:
            - fleet:
                gpu: h100-sxm
                queue_limit: 0
                pools:
                  llama-3.1-8b: {replicas: 1, max_num_seqs: 1}

        """
    let outcome = try run(
      scenario(
        rate: "4", options: options,
        prices: prices(gpuHour: "{uniform: [2, 4]}", factor: "{uniform: [0.7, 1.3]}"),
        sampling: "{draws: 128, simulations: 4, seed: 8}"))
    let meeting = outcome.result.options.filter(\.meetsServiceLevel)
    #expect(meeting.map(\.name) == ["api", "own"])
    expectClose(meeting.reduce(0) { $0 + $1.probabilityCheapest.estimate }, 1, within: 1e-12)
    #expect(outcome.result.options[2].probabilityCheapest.estimate == 0)
    #expect(outcome.result.options[2].serviceLevel < 0.95)
    let own = meeting[1].probabilityCheapest.estimate
    #expect(own > 0 && own < 1)
    let counted = zip(outcome.costs[0], outcome.costs[1]).count { $0 > $1 }
    #expect(own == Double(counted) / 128)
    for point in outcome.result.alongVolume {
      expectClose(point.probabilityCheapest.reduce(0, +), 1, within: 1e-12, "at \(point.volume)")
    }
    #expect(outcome.result.decision.option != "tiny")
  }

  @Test("two options alike cost the same in every future, whatever else is compared")
  func commonRandomNumbers() throws {
    let spot = """
          chain:
            - fleet:
                name: spot
                gpu: h100-sxm
                purchase: spot
                spot: {zones: 2, mean_up_hours: 3, mean_down_hours: 1}
                queue_limit: 2
                pools:
                  llama-3.1-8b: {replicas: 2, max_num_seqs: 4}
            - metered: {provider: bedrock}

      """
    func outcome(_ options: String) throws -> PlanOutcome {
      try run(
        scenario(
          rate: "{p10: 0.2, p90: 1}", noise: "{day: 0.2, hour: 0.2}", use: "burstiness: 0.4",
          options: options, months: 2, represent: "{months: 2, windows: 4, window_minutes: 20}",
          prices: prices(output: "{p10: 0.5, p90: 1}"),
          sampling: "{draws: 32, simulations: 8, seed: 13}"))
    }
    let twins = try outcome(api + "left:\n\(spot)" + fleet + "right:\n\(spot)")
    #expect(twins.costs[1] == twins.costs[3])
    #expect(Set(twins.costs[1]).count == 32)
    let alone = try outcome(api + "left:\n\(spot)")
    #expect(alone.costs[1] == twins.costs[1] && alone.costs[0] == twins.costs[0])
    let winners = twins.result.options.map(\.probabilityCheapest.estimate)
    #expect(winners[1] == winners[3])
  }
}
