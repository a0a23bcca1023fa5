// SPDX-License-Identifier: GPL-3.0-or-later
// Levers are options of their own: their savings add up in any order, and the last of them is the option itself.

import Decision
import Planning
import Quantities
import Scenario
import Testing

/// Two use cases for two models, on GPUs of one's own that scale to the objectives.
private func text(
  chain: String? = nil, small: String = "llama-3.1-8b", input: String = "500", output: String = "60",
  duplicates: String = "", levers: String = "levers: {option: own}"
) -> String {
  """
  name: levers
  demand:
    uses:
      easy:
        model: \(small)
        rate: 6
        input_tokens: \(input)
        output_tokens: \(output)
        \(duplicates)
        slo: {ttft_ms: 5000, tpot_ms: 200}
      hard:
        model: llama-3.3-70b
        rate: 1
        input_tokens: 800
        output_tokens: 80
        slo: {ttft_ms: 5000, tpot_ms: 200}
  options:
    own:
      chain:
        - fleet:
            gpu: h100-sxm
  \(chain ?? "          purchase: on-demand")
            pools:
              \(small == "llama-3.1-8b" ? "llama-3.1-8b: {replicas: for-slo, weights: fp8, kv_cache: fp8}" : "")
              llama-3.3-70b: {replicas: for-slo, tensor_parallel: 2, weights: fp8, kv_cache: fp8}
      costs: {people_per_month: 1000}
  horizon: {start: 2026-12, months: 2, represent: {months: 1, windows: 3, window_minutes: 1}}
  prices: {gpu_hour: {h100-sxm: {on-demand: 3, spot: {uniform: [1, 2]}}}}
  sampling: {draws: 16, simulations: 1, seed: 3}
  \(levers)
  """
}

private let spot = """
            purchase: spot
            spot: {mean_up_hours: 20, mean_down_hours: 1}
            startup_seconds: 60
  """

private func levers(_ text: String, threads: Int = 2) throws -> LeversResult {
  let model = try plan(text)
  return try model.levers(try #require(model.scenario.levers), threads: threads)
}

@Suite("Levers")
struct LeversTests {
  @Test("The steps of the waterfall, and the shares over all orders, add up to what all levers save")
  func sums() throws {
    let result = try levers(
      text(
        chain: spot, duplicates: "duplicates: {share: 0.6, distinct: 20, zipf: 1}",
        levers: "levers: {option: own, cache: {ttl_seconds: 600}}"))
    #expect(result.steps.map(\.lever) == [.routing, .fp8, .continuousBatching, .cache, .spot])
    #expect(result.simulatedSets == 32)
    let saved = result.start.cost.mean - (result.steps.last?.state.cost.mean ?? 0)
    #expect(abs(result.steps.reduce(0) { $0 + $1.saving.mean } - saved) < 0.005)
    #expect(abs(result.steps.reduce(0) { $0 + $1.shapleyShare } - saved) < 0.005)
    var before = result.start.cost.mean
    for step in result.steps {
      #expect(abs(before - step.saving.mean - step.state.cost.mean) < 0.005, "\(step.lever)")
      before = step.state.cost.mean
      #expect(step.state.serviceLevel >= requiredServiceLevel, "\(step.lever)")
    }
    // One by one, a replica does a small part of what it does in batches.
    #expect(result.start.gpus > 8 * (result.steps.last?.state.gpus ?? 0), "\(result.start)")
  }

  @Test("Before any lever the cost is replicas times hours times price, and what the option always costs")
  func start() throws {
    let result = try levers(text())
    let hours = try hours(from: "2026-12", months: 2).reduce(0, +)
    expectClose(result.start.cost.mean, Double(result.start.gpus) * hours * 3 + 2000, within: 1e-9)
    #expect(result.start.replicas.contains("llama-3.3-70b on 4 GPUs"), "\(result.start.replicas)")
    #expect(result.largestModel == "llama-3.3-70b")
  }

  @Test("With all levers it is the option as the plan has it")
  func end() throws {
    let model = try plan(text())
    let result = try model.levers(try #require(model.scenario.levers), threads: 2)
    let planned = model.run(threads: 2, version: "test", command: "test").result
    let end = try #require(result.steps.last?.state)
    expectClose(end.cost.mean, planned.options[0].totalCost.mean, within: 1e-9)
    expectClose(end.serviceLevel, planned.options[0].serviceLevel, within: 1e-9)
    // The plan of a scenario with the block has the same levers.
    #expect(planned.levers == result)
  }

  @Test("A cache saves nothing where no prompt comes again, in any order")
  func idleLever() throws {
    let result = try levers(text(levers: "levers: {option: own, cache: {ttl_seconds: 600}}"))
    let cache = try #require(result.steps.first { $0.lever == .cache })
    #expect(cache.saving.mean == 0 && cache.shapleyShare == 0)
  }

  @Test("What the option does not state is left out, and said; one model is not routed")
  func missing() throws {
    let result = try levers(text())
    #expect(result.steps.map(\.lever) == [.routing, .fp8, .continuousBatching])
    #expect(result.notes.contains { $0.contains("levers: {cache: {ttl_seconds: 3600}}") })
    #expect(result.notes.contains { $0.contains("levers: {spot: {mean_up_hours: 12") })
    let one = try levers(text(small: "llama-3.3-70b"))
    #expect(!one.steps.contains { $0.lever == .routing })
    #expect(one.notes.contains { $0.contains("there is nothing to route") })
  }

  @Test(
    "Shorter answers and prompts are measures beside the levers, and need fewer replicas where there are many"
  )
  func besides() throws {
    let block = "levers: {option: own, cap_output_tokens: 20, trim_input_share: 0.5}"
    let result = try levers(
      text(small: "llama-3.3-70b", input: "6000", output: "400", levers: block))
    #expect(result.besides.map(\.name) == ["cap-output-tokens", "trim-input"])
    let end = try #require(result.steps.last?.state)
    #expect(result.besides.contains { $0.state.gpus < end.gpus }, "\(result.besides)")
    for measure in result.besides {
      #expect(measure.state.gpus <= end.gpus, "\(measure)")
      #expect(abs(end.cost.mean - measure.saving.mean - measure.state.cost.mean) < 0.005)
    }
  }

  @Test("INV-8: the levers do not depend on the threads")
  func threads() throws {
    #expect(try levers(text(chain: spot), threads: 1) == levers(text(chain: spot), threads: 3))
  }

  @Test("An option without GPUs of its own, or without a price on demand, is refused")
  func refusals() throws {
    let api = """
      name: refused
      demand: {uses: {chat: {model: llama-3.1-8b, rate: 1, input_tokens: 100, output_tokens: 10}}}
      options: {api: {chain: [metered: {provider: bedrock}]}}
      horizon: {start: 2026-12}
      """
    #expect(throws: PlanningProblem.self) {
      try plan(api).levers(LeversDefinition(option: "api"), threads: 1)
    }
    #expect(throws: ScenarioProblems.self) { try plan(api + "\nlevers: {option: api}") }
    #expect(throws: ScenarioProblems.self) { try plan(api + "\nlevers: {option: apo}") }
  }
}
