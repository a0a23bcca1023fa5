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
    let scarce = random.chance(0.35)
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
    var more = TestRandom(seed: seed, index: 7)
    if more.chance(0.5) {
      model.overheadPerToken = more.logUniform(1e-8, 1e-5)
      model.overheadPerSequence = more.logUniform(1e-7, 1e-4)
      model.attentionPerContextToken = more.logUniform(1e-9, 1e-6)
      model.attentionPerPair = more.logUniform(1e-10, 1e-7)
      model.oneShotPerToken = more.logUniform(1e-6, 1e-4)
      model.exchangeSwitch = more.logUniform(1e-5, 1e-2)
      if model.localChunk > 0 {
        model.attentionPerLocalToken = more.logUniform(1e-9, 1e-6)
        model.attentionPerLocalPair = more.logUniform(1e-10, 1e-7)
      }
    }
    if random.chance(0.15) {
      model = .affine(atOne: Seconds(0.012), atFull: Seconds(0.02), sequences: sequences)
    }
    let longestBlocks = (longest + 1200) / 16 + 2
    pool = PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1, stepTime: model, maxSequences: sequences,
      maxBatchedTokens: budget,
      keyValueBlocks: scarce ? longestBlocks + random.integer(0...60) : 40_000,
      reservesOutput: more.chance(0.2))
    let gap = random.logUniform(0.002, 2)
    let ties = random.chance(0.2)
    var now = 0.0
    requests = (0..<random.integer(20...160)).map { _ in
      if !(ties && random.chance(0.5)) { now += random.exponential(mean: gap) }
      return Request(
        arrival: now, inputTokens: Int32(random.integer(1...longest)),
        outputTokens: Int32(min(1200, random.geometric(mean: meanOutput))), useCase: 0)
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
      #expect(
        result.bill.supplies[0][0].recomputedTokens == Double(oracle.recomputed),
        "seed \(seed): recomputed tokens")
      // Requests with equal arrivals may finish in any order of the log; lengths tell them apart.
      let order = result.log.sorted { key($0) < key($1) }
      let wanted = zip(sample.requests, expected).sorted { key($0.0) < key($1.0) }
      for (served, (request, outcome)) in zip(order, wanted) {
        guard
          isClose(served.firstToken, outcome.firstToken), isClose(served.lastToken, outcome.lastToken)
        else {
          Issue.record(
            "seed \(seed), request \(request): \(served.firstToken) … \(served.lastToken), step by step \(outcome)"
          )
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

  @Test("The random replicas of INV-6 preempt, chunk prompts and fill the cache")
  func casesAreHard() {
    var preempting = 0
    var full = 0
    for seed in 0..<300 {
      let sample = Case(seed: seed)
      var oracle = StepByStepOracle(pool: sample.pool)
      _ = oracle.run(sample.requests)
      if oracle.preemptions > 0 { preempting += 1 }
      if oracle.peakBlocks * 10 > sample.pool.keyValueBlocks * 9 { full += 1 }
    }
    #expect(preempting >= 20)
    #expect(full >= 30)
  }

  private func isClose(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= 1e-9 * max(abs(left), abs(right))
  }
  private func key(_ served: ServedRequest) -> Key {
    Key(
      arrival: served.arrival, input: served.inputTokens, output: served.outputTokens, last: served.lastToken)
  }
  private func key(_ request: Request) -> Key {
    Key(arrival: request.arrival, input: request.inputTokens, output: request.outputTokens, last: 0)
  }
  private struct Key: Comparable {
    var arrival: Double
    var input: Int32
    var output: Int32
    var last: Double
    static func < (left: Key, right: Key) -> Bool {
      (left.arrival, left.input, left.output, left.last)
        < (right.arrival, right.input, right.output, right.last)
    }
  }
}
