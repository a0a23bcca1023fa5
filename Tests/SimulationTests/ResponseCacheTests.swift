// SPDX-License-Identifier: GPL-3.0-or-later
// The idempotent cache: what it answers, what waits, what it forgets, against a cache that looks at everything it holds.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

/// A service whose answer takes `firstToken` seconds and one per tenth of a second after.
private func service(firstToken: Double = 1, models: Int = 1) -> SupplyConfiguration {
  .metered(
    MeteredConfiguration(
      serves: Array(repeating: true, count: models),
      latency: ServiceLatency(firstToken: Seconds(firstToken), perOutputToken: Seconds(0.1))))
}

private func cached(
  ttl: Double, entries: Int = .max, latency: Double = 0, chain: [SupplyConfiguration] = [service()],
  objective: ServiceObjective = ServiceObjective()
) -> OptionConfiguration {
  var option = OptionConfiguration(
    modelOfUseCase: [0], objectives: [objective], chain: chain, models: 1)
  option.gateway = GatewayConfiguration(
    cache: ResponseCacheConfiguration(timeToLive: Seconds(ttl), entries: entries, latency: Seconds(latency)))
  return option
}

/// A request of 10 tokens in and 11 out: its answer takes 2 s.
private func ask(_ content: UInt32, at arrival: Double) -> Request {
  Request(arrival: arrival, inputTokens: 10, outputTokens: 11, useCase: 0, content: content)
}

/// A cache that does everything the long way: answers in a dictionary, searched for the oldest at each turn.
private struct NaiveCache {
  struct Entry {
    var complete: Double
    var lastGiven: Double
    /// Tells apart what happened at one instant.
    var order: Int
  }
  var ttl: Double
  var capacity: Int
  var entries: [UInt32: Entry] = [:]
  var inWork: [UInt32: Double] = [:]
  var order = 0
  var hits = 0
  var coalesced = 0
  var misses: [Int] = []

  mutating func completeAnswers(by now: Double) {
    while let next = inWork.filter({ $0.value <= now }).min(by: { $0.value < $1.value }) {
      inWork[next.key] = nil
      entries = entries.filter { $0.value.complete + ttl >= next.value }
      if entries.count == capacity {
        let oldest = entries.min {
          ($0.value.lastGiven, $0.value.order) < ($1.value.lastGiven, $1.value.order)
        }
        if let oldest { entries[oldest.key] = nil }
      }
      order += 1
      entries[next.key] = Entry(complete: next.value, lastGiven: next.value, order: order)
    }
  }

  mutating func ask(_ number: Int, _ content: UInt32, at now: Double, answerTakes seconds: Double) {
    completeAnswers(by: now)
    entries = entries.filter { $0.value.complete + ttl >= now }
    order += 1
    if entries[content] != nil {
      hits += 1
      entries[content]?.lastGiven = now
      entries[content]?.order = order
    } else if inWork[content] != nil {
      coalesced += 1
    } else {
      misses.append(number)
      inWork[content] = now + seconds
    }
  }
}

@Suite("The idempotent cache")
struct ResponseCacheTests {
  @Test("Duplicates within the time to live cost nothing, those outside it miss")
  func timeToLive() {
    // Complete at 2; given until 12.
    let requests = [ask(7, at: 0), ask(7, at: 5), ask(7, at: 12), ask(7, at: 12.001), ask(8, at: 13)]
    let result = simulate(cached(ttl: 10, latency: 0.25), requests, window: 20, log: true)
    let totals = result.bill.requests[0]
    #expect(totals.arrived == 5 && totals.cached == 2 && totals.coalesced == 0 && totals.served == 3)
    #expect(result.bill.supplies[0][0].inputTokens == 30 && result.bill.supplies[0][0].outputTokens == 33)
    let given = result.log.filter { $0.supply == -1 }
    #expect(given.map(\.number) == [1, 2])
    #expect(given.map(\.firstToken) == [5.25, 12.25] && given.map(\.lastToken) == [5.25, 12.25])
  }

  @Test("A hit does not renew the time to live")
  func hitsDoNotRenew() {
    let requests = [ask(7, at: 0), ask(7, at: 9), ask(7, at: 11), ask(7, at: 12.5)]
    let totals = simulate(cached(ttl: 10), requests, window: 20).bill.requests[0]
    #expect(totals.cached == 2 && totals.served == 2)
  }

