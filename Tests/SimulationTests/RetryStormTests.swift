// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about clients that ask again: never more often than allowed, later and later, and not all at once.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Retry storms")
struct RetryStormTests {
  private static func option(
    _ schedules: [ReplicaSchedule], retry: RetryPolicy?, queueLimit: Int = 2
  ) -> OptionConfiguration {
    OptionConfiguration(
      modelOfUseCase: [0], objectives: [ServiceObjective()],
      chain: [
        .fleet(
          FleetConfiguration(pools: [
            PoolConfiguration(
              schedules: schedules, gpusPerReplica: 1, stepTime: .constant(Seconds(0.05)), maxSequences: 4,
              maxBatchedTokens: 512, keyValueBlocks: 400, queueLimit: queueLimit)
          ]))
      ], models: 1, retry: retry, randomness: RandomKey(seed: 4))
  }

  private static func requests(_ count: Int, gap: Double, tokens: Int32 = 20) -> [Request] {
    (0..<count).map {
      Request(arrival: Double($0) * gap, inputTokens: 30, outputTokens: tokens, useCase: 0)
    }
  }

  private static func outage(from start: Double, to end: Double, until last: Double) -> ReplicaSchedule {
    .during([
      ReplicaLifetime(start: .zero, ready: .zero, drain: Seconds(start), stop: Seconds(start)),
      ReplicaLifetime(start: Seconds(end), ready: Seconds(end), drain: Seconds(last), stop: Seconds(last)),
    ])
  }

  @Test(
    "with nothing there, each request asks exactly as often as it may, and is lost", arguments: [1, 3, 8])
  func dead(retries: Int) {
    let policy = RetryPolicy(retries: retries, firstDelay: Seconds(0.5), longestDelay: Seconds(4))
    let bill = simulate(Self.option([], retry: policy), Self.requests(500, gap: 0.01)).bill
    #expect(bill.requests[0].retried == Double(500 * retries))
    #expect(bill.requests[0].throttled == 500 && bill.requests[0].served == 0)
    #expect(bill.supplies[0][0].admitted == 0)
  }

  @Test("back-off carries requests over an outage that would lose them, at a bounded number of attempts")
  func outage() {
    let schedules = [Self.outage(from: 20, to: 35, until: 1e6)]
    let requests = Self.requests(400, gap: 0.5)
    let impatient = simulate(Self.option(schedules, retry: nil), requests).bill.requests[0]
    let policy = RetryPolicy(retries: 8, firstDelay: Seconds(1), longestDelay: Seconds(16), jitter: 0.5)
    let patient = simulate(Self.option(schedules, retry: policy), requests, window: 300).bill.requests[0]
    #expect(impatient.throttled + impatient.failed >= 28)
    #expect(patient.throttled + patient.failed == 0 && patient.served == 400)
    #expect(patient.retried > 30 && patient.retried <= 400 * 8)
  }

  @Test("jitter spreads the clients that an outage has thrown together")
  func spread() {
    // All are refused at once, as the replica is gone; all may come back once, eight seconds later at most.
    let schedules = [Self.outage(from: 1, to: 1.5, until: 1e6)]
    let requests = (0..<100).map { _ in
      Request(arrival: 1.2, inputTokens: 30, outputTokens: 4, useCase: 0)
    }
    func served(jitter: Double) -> Double {
      simulate(
        Self.option(
          schedules, retry: RetryPolicy(retries: 1, firstDelay: Seconds(8), jitter: jitter)), requests,
        window: 60
      ).bill.requests[0].served
    }
    // Together they overrun the queue: the replica has 4 places.
    #expect(served(jitter: 0) == 4)
    #expect(served(jitter: 1) > 60)
  }

  @Test("in any second a storm is at most what one wait throws together", arguments: 0..<20)
  func bounded(seed: Int) {
    var random = TestRandom(seed: seed, index: 21)
    let retries = random.integer(1...6)
    let policy = RetryPolicy(
      retries: retries, firstDelay: Seconds(random.uniform(0.1, 3)), factor: random.uniform(1, 3),
      longestDelay: Seconds(10), jitter: random.uniform(0, 1))
    let requests = Self.requests(600, gap: random.logUniform(0.01, 0.3))
    let last = requests[599].arrival
    var now = 0.0
    var lives: [ReplicaLifetime] = []
    while now < last {
      let stop = now + random.exponential(mean: 8)
      lives.append(
        ReplicaLifetime(start: Seconds(now), ready: Seconds(now), drain: Seconds(stop), stop: Seconds(stop)))
      now = stop + random.exponential(mean: 5)
    }
    let result = simulate(Self.option([.during(lives)], retry: policy), requests)
    let totals = result.bill.requests[0]
    #expect(totals.arrived == totals.served + totals.throttled + totals.failed)
    // A request begins to count anew when it was admitted and is then interrupted.
    let admitted = result.bill.supplies[0][0].interrupted
    #expect(totals.retried <= (600 + admitted) * Double(retries))
  }
}
