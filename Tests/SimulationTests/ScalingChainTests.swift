// SPDX-License-Identifier: GPL-3.0-or-later
// The books balance over pools that scale, drain, keep spares and lose their capacity.

import Quantities
import Simulation
import Testing
import Workload

/// A random option whose fleets scale: by schedule or by load, with spares, any router, and capacity that comes and goes.
struct ScalingChain {
  var option: OptionConfiguration
  var requests: [Request] = []
  var window: Double
  let hasFallback: Bool

  init(seed: Int) {
    var random = TestRandom(seed: seed, index: 21)
    window = random.uniform(100, 2000)
    var chain: [SupplyConfiguration] = []
    for _ in 0..<random.integer(1...3) {
      var pools: [PoolConfiguration?] = []
      for _ in 0..<2 {
        pools.append(random.chance(0.85) ? Self.pool(&random, window: window) : nil)
      }
      chain.append(.fleet(FleetConfiguration(pools: pools)))
    }
    hasFallback = random.chance(0.3)
    if hasFallback {
      chain.append(
        .metered(
          MeteredConfiguration(
            serves: [true, true],
            latency: ServiceLatency(firstToken: Seconds(0.4), perOutputToken: Seconds(0.01)))))
    }
    option = OptionConfiguration(
      modelOfUseCase: [0, 1], objectives: [ServiceObjective(timeToFirstToken: 1), ServiceObjective()],
      chain: chain, models: 2,
      retry: random.chance(0.3) ? RetryPolicy(retries: random.integer(1...4), firstDelay: Seconds(1)) : nil,
      randomness: RandomKey(seed: UInt64(seed)))
    let gap = random.logUniform(0.03, 20)
    var now = random.exponential(mean: gap)
    while now <= window, requests.count < 1500 {
      let content = UInt32(random.integer(0...30))
      requests.append(
        Request(
          arrival: now, inputTokens: Int32(random.integer(1...900)),
          outputTokens: Int32(min(700, random.geometric(mean: 80))),
          useCase: Int32(random.integer(0...1)), content: content))
      // Now and then nobody asks for long, so that pools go to zero.
      now += random.exponential(mean: random.chance(0.01) ? 300 : gap)
    }
  }

  static func pool(_ random: inout TestRandom, window: Double) -> PoolConfiguration {
    let replicas = random.integer(0...6)
    let schedules: [ReplicaSchedule] = (0..<replicas).map { _ in
      if random.chance(0.6) { return .always }
      var stretches: [CapacityStretch] = []
      var up = random.uniform(-200, 200)
      while up < window * 1.2, !random.chance(0.05) {
        let down = up + random.logUniform(1, 600)
        stretches.append(CapacityStretch(up: Seconds(up), down: Seconds(down)))
        up = down + random.logUniform(1, 300)
      }
      return .capacity(stretches)
    }
    let routers: [Router] = [.leastOutstanding, .roundRobin, .powerOfTwo, .prefixAffine]
    var pool = PoolConfiguration(
      schedules: schedules, gpusPerReplica: random.integer(1...8),
      stepTime: StepTimeModel(
        overhead: random.logUniform(1e-3, 2e-2), computePerToken: 1e-5, denseWeights: 5e-3,
        memoryPerContextToken: 1e-7),
      maxSequences: random.integer(1...32), maxBatchedTokens: 512, keyValueBlocks: random.integer(60...600),
      queueLimit: random.chance(0.4) ? random.integer(0...10) : nil,
      router: routers[random.integer(0...3)])
    pool.startup = Seconds(random.chance(0.1) ? 0 : random.logUniform(1, 300))
    pool.notice = Seconds(random.chance(0.3) ? 0 : random.uniform(1, 120))
    pool.drainLimit = Seconds(random.chance(0.2) ? 0 : random.uniform(0.1, 60))
    pool.spares = random.chance(0.3) ? random.integer(0...2) : 0
    if random.chance(0.25) {
      var start = 0.0
      var steps: [ScheduledReplicas] = []
      while start < window * 1.1 {
        steps.append(ScheduledReplicas(start: Seconds(start), replicas: random.integer(0...replicas)))
        start += random.uniform(1, window / 3)
      }
      pool.scaling = .schedule(steps)
    } else {
      let maximum = random.integer(0...replicas)
      let minimum = random.chance(0.5) ? 0 : random.integer(0...maximum)
      let metrics: [(ScalingMetric, Double)] = [
        (.queue, random.logUniform(0.5, 20)), (.concurrency, random.logUniform(0.5, 40)),
        (.utilization, random.uniform(0.05, 1)),
      ]
      let (metric, target) = metrics[random.integer(0...2)]
      pool.scaling = .autoscale(
        Autoscaler(
          metric: metric, target: target, minimum: minimum, maximum: maximum,
          initial: random.integer(0...max(0, maximum)), period: Seconds(random.uniform(2, 30)),
          tolerance: random.chance(0.5) ? 0.1 : 0, scaleUpWindow: Seconds(random.chance(0.7) ? 0 : 60),
          scaleDownWindow: Seconds(random.uniform(0, 300)), cooldown: Seconds(random.uniform(0, 200)),
          scaleUpLimit: random.chance(0.3) ? random.integer(1...3) : nil,
          scaleDownLimit: random.chance(0.3) ? random.integer(1...3) : nil,
          whenEmpty: random.chance(0.5) ? .hold : .overflow))
    }
    return pool
  }
}