  @Test("Coalesced duplicates in flight cost once, and end with the request that they wait for")
  func coalescing() {
    let requests = [ask(7, at: 0), ask(7, at: 0.5), ask(7, at: 1.9), ask(7, at: 30)]
    let objective = ServiceObjective(timeToFirstToken: 1.2)
    let result = simulate(cached(ttl: 10, objective: objective), requests, window: 40, log: true)
    let totals = result.bill.requests[0]
    #expect(totals.cached == 2 && totals.coalesced == 2 && totals.served == 2)
    #expect(result.bill.supplies[0][0].outputTokens == 22)
    #expect(result.log.filter { $0.supply == -1 }.map(\.lastToken) == [2, 2])
    // In time on their own arrival: 0.1 s for the third, 1.5 s for the second; the leaders' first token takes 1 s.
    #expect(totals.withinObjective == 3)
    #expect(result.quality.endToEnd[0].sum == 2 + 1.5 + 0.1 + 2)
  }

  @Test("A request without a content is like no other")
  func noContent() {
    let result = simulate(cached(ttl: 10), [ask(0, at: 0), ask(0, at: 5)], window: 9)
    #expect(result.bill.requests[0].served == 2 && result.bill.requests[0].cached == 0)
  }

  @Test("Of more answers than fit the least recently given makes room")
  func leastRecentlyUsed() {
    // 1 and 2 are held; 1 is given again, so 3 takes the place of 2.
    let requests = [
      ask(1, at: 0), ask(2, at: 3), ask(1, at: 6), ask(3, at: 7), ask(1, at: 10), ask(2, at: 11),
    ]
    let result = simulate(cached(ttl: 1000, entries: 2), requests, window: 20, log: true)
    #expect(result.log.filter { $0.supply == -1 }.map(\.number) == [2, 4])
  }

  @Test("When a request that others wait for is lost, the next takes its place")
  func lostLeader() {
    // One place, no queue, gone after five seconds: the first request is cut off, the second refused, the third too.
    let pool = PoolConfiguration(
      schedules: [
        .during([
          ReplicaLifetime(start: Seconds(0), ready: Seconds(0), drain: Seconds(5), stop: Seconds(5)),
          ReplicaLifetime(start: Seconds(20), ready: Seconds(20), drain: Seconds(90), stop: Seconds(90)),
        ])
      ], gpusPerReplica: 1, stepTime: .constant(Seconds(1)), maxSequences: 1, maxBatchedTokens: 64,
      keyValueBlocks: 100, queueLimit: 0)
    let option = cached(ttl: 100, chain: [.fleet(FleetConfiguration(pools: [pool]))])
    let requests = [ask(7, at: 0), ask(7, at: 1), ask(7, at: 2), ask(7, at: 25), ask(7, at: 30)]
    let totals = simulate(option, requests, window: 90).bill.requests[0]
    // At 5 s nobody can take over: the first has failed, those that waited are throttled. Then the cache begins anew.
    #expect(totals.failed == 1 && totals.throttled == 2 && totals.served == 1 && totals.coalesced == 1)

    let spare = simulate(
      cached(ttl: 100, chain: [.fleet(FleetConfiguration(pools: [pool])), service()]), requests, window: 90)
    #expect(spare.bill.requests[0].served == 1 && spare.bill.requests[0].cached == 4)
  }

  @Test("Random demand is answered as by a cache that looks at everything it holds", arguments: 0..<40)
  func oracle(seed: Int) {
    var random = TestRandom(seed: seed, index: 3)
    let ttl = random.logUniform(1, 60)
    let capacity = random.chance(0.3) ? Int.max : random.integer(1...12)
    let contents = random.integer(2...40)
    var naive = NaiveCache(ttl: ttl, capacity: capacity)
    var requests: [Request] = []
    var now = 0.0
    for number in 0..<1500 {
      now += random.exponential(mean: 0.7)
      let rank = Int(Double(contents) * random.uniform() * random.uniform())
      // Equal requests have equal answers, so equal lengths.
      let request = Request(
        arrival: now, inputTokens: 10, outputTokens: Int32(1 + rank % 7 * 10), useCase: 0,
        content: UInt32(rank + 1))
      requests.append(request)
      naive.ask(
        number, request.content, at: now, answerTakes: 1 + 0.1 * Double(request.outputTokens - 1))
    }
    let result = simulate(cached(ttl: ttl, entries: capacity), requests, log: true)
    let totals = result.bill.requests[0]
    #expect(totals.coalesced == Double(naive.coalesced))
    #expect(totals.cached == Double(naive.hits + naive.coalesced))
    let misses = result.log.filter { $0.supply == 0 }.map { Int($0.number) }.sorted()
    #expect(misses == naive.misses)
  }

