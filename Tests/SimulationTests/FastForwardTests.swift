// SPDX-License-Identifier: GPL-3.0-or-later
// INV-6: what the event loop skips over, it skips exactly.

import Quantities
import Simulation
import Testing
import Workload

/// A random replica and a random load for it: from idle to overload, compute-bound to memory-bound, with long prompts
/// that need several chunks, and in a third of the cases too few KV blocks for what runs.
private struct Case {
  var pool: PoolConfiguration
  var requests: [Request]

  init(seed: Int) {
    var random = TestRandom(seed: seed)
    let scarce = random.chance(0.5)
    let longest = random.chance(0.3) ? 3000 : 400
    let budget = [64, 256, 512, 2048, 8192][random.integer(0...4)]
    let sequences = min(budget, [1, 2, 8, 32, 256][random.integer(0...4)])
    let meanOutput = random.logUniform(2, 150)
    var model = StepTimeModel(
      overhead: random.logUniform(1e-4, 1e-2), computePerToken: random.logUniform(1e-7, 1e-4),
      computePerContextToken: random.logUniform(1e-11, 1e-7), denseWeights: random.logUniform(1e-4, 2e-2),
      memoryPerContextToken: random.logUniform(1e-10, 1e-6),
      communicationPerToken: random.chance(0.5) ? 0 : random.logUniform(1e-8, 1e-5))
    if random.chance(0.4) {
      model.routedWeights = random.logUniform(1e-3, 5e-2)
      model.expertIdleShare = 1 - 1 / Double([16, 128][random.integer(0...1)])
      model.microbatches = Double(random.integer(1...2))
    }
    if random.chance(0.25) {
      model.localChunk = [17, 64, 100, 256, 8192][random.integer(0...4)]
      model.computePerLocalToken = random.logUniform(1e-10, 1e-6)
      model.memoryPerLocalToken = random.logUniform(1e-9, 1e-5)
    }
    if random.chance(0.15) {
      model = .affine(atOne: Seconds(0.012), atFull: Seconds(0.02), sequences: sequences)
    }
    let longestBlocks = (longest + 1200) / 16 + 2
    pool = PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1, stepTime: model, maxSequences: sequences,
      maxBatchedTokens: budget,
      keyValueBlocks: scarce ? longestBlocks + random.integer(0...60) : 10_000,
      prefixCaching: random.chance(0.9), batching: random.chance(0.12) ? .static : .continuous)
    let gap = random.logUniform(0.002, 2)
    let ties = random.chance(0.2)
    var now = 0.0
    requests = (0..<random.integer(20...160)).map { _ in
      if !(ties && random.chance(0.5)) { now += random.exponential(mean: gap) }
      return Request(
        arrival: now, inputTokens: Int32(random.integer(1...longest)),
        outputTokens: Int32(min(1200, random.geometric(mean: meanOutput))), useCase: 0)
    }
    if random.chance(0.6) { giveTexts(&random, longest: longest) }
  }

  /// Gives the requests texts in common: groups that begin alike, sessions that go on, prompts that come again.
  private mutating func giveTexts(_ random: inout TestRandom, longest: Int) {
    let groups = random.integer(1...4)
    let groupTokens = (0..<groups).map { _ in random.integer(1...(longest / 2)) }
    let (repeats, continues, grouped) = (
      random.uniform(0, 0.5), random.uniform(0, 0.5), random.uniform(0, 1)
    )
    var content: UInt32 = 1000
    for index in requests.indices {
      content += 1
      let earlier = index > 0 ? requests[random.integer(max(0, index - 12)...(index - 1))] : requests[index]
      var request = requests[index]
      request.content = random.chance(0.8) ? content : 0
      if random.chance(repeats), earlier.content != 0 {
        request = earlier
        request.arrival = requests[index].arrival
        if random.chance(0.3) { request.outputTokens = requests[index].outputTokens }
      } else if random.chance(continues), earlier.content != 0 {
        let whole = Int(earlier.inputTokens + earlier.outputTokens)
        let shared = random.chance(0.7) ? whole : random.integer(1...whole)
        request.inputTokens = Int32(min(longest, shared + random.integer(0...60)))
        request.prefix = earlier.content
        request.sharedTokens = min(Int32(shared), request.inputTokens)
      } else if random.chance(grouped) {
        let group = random.integer(0...(groups - 1))
        request.prefix = UInt32(group + 1)
        request.inputTokens = max(request.inputTokens, Int32(random.integer(1...groupTokens[group])))
        let shared = random.chance(0.8) ? groupTokens[group] : random.integer(1...groupTokens[group])
        request.sharedTokens = min(Int32(shared), request.inputTokens)
      }
      requests[index] = request
    }
  }
}

