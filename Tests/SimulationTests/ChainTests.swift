// SPDX-License-Identifier: GPL-3.0-or-later
// The books of any chain of supplies balance, whatever happens to it.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

/// A random option: one to four supplies of any kind, some dead, some overloaded, some interrupted.
struct RandomChain {
  static let useCases = 3
  static let models = 2
  var option: OptionConfiguration
  var requests: [Request]
  var window: Double
  /// Paid GPU-seconds of each supply's pools, from the schedules alone.
  var paidGPUSeconds: [Double] = []

  init(seed: Int) {
    var random = TestRandom(seed: seed, index: 7)
    window = random.uniform(20, 400)
    var chain: [SupplyConfiguration] = []
    for _ in 0..<random.integer(1...4) {
      var paid = 0.0
      switch random.integer(0...3) {
      case 0:
        chain.append(
          .metered(
            MeteredConfiguration(
              serves: (0..<Self.models).map { _ in random.chance(0.6) },
              latency: ServiceLatency(firstToken: Seconds(0.4), perOutputToken: Seconds(0.01)))))
      case 1:
        chain.append(
          .reserved(
            ReservedConfiguration(
              units: (0..<Self.models).map { _ in
                random.chance(0.7)
                  ? ReservedUnits(
                    units: random.integer(0...3), inputTokensPerMinute: random.logUniform(100, 200_000),
                    outputTokensPerMinute: random.logUniform(100, 50_000)) : nil
              }, window: Seconds(random.uniform(1, 60)),
              latency: ServiceLatency(firstToken: Seconds(0.3), perOutputToken: Seconds(0.008)))))
      default:
        var pools: [PoolConfiguration?] = []
        for _ in 0..<Self.models {
          guard random.chance(0.8) else {
            pools.append(nil)
            continue
          }
          let (pool, seconds) = Self.pool(&random, window: window)
          pools.append(pool)
          paid += seconds
        }
        chain.append(.fleet(FleetConfiguration(pools: pools)))
      }
      paidGPUSeconds.append(paid)
    }
    option = OptionConfiguration(
      modelOfUseCase: (0..<Self.useCases).map { _ in random.integer(0...(Self.models - 1)) },
      objectives: Array(
        repeating: ServiceObjective(timeToFirstToken: 1, timePerOutputToken: 0.05), count: Self.useCases),
      chain: chain, models: Self.models)
    requests = []
    let gap = random.logUniform(0.02, 2)
    var now = random.exponential(mean: gap)
    while now <= window, requests.count < 3000 {
      requests.append(
        Request(
          arrival: now, inputTokens: Int32(random.integer(1...900)),
          outputTokens: Int32(min(700, random.geometric(mean: 60))),
          useCase: Int32(random.integer(0...(Self.useCases - 1)))))
      now += random.exponential(mean: gap)
    }
  }

  private static func pool(_ random: inout TestRandom, window: Double) -> (PoolConfiguration, Double) {
    let gpus = random.integer(1...8)
    var paid = 0.0
    let schedules: [ReplicaSchedule] = (0..<random.integer(0...4)).map { _ in
      if random.chance(0.4) {
        paid += window * Double(gpus)
        return .always
      }
      var lifetimes: [ReplicaLifetime] = []
      var now = random.uniform(-50, window / 2)
      while now < window * 1.3 {
        let start = max(0, now)
        let ready = start + random.uniform(0, 20)
        let drain = ready + random.uniform(0, 60)
        let stop = drain + random.uniform(0, 20)
        lifetimes.append(
          ReplicaLifetime(
            start: Seconds(start), ready: Seconds(ready), drain: Seconds(drain), stop: Seconds(stop)))
        paid += max(0, min(stop, window) - min(start, window)) * Double(gpus)
        now = stop + random.uniform(0.1, 60)
      }
      return .during(lifetimes)
    }
    let pool = PoolConfiguration(
      schedules: schedules, gpusPerReplica: gpus,
      stepTime: StepTimeModel(
        overhead: random.logUniform(1e-3, 2e-2), computePerToken: 1e-5, denseWeights: 5e-3,
        memoryPerContextToken: 1e-7),
      maxSequences: random.integer(1...32), maxBatchedTokens: 512, keyValueBlocks: random.integer(60...600),
      queueLimit: random.chance(0.5) ? random.integer(0...10) : nil,
      router: random.chance(0.5) ? .leastOutstanding : .roundRobin)
    return (pool, paid)
  }
}

