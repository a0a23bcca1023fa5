// SPDX-License-Identifier: GPL-3.0-or-later
// INV-8: a result follows from its inputs and its seed alone.

import Decision
import Foundation
import Planning
import Synchronization
import Testing

/// Something of everything: uncertain demand and prices, noise, bursts, interruptions, a chain of three.
private let rich = scenario(
  rate: "{p10: 0.1, p90: 0.3}", growth: "{p10: 0.01, p90: 0.05}", volume: "{pert: [0.8, 1, 1.3]}",
  noise: "{day: 0.1, hour: 0.2}", use: "profile: azure-code\nburstiness: 0.5",
  options: api + fleet + """
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
            pools:
              llama-3.1-8b: {replicas: 2}
        - metered: {provider: bedrock}
      costs: {people_per_month: {uniform: [100, 200]}, one_off: 1000}

    """,
  months: 3, represent: "{months: 2, windows: 4, window_minutes: 15}",
  prices: prices(output: "{p10: 0.5, p90: 1}", gpuHour: "{pert: [1, 2, 3]}", factor: "{uniform: [0.8, 1]}"),
  discountRate: "{uniform: [0.05, 0.1]}", sampling: "{draws: 24, simulations: 6, seed: 5}")

@Suite("Reproducibility")
struct ReproducibilityTests {
  @Test("INV-8: one, two or five threads yield the same document and costs, bit for bit")
  func threads() throws {
    let model = try plan(rich)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let one = model.run(threads: 1, version: "test") {}
    let bytes = try encoder.encode(one.result)
    for threads in [2, 5] {
      let several = model.run(threads: threads, version: "test") {}
      #expect(several.costs == one.costs)
      #expect(several.result == one.result)
      #expect(try encoder.encode(several.result) == bytes)
    }
  }

  @Test("INV-8: a scenario read again yields the same; another seed does not")
  func seeds() throws {
    let first = try run(rich)
    #expect(try run(rich).result == first.result)
    let other = try run(rich, seed: 6)
    #expect(other.costs != first.costs)
    #expect(other.result.run.seed == 6)
    #expect(zip(other.costs, first.costs).allSatisfy { zip($0, $1).allSatisfy { $0 != $1 } })
  }

  @Test("progress is told once for each piece of work")
  func progress() throws {
    let model = try plan(rich)
    let told = Mutex(0)
    _ = model.run(threads: 3, version: "test") { told.withLock { $0 += 1 } }
    #expect(told.withLock(\.self) == model.pieceCount)
  }

  @Test("every cost is finite and positive, in every future of every option")
  func finite() throws {
    let outcome = try run(rich)
    #expect(outcome.costs.count == 3 && outcome.costs.allSatisfy { $0.count == 24 })
    #expect(outcome.costs.joined().allSatisfy { $0.isFinite && $0 > 0 })
  }
}
