// SPDX-License-Identifier: GPL-3.0-or-later
// A fast run against the full one it stands for, over seeds; what it may not break; and when it must give up.

import Decision
import Foundation
import Planning
import Scenario
import Simulation
import Synchronization
import Testing
import Uncertainty

/// Spot with a stand-in and an API behind it, a base with a burst, and both of their parts.
private let options =
  api + fleet + """
    spot:
      chain:
        - fleet:
            name: spot
            gpu: h100-sxm
            purchase: spot
            spot: {zones: 2, mean_up_hours: {p10: 2, p90: 9}, mean_down_hours: 1}
            startup_seconds: 300
            queue_limit: 4
            pools:
              llama-3.1-8b: {replicas: 2}
        - fleet:
            name: standby
            gpu: h100-sxm
            standby_for: spot
            startup_seconds: 300
            queue_limit: 4
            pools:
              llama-3.1-8b: {replicas: 2}
        - metered: {provider: bedrock}
    burst:
      chain:
        - fleet:
            name: base
            gpu: h100-sxm
            queue_limit: 2
            pools:
              llama-3.1-8b: {replicas: 1, max_num_seqs: 16}
        - metered: {provider: bedrock}
      costs: {people_per_month: {uniform: [100, 200]}, one_off: 1000}

    """

private func text(
  rate: String = "{p10: 4, p90: 7}", minutes: Int = 4, fidelity: String = "fast", more: String = "",
  simulations: Int = 96, seed: Int = 3
) -> String {
  scenario(
    rate: rate, growth: "{p10: 0.01, p90: 0.05}", volume: "{pert: [0.8, 1, 1.3]}",
    noise: "{day: 0.1, hour: 0.1}", use: "profile: azure-code\nslo: {ttft_ms: 2000}", options: options,
    months: 3, represent: "{months: 2, windows: 4, window_minutes: \(minutes)}",
    prices: prices(output: "{p10: 0.5, p90: 1}", gpuHour: "{pert: [1, 2, 3]}", factor: "{uniform: [0.8, 1]}"),
    discountRate: "{uniform: [0.05, 0.1]}",
    sampling:
      "{draws: \(8 * simulations), simulations: \(simulations), seed: \(seed), fidelity: \(fidelity)\(more)}")
}

@Suite("Fast runs")
struct FidelityTests {
  @Test(
    "a fast run's quantiles are within 3 % of the full one's, and P(cheapest) within 0.03", arguments: 1...3)
  func likeFull(seed: Int) throws {
    let full = try run(text(fidelity: "full", seed: seed)).result
    let fast = try run(text(seed: seed)).result
    #expect(full.fidelity == nil)
    let fidelity = try #require(fast.fidelity)
    #expect(fidelity.simulated == 16 && fidelity.predicted == 80 && !fidelity.fellBack)
    #expect(fast.run.simulatedRequests * 4 < full.run.simulatedRequests)
    for (fast, full) in zip(fast.options, full.options) {
      for percent in 5...95 {
        expectClose(
          fast.costQuantiles[percent], full.costQuantiles[percent], within: 0.03,
          "\(full.name), P\(percent), seed \(seed):")
      }
      #expect(abs(fast.probabilityCheapest.estimate - full.probabilityCheapest.estimate) < 0.03)
      #expect(abs(fast.servedShare - full.servedShare) < 0.01)
    }
    // What its own window, inputs and weather say of a draw is most of what there is to say.
    #expect(fidelity.options.allSatisfy { $0.costError < 0.02 })
    #expect(fast.warnings.contains { $0.hasPrefix("16 of 96 draws were simulated") })
  }