@Suite("Chains")
struct ChainTests {
  @Test("INV-1 to INV-5 hold over 1,200 random chains", arguments: 0..<24)
  func booksBalance(block: Int) {
    for seed in (block * 50)..<(block * 50 + 50) {
      let sample = RandomChain(seed: seed)
      var simulation = OptionSimulation(sample.option, window: Seconds(sample.window), keepsLog: true)
      simulation.offer(sample.requests.span)
      let result = simulation.finish(drainLimit: Seconds(seed % 3 == 0 ? 5 : .infinity))
      checkRequests(result, sample, seed)
      checkTokens(result, seed)
      for (supply, paid) in sample.paidGPUSeconds.enumerated() {
        let hours = result.bill.poolHours[supply].reduce(0) { $0 + $1.paid }
        #expect(abs(hours * 3600 - paid) < 1e-6 * max(1, paid), "seed \(seed): INV-3, supply \(supply)")
        for pool in result.bill.poolHours[supply] {
          #expect(
            pool.busy >= 0 && pool.idle >= -1e-9 && pool.booting >= 0 && pool.draining >= 0, "seed \(seed)")
        }
      }
      for served in result.log {
        #expect(
          served.arrival <= served.firstToken && served.firstToken <= served.lastToken, "seed \(seed): INV-5")
      }
    }
  }

  private func checkRequests(_ result: WindowResult, _ sample: RandomChain, _ seed: Int) {
    for useCase in 0..<RandomChain.useCases {
      let totals = result.bill.requests[useCase]
      let offered = sample.requests.filter { $0.useCase == useCase }
      #expect(totals.arrived == Double(offered.count), "seed \(seed): INV-1")
      #expect(
        totals.arrived == totals.served + totals.throttled + totals.failed + totals.inFlight,
        "seed \(seed): INV-1")
      #expect(totals.inFlight >= 0 && (seed % 3 == 0 || totals.inFlight == 0), "seed \(seed): INV-1")
      #expect(
        totals.served == Double(result.log.count { $0.useCase == useCase }), "seed \(seed): INV-1")
      #expect(
        totals.inputTokens == Double(offered.reduce(0) { $0 + Int($1.inputTokens) }), "seed \(seed)")
    }
  }

  private func checkTokens(_ result: WindowResult, _ seed: Int) {
    for useCase in 0..<RandomChain.useCases {
      let totals = result.bill.requests[useCase]
      let generated = result.bill.supplies.indices.reduce(0) {
        $0 + result.bill.totals(supply: $1, useCase: useCase).outputTokens
      }
      let served = Double(
        result.log.reduce(0) { $1.useCase == useCase ? $0 + Int($1.outputTokens) : $0 })
      // A request that is lost in the end has left its first tokens on the books of the supply that made them.
      if totals.failed == 0 && totals.inFlight == 0 {
        #expect(generated == served, "seed \(seed): INV-2")
      } else {
        #expect(generated >= served, "seed \(seed): INV-2")
      }
    }
  }

  @Test("The random chains interrupt, overflow, throttle and lose requests")
  func chainsAreHard() {
    var recomputed = 0
    var refused = 0
    var throttled = 0
    var failed = 0
    for seed in 0..<1200 {
      let sample = RandomChain(seed: seed)
      let bill = simulate(sample.option, sample.requests, window: sample.window).bill
      if bill.supplies.joined().contains(where: { $0.recomputedTokens > 0 }) { recomputed += 1 }
      if bill.supplies.joined().contains(where: { $0.refused > 0 }) { refused += 1 }
      if bill.requests.contains(where: { $0.throttled > 0 }) { throttled += 1 }
      if bill.requests.contains(where: { $0.failed > 0 }) { failed += 1 }
    }
    #expect(min(recomputed, refused, throttled, failed) >= 20)
  }

  @Test("INV-8: batches of any size give the same result", arguments: 0..<20)
  func batchingIsInvisible(seed: Int) {
    let sample = RandomChain(seed: seed + 5000)
    expectBatchesToBeInvisible(sample.option, sample.requests, window: sample.window, seed: seed)
  }

  @Test("INV-7: Little's law: sequences in work over time are requests times their stay")
  func littlesLaw() {
    var random = TestRandom(seed: 3)
    var now = 0.0
    let requests = (0..<20_000).map { _ in
      now += random.exponential(mean: 0.05)
      return Request(
        arrival: now, inputTokens: 1, outputTokens: Int32(random.geometric(mean: 80)), useCase: 0)
    }
    let step = 0.002
    let pool = PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1, stepTime: .constant(Seconds(step)), maxSequences: 4096,
      maxBatchedTokens: 8192, keyValueBlocks: 1_000_000)
    let result = simulate(option(pool), requests, log: true)
    let stays = result.log.reduce(0) { $0 + $1.lastToken - $1.arrival }
    // An arrival waits for the step in progress, which is no work yet: at most one step each.
    #expect(result.sequenceSeconds <= stays + 1e-6)
    #expect(result.sequenceSeconds >= stays - step * Double(requests.count))
  }

  @Test("A killed replica loses its work, and the next supply takes it over with its tokens as prompt")
  func interruptionHandsOver() {
    // One token a second; killed after 10.5 s: ten tokens are out, the eleventh step is lost.
    let pool = PoolConfiguration(
      schedules: [
        .during([
          ReplicaLifetime(start: Seconds(0), ready: Seconds(0), drain: Seconds(10.5), stop: Seconds(10.5))
        ])
      ], gpusPerReplica: 2, stepTime: .constant(Seconds(1)), maxSequences: 4, maxBatchedTokens: 64,
      keyValueBlocks: 100)
    let option = OptionConfiguration(
      modelOfUseCase: [0], objectives: [ServiceObjective()],
      chain: [
        .fleet(FleetConfiguration(pools: [pool])),
        .metered(
          MeteredConfiguration(
            serves: [true], latency: ServiceLatency(firstToken: Seconds(0.5), perOutputToken: Seconds(0.1)))),
      ], models: 1)
    let request = Request(arrival: 0, inputTokens: 20, outputTokens: 30, useCase: 0)
    let result = simulate(option, [request], window: 36, log: true)
    let (fleet, metered) = (result.bill.supplies[0][0], result.bill.supplies[1][0])
    #expect(fleet.outputTokens == 10)
    #expect(fleet.recomputedTokens == 29)  // 20 of the prompt and 9 fed back; the tenth token was not fed yet
    #expect(metered.inputTokens == 30)
    #expect(metered.outputTokens == 20)
    #expect(result.log.count == 1)
    #expect(result.log[0].firstToken == 1)
    #expect(abs(result.log[0].lastToken - (10.5 + 0.5 + 19 * 0.1)) < 1e-12)
    let hours = result.bill.poolHours[0][0]
    #expect(abs(hours.busy - 10.5 * 2 / 3600) < 1e-12 && hours.idle == 0)
  }
}