@Suite("Fast-forward")
struct FastForwardTests {
  @Test("INV-6: fast-forward equals step-by-step, 1,500 random replicas", arguments: 0..<30)
  func equalsStepByStep(block: Int) throws {
    for seed in (block * 50)..<(block * 50 + 50) {
      let sample = Case(seed: seed)
      var oracle = StepByStepOracle(pool: sample.pool)
      let expected = oracle.run(sample.requests)
      let result = simulate(option(sample.pool), sample.requests, log: true)
      try #require(result.log.count == sample.requests.count, "seed \(seed): not every request was served")
      #expect(result.preemptions == oracle.preemptions, "seed \(seed): preemptions")
      let totals = result.bill.supplies[0][0]
      #expect(totals.recomputedTokens == Double(oracle.recomputed), "seed \(seed): recomputed tokens")
      #expect(totals.cachedInputTokens == Double(oracle.cachedTokens), "seed \(seed): cached tokens")
      if sample.pool.batching == .continuous {
        let pool = result.quality.pools[0]
        #expect(pool.interToken.total == Double(oracle.gaps.count), "seed \(seed): gaps between tokens")
        #expect(isClose(pool.interToken.sum, oracle.gaps.reduce(0, +)), "seed \(seed): gaps between tokens")
        #expect(isClose(pool.batch.sum, oracle.sequenceSeconds), "seed \(seed): sequences over time")
      }
      for served in result.log {
        let outcome = expected[Int(served.number)]
        guard
          isClose(served.firstToken, outcome.firstToken), isClose(served.lastToken, outcome.lastToken)
        else {
          Issue.record("seed \(seed), \(served): step by step \(outcome)")
          return
        }
      }
    }
  }

  @Test("INV-6: a closed loop equals its users going step by step, 400 random replicas", arguments: 0..<8)
  func closedLoopEqualsStepByStep(block: Int) throws {
    for seed in (block * 50)..<(block * 50 + 50) {
      var sample = Case(seed: seed)
      var random = TestRandom(seed: seed, index: 3)
      sample.pool.requestOverhead = Seconds(random.chance(0.5) ? 0 : random.logUniform(1e-4, 0.1))
      let users = random.integer(1...40)
      let think = random.chance(0.5) ? 0 : random.logUniform(1e-3, 1)
      let frontEnd =
        random.chance(0.3)
        ? FrontEnd()
        : FrontEnd(
          perRequest: Seconds(random.logUniform(1e-5, 0.05)), perInputToken: Seconds(1e-6),
          latency: Seconds(0.01))
      if random.chance(0.5) { for index in sample.requests.indices { sample.requests[index].arrival = 0 } }
      var load = OracleLoad(sample.requests, users: users, thinkTime: think, frontEnd: frontEnd)
      var oracle = StepByStepOracle(pool: sample.pool)
      let expected = oracle.run(sample.requests, load: &load)
      let loop = ClosedLoopSimulation(
        option(sample.pool), users: users, thinkTime: Seconds(think), frontEnd: frontEnd, keepsLog: true)
      let result = loop.run(sample.requests)
      try #require(result.log.count == sample.requests.count, "seed \(seed)")
      #expect(result.preemptions == oracle.preemptions, "seed \(seed): preemptions")
      for served in result.log {
        let outcome = expected[Int(served.number)]
        guard isClose(served.firstToken, outcome.firstToken), isClose(served.lastToken, outcome.lastToken),
          isClose(served.arrival, load.sentAt[Int(served.number)] ?? .nan)
        else {
          Issue.record("seed \(seed), \(served): step by step \(outcome)")
          return
        }
      }
    }
  }

  @Test(
    "The random replicas of INV-6 preempt, share prompts while the cache is full, and form static batches")
  func casesAreHard() {
    var preempting = 0
    var cached = 0
    var cachedAfterPreemption = 0
    var batches = 0
    for seed in 0..<300 {
      let sample = Case(seed: seed)
      let result = simulate(option(sample.pool), sample.requests)
      let isCached = result.bill.supplies[0][0].cachedInputTokens > 0
      if result.preemptions > 0 { preempting += 1 }
      if isCached { cached += 1 }
      if isCached && result.preemptions > 0 { cachedAfterPreemption += 1 }
      if sample.pool.batching == .static { batches += 1 }
    }
    #expect(preempting >= 40)
    #expect(cached >= 100)
    #expect(cachedAfterPreemption >= 15)
    #expect(batches >= 20)
  }

  private func isClose(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= 1e-9 * max(abs(left), abs(right))
  }
}
