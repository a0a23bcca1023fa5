// SPDX-License-Identifier: GPL-3.0-or-later
// The books balance with everything at once: any supplies in any order, behind any gateway, begun in the middle.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

extension RandomChain {
  /// A random chain of fixed, interrupted and scaling fleets, limited APIs and reserved units in any order, behind a
  /// random gateway.
  init(mixedSeed seed: Int) {
    self.init(gatewaySeed: seed)
    var random = TestRandom(seed: seed, index: 41)
    for _ in 0..<random.integer(1...3) {
      let supply: SupplyConfiguration
      switch random.integer(0...2) {
      case 0: supply = .metered(RandomOption.metered(&random))
      case 1: supply = .reserved(RandomOption.reserved(&random))
      default:
        supply = .fleet(
          FleetConfiguration(
            pools: (0..<Self.models).map { _ in
              random.chance(0.8) ? ScalingChain.pool(&random, window: window) : nil
            }))
      }
      option.chain.insert(supply, at: random.integer(0...option.chain.count))
    }
    option.randomness = RandomKey(seed: UInt64(seed))
  }
}

@Suite("Chains of everything")
struct MixedChainTests {
  @Test("INV-1 to INV-5 hold over 1,200 random chains of any supplies behind any gateway", arguments: 0..<24)
  func booksBalance(block: Int) {
    for seed in (block * 50)..<(block * 50 + 50) {
      let sample = RandomChain(mixedSeed: seed)
      let leadIn = seed % 4 == 0 ? sample.window / 3 : 0
      let drain = seed % 3 == 0 ? 5 : Double.infinity
      var simulation = OptionSimulation(
        sample.option, window: Seconds(sample.window - leadIn), leadIn: Seconds(leadIn), keepsLog: true)
      simulation.offer(sample.requests.span)
      let result = simulation.finish(drainLimit: Seconds(drain))
      for useCase in 0..<RandomChain.useCases {
        let totals = result.bill.requests[useCase]
        let counted = sample.requests.filter { $0.useCase == useCase && $0.arrival >= leadIn }
        let log = result.log.filter { $0.useCase == useCase }
        #expect(totals.arrived == Double(counted.count), "seed \(seed): INV-1")
        let known = totals.cached + totals.served + totals.throttled + totals.failed + totals.inFlight
        #expect(totals.arrived == known, "seed \(seed): INV-1")
        #expect(totals.inFlight >= 0 && (drain == 5 || totals.inFlight == 0), "seed \(seed): INV-1")
        #expect(totals.served + totals.cached == Double(log.count), "seed \(seed): INV-1")
        let supplies = result.bill.supplies.indices
        let generated = supplies.reduce(0) {
          $0 + result.bill.totals(supply: $1, useCase: useCase).outputTokens
        }
        let answered = log.reduce(0) { $1.supply >= 0 ? $0 + Double($1.outputTokens) : $0 }
        #expect(generated >= answered, "seed \(seed): INV-2")
      }
      for supply in result.bill.poolHours.indices {
        let paid = result.bill.poolHours[supply].reduce(0) { $0 + $1.paid }
        let hours = result.bill.hoursByGPUs[supply]
        let curve = hours.indices.reduce(0) { $0 + Double($1) * hours[$1] }
        #expect(abs(paid - curve) < 1e-9 * max(1, paid), "seed \(seed): INV-3, supply \(supply)")
      }
      for served in result.log {
        #expect(
          served.arrival <= served.firstToken && served.firstToken <= served.lastToken, "seed \(seed): INV-5")
      }
    }
  }

  @Test("INV-8: batches of any size give the same result in any chain", arguments: 0..<20)
  func batches(seed: Int) {
    let sample = RandomChain(mixedSeed: 5000 + seed)
    func run(batch: Int) -> WindowResult {
      var simulation = OptionSimulation(sample.option, window: Seconds(sample.window))
      var start = 0
      while start < sample.requests.count {
        let end = min(sample.requests.count, start + batch)
        let part = Array(sample.requests[start..<end])
        simulation.offer(part.span)
        start = end
      }
      return simulation.finish()
    }
    #expect(run(batch: 1).bill == run(batch: 4096).bill)
  }
}
