// SPDX-License-Identifier: GPL-3.0-or-later
// Saturated throughput against what an overloaded replica really puts out, hour after hour.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Saturated throughput")
struct SaturatedThroughputTests {
  private func pool(sequences: Int) -> PoolConfiguration {
    PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1,
      stepTime: StepTimeModel(
        overhead: 1.2e-3, computePerToken: 1.6e-5, computePerContextToken: 1e-9, denseWeights: 6.8e-3,
        memoryPerContextToken: 5.6e-8), maxSequences: sequences, maxBatchedTokens: 8192,
      keyValueBlocks: 28_000)
  }

  private func requests(_ count: Int, seed: Int, gap: Double) -> [Request] {
    var random = TestRandom(seed: seed)
    return (0..<count).map { index in
      Request(
        arrival: Double(index) * gap, inputTokens: Int32(random.logUniform(50, 3000)),
        outputTokens: Int32(random.logUniform(20, 800)), useCase: 0)
    }
  }

  /// Lengths vary so much that the mix of a thousand requests strays by some percent: both sides are means over seeds.
  @Test("a backlog's throughput is that of a long overload within 2 %", arguments: [16, 64, 128])
  func overload(sequences: Int) {
    let pool = pool(sequences: sequences)
    let seeds = 1001...1012
    let saturated = seeds.map { seed in
      pool.saturatedThroughput(backlog: requests(6400, seed: seed, gap: 0))
    }
    let output = saturated.reduce(0) { $0 + $1.output } / 12
    let input = saturated.reduce(0) { $0 + $1.input } / 12
    var overloaded = (input: 0.0, output: 0.0)
    for seed in seeds {
      // Requests come about twice as fast as they can be served; the mean output is 780 / ln(800 / 20) tokens.
      let offered = requests(25_000, seed: seed + 100, gap: 211.4 / output / 2)
      let log = simulate(option(pool), offered, log: true).log
      let to = offered.last?.arrival ?? 0
      let from = 0.2 * to
      for request in log where request.lastToken > from && request.lastToken <= to {
        overloaded.input += Double(request.inputTokens) / (to - from) / 12
        overloaded.output += Double(request.outputTokens) / (to - from) / 12
      }
    }
    expectClose(output, overloaded.output, within: 0.02, "output")
    expectClose(input, overloaded.input, within: 0.02, "input")
  }

  @Test("with steps of constant time it is places over steps: every step puts out one token a place")
  func closedForm() {
    let pool = PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1, stepTime: .constant(Seconds(0.01)), maxSequences: 20,
      maxBatchedTokens: 8192, keyValueBlocks: 100_000)
    var random = TestRandom(seed: 4)
    let backlog = (0..<2000).map { _ in
      Request(arrival: 0, inputTokens: 10, outputTokens: Int32(random.integer(50...150)), useCase: 0)
    }
    let measured = pool.saturatedThroughput(backlog: backlog)
    expectClose(measured.output, 20 / 0.01, within: 0.01)
    expectClose(measured.input, 20 / 0.01 * 10 / 100, within: 0.01)
  }

  @Test("queue limits and schedules of the pool do not matter, for a backlog needs neither")
  func ownConditions() {
    var limited = pool(sequences: 16)
    let backlog = requests(200, seed: 5, gap: 0)
    let free = limited.saturatedThroughput(backlog: backlog)
    limited.queueLimit = 0
    limited.schedules = [.during([]), .always, .always]
    #expect(limited.saturatedThroughput(backlog: backlog) == free)
  }

  @Test("fewer than eight requests are no backlog")
  func tooFew() {
    #expect(pool(sequences: 16).saturatedThroughput(backlog: []) == (0, 0))
    #expect(pool(sequences: 16).saturatedThroughput(backlog: requests(7, seed: 1, gap: 0)) == (0, 0))
  }
}
