// SPDX-License-Identifier: GPL-3.0-or-later
// A run that goes on until it is precise enough: the same futures as one that asks for them at once, no more than
// needed, and no more than allowed.

import Decision
import Foundation
import Planning
import Scenario
import Testing
import Uncertainty

@Suite("Convergence")
struct ConvergenceTests {
  private func text(_ more: String = "", draws: Int = 128, simulations: Int = 32) -> String {
    scenario(
      rate: "4", volume: "{uniform: [0.5, 1.5]}", options: api + fleet,
      represent: "{months: 1, windows: 1, window_minutes: 2}", prices: prices(gpuHour: "{uniform: [1, 6]}"),
      sampling: "{draws: \(draws), simulations: \(simulations), seed: 5\(more)}")
  }

  @Test("without a target there is one round, as asked")
  func asAsked() throws {
    let convergence = try #require(try run(text()).result.convergence)
    #expect(convergence.ending == .asAsked && convergence.rounds.count == 1)
    #expect(convergence.rounds[0].simulations == 32 && convergence.rounds[0].replicates == 8)
    #expect(convergence.meanCostTarget == nil && convergence.maximumDraws == nil)
    #expect(convergence.variances.map(\.option) == ["api", "own"])
    // The fleet is always there: its cost varies with the price alone; the API's with the volume alone.
    #expect(convergence.variances[0].withinSimulations == 0)
    let (between, within) = (
      convergence.variances[1].betweenSimulations, convergence.variances[1].withinSimulations
    )
    #expect(between < 0.05 * within)
  }

  @Test(
    "rounds are the run that asks for all of their futures at once",
    arguments: ["sobol", "latin-hypercube", "plain"])
  func oneGo(method: String) throws {
    let rounds = try run(text(", method: \(method), target: {mean_cost: 0.0001}, maximum: 288"))
    let convergence = try #require(rounds.result.convergence)
    #expect(convergence.ending == .maximum && convergence.maximumDraws == 288)
    #expect(convergence.rounds.map(\.replicates) == [8, 12, 18])
    let once = try run(
      text(", method: \(method), replicates: 18", draws: 288, simulations: 72))
    #expect(rounds.costs == once.costs)
    #expect(rounds.result.options == once.result.options)
    #expect(rounds.result.decision == once.result.decision)
    #expect(rounds.result.uncertainty == once.result.uncertainty)
    #expect(rounds.result.run.draws == 288 && rounds.result.run.simulations == 72)
    #expect(convergence.rounds.last == once.result.convergence?.rounds.last)
    // What the first round said is what a run that ends there says.
    let first = try run(text(", method: \(method)"))
    #expect(convergence.rounds[0] == first.result.convergence?.rounds[0])
    #expect(Array(rounds.costs[0].prefix(128)) == first.costs[0])
  }

  @Test("a loose target ends sooner than a tight one; both agree within their intervals")
  func targets() throws {
    let loose = try run(text(", target: {mean_cost: 0.08, probability_cheapest: 0.2}"))
    let tight = try run(text(", target: {mean_cost: 0.02, probability_cheapest: 0.06}"))
    let (few, many) = (try #require(loose.result.convergence), try #require(tight.result.convergence))
    #expect(few.ending == .target && many.ending == .target)
    #expect(few.rounds.count < many.rounds.count && loose.result.run.draws < tight.result.run.draws)
    for (convergence, mean, probability) in [(few, 0.08, 0.2), (many, 0.02, 0.06)] {
      let last = try #require(convergence.rounds.last)
      #expect(try #require(last.meanCostHalfWidth) <= mean && last.probabilityHalfWidth <= probability)
      // Every round but the last missed the target, or it would have been the last.
      for round in convergence.rounds.dropLast() {
        #expect((round.meanCostHalfWidth ?? 1) > mean || round.probabilityHalfWidth > probability)
      }
    }
    for option in 0..<2 {
      let wide = try #require(loose.result.uncertainty).options[option].cost.mean
      let value = try #require(tight.result.uncertainty).options[option].cost.mean
      #expect(wide.low <= value.high && value.low <= wide.high)
    }
  }

  @Test("an archive serves rounds as it serves a run")
  func resumes() throws {
    let model = try plan(text(", target: {mean_cost: 0.0001}, maximum: 288"))
    let whole = model.run(threads: 2, version: "test", command: "test")
    let archive = MemoryArchive()
    for _ in 0..<2 {
      let kept = model.run(threads: 2, version: "test", command: "test", archive: (archive, program: "test"))
      #expect(kept.result == whole.result && kept.costs == whole.costs)
    }
    #expect(archive.rounds.map(\.simulations) == [32, 48, 72, 32, 48, 72])
    #expect(archive.rounds.map { $0.pieces == $0.stored } == [false, false, false, true, true, true])
    let half = archive.keeping { $0 % 2 == 0 }
    let resumed = model.run(threads: 3, version: "test", command: "test", archive: (half, program: "test"))
    #expect(resumed.result == whole.result)
  }

  @Test("what is wrong with a target is said where it stands")
  func problems() throws {
    let cases = [
      (", target: {}", "names nothing"), (", maximum: 500", "nothing without `target`"),
      (", target: {mean_cost: 0.1}, maximum: 100", "less than the 128 draws"),
      (", target: {mean_cost: 0}", "mean_cost"), (", target: {mean: 0.1}", "mean_cost"),
      (", replicates: 2, target: {mean_cost: 0.1}", "4 replicates or more"),
    ]
    for (more, word) in cases {
      let problems = #expect(throws: ScenarioProblems.self) {
        try ScenarioLoader.load(bytes: [UInt8](text(more).utf8), file: "s.yaml")
      }
      let said = "\(try #require(problems))"
      #expect(said.contains("s.yaml:") && said.contains(word), "\(said)")
    }
    let sampling = try ScenarioLoader.load(bytes: [UInt8](text().utf8), file: "s.yaml").sampling
    #expect(throws: PlanningProblem.self) { try sampling.with(seed: nil, draws: nil, maximumDraws: 500) }
    #expect(try sampling.with(seed: nil, draws: nil, target: 0.1).target == SamplingTarget(meanCost: 0.1))
  }

  @Test("variance comes apart into what simulations and what prices bring")
  func components() throws {
    // Two simulations at ±1 around their mean, prices at ±2 within each.
    let variance = CostVariance(option: "x", costs: [9, 13, 11, 15], simulations: 2)
    #expect(variance.withinSimulations == 8)
    // Means 11 and 13 have the variance 2, of which the prices' 8/2 would explain all.
    #expect(variance.betweenSimulations == 0)
    let clear = CostVariance(option: "x", costs: [0, 2, 100, 102], simulations: 2)
    #expect(clear.withinSimulations == 2 && clear.betweenSimulations == 5000 - 1)
    #expect(CostVariance(option: "x", costs: [1, 5], simulations: 2).withinSimulations == 0)
  }
}
