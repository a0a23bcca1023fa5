// SPDX-License-Identifier: GPL-3.0-or-later
// What a report shows beside the decision adds up to it: bills divided among use cases, differences, load-duration curves.

import Decision
import Planning
import Testing

@Suite("Quantities of a report")
struct ReportQuantitiesTests {
  /// Two use cases of one model; the second one's requests are half as long and its answers twice as long.
  private static func result() throws -> PlanResult {
    let options =
      api
        + """
        fleet:
          chain:
            - fleet:
                name: gpus
                gpu: h100-sxm
                purchase: on-demand
                engine: vllm
                pools: {llama-3.1-8b: {replicas: 2}}
          costs: {people_per_month: 700}

        """
    let text = scenario(
      use: "profile: flat", options: options,
      prices: """
        gpu_hour:
          h100-sxm: {on-demand: 3}
        api:
          bedrock:
            llama-3.1-8b: {input: 0.2, output: 0.8}

        """)
    let second = """
      \("    ")mail:
            model: llama-3.1-8b
            rate: 0.2
            input_tokens: 500
            output_tokens: 400
            profile: flat
      options:
      """
    return try run(text.replacing("options:", with: second, maxReplacements: 1)).result
  }

  @Test("costs of use cases sum to the option's; what is bought by the token costs its tokens")
  func useCases() throws {
    for option in try Self.result().options {
      let uses = try #require(option.useCaseCosts)
      #expect(uses.map(\.useCase) == ["chat", "mail"])
      expectClose(
        uses.reduce(0) { $0 + $1.cost }, option.components.reduce(0) { $0 + $1.mean }, within: 1e-9,
        option.name)
      guard option.name == "api" else { continue }
      let prices = [1000 * 0.2 + 200 * 0.8, 500 * 0.2 + 400 * 0.8].map { $0 / 1e6 }
      for (use, price) in zip(uses, prices) {
        expectClose(use.cost, use.requests * price, within: 0.03, use.useCase)
      }
    }
  }

  @Test("a fleet's hours are divided by the tokens computed, and what nobody causes in proportion")
  func fleetHours() throws {
    let fleet = try #require(try Self.result().options.last)
    let uses = try #require(fleet.useCaseCosts)
    let total = uses.reduce(0) { $0 + $1.cost }
    let tokens = uses.map { $0.requests * ($0.useCase == "chat" ? 1200 : 900) }
    expectClose(uses[0].cost / total, tokens[0] / tokens.reduce(0, +), within: 0.03)
  }

  @Test("a difference's mean is the difference of the means, and the curve's GPU-hours are those paid")
  func differences() throws {
    let result = try Self.result()
    let chosen = try #require(result.options.first { $0.name == result.decision.option })
    for one in try #require(result.differences) {
      let other = try #require(result.options.first { $0.name == one.against })
      expectClose(one.saving.mean, other.totalCost.mean - chosen.totalCost.mean, within: 1e-9)
      #expect(one.savingQuantiles.count == 101 && one.savingQuantiles == one.savingQuantiles.sorted())
      #expect((0...1).contains(one.cheaperShare))
    }
    let fleet = try #require(result.options.last)
    let load = try #require(fleet.fleetLoads?.first)
    #expect(load.layers == [.init(purchase: "on-demand", gpus: nil)])
    let hours = fleet.supplies[0].gpuHours.reduce(0) { $0 + $1.hours }
    expectClose(load.hoursShareOfGPU.reduce(0, +) * 744, hours, within: 1e-9, "December has 744 hours")
    #expect(result.engines?.map(\.engine) == ["vllm"])
  }
}
