// SPDX-License-Identifier: GPL-3.0-or-later
// The books balance with anything before any chain: routes, escalations, a cache, requests that can wait.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

extension RandomChain {
  /// A random chain behind a random gateway, with requests that repeat each other.
  init(gatewaySeed seed: Int) {
    self.init(seed: seed)
    var random = TestRandom(seed: seed, index: 8)
    let rate = random.uniform()
    let routing = (0..<Self.useCases).map { _ in
      let share = random.chance(0.3) ? 1 : random.uniform()
      return UseCaseRouting(
        shares: [share, 1 - share],
        escalations: [random.chance(0.6) ? .init(to: 1, rate: rate) : nil, nil])
    }
    var cache: ResponseCacheConfiguration?
    if random.chance(0.6) {
      cache = ResponseCacheConfiguration(
        timeToLive: Seconds(random.logUniform(0.5, 500)),
        entries: random.chance(0.5) ? .max : random.integer(1...20),
        latency: Seconds(random.chance(0.5) ? 0 : 0.05))
    }
    var offline: OfflineConfiguration?
    if random.chance(0.5) {
      offline = OfflineConfiguration(
        deadlines: [nil, Seconds(random.uniform(1, 300)), random.chance(0.5) ? Seconds(60) : nil],
        share: random.uniform(0.05, 1), margin: Seconds(random.uniform(0, 20)))
    }
    option.gateway = GatewayConfiguration(
      routing: random.chance(0.7) ? routing : [], cache: cache, offline: offline)
    if random.chance(0.3) {
      option.retry = RetryPolicy(retries: random.integer(1...4), firstDelay: Seconds(random.uniform(0.5, 20)))
    }
    for index in requests.indices where random.chance(0.7) {
      let content = random.integer(1...40)
      requests[index].content = UInt32(content * Self.useCases) + UInt32(requests[index].useCase)
      requests[index].inputTokens = Int32(1 + content * 37 % 900)
      requests[index].outputTokens = Int32(1 + content * 53 % 300)
    }
  }
}

@Suite("Gateways before chains")
struct GatewayChainTests {
  @Test(
    "INV-1 to INV-5 hold over 1,200 random chains with routing, cache, escalation and deadlines",
    arguments: 0..<24)
  func booksBalance(block: Int) {
    for seed in (block * 50)..<(block * 50 + 50) {
      let sample = RandomChain(gatewaySeed: seed)
      let drain = seed % 3 == 0 ? 5 : Double.infinity
      var simulation = OptionSimulation(sample.option, window: Seconds(sample.window), keepsLog: true)
      simulation.offer(sample.requests.span)
      let result = simulation.finish(drainLimit: Seconds(drain))
      for useCase in 0..<RandomChain.useCases {
        let totals = result.bill.requests[useCase]
        let offered = sample.requests.filter { $0.useCase == useCase }
        let log = result.log.filter { $0.useCase == useCase }
        #expect(totals.arrived == Double(offered.count), "seed \(seed): INV-1")
        #expect(
          totals.arrived
            == totals.cached + totals.served + totals.throttled + totals.failed + totals.inFlight,
          "seed \(seed): INV-1")
        #expect(totals.inFlight >= 0 && (drain == 5 || totals.inFlight == 0), "seed \(seed): INV-1")
        #expect(totals.served == Double(log.count { $0.supply >= 0 }), "seed \(seed): INV-1")
        #expect(totals.cached == Double(log.count { $0.supply < 0 }), "seed \(seed): INV-1")
        #expect(totals.coalesced <= totals.cached && totals.escalated <= totals.served, "seed \(seed)")
        #expect(totals.withinObjective <= totals.served + totals.cached, "seed \(seed)")
        checkTokens(result, useCase, log, seed)
      }
      #expect(Set(result.log.map(\.number)).count == result.log.count, "seed \(seed): answered twice")
      for (supply, paid) in sample.paidGPUSeconds.enumerated() {
        let hours = result.bill.poolHours[supply].reduce(0) { $0 + $1.paid }
        #expect(abs(hours * 3600 - paid) < 1e-6 * max(1, paid), "seed \(seed): INV-3, supply \(supply)")
      }
      for served in result.log {
        #expect(
          served.arrival <= served.firstToken && served.firstToken <= served.lastToken, "seed \(seed): INV-5")
      }
    }
  }

  /// INV-2: what supplies generated are the answers given, those given again included.
  private func checkTokens(
    _ result: WindowResult, _ useCase: Int, _ log: [ServedRequest], _ seed: Int
  ) {
    let supplies = result.bill.supplies.indices
    let generated = supplies.reduce(0) {
      $0 + result.bill.totals(supply: $1, useCase: useCase).outputTokens
    }
    let answers = supplies.reduce(0) { $0 + result.bill.totals(supply: $1, useCase: useCase).served }
    let totals = result.bill.requests[useCase]
    let served = log.reduce(0) { $1.supply >= 0 ? $0 + Double($1.outputTokens) : $0 }
    #expect(generated >= served, "seed \(seed): INV-2")
    #expect(answers >= totals.served + totals.escalated, "seed \(seed): INV-2")
    if totals.failed == 0 && totals.inFlight == 0 && totals.throttled == 0 {
      #expect(answers == totals.served + totals.escalated, "seed \(seed): INV-2")
      if totals.escalated == 0 { #expect(generated == served, "seed \(seed): INV-2") }
    }
  }

  @Test("The random gateways escalate, answer, coalesce, hold back, and lose requests that others wait for")
  func gatewaysAreHard() {
    var counts = (escalated: 0, cached: 0, coalesced: 0, filled: 0, throttledOfCached: 0)
    for seed in 0..<600 {
      let sample = RandomChain(gatewaySeed: seed)
      let bill = simulate(sample.option, sample.requests, window: sample.window).bill
      if bill.requests.contains(where: { $0.escalated > 0 }) { counts.escalated += 1 }
      if bill.requests.contains(where: { $0.cached > $0.coalesced }) { counts.cached += 1 }
      if bill.requests.contains(where: { $0.coalesced > 0 }) { counts.coalesced += 1 }
      if bill.requests.contains(where: { $0.filled > 0 }) { counts.filled += 1 }
      if bill.requests.contains(where: { $0.coalesced > 0 && $0.throttled + $0.failed > 0 }) {
        counts.throttledOfCached += 1
      }
    }
    #expect(
      min(counts.escalated, counts.cached, counts.coalesced, counts.filled, counts.throttledOfCached) >= 20,
      "\(counts)")
  }

  @Test("INV-8: batches of any size give the same result behind a gateway", arguments: 0..<20)
  func batchingIsInvisible(seed: Int) {
    let sample = RandomChain(gatewaySeed: seed + 5000)
    expectBatchesToBeInvisible(sample.option, sample.requests, window: sample.window, seed: seed)
  }
}
