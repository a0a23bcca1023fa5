// SPDX-License-Identifier: GPL-3.0-or-later
// What a plan says of its own uncertainty, where the answer is known: one uncertain price explains its option's cost
// whole and is all there is to find out; correlated inputs move their costs together.

import Decision
import Foundation
import Planning
import Scenario
import Testing
import Uncertainty

@Suite("Uncertainty of a plan")
struct UncertaintyTests {
  /// Two GPUs against an API that costs about $5.70 an hour, so that $2.85 a GPU-hour breaks even.
  private func text(
    gpuHour: String = "{uniform: [2, 4]}", factor: String = "1", volume: String = "1",
    sampling: String = "{draws: 512, simulations: 32, seed: 5}", more: String = ""
  ) -> String {
    scenario(
      rate: "4", volume: volume, options: api + fleet,
      represent: "{months: 1, windows: 2, window_minutes: 2}",
      prices: prices(gpuHour: gpuHour, factor: factor),
      sampling: sampling) + more
  }

  private func correlation(_ left: [Double], _ right: [Double]) -> Double {
    let (a, b) = (mean(left), mean(right))
    func sum(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let (l, r) = (left.map { $0 - a }, right.map { $0 - b })
    return sum(l, r) / (sum(l, l) * sum(r, r)).squareRoot()
  }

  @Test("the only uncertain price explains its option's cost, and finding it out is finding out everything")
  func onePrice() throws {
    let outcome = try run(text())
    let uncertainty = try #require(outcome.result.uncertainty)
    #expect(uncertainty.method == "sobol" && uncertainty.replicates == 8)
    let input = try #require(uncertainty.inputs.first)
    #expect(input.name == "prices.gpu_hour.h100-sxm.on-demand")
    // The catalog's own uncertainty, how fast engines are, changes no cost of replicas that are always there.
    #expect(
      uncertainty.inputs.dropFirst().allSatisfy { $0.information.value < 0.02 * input.information.value })
    #expect(input.effects.map(\.option) == ["api", "own"])
    #expect(input.effects[1].firstOrderIndex.value > 0.999)
    let hours = try hours(from: "2026-12", months: 1)[0] * 2
    expectClose(input.effects[1].costAtP10, 2.2 * hours, within: 0.002)
    expectClose(input.effects[1].costAtP90, 3.8 * hours, within: 0.002)
    // Regret of the better option on average, which chance in the arrivals hardly adds to.
    let regret = outcome.result.decision.expectedRegret
    expectClose(uncertainty.perfectInformation.value, regret, within: 0.05)
    expectClose(input.information.value, regret, within: 0.1)
    let own = uncertainty.options[1].cost
    #expect(own.mean.low < 3 * hours && 3 * hours < own.mean.high)
    expectClose(own.p90.value, 3.8 * hours, within: 0.005)
  }

  @Test("a budget is exceeded as often as its price says; a dearer twin is dominated for everybody")
  func budgetAndDominance() throws {
    let hours = try hours(from: "2026-12", months: 1)[0] * 2
    let dear = """
      dear:
        chain:
          - fleet:
              gpu: h100-sxm
              pools:
                llama-3.1-8b: {replicas: 2, weights: fp8, kv_cache: fp8}
        costs: {platform_per_month: 10}

      """
    let outcome = try run(
      scenario(
        rate: "1", options: api + fleet + dear, represent: "{months: 1, windows: 2, window_minutes: 1}",
        prices: prices(gpuHour: "{uniform: [2, 4]}"), sampling: "{draws: 512, simulations: 32, seed: 5}")
        + "budget: \(3.5 * hours)\n")
    let options = try #require(outcome.result.uncertainty).options
    let above = try #require(options[1].probabilityAboveBudget)
    expectClose(above.estimate, 0.25, within: 0.02)
    #expect(above.low < 0.25 && 0.25 < above.high)
    #expect(try #require(options[0].probabilityAboveBudget).estimate == 0)
    #expect(options[2].dominatedBy.contains(Dominator(option: "own", order: .firstOrder)))
    #expect(options[0].dominatedBy.isEmpty)
  }

