// SPDX-License-Identifier: GPL-3.0-or-later
// Static batching by hand, and what continuous batching is worth against it.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Static batching")
struct StaticBatchingTests {
  private func pool(_ batching: Batching, sequences: Int = 4) -> PoolConfiguration {
    PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1,
      stepTime: StepTimeModel(
        overhead: 1.5e-3, computePerToken: 1.6e-5, denseWeights: 6.8e-3, memoryPerContextToken: 5.6e-8),
      maxSequences: sequences, maxBatchedTokens: 8192, keyValueBlocks: 20_000, batching: batching)
  }

  @Test("a batch is padded to its longest prompt and returned with its longest answer")
  func byHand() {
    var pool = pool(.static)
    pool.stepTime = StepTimeModel(overhead: 1, computePerToken: 0.001)
    let requests = [
      Request(arrival: 0, inputTokens: 10, outputTokens: 3, useCase: 0),
      Request(arrival: 0, inputTokens: 500, outputTokens: 5, useCase: 0),
      Request(arrival: 0.5, inputTokens: 20, outputTokens: 1, useCase: 0),
    ]
    let log = simulate(option(pool), requests, log: true).log.sorted { $0.number < $1.number }
    // Prefill: 1 s and two rows of 500 tokens; then four steps of two rows.
    let first = 1 + 1.0
    let end = first + 4 * 1.002
    for row in log[..<2] {
      #expect(abs(row.firstToken - first) < 1e-9 && abs(row.lastToken - end) < 1e-9)
    }
    // The third came during the batch and waits for its end.
    #expect(abs(log[2].firstToken - (end + 1.02)) < 1e-9 && log[2].lastToken == log[2].firstToken)
  }

  @Test("continuous batching serves a mix of short and long answers more than twice as fast")
  func worth() {
    var random = TestRandom(seed: 2)
    let backlog = (0..<1500).map { _ in
      Request(
        arrival: 0, inputTokens: Int32(random.integer(50...400)),
        outputTokens: Int32(min(1000, random.geometric(mean: 120))), useCase: 0)
    }
    let continuous = pool(.continuous, sequences: 64).saturatedThroughput(backlog: backlog).output
    let fixed = pool(.static, sequences: 64).saturatedThroughput(backlog: backlog).output
    #expect(continuous > 2 * fixed)
    // Answers of one length and prompts of one length leave it little to gain.
    let equal = backlog.map { _ in Request(arrival: 0, inputTokens: 200, outputTokens: 120, useCase: 0) }
    let evenly = pool(.static, sequences: 64).saturatedThroughput(backlog: equal).output
    expectClose(
      evenly, pool(.continuous, sequences: 64).saturatedThroughput(backlog: equal).output, within: 0.1)
  }

  @Test("an interrupted batch is handed over with the tokens that it had put out")
  func interruption() {
    var pool = pool(.static)
    pool.stepTime = .constant(Seconds(1))
    pool.schedules = [
      .during([
        ReplicaLifetime(start: Seconds(0), ready: Seconds(0), drain: Seconds(10.5), stop: Seconds(10.5))
      ])
    ]
    let chain = OptionConfiguration(
      modelOfUseCase: [0], objectives: [ServiceObjective()],
      chain: [
        .fleet(FleetConfiguration(pools: [pool])),
        .metered(
          MeteredConfiguration(
            serves: [true], latency: ServiceLatency(firstToken: Seconds(0.5), perOutputToken: Seconds(0.1)))),
      ], models: 1)
    let requests = [
      Request(arrival: 0, inputTokens: 20, outputTokens: 30, useCase: 0),
      Request(arrival: 0, inputTokens: 20, outputTokens: 4, useCase: 0),
    ]
    let result = simulate(chain, requests, window: 40, log: true)
    // Ten tokens are out of the first; the second's four were made, but its last would have come with the batch.
    #expect(result.bill.supplies[0][0].outputTokens == 13)
    #expect(result.bill.supplies[1][0].outputTokens == 21)
    #expect(result.bill.supplies[0][0].recomputedTokens == 29 + 22)
  }
}
