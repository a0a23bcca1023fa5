// SPDX-License-Identifier: GPL-3.0-or-later
// Spares stand in for what is lost; scaled pools live where capacity is.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Spares and capacity")
struct SparesAndCapacityTests {
  private static func pool(_ schedules: [ReplicaSchedule], router: Router = .leastOutstanding)
    -> PoolConfiguration
  {
    PoolConfiguration(
      schedules: schedules, gpusPerReplica: 2, stepTime: .constant(Seconds(0.02)), maxSequences: 8,
      maxBatchedTokens: 4096, keyValueBlocks: 10_000, router: router)
  }

  private static func demand(_ seed: Int, window: Double, gap: Double) -> [Request] {
    var random = TestRandom(seed: seed, index: 41)
    var now = random.exponential(mean: gap)
    var requests: [Request] = []
    while now <= window {
      requests.append(
        Request(
          arrival: now, inputTokens: Int32(random.integer(1...300)),
          outputTokens: Int32(random.geometric(mean: 80)), useCase: 0))
      now += random.exponential(mean: gap)
    }
    return requests
  }

  @Test("A spare costs its hours and serves nothing while all others are there")
  func idleSpare() {
    let requests = Self.demand(1, window: 600, gap: 0.3)
    var four = Self.pool(Array(repeating: .always, count: 4))
    four.spares = 1
    let three = Self.pool(Array(repeating: .always, count: 3))
    let with = simulate(option(four), requests, window: 600)
    let without = simulate(option(three), requests, window: 600)
    #expect(abs(with.bill.poolHours[0][0].spare - 2 * 600.0 / 3600) < 1e-12)
    #expect(with.bill.poolHours[0][0].busy == without.bill.poolHours[0][0].busy)
    #expect(with.quality.endToEnd == without.quality.endToEnd)
  }

  @Test("A spare takes over at the notice, and the replica that returns is the next spare")
  func takeover() {
    let lost = ReplicaLifetime(start: .zero, ready: .zero, drain: Seconds(100), stop: Seconds(110))
    let back = ReplicaLifetime(
      start: Seconds(200), ready: Seconds(260), drain: Seconds(1000), stop: Seconds(1000))
    var pool = Self.pool([.during([lost, back]), .always, .always])
    pool.spares = 1
    let hours = simulate(option(pool), Self.demand(2, window: 600, gap: 0.3), window: 600).bill.poolHours[0][
      0]
    // The first replica starts at 0 and is ready at once, after the two others have begun: it is the spare.
    let spareFirst = 100.0
    #expect(abs(hours.spare * 3600 / 2 - (spareFirst + 600 - 260)) < 1e-9)
    var early = Self.pool([.always, .during([lost, back]), .always])
    early.spares = 1
    let result = simulate(option(early), Self.demand(2, window: 600, gap: 0.3), window: 600)
    #expect(result.bill.requests[0].throttled == 0 && result.bill.requests[0].failed == 0)
    let serving = result.bill.poolHours[0][0].busy + result.bill.poolHours[0][0].idle
    #expect(abs(serving * 3600 / 2 - 1200) < 1e-6, "two replicas serve at every instant")
  }

  @Test("Where every replica is wanted, capacity is what lifetimes say", arguments: 0..<40)
  func capacityEqualsLifetimes(seed: Int) {
    var random = TestRandom(seed: seed, index: 42)
    let (startup, notice, window) = (random.uniform(1, 60), random.uniform(1, 60), 3000.0)
    let stretches = (0..<5).map { _ in
      var up = random.uniform(-500, 500)
      var list: [CapacityStretch] = []
      while up < window {
        let down = up + startup + notice + random.logUniform(10, 2000)
        // A scaled pool does not begin with replicas that are on notice.
        if !(0..<notice).contains(down) {
          list.append(CapacityStretch(up: Seconds(up), down: Seconds(down)))
        }
        up = down + random.logUniform(5, 500)
      }
      return list
    }
    let requests = Self.demand(seed, window: window, gap: 0.4)
    let fixed = Self.pool(
      stretches.map { list in
        .during(
          list.map {
            ReplicaLifetime(
              start: $0.up, ready: $0.up + Seconds(startup), drain: $0.down - Seconds(notice), stop: $0.down)
          }.during(start: .zero, length: Seconds(window)))
      })
    var scaled = Self.pool(stretches.map { .capacity($0) })
    (scaled.startup, scaled.notice) = (Seconds(startup), Seconds(notice))
    scaled.scaling = .schedule([ScheduledReplicas(start: .zero, replicas: 5)])
    let (one, other) = (
      simulate(option(fixed), requests, window: window), simulate(option(scaled), requests, window: window)
    )
    #expect(one.bill.requests == other.bill.requests, "seed \(seed)")
    #expect(one.bill.supplies == other.bill.supplies, "seed \(seed)")
    let (a, b) = (one.bill.poolHours[0][0], other.bill.poolHours[0][0])
    #expect(abs(a.busy - b.busy) < 1e-9 && abs(a.booting - b.booting) < 1e-9, "seed \(seed)")
    #expect(abs(a.draining - b.draining) < 1e-9 && abs(a.paid - b.paid) < 1e-9, "seed \(seed)")
  }

  @Test("A scaler finds capacity in another zone when one is lost")
  func movesToOtherCapacity() {
    // Two are wanted of four places; places 0 and 2 lose their capacity at 100.
    let gone = [CapacityStretch(up: Seconds(-1000), down: Seconds(100))]
    let there = [CapacityStretch(up: Seconds(-1000), down: Seconds(5000))]
    var pool = Self.pool([.capacity(gone), .capacity(there), .capacity(gone), .capacity(there)])
    (pool.startup, pool.notice) = (Seconds(30), Seconds(10))
    pool.scaling = .schedule([ScheduledReplicas(start: .zero, replicas: 2)])
    let hours = simulate(option(pool), Self.demand(3, window: 600, gap: 0.4), window: 600).bill.poolHours[0][
      0]
    #expect(abs(hours.booting * 3600 / 2 - 30) < 1e-9)
    #expect(abs(hours.draining * 3600 / 2 - 10) < 1e-9)
    // Until the notice two serve, then one until 120, then two.
    #expect(abs((hours.busy + hours.idle) * 3600 / 2 - (180 + 30 + 480 * 2)) < 1e-6)
  }

  @Test("Without capacity what waits at the gateway goes to the next supply")
  func heldAreHandedBack() {
    let short = [CapacityStretch(up: Seconds(5), down: Seconds(30))]
    var pool = Self.pool([.capacity(short)])
    pool.startup = Seconds(60)
    pool.scaling = .autoscale(
      Autoscaler(metric: .concurrency, target: 4, minimum: 0, maximum: 1, initial: 0))
    var chain = option(pool)
    chain.chain.append(
      .metered(
        MeteredConfiguration(
          serves: [true], latency: ServiceLatency(firstToken: Seconds(0.5), perOutputToken: Seconds(0.1)))))
    let requests = [1.0, 10, 12].map {
      Request(arrival: $0, inputTokens: 10, outputTokens: 1, useCase: 0)
    }
    let result = simulate(chain, requests, window: 100, log: true)
    // The first finds no capacity; the others wait until it is taken away again.
    #expect(result.log.map(\.firstToken).sorted() == [1.5, 30.5, 30.5])
    #expect(abs(result.bill.poolHours[0][0].booting * 3600 / 2 - 25) < 1e-9)
  }
}
