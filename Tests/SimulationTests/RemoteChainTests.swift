// SPDX-License-Identifier: GPL-3.0-or-later
// The books balance in any chain of limited APIs, reserved units of every kind, and fleets that are interrupted.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

/// A random option with quotas, caches, retries and every overflow mode, and its demand.
struct RandomOption {
  static let useCases = 3
  static let models = 2
  var option: OptionConfiguration
  var requests: [Request] = []
  let window: Double
  /// Paid GPU-seconds of each supply.
  var paid: [Double] = []

  init(seed: Int) {
    var random = TestRandom(seed: seed, index: 31)
    window = random.uniform(30, 300)
    var chain: [SupplyConfiguration] = []
    for _ in 0..<random.integer(1...4) {
      var gpuSeconds = 0.0
      switch random.integer(0...4) {
      case 0, 1: chain.append(.metered(Self.metered(&random)))
      case 2, 3: chain.append(.reserved(Self.reserved(&random)))
      default:
        let stop = random.uniform(0.2, 1.5) * window
        gpuSeconds = 2 * min(stop, window)
        chain.append(
          .fleet(FleetConfiguration(pools: (0..<Self.models).map { $0 == 0 ? Self.pool(until: stop) : nil })))
      }
      paid.append(gpuSeconds)
    }
    option = OptionConfiguration(
      modelOfUseCase: (0..<Self.useCases).map { _ in random.integer(0...(Self.models - 1)) },
      objectives: Array(repeating: ServiceObjective(timeToFirstToken: 2), count: Self.useCases),
      chain: chain, models: Self.models, retry: random.chance(0.4) ? Self.retry(&random) : nil,
      randomness: RandomKey(seed: UInt64(seed)))
    let gap = random.logUniform(0.03, 3)
    var now = random.exponential(mean: gap)
    while now <= window, requests.count < 1500 {
      let input = random.integer(1...1200)
      let prefix = random.chance(0.5) ? random.integer(1...6) : 0
      requests.append(
        Request(
          arrival: now, inputTokens: Int32(input), outputTokens: Int32(min(500, random.geometric(mean: 50))),
          useCase: Int32(random.integer(0...(Self.useCases - 1))),
          content: random.chance(0.3) ? UInt32(10 + random.integer(0...40)) : 0, prefix: UInt32(prefix),
          sharedTokens: prefix == 0 ? 0 : Int32(random.integer(1...input))))
      now += random.exponential(mean: gap)
    }
  }

  private static func retry(_ random: inout TestRandom) -> RetryPolicy {
    RetryPolicy(
      retries: random.integer(0...4), firstDelay: Seconds(random.logUniform(0.1, 20)),
      factor: random.uniform(1, 3), longestDelay: Seconds(60), jitter: random.uniform())
  }

  private static func latency(_ random: inout TestRandom) -> ServiceLatency {
    ServiceLatency(
      firstToken: Seconds(random.uniform(0, 2)), perInputToken: Seconds(random.uniform(0, 0.001)),
      perOutputToken: Seconds(random.uniform(0, 0.05)), spread: random.chance(0.5) ? random.uniform() : 0)
  }

  private static func cache(_ random: inout TestRandom) -> PromptCachePolicy? {
    random.chance(0.5)
      ? PromptCachePolicy(ttl: Seconds(random.logUniform(1, 300)), minTokens: Int32(random.integer(0...512)))
      : nil
  }

  static func metered(_ random: inout TestRandom) -> MeteredConfiguration {
    MeteredConfiguration(
      serves: (0..<models).map { _ in random.chance(0.8) }, latency: latency(&random),
      quota: random.chance(0.8)
        ? RequestQuota(
          requestsPerMinute: random.chance(0.3) ? .infinity : random.logUniform(1, 500),
          tokensPerMinute: random.chance(0.3) ? .infinity : random.logUniform(10, 300_000),
          maxTokens: random.chance(0.5) ? Int32(random.integer(1...2000)) : nil,
          returnsUnused: random.chance(0.7)) : nil,
      retry: random.chance(0.6) ? retry(&random) : nil, promptCache: cache(&random),
      admits: random.chance(0.3) ? (0..<useCases).map { _ in random.chance(0.5) } : nil)
  }

  static func reserved(_ random: inout TestRandom) -> ReservedConfiguration {
    let overflow: ReservedOverflow =
      switch random.integer(0...3) {
      case 0: .next
      case 1: .reject
      case 2: .retry(retry(&random))
      default: .payAsYouGo(latency(&random))
      }
    return ReservedConfiguration(
      units: (0..<models).map { _ in
        random.chance(0.8)
          ? ReservedUnits(
            units: random.integer(0...3), inputTokensPerMinute: random.logUniform(50, 100_000),
            outputTokensPerMinute: random.logUniform(50, 20_000)) : nil
      }, window: Seconds(random.uniform(1, 90)), latency: latency(&random),
      accounting: TokenAccounting(
        outputWeight: random.chance(0.5) ? random.uniform(0.5, 8) : nil,
        cachedInputWeight: random.chance(0.5) ? random.uniform() : 0, isContinuous: random.chance(0.5),
        maxTokens: random.chance(0.5) ? Int32(random.integer(1...1000)) : nil), overflow: overflow,
      promptCache: cache(&random))
  }