  @Test(
    "With a queue behind it too: answers complete when a busy server is done with them", arguments: 0..<12)
  func oracleWithQueue(seed: Int) {
    var random = TestRandom(seed: seed, index: 4)
    let step = 0.01
    let pool = PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1, stepTime: .constant(Seconds(step)), maxSequences: 1,
      maxBatchedTokens: 64, keyValueBlocks: 100, prefixCaching: seed % 2 == 0)
    let ttl = random.logUniform(0.5, 30)
    var naive = NaiveCache(ttl: ttl, capacity: 5)
    var requests: [Request] = []
    var (now, free) = (0.0, 0.0)
    for number in 0..<1500 {
      now += random.exponential(mean: 0.25)
      let rank = Int(20 * random.uniform() * random.uniform())
      let request = Request(
        arrival: now, inputTokens: 1, outputTokens: Int32(1 + rank % 7 * 10), useCase: 0,
        content: UInt32(rank + 1))
      requests.append(request)
      let before = naive.misses.count
      let end = max(free, now) + step * Double(request.outputTokens)
      naive.ask(number, request.content, at: now, answerTakes: end - now)
      if naive.misses.count > before { free = end }
    }
    let result = simulate(
      cached(ttl: ttl, entries: 5, chain: [.fleet(FleetConfiguration(pools: [pool]))]), requests, log: true)
    let misses = result.log.filter { $0.supply == 0 }.map { Int($0.number) }.sorted()
    #expect(misses == naive.misses)
    #expect(result.bill.requests[0].coalesced == Double(naive.coalesced) && naive.coalesced > 20)
  }

  /// H. Che, Y. Tung, Z. Wang: Hierarchical Web Caching Systems, IEEE JSAC 20 (2002), doi:10.1109/JSAC.2002.801752: an
  /// answer is forgotten a characteristic time after it was last asked for, the same for all.
  @Test("Independent references hit an LRU cache as Che's approximation says, and with expiry as renewals do")
  func hitRates() {
    let (contents, capacity) = (2000, 200)
    let weights = (1...contents).map { 1 / power(Double($0), 0.8) }
    let total = weights.reduce(0, +)
    // One request a second in all.
    let rates = weights.map { $0 / total }
    var (low, high) = (0.0, 1e7)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      let held = rates.reduce(0) { $0 + 1 - exp(-$1 * middle) }
      if held < Double(capacity) { low = middle } else { high = middle }
    }
    let che = rates.reduce(0) { $0 + $1 * (1 - exp(-$1 * low)) }
    // Without a limit a miss is followed by as many hits as come within the time to live.
    let ttl = 3000.0
    let renewal = rates.reduce(0) { $0 + $1 * $1 * ttl / (1 + $1 * ttl) }

    var cumulative: [Double] = []
    for rate in rates { cumulative.append((cumulative.last ?? 0) + rate) }
    var random = TestRandom(seed: 8)
    var now = 0.0
    let requests = (0..<200_000).map { _ -> Request in
      now += random.exponential(mean: 1)
      let uniform = random.uniform()
      var (below, above) = (0, contents - 1)
      while below < above {
        let middle = (below + above) / 2
        if cumulative[middle] > uniform { above = middle } else { below = middle + 1 }
      }
      return Request(
        arrival: now, inputTokens: 1, outputTokens: 1, useCase: 0, content: UInt32(below + 1))
    }
    let instant = [service(firstToken: 0)]
    func hitRate(_ option: OptionConfiguration) -> Double {
      let totals = simulate(option, requests).bill.requests[0]
      return totals.cached / totals.arrived
    }
    let lru = hitRate(cached(ttl: 1e9, entries: capacity, chain: instant))
    let expiring = hitRate(cached(ttl: ttl, chain: instant))
    #expect(abs(lru - che) < 0.01, "LRU \(lru), Che \(che)")
    #expect(abs(expiring - renewal) < 0.01, "expiring \(expiring), renewals \(renewal)")
    #expect(che > 0.2 && renewal > 0.2 && abs(che - renewal) > 0.03)
  }
}
