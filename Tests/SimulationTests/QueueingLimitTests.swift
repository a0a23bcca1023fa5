// SPDX-License-Identifier: GPL-3.0-or-later
// INV-9: with a step of constant time a replica of c places is a queue with c servers, and its waits are known.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

/// Time of a step, seconds; small against a service, so that step boundaries do not show.
private let stepTime = 1e-3

/// A replica of `places` places whose service takes one step a token, with Poisson arrivals.
private struct Queue {
  var places: Int
  var queueLimit: Int?
  /// Offered load per place.
  var load: Double
  var meanSteps: Double
  var lengths: (inout TestRandom) -> Int

  /// Mean wait before service as a multiple of the mean service, and the share of requests refused.
  func measure(requests count: Int, seed: Int) -> (wait: Double, refused: Double) {
    var random = TestRandom(seed: seed)
    let gap = meanSteps * stepTime / (load * Double(places))
    var now = 0.0
    var service = 0.0
    var requests: [Request] = []
    requests.reserveCapacity(count)
    for _ in 0..<count {
      now += random.exponential(mean: gap)
      let steps = lengths(&random)
      service += Double(steps) * stepTime
      requests.append(Request(arrival: now, inputTokens: 1, outputTokens: Int32(steps), useCase: 0))
    }
    let pool = PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1, stepTime: .constant(Seconds(stepTime)), maxSequences: places,
      maxBatchedTokens: 8192, keyValueBlocks: 10_000_000, queueLimit: queueLimit)
    let result = simulate(option(pool), requests)
    let meanService = service / Double(count)
    let endToEnd = result.quality.endToEnd[0].mean ?? .nan
    let refused = result.bill.requests[0].throttled / Double(count)
    return ((endToEnd - meanService) / meanService, refused)
  }
}

/// Erlang's C formula: the probability of waiting with `servers` servers at `erlangs` offered.
private func erlangC(servers: Int, erlangs: Double) -> Double {
  let blocking = erlangB(servers: servers, erlangs: erlangs)
  let load = erlangs / Double(servers)
  return blocking / (1 - load * (1 - blocking))
}

/// Erlang's B formula by its recursion: the probability of loss.
private func erlangB(servers: Int, erlangs: Double) -> Double {
  (1...servers).reduce(1.0) { previous, server in
    erlangs * previous / (Double(server) + erlangs * previous)
  }
}

@Suite("Queueing limits")
struct QueueingLimitTests {
  @Test("INV-9: one place and exponential service is M/M/1 within 1 %", arguments: [0.5, 0.7])
  func exponentialService(load: Double) {
    let mean = 800.0
    let queue = Queue(
      places: 1, load: load, meanSteps: mean, lengths: { $0.geometric(mean: mean) })
    let measured = queue.measure(requests: 6_000_000, seed: 11)
    expectClose(measured.wait, load / (1 - load), within: 0.01)
  }

  @Test("INV-9: one place and fixed service is M/D/1 within 1 %", arguments: [0.5, 0.8])
  func fixedService(load: Double) {
    let queue = Queue(places: 1, load: load, meanSteps: 300, lengths: { _ in 300 })
    let measured = queue.measure(requests: 6_000_000, seed: 12)
    expectClose(measured.wait, load / (2 * (1 - load)), within: 0.01)
  }

  @Test("INV-9: one place and mixed service is M/G/1 within 1 % (Pollaczek–Khinchine)")
  func generalService() {
    // Short and long answers: 100 steps in three of four, 900 in the fourth.
    let mean = 300.0
    let secondMoment = 0.75 * 100 * 100 + 0.25 * 900 * 900
    let load = 0.6
    let queue = Queue(
      places: 1, load: load, meanSteps: mean, lengths: { $0.chance(0.75) ? 100 : 900 })
    let measured = queue.measure(requests: 6_000_000, seed: 13)
    expectClose(measured.wait, load * secondMoment / (2 * (1 - load) * mean * mean), within: 0.01)
  }

  @Test("INV-9: c places are M/M/c within 1 %", arguments: [(4, 0.75), (8, 0.85)])
  func severalPlaces(places: Int, load: Double) {
    let mean = 4000.0
    let queue = Queue(
      places: places, load: load, meanSteps: mean, lengths: { $0.geometric(mean: mean) })
    let measured = queue.measure(requests: 8_000_000, seed: 14)
    let expected = erlangC(servers: places, erlangs: load * Double(places)) / (Double(places) * (1 - load))
    expectClose(measured.wait, expected, within: 0.01)
  }

  @Test("INV-9: no queue is Erlang's loss system within 1 %", arguments: [(5, 0.8), (16, 1.1)])
  func lossSystem(places: Int, load: Double) {
    let mean = 2000.0
    let queue = Queue(
      places: places, queueLimit: 0, load: load, meanSteps: mean, lengths: { $0.geometric(mean: mean) })
    let measured = queue.measure(requests: 3_000_000, seed: 15)
    expectClose(
      measured.refused, erlangB(servers: places, erlangs: load * Double(places)), within: 0.01)
  }

  private func expectClose(_ measured: Double, _ expected: Double, within share: Double) {
    #expect(
      abs(measured / expected - 1) <= share, "measured \(measured), theory \(expected)")
  }
}
