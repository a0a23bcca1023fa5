// SPDX-License-Identifier: GPL-3.0-or-later
// The example that everybody works out on an envelope, through the whole plan: two H100s at $3 an hour that generate
// 2,500 tokens a second cost $0.67 per million at full utilization, against the $0.66 that Llama 4 Scout's output costs
// on Bedrock.

import Decision
import Economics
import Planning
import Scenario
import Testing

@Suite("INV-9: the envelope's example, simulated")
struct SeedExampleTests {
  /// Scout on Bedrock and on one replica of two H100s with a measured throughput, at a load of so much of it.
  private func text(load: Double) -> String {
    """
    name: seed-example
    demand:
      uses:
        chat: {model: llama-4-scout, rate: \(load * 12.5), input_tokens: 800, output_tokens: 200}
    options:
      api: {chain: [{metered: {provider: bedrock}}]}
      own:
        chain:
          - fleet:
              gpu: h100-sxm
              queue_limit: 64
              pools:
                llama-4-scout: {replicas: 1, tensor_parallel: 2, weights: fp8, max_num_seqs: 64, throughput: 2500}
    horizon: {start: 2026-12, months: 1, represent: {windows: 1, window_minutes: 40, warm_up_minutes: 5}}
    prices:
      gpu_hour:
        h100-sxm: {on-demand: 3}
      api:
        bedrock:
          llama-4-scout: {input: 0.17, output: 0.66}
    sampling: {draws: 2, simulations: 2, seed: 7}

    """
  }

  @Test("simulated $ per 1M output tokens converge to the closed form as the load saturates")
  func converges() throws {
    let closedForm = ClosedFormCosts(
      gpuHour: 3, gpus: 2, outputTokensPerSecond: 2500, inputPrice: 0.17, outputPrice: 0.66, inputPerOutput: 4
    )
    let costs = try [0.25, 0.5, 0.9, 1.2, 2].map { load -> Double in
      let outcome = try run(text(load: load))
      let own = try #require(outcome.result.options.first { $0.name == "own" })
      let cost = own.costPerMillionOutput.mean
      if load < 1 {
        expectClose(cost, closedForm.selfHostPerMillionOutput / load, within: 0.03, "at load \(load):")
      }
      // The API's costs follow the closed form at every load.
      let api = try #require(outcome.result.options.first { $0.name == "api" })
      expectClose(api.costPerMillionOutput.mean, closedForm.apiPerMillionOutput, within: 1e-9)
      return cost
    }
    expectClose(closedForm.selfHostPerMillionOutput, 2.0 / 3, within: 1e-12)
    print(costs)
    #expect(zip(costs, costs.dropFirst()).allSatisfy { $0 > $1 * 0.995 }, "\(costs)")
    expectClose(costs[3], closedForm.selfHostPerMillionOutput, within: 0.01, "saturated:")
    expectClose(costs[4], closedForm.selfHostPerMillionOutput, within: 0.01, "far beyond:")
  }
}
