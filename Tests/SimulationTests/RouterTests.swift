// SPDX-License-Identifier: GPL-3.0-or-later
// What routers are chosen for: even queues, and prompts that meet their own cache.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Routers")
struct RouterTests {
  private static func pool(_ router: Router, replicas: Int, blocks: Int = 100_000, places: Int = 1)
    -> PoolConfiguration
  {
    PoolConfiguration(
      schedules: Array(repeating: .always, count: replicas), gpusPerReplica: 1,
      stepTime: .constant(Seconds(0.01)), maxSequences: places, maxBatchedTokens: 8192,
      keyValueBlocks: blocks, router: router)
  }

  @Test("Two choices wait less than taking turns, and more than knowing the least busy of all")
  func twoChoices() {
    // Ten servers at load 0.8.
    var random = TestRandom(seed: 1, index: 51)
    var now = 0.0
    let requests = (0..<60_000).map { _ in
      now += random.exponential(mean: 0.05 / 0.8)
      return Request(
        arrival: now, inputTokens: 1, outputTokens: Int32(random.geometric(mean: 50)), useCase: 0)
    }
    func wait(_ router: Router) -> Double {
      simulate(option(Self.pool(router, replicas: 10)), requests).quality.endToEnd[0].mean ?? .nan
    }
    let (turns, two, least) = (wait(.roundRobin), wait(.powerOfTwo), wait(.leastOutstanding))
    #expect(least < two && two < turns)
    // M. Mitzenmacher's fixed point: queues of length i or more on a share λ^(2^i − 1) of the servers; the mean time is
    // their sum over λ service times, here 1.94 of 0.5 s.
    let mean = (0..<8).reduce(0) { $0 + power(0.8, power(2, Double($1 + 1)) - 1) } / 0.8 * 0.5
    #expect(abs(two / mean - 1) < 0.06, "\(two) against \(mean)")
  }

  @Test("Two choices depend on the seed and on nothing else")
  func twoChoicesAreSeeded() {
    var random = TestRandom(seed: 2, index: 52)
    var now = 0.0
    let requests = (0..<2000).map { _ in
      now += random.exponential(mean: 0.06)
      return Request(arrival: now, inputTokens: 1, outputTokens: 50, useCase: 0)
    }
    func run(_ seed: UInt64) -> ServiceQuality {
      var chosen = option(Self.pool(.powerOfTwo, replicas: 10))
      chosen.randomness = RandomKey(seed: seed)
      return simulate(chosen, requests).quality
    }
    #expect(run(1) == run(1))
    #expect(run(1) != run(2))
  }

  /// Conversations whose turns each begin with all that was said before.
  private static func conversations(_ seed: Int, count: Int) -> [Request] {
    var random = TestRandom(seed: seed, index: 53)
    var requests: [Request] = []
    for conversation in 0..<count {
      var now = random.uniform(0, 2000)
      var said: Int32 = 0
      let turns = random.integer(2...8)
      for turn in 0..<turns {
        let content = UInt32(conversation * 10 + turn + 1)
        let input = said + Int32(random.integer(100...600))
        let output = Int32(random.integer(20...200))
        requests.append(
          Request(
            arrival: now, inputTokens: input, outputTokens: output, useCase: 0, content: content,
            prefix: turn == 0 ? 0 : content - 1, sharedTokens: said))
        said = input + output
        now += random.uniform(5, 60)
      }
    }
    return requests.sorted { $0.arrival < $1.arrival }
  }

  @Test("Hashing conversations to replicas finds more of their prompts cached", arguments: [1, 2, 3])
  func affinity(seed: Int) {
    let requests = Self.conversations(seed, count: 400)
    func run(_ router: Router) -> (cached: Double, input: Double, recomputed: Double) {
      let bill = simulate(option(Self.pool(router, replicas: 6, blocks: 6000, places: 64)), requests).bill
      let totals = bill.totals(supply: 0, useCase: 0)
      return (totals.cachedInputTokens, totals.inputTokens, totals.recomputedTokens)
    }
    let (affine, least) = (run(.prefixAffine), run(.leastOutstanding))
    #expect(affine.input == least.input)
    #expect(affine.cached > 1.3 * least.cached, "\(affine.cached) and \(least.cached) of \(affine.input)")
    #expect(affine.cached / affine.input > 0.5)
  }

  @Test("A prefix that everybody has does not overload its replica")
  func loadBound() {
    var random = TestRandom(seed: 5, index: 54)
    var now = 0.0
    let requests = (0..<4000).map { _ in
      now += random.exponential(mean: 0.03)
      return Request(
        arrival: now, inputTokens: 200, outputTokens: 50, useCase: 0, prefix: 7, sharedTokens: 160)
    }
    // One replica of 16 places serves 32 requests a second: all would nearly fit, but for waits without end.
    func slowest(_ bound: Double) -> Double {
      var pool = Self.pool(.prefixAffine, replicas: 4, places: 8)
      pool.loadBound = bound
      return simulate(option(pool), requests).quality.timeToFirstToken[0].quantile(0.99) ?? .nan
    }
    #expect(slowest(1.5) < 1)
    #expect(slowest(1000) > 10)
  }
}
