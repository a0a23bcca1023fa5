// SPDX-License-Identifier: GPL-3.0-or-later
// What prefix caching saves, counted by hand.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Prefix caching")
struct PrefixCachingTests {
  /// One token of prefill takes a millisecond, a step nothing else.
  private func pool(blocks: Int = 1000, caching: Bool = true, replicas: Int = 1) -> PoolConfiguration {
    PoolConfiguration(
      schedules: Array(repeating: .always, count: replicas), gpusPerReplica: 1,
      stepTime: StepTimeModel(overhead: 1e-6, computePerToken: 1e-3), maxSequences: 8,
      maxBatchedTokens: 8192, keyValueBlocks: blocks, prefixCaching: caching)
  }

  private func request(
    at arrival: Double, input: Int32, output: Int32 = 1, content: UInt32 = 0, prefix: UInt32 = 0,
    shared: Int32 = 0
  ) -> Request {
    Request(
      arrival: arrival, inputTokens: input, outputTokens: output, useCase: 0, content: content,
      prefix: prefix, sharedTokens: shared)
  }

  private func cached(_ pool: PoolConfiguration, _ requests: [Request]) -> Double {
    simulate(option(pool), requests).bill.supplies[0][0].cachedInputTokens
  }

  @Test("a prompt that comes again is cached up to its last whole block, one token at least is computed")
  func duplicates() {
    // 100 tokens are six whole blocks and 4 tokens; of 96 the sixth block is computed again for its last token.
    #expect(
      cached(pool(), [request(at: 0, input: 100, content: 5), request(at: 9, input: 100, content: 5)]) == 96)
    #expect(
      cached(pool(), [request(at: 0, input: 96, content: 5), request(at: 9, input: 96, content: 5)]) == 80)
    #expect(
      cached(pool(), [request(at: 0, input: 16, content: 5), request(at: 9, input: 16, content: 5)]) == 0)
  }

  @Test("the time to first token is that of what is not cached")
  func time() {
    let requests = [
      request(at: 0, input: 1000, content: 5),
      request(at: 9, input: 1400, content: 6, prefix: 5, shared: 1000),
    ]
    let log = simulate(option(pool()), requests, log: true).log
    #expect(abs(log[0].firstToken - 1.000001) < 1e-9)
    // 62 whole blocks, 992 tokens, are there.
    #expect(abs(log[1].firstToken - 9 - (1.4 - 0.992 + 1e-6)) < 1e-9)
    let cold = simulate(option(pool(caching: false)), requests, log: true).log
    #expect(abs(cold[1].firstToken - 9 - 1.400001) < 1e-9)
  }

  @Test(
    "a session's next turn finds its prompt and its answer, but for the last token, which was never fed back")
  func sessions() {
    let first = request(at: 0, input: 50, output: 31, content: 5)
    // 50 + 30 tokens are in the cache: five blocks.
    #expect(cached(pool(), [first, request(at: 9, input: 90, content: 6, prefix: 5, shared: 81)]) == 80)
    let third = request(at: 20, input: 120, content: 7, prefix: 6, shared: 91)
    let turns = [first, request(at: 9, input: 90, output: 1, content: 6, prefix: 5, shared: 81), third]
    #expect(cached(pool(), turns) == 80 + 80)
  }

  @Test("a group's text is computed once, also for prompts that are like no other after it")
  func groups() {
    let requests = (0..<10).map { request(at: Double($0), input: 300, prefix: 9, shared: 200) }
    #expect(cached(pool(), requests) == 9 * 192)
  }

  @Test("what was used last stays: the least recently used blocks are given up, the end of a text first")
  func eviction() {
    // Ten blocks: A takes six, B four, then A again, so that C's four come from B, and B is gone while A is there.
    let a = request(at: 0, input: 96, content: 1)
    let b = request(at: 1, input: 64, content: 2)
    func again(_ request: Request, at time: Double) -> Request {
      var request = request
      request.arrival = time
      return request
    }
    let c = request(at: 3, input: 64, content: 3)
    let history = [a, b, again(a, at: 2), c]
    #expect(cached(pool(blocks: 10), history) == 80)
    #expect(cached(pool(blocks: 10), history + [again(a, at: 4)]) == 160)
    // Two of A's blocks were taken for C after B's four: nothing is left of B.
    #expect(cached(pool(blocks: 10), history + [again(b, at: 4)]) == 80)
  }

  @Test("replicas do not share what they hold; one that was stopped has forgotten it")
  func replicas() {
    var pool = pool(replicas: 2)
    pool.router = .roundRobin
    let requests = (0..<4).map { request(at: Double($0), input: 100, content: 5) }
    #expect(cached(pool, requests) == 192)
    func life(_ start: Double, _ stop: Double) -> ReplicaLifetime {
      ReplicaLifetime(
        start: Seconds(start), ready: Seconds(start), drain: Seconds(stop), stop: Seconds(stop))
    }
    pool.schedules = [.during([life(0, 1.5), life(1.7, 9)])]
    #expect(cached(pool, requests) == 96 + 96)
  }

  @Test("requests without identity are served as if there were no cache")
  func withoutIdentity() {
    var random = TestRandom(seed: 3)
    var now = 0.0
    let requests = (0..<2000).map { _ in
      now += random.exponential(mean: 0.05)
      return request(at: now, input: Int32(random.integer(1...400)), output: Int32(random.integer(1...300)))
    }
    let on = simulate(option(pool(blocks: 120)), requests, log: true)
    let off = simulate(option(pool(blocks: 120, caching: false)), requests, log: true)
    #expect(on.log == off.log && on.bill == off.bill && on.preemptions > 0)
  }
}