  /// One replica of two GPUs that is killed: what it has goes on along the chain.
  private static func pool(until stop: Double) -> PoolConfiguration {
    PoolConfiguration(
      schedules: [
        .during([
          ReplicaLifetime(start: .zero, ready: .zero, drain: Seconds(stop), stop: Seconds(stop))
        ])
      ], gpusPerReplica: 2, stepTime: .constant(Seconds(0.02)), maxSequences: 6, maxBatchedTokens: 512,
      keyValueBlocks: 400, queueLimit: 3)
  }
}

@Suite("Chains of limited supplies")
struct RemoteChainTests {
  @Test(
    "INV-1 to INV-5 hold over 1,200 random chains with quotas, caches and every overflow mode",
    arguments: 0..<24)
  func booksBalance(block: Int) {
    for seed in (block * 50)..<(block * 50 + 50) {
      let sample = RandomOption(seed: seed)
      var simulation = OptionSimulation(sample.option, window: Seconds(sample.window), keepsLog: true)
      simulation.offer(sample.requests.span)
      let result = simulation.finish(drainLimit: Seconds(seed % 3 == 0 ? 5 : .infinity))
      checkRequests(result, sample, seed)
      checkTokens(result, sample, seed)
      for (supply, paid) in sample.paid.enumerated() {
        let hours = result.bill.poolHours[supply].reduce(0) { $0 + $1.paid }
        #expect(abs(hours * 3600 - paid) < 1e-6, "seed \(seed): INV-3")
      }
      for served in result.log {
        #expect(
          served.arrival <= served.firstToken && served.firstToken <= served.lastToken, "seed \(seed): INV-5")
      }
    }
  }

  private func checkRequests(_ result: WindowResult, _ sample: RandomOption, _ seed: Int) {
    for useCase in 0..<RandomOption.useCases {
      let totals = result.bill.requests[useCase]
      let offered = sample.requests.count { $0.useCase == useCase }
      #expect(totals.arrived == Double(offered), "seed \(seed): INV-1")
      #expect(
        totals.arrived == totals.served + totals.throttled + totals.failed + totals.inFlight,
        "seed \(seed): INV-1")
      #expect(totals.inFlight >= 0 && (seed % 3 == 0 || totals.inFlight == 0), "seed \(seed): INV-1")
    }
    #expect(
      Set(result.log.map(\.number)).count == result.log.count, "seed \(seed): a request is served twice")
  }

  private func checkTokens(_ result: WindowResult, _ sample: RandomOption, _ seed: Int) {
    let bill = result.bill
    for useCase in 0..<RandomOption.useCases {
      let generated = bill.supplies.indices.reduce(0) {
        $0 + bill.totals(supply: $1, useCase: useCase).outputTokens
      }
      let served = Double(result.log.reduce(0) { $1.useCase == useCase ? $0 + Int($1.outputTokens) : $0 })
      let totals = bill.requests[useCase]
      #expect(
        totals.failed + totals.inFlight > 0 ? generated >= served : generated == served,
        "seed \(seed): INV-2")
    }
    for supply in bill.supplies.indices {
      for (model, reserved) in bill.reserved[supply].enumerated() {
        let totals = bill.totals(supply: supply, model: model)
        #expect(reserved.inputUsed + reserved.spilledInput == totals.inputTokens, "seed \(seed): INV-2")
        #expect(reserved.outputUsed + reserved.spilledOutput == totals.outputTokens, "seed \(seed): INV-2")
        #expect(reserved.spilledCachedInput <= reserved.spilledInput, "seed \(seed)")
      }
      for totals in bill.supplies[supply] {
        #expect(totals.cachedInputTokens <= totals.inputTokens, "seed \(seed)")
      }
    }
  }

  @Test("The random chains refuse, retry, reject, spill, cache and take over")
  func chainsAreHard() {
    var counts = [Int](repeating: 0, count: 6)
    for seed in 0..<600 {
      let sample = RandomOption(seed: seed)
      let bill = simulate(sample.option, sample.requests, window: sample.window).bill
      let all = bill.supplies.joined()
      if all.contains(where: { $0.refused > 0 }) { counts[0] += 1 }
      if all.contains(where: { $0.throttled > 0 }) { counts[1] += 1 }
      if bill.requests.contains(where: { $0.throttled > 0 }) { counts[2] += 1 }
      if bill.reserved.joined().contains(where: { $0.spilledRequests > 0 }) { counts[3] += 1 }
      if all.contains(where: { $0.cachedInputTokens > 0 }) { counts[4] += 1 }
      if all.contains(where: { $0.recomputedTokens > 0 }) { counts[5] += 1 }
    }
    #expect(counts.allSatisfy { $0 >= 30 }, "\(counts)")
  }

  @Test("INV-8: batches of any size give the same result", arguments: 0..<20)
  func batchingIsInvisible(seed: Int) {
    let sample = RandomOption(seed: seed + 7000)
    expectBatchesToBeInvisible(sample.option, sample.requests, window: sample.window, seed: seed)
  }
}
