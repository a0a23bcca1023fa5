// SPDX-License-Identifier: GPL-3.0-or-later
// Closed-loop load against the step-by-step oracle, Little's law and what a bench client does.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

@Suite("Closed loop")
struct ClosedLoopTests {
  private func pool(replicas: Int = 1, sequences: Int = 64, overhead: Double = 0) -> PoolConfiguration {
    PoolConfiguration(
      schedules: Array(repeating: .always, count: replicas), gpusPerReplica: 1,
      stepTime: StepTimeModel(
        overhead: 1.5e-3, computePerToken: 1.6e-5, computePerContextToken: 1e-9, denseWeights: 6.8e-3,
        memoryPerContextToken: 5.6e-8), maxSequences: sequences, maxBatchedTokens: 2048,
      keyValueBlocks: 20_000, requestOverhead: Seconds(overhead))
  }

  private func requests(_ count: Int, seed: Int) -> [Request] {
    var random = TestRandom(seed: seed)
    return (0..<count).map { _ in
      Request(
        arrival: 0, inputTokens: Int32(random.integer(80...1000)),
        outputTokens: Int32(random.integer(1...200)), useCase: 0)
    }
  }

  @Test("every user waits for its answer and its think time: concurrency is never exceeded, and is reached")
  func concurrency() {
    let loop = ClosedLoopSimulation(
      option(pool(replicas: 3, sequences: 4)), users: 20, thinkTime: .zero, keepsLog: true)
    let result = loop.run(requests(400, seed: 5))
    #expect(result.log.count == 400)
    var changes = result.log.flatMap { [($0.arrival, 1), ($0.lastToken, -1)] }
    changes.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    var inWork = 0
    var most = 0
    for change in changes {
      inWork += change.1
      most = max(most, inWork)
    }
    #expect(most == 20)
    // Nobody rests while requests are left: each is sent at the start or at the very time of an answer.
    let answers = Set(result.log.map(\.lastToken))
    for served in result.log { #expect(served.arrival == 0 || answers.contains(served.arrival)) }
    #expect(result.window == result.log.map(\.lastToken).max())
  }

  @Test("Little's law: users = throughput × (time of an answer + think time)")
  func littlesLaw() {
    let (users, think) = (30.0, 2.0)
    let loop = ClosedLoopSimulation(
      option(pool()), users: Int(users), thinkTime: Seconds(think), keepsLog: true)
    let log = loop.run(requests(30_000, seed: 6)).log
    let first = log.map(\.arrival).max() ?? 0
    let stay = log.reduce(0) { $0 + $1.lastToken - $1.arrival } / Double(log.count)
    expectClose(Double(log.count) / first * (stay + think), users, within: 0.002)
  }

  @Test("as many users as requests is open load: the same times as requests offered at their arrivals")
  func openLoad() {
    var arrival = 0.0
    var random = TestRandom(seed: 9)
    let demand = requests(500, seed: 8).map { request in
      var request = request
      arrival += random.exponential(mean: 0.03)
      request.arrival = arrival
      return request
    }
    let closed = ClosedLoopSimulation(option(pool(replicas: 2)), users: 500, keepsLog: true).run(demand)
    let open = simulate(option(pool(replicas: 2)), demand, log: true)
    #expect(closed.log.sorted { $0.number < $1.number } == open.log.sorted { $0.number < $1.number })
    #expect(closed.quality.endToEnd[0].quantile(0.9) == open.quality.endToEnd[0].quantile(0.9))
  }

  @Test("a burst reaches the engine spread by the front end's one process")
  func frontEndQueues() {
    let pool = PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1, stepTime: .constant(Seconds(1e-6)), maxSequences: 64,
      maxBatchedTokens: 2048, keyValueBlocks: 1000)
    let burst = (0..<10).map { _ in Request(arrival: 0, inputTokens: 100, outputTokens: 1, useCase: 0) }
    let frontEnd = FrontEnd(
      perRequest: Seconds(0.01), perInputToken: Seconds(1e-4), latency: Seconds(0.5))
    let log = ClosedLoopSimulation(option(pool), users: 10, frontEnd: frontEnd, keepsLog: true).run(burst).log
    for served in log {
      #expect(served.arrival == 0)
      #expect(abs(served.firstToken - (0.5 + 0.02 * Double(served.number + 1))) < 2e-6)
    }
  }

  @Test("a closure gives each user its own next request, and nil ends the user")
  func sessions() {
    var turns = [0, 0, 0]
    var asked: [Double] = []
    let loop = ClosedLoopSimulation(
      option(pool()), users: 3, thinkTime: Seconds(1), stop: Seconds(60), keepsLog: true)
    let result = loop.run { user, time in
      asked.append(time.rawValue)
      turns[user] += 1
      guard turns[user] <= 3 + user else { return nil }
      return Request(
        arrival: user == 2 ? time.rawValue + 5 : 0, inputTokens: Int32(100 * turns[user]), outputTokens: 50,
        useCase: 0)
    }
    #expect(turns == [4, 5, 6])
    #expect(asked == asked.sorted())
    #expect(result.bill.requests[0].served == 12)
    // User 2 waits five seconds of its own before each turn.
    #expect(result.log.count { $0.arrival >= 5 } >= 5)
  }

  @Test("nothing is sent from the stop on, and what was sent is finished")
  func stop() {
    let loop = ClosedLoopSimulation(option(pool()), users: 8, stop: Seconds(10), keepsLog: true)
    let result = loop.run(requests(100_000, seed: 3))
    #expect(result.log.allSatisfy { $0.arrival < 10 })
    #expect(result.window > 10 && result.window < 20)
    #expect(result.bill.requests[0].arrived == result.bill.requests[0].served)
  }

  @Test("refused and lost requests do not stop their users")
  func refusals() {
    var small = pool(sequences: 1)
    small.queueLimit = 0
    let result = ClosedLoopSimulation(option(small), users: 3).run(requests(60, seed: 4))
    let totals = result.bill.requests[0]
    #expect(totals.arrived == 60 && totals.throttled > 0 && totals.served + totals.throttled == 60)
  }
}