  @Test("prices move together as asked, with prices and with what is simulated")
  func correlations() throws {
    let pair = """
      correlations:
        - {between: [prices.gpu_hour.h100-sxm.on-demand, prices.api.bedrock.factor], value: 0.8}

      """
    let free = try run(text(factor: "{uniform: [0.5, 1.5]}"))
    #expect(abs(correlation(free.costs[0], free.costs[1])) < 0.1)
    let tied = try run(text(factor: "{uniform: [0.5, 1.5]}", more: pair))
    // Uniform margins have the rank correlation 6/π · arcsin(0.4) = 0.786.
    #expect(abs(correlation(tied.costs[0], tied.costs[1]) - 0.786) < 0.05)
    expectClose(mean(tied.costs[1]), mean(free.costs[1]), within: 0.005, "the margin")
    let across = """
      correlations:
        - {between: [demand.volume, prices.gpu_hour.h100-sxm.on-demand], value: -0.9}

      """
    let nested = try run(text(volume: "{uniform: [0.7, 1.3]}", more: across))
    #expect(correlation(nested.costs[0], nested.costs[1]) < -0.7)
  }

  @Test("a correlation with what is not uncertain is refused where it stands, with what there is")
  func unknownName() throws {
    let wrong = "correlations: [{between: [prices.gpu_hour.h100-sxm.on-demand, demand.volume], value: 0.5}]\n"
    let problem = #expect(throws: PlanningProblem.self) { try plan(text(more: wrong)) }
    let message = try #require(problem).description
    #expect(message.hasPrefix("scenario.yaml:") && message.contains("`demand.volume` is no uncertain input"))
    #expect(message.contains("prices.gpu_hour.h100-sxm.on-demand"))
  }

  @Test("contradicting correlations are repaired, and the result says by how much")
  func repaired() throws {
    let names = ["demand.volume", "prices.gpu_hour.h100-sxm.on-demand", "prices.api.bedrock.factor"]
    let triple = """
      correlations:
        - {between: [\(names[0]), \(names[1])], value: 0.9}
        - {between: [\(names[1]), \(names[2])], value: 0.9}
        - {between: [\(names[0]), \(names[2])], value: -0.9}

      """
    let outcome = try run(
      text(factor: "{uniform: [0.5, 1.5]}", volume: "{uniform: [0.9, 1.1]}", more: triple))
    #expect(
      outcome.result.warnings.contains { $0.contains("contradict") && $0.contains("change one by 0.4") })
  }

  @Test("every method samples the same distributions", arguments: ["sobol", "latin-hypercube", "plain"])
  func methods(name: String) throws {
    let outcome = try run(text(sampling: "{draws: 2048, simulations: 32, seed: 5, method: \(name)}"))
    let uncertainty = try #require(outcome.result.uncertainty)
    let exact = 3 * (try hours(from: "2026-12", months: 1)[0]) * 2
    #expect(uncertainty.method == name)
    expectClose(mean(outcome.costs[1]), exact, within: 0.02)
    let width = uncertainty.options[1].cost.mean.high - uncertainty.options[1].cost.mean.low
    // Plain draws have a standard error of 0.43 %; even points are hundreds of times nearer.
    #expect(name == "plain" ? width > 0.005 * exact : width < 0.001 * exact)
  }

  @Test("too few simulations say nothing of their own scatter")
  func tooFew() throws {
    #expect(try run(text(sampling: "{draws: 32, simulations: 2, seed: 5}")).result.uncertainty == nil)
    #expect(try run(text(sampling: "{draws: 32, simulations: 4, seed: 5}")).result.uncertainty != nil)
  }

  /// The shipped scenario's prices under quantities simulated once a seed: what is left of the sampling error is that
  /// of the prices. The seed's own long run stands for the exact mean.
  @Test("Sobol' points beat independent draws tenfold in the variance of the shipped options' mean cost")
  func beatsPlain() throws {
    func means(_ method: SamplingMethod, seed: UInt64, draws: Int) throws -> [Double] {
      let shipped = try ScenarioLoader.loadEmbedded(
        overrides: ["horizon.represent={months: 1, windows: 1, window_minutes: 0.2}"])
      let sampling = Sampling(draws: draws, simulations: 1, seed: seed, method: method)
      let outcome = try PlanModel(shipped, sampling: sampling).run(threads: 2, version: "", command: "")
      return outcome.costs.map(mean)
    }
    var squares: [SamplingMethod: [Double]] = [:]
    for method in [SamplingMethod.sobol, .plain] {
      var sums: [Double] = []
      for seed in 0..<UInt64(32) {
        let (short, long) = (
          try means(method, seed: seed, draws: 128), try means(method, seed: seed, draws: 1024)
        )
        let errors = zip(short, long).map { ($0 / $1 - 1) * ($0 / $1 - 1) }
        sums = sums.isEmpty ? errors : zip(sums, errors).map(+)
      }
      squares[method] = sums
    }
    let (even, plain) = (try #require(squares[.sobol]), try #require(squares[.plain]))
    for option in even.indices {
      #expect(even[option] * 10 < plain[option], "option \(option): \(plain[option] / even[option])")
    }
  }
}