  @Test("INV-1, INV-2, INV-3 hold in 1,000 draws, and a fleet that is always there is paid to the hour")
  func invariants() throws {
    let model = try plan(text(simulations: 1024))
    let bills = model.monthlyBills(threads: 2)
    #expect(bills.count == 1024)
    let hours = try hours(from: "2026-12", months: 3)
    for (draw, options) in bills.enumerated() {
      for option in options {
        for (month, bill) in option.enumerated() {
          #expect(bill.row.allSatisfy { $0 >= 0 && $0.isFinite }, "draw \(draw)")
          let totals = bill.requests[0]
          expectClose(
            totals.served + totals.throttled + totals.failed + totals.inFlight, totals.arrived, within: 1e-9)
          expectClose(bill.supplies.reduce(0) { $0 + $1[0].served }, totals.served, within: 1e-9)
          #expect(totals.withinObjective <= totals.served * (1 + 1e-12))
          expectClose(options[1][month].poolHours[0][0].paid, 2 * hours[month], within: 1e-9)
        }
      }
    }
    // The draws differ, as their inputs and their noise do.
    #expect(Set(bills.map { $0[0][0].requests[0].outputTokens }).count == 1024)
  }

  @Test("INV-8: one, two or five threads yield the same document and costs, bit for bit")
  func threads() throws {
    let model = try plan(text())
    let one = model.run(threads: 1, version: "test", command: "test") {}
    #expect(one.result.fidelity?.predicted == 80)
    for threads in [2, 5] {
      let several = model.run(threads: threads, version: "test", command: "test") {}
      #expect(several.costs == one.costs && several.result == one.result)
    }
  }

  @Test("what cannot be predicted is simulated, and said: the result is the full one")
  func fallsBack() throws {
    // A few requests a window: what they come to is chance that no input tells of.
    let full = try run(text(rate: "0.02", fidelity: "full"))
    let fast = try run(text(rate: "0.02"))
    #expect(fast.costs == full.costs)
    let fidelity = try #require(fast.result.fidelity)
    #expect(fidelity.fellBack && fidelity.simulated == 96 && fidelity.predicted == 0)
    #expect(fidelity.options.contains { $0.costError > 0.03 })
    #expect(
      fast.result.warnings.contains {
        $0.hasPrefix("All 96 draws were simulated though a fast run was asked for")
      })
    var result = fast.result
    result.fidelity = nil
    // The scenario says `fast`.
    result.run.scenarioDigest = full.result.run.scenarioDigest
    result.warnings.removeAll { $0.hasPrefix("All 96 draws") }
    #expect(result == full.result)
  }

  @Test("the limit and the number of simulations are the scenario's")
  func configured() throws {
    let strict = try run(text(more: ", fast_error_limit: 0.0001")).result
    #expect(strict.fidelity?.fellBack == true && strict.fidelity?.errorLimit == 0.0001)
    let more = try run(text(more: ", fast_simulations: 24")).result
    #expect(more.fidelity?.simulated == 32 && more.fidelity?.fellBack == false)
    let all = try run(text(more: ", fast_simulations: 96")).result
    #expect(all.fidelity?.simulated == 96 && all.fidelity?.predicted == 0 && all.fidelity?.fellBack == false)
    #expect(all.options == (try run(text(fidelity: "full")).result.options))
  }

  @Test("predictions make no interval narrower than few simulations allow")
  func intervals() throws {
    let fast = try run(text()).result
    let full = try run(text(fidelity: "full")).result
    let costs = try #require(fast.uncertainty).options.map(\.cost.mean)
    let errors = try #require(fast.fidelity).options.map(\.costError)
    for (place, cost) in costs.enumerated() {
      // Student's t on 15 degrees of freedom is 2.13; 80 of 96 draws are predicted.
      let share = 2.13 / 4 * 80 / 96 * errors[place]
      #expect(cost.high - cost.value >= 0.999 * share * cost.value)
      let truth = full.options[place].totalCost.mean
      #expect(cost.low <= truth && truth <= cost.high, "\(full.options[place].name)")
    }
  }

  @Test("progress is told once for each piece of work, simulated or predicted")
  func progress() throws {
    for more in ["", ", fast_error_limit: 0.0001"] {
      let model = try plan(text(more: more))
      let told = Mutex(0)
      _ = model.run(threads: 3, version: "test", command: "test") { told.withLock { $0 += 1 } }
      #expect(told.withLock(\.self) == model.pieceCount)
    }
  }
}