@Suite("Chains that scale")
struct ScalingChainTests {
  @Test("INV-1 to INV-5 hold over 1,200 random chains of pools that scale", arguments: 0..<24)
  func booksBalance(block: Int) {
    for seed in (block * 50)..<(block * 50 + 50) {
      let sample = ScalingChain(seed: seed)
      var simulation = OptionSimulation(sample.option, window: Seconds(sample.window), keepsLog: true)
      simulation.offer(sample.requests.span)
      let result = simulation.finish(drainLimit: Seconds(seed % 3 == 0 ? 5 : .infinity))
      checkRequests(result, sample, seed)
      checkHours(result, sample, seed)
      for served in result.log {
        #expect(
          served.arrival <= served.firstToken && served.firstToken <= served.lastToken, "seed \(seed): INV-5")
      }
    }
  }

  private func checkRequests(_ result: WindowResult, _ sample: ScalingChain, _ seed: Int) {
    for useCase in 0..<2 {
      let totals = result.bill.requests[useCase]
      #expect(
        totals.arrived == Double(sample.requests.count { $0.useCase == useCase }), "seed \(seed): INV-1")
      #expect(
        totals.arrived == totals.served + totals.throttled + totals.failed + totals.inFlight,
        "seed \(seed): INV-1")
      #expect(totals.served == Double(result.log.count { $0.useCase == useCase }), "seed \(seed): INV-1")
      #expect(totals.inFlight >= 0 && (seed % 3 == 0 || totals.inFlight == 0), "seed \(seed): INV-1")
      if sample.hasFallback { #expect(totals.throttled == 0 && totals.failed == 0, "seed \(seed)") }
      let generated = result.bill.supplies.indices.reduce(0) {
        $0 + result.bill.totals(supply: $1, useCase: useCase).outputTokens
      }
      let served = Double(result.log.reduce(0) { $1.useCase == useCase ? $0 + Int($1.outputTokens) : $0 })
      if totals.failed == 0 && totals.throttled == 0 && totals.inFlight == 0 {
        #expect(generated == served, "seed \(seed): INV-2")
      } else {
        #expect(generated >= served, "seed \(seed): INV-2")
      }
    }
  }

  /// Hours against the load-duration curve, which is written down by another route.
  private func checkHours(_ result: WindowResult, _ sample: ScalingChain, _ seed: Int) {
    for (supply, configuration) in sample.option.chain.enumerated() {
      guard case .fleet(let fleet) = configuration else { continue }
      let curve = result.bill.hoursByGPUs[supply]
      let gpuHours = curve.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
      let paid = result.bill.poolHours[supply].reduce(0) { $0 + $1.paid }
      #expect(abs(gpuHours - paid) < 1e-9 * max(1, paid), "seed \(seed): INV-3, supply \(supply)")
      #expect(abs(curve.reduce(0, +) * 3600 - sample.window) < 1e-6, "seed \(seed)")
      for (pool, hours) in zip(fleet.pools, result.bill.poolHours[supply]) {
        #expect(
          hours.busy >= 0 && hours.idle >= -1e-9 && hours.booting >= 0 && hours.draining >= 0
            && hours.spare >= 0, "seed \(seed)")
        if pool?.spares ?? 0 == 0 { #expect(hours.spare == 0, "seed \(seed)") }
      }
      for decision in result.scaling where decision.supply == supply {
        guard let pool = fleet.pools[decision.model] else {
          Issue.record("seed \(seed): a decision about a pool that is not there")
          continue
        }
        if case .autoscale(let autoscaler) = pool.scaling {
          #expect((autoscaler.minimum...autoscaler.maximum).contains(decision.replicas), "seed \(seed)")
        }
      }
    }
  }

  @Test("The random pools grow, shrink, go to zero, hold, drain, keep spares and lose capacity")
  func chainsAreHard() {
    var (up, down, zero, spare, draining, booting, recomputed, overflowed) = (0, 0, 0, 0, 0, 0, 0, 0)
    for seed in 0..<300 {
      let sample = ScalingChain(seed: seed)
      let result = simulate(sample.option, sample.requests, window: sample.window, log: true)
      let decided = result.scaling.map(\.replicas)
      if zip(decided, decided.dropFirst()).contains(where: <) { up += 1 }
      if zip(decided, decided.dropFirst()).contains(where: >) { down += 1 }
      if decided.contains(0) { zero += 1 }
      let hours = result.bill.poolHours.joined()
      if hours.contains(where: { $0.spare > 0 }) { spare += 1 }
      if hours.contains(where: { $0.draining > 0 }) { draining += 1 }
      if hours.contains(where: { $0.booting > 0 }) { booting += 1 }
      if result.bill.supplies.joined().contains(where: { $0.recomputedTokens > 0 }) { recomputed += 1 }
      if result.bill.supplies.joined().contains(where: { $0.refused > 0 }) { overflowed += 1 }
    }
    #expect(min(up, down, zero, spare) >= 20)
    #expect(min(draining, booting, recomputed, overflowed) >= 20)
  }

  @Test("INV-8: batches of any size give the same result where pools scale", arguments: 0..<20)
  func batchingIsInvisible(seed: Int) {
    let sample = ScalingChain(seed: seed + 5000)
    expectBatchesToBeInvisible(sample.option, sample.requests, window: sample.window, seed: seed)
  }
}
