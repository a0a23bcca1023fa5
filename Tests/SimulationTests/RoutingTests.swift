// SPDX-License-Identifier: GPL-3.0-or-later
// Shares and escalations: how many requests each model gets, when, and what is written down of it.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

/// A service of any model: the first token after a second, one every tenth of a second from then on.
private let service = SupplyConfiguration.metered(
  MeteredConfiguration(
    serves: [true, true, true],
    latency: ServiceLatency(firstToken: Seconds(1), perOutputToken: Seconds(0.1))))

private func routed(
  _ routing: [UseCaseRouting], chain: [SupplyConfiguration] = [service], models: Int = 3, seed: Int = 1
) -> OptionConfiguration {
  var option = OptionConfiguration(
    modelOfUseCase: Array(repeating: 0, count: routing.count),
    objectives: Array(repeating: ServiceObjective(), count: routing.count), chain: chain, models: models,
    randomness: RandomKey(seed: UInt64(seed)))
  option.gateway = GatewayConfiguration(routing: routing)
  return option
}

private func poisson(_ count: Int, gap: Double, seed: Int, useCases: Int = 1) -> [Request] {
  var random = TestRandom(seed: seed)
  var now = 0.0
  return (0..<count).map { _ in
    now += random.exponential(mean: gap)
    return Request(
      arrival: now, inputTokens: 10, outputTokens: Int32(random.integer(1...40)),
      useCase: Int32(random.integer(0...(useCases - 1))))
  }
}

@Suite("Routing")
struct RoutingTests {
  @Test("Shares and escalation rates hit their means: z-scores over 60 seeds are standard normal")
  func rates() {
    let routing = UseCaseRouting(
      shares: [0.5, 0.3, 0.2], escalations: [.init(to: 1, rate: 0.25), .init(to: 2, rate: 0.1), nil])
    let count = 2000.0
    var scores: [[Double]] = [[], [], [], []]
    for seed in 1...60 {
      let result = simulate(routed([routing], seed: seed), poisson(Int(count), gap: 0.1, seed: seed))
      let asked = (0..<3).map { result.bill.totals(supply: 0, model: $0).admitted }
      // What model 1 is asked comes from its share and from model 0.
      let expected = [0.5, 0.3 + 0.5 * 0.25, 0.2 + (0.3 + 0.5 * 0.25) * 0.1]
      for model in 0..<3 {
        let p = expected[model]
        scores[model].append((asked[model] - count * p) / (count * p * (1 - p)).squareRoot())
      }
      let again = 0.5 * 0.25 + 0.3 * 0.1
      scores[3].append(
        (result.bill.requests[0].escalated - count * again) / (count * again * (1 - again)).squareRoot())
    }
    for scores in scores {
      let mean = scores.reduce(0, +) / 60
      let square = scores.reduce(0) { $0 + $1 * $1 } / 60
      #expect(abs(mean) < 4 / 60.0.squareRoot(), "mean z \(mean)")
      // Chi-square of 60 degrees of freedom: within four standard deviations of its mean.
      #expect(abs(square - 1) < 4 * (2 / 60.0).squareRoot(), "mean z² \(square)")
      #expect(scores.allSatisfy { abs($0) < 5 })
    }
  }

  @Test("A share of 1 and a rate of 1 or 0 leave nothing to chance")
  func certainRoutes() {
    let requests = poisson(500, gap: 0.1, seed: 3)
    let all = simulate(
      routed([UseCaseRouting(shares: [0, 1, 0], escalations: [nil, .init(to: 2, rate: 1), nil])]), requests)
    #expect(all.bill.totals(supply: 0, model: 0).admitted == 0)
    #expect(all.bill.totals(supply: 0, model: 1).admitted == 500)
    #expect(all.bill.totals(supply: 0, model: 2).admitted == 500)
    #expect(all.bill.requests[0].served == 500 && all.bill.requests[0].escalated == 500)
    let never = simulate(
      routed([UseCaseRouting(shares: [0, 1, 0], escalations: [nil, .init(to: 2, rate: 0), nil])]), requests)
    #expect(never.bill.totals(supply: 0, model: 2).admitted == 0 && never.bill.requests[0].escalated == 0)
  }

  @Test("A request meets the same fate in every option that routes alike, whatever its supplies")
  func commonRandomNumbers() {
    let routing = UseCaseRouting(
      shares: [0.6, 0.4, 0], escalations: [.init(to: 2, rate: 0.3), nil, nil])
    let requests = poisson(3000, gap: 0.5, seed: 9)
    let pool = PoolConfiguration(
      schedules: [.always, .always], gpusPerReplica: 1, stepTime: .constant(Seconds(0.01)), maxSequences: 8,
      maxBatchedTokens: 512, keyValueBlocks: 1000)
    let fleet = SupplyConfiguration.fleet(FleetConfiguration(pools: [pool, pool, pool]))
    let bills = [[service], [fleet]].map { simulate(routed([routing], chain: $0), requests).bill }
    for model in 0..<3 {
      let (left, right) = (
        bills[0].totals(supply: 0, model: model), bills[1].totals(supply: 0, model: model)
      )
      #expect(left.served == right.served && left.inputTokens == right.inputTokens)
      #expect(left.outputTokens == right.outputTokens && left.served > 0)
    }
    #expect(bills[0].requests == bills[1].requests)
  }

  @Test("INV-2, INV-5: an escalated request is paid twice, and its times are the larger model's")
  func bothArePaid() {
    let option = routed([
      UseCaseRouting(shares: [1, 0, 0], escalations: [.init(to: 1, rate: 1), .init(to: 2, rate: 1), nil])
    ])
    let request = Request(arrival: 5, inputTokens: 70, outputTokens: 11, useCase: 0)
    let result = simulate(option, [request], log: true)
    for model in 0..<3 {
      let totals = result.bill.totals(supply: 0, model: model)
      #expect(totals.inputTokens == 70 && totals.outputTokens == 11 && totals.served == 1)
    }
    // Each answer takes 1 s and ten tenths.
    #expect(result.log.count == 1)
    #expect(abs(result.log[0].firstToken - (5 + 2 + 2 + 1)) < 1e-12)
    #expect(abs(result.log[0].lastToken - (5 + 2 + 2 + 2)) < 1e-12)
    #expect(result.bill.requests[0].escalated == 1 && result.bill.requests[0].served == 1)
  }

  @Test("An answer that nobody can give again loses the request; what was generated stays on the bill")
  func noLargerModel() {
    let small = SupplyConfiguration.metered(
      MeteredConfiguration(
        serves: [true, false],
        latency: ServiceLatency(firstToken: Seconds(1), perOutputToken: Seconds(0.1))))
    let option = routed(
      [UseCaseRouting(shares: [1, 0], escalations: [.init(to: 1, rate: 0.5), nil])], chain: [small], models: 2
    )
    let result = simulate(option, poisson(400, gap: 1, seed: 4))
    let totals = result.bill.requests[0]
    #expect(totals.served + totals.throttled == 400 && totals.throttled > 100 && totals.escalated == 0)
    #expect(result.bill.supplies[0][0].outputTokens == totals.outputTokens)
  }

  /// Two queues with one server each. Use case 0 goes to the first, then to the second; use case 1 to the second alone.
  @Test(
    "Escalated requests reach the next pool in order of time: a tandem of queues, to the instant",
    arguments: 0..<12)
  func tandem(seed: Int) {
    let step = (0.01, 0.004)
    func pool(_ seconds: Double) -> PoolConfiguration {
      PoolConfiguration(
        schedules: [.always], gpusPerReplica: 1, stepTime: .constant(Seconds(seconds)), maxSequences: 1,
        maxBatchedTokens: 512, keyValueBlocks: 10_000, requestOverhead: Seconds(seed % 2 == 0 ? 0 : 0.03))
    }
    let option = routed(
      [
        UseCaseRouting(shares: [1, 0], escalations: [.init(to: 1, rate: 1), nil]),
        UseCaseRouting(model: 1, models: 2),
      ], chain: [.fleet(FleetConfiguration(pools: [pool(step.0), pool(step.1)]))], models: 2)
    // Sparse arrivals leave the pools far behind the clock unless they are brought up to date.
    let requests = poisson(2000, gap: [0.25, 0.4, 3][seed % 3], seed: seed, useCases: 2)
    let result = simulate(option, requests, log: true)
    let overhead = seed % 2 == 0 ? 0 : 0.03

    var free = (0.0, 0.0)
    var second: [(time: Double, number: Int)] = []
    for (number, request) in requests.enumerated() {
      if request.useCase == 1 {
        second.append((request.arrival, number))
        continue
      }
      free.0 = max(free.0, request.arrival) + Double(request.outputTokens) * step.0
      second.append((free.0 + overhead, number))
    }
    #expect(result.log.count == requests.count)
    let log = Dictionary(uniqueKeysWithValues: result.log.map { ($0.number, $0) })
    for (time, number) in second.sorted(by: { $0.time < $1.time }) {
      let start = max(free.1, time)
      free.1 = start + Double(requests[number].outputTokens) * step.1
      let served = log[Int32(number)]
      #expect(abs((served?.lastToken ?? .nan) - free.1 - overhead) < 1e-7, "request \(number)")
      #expect(abs((served?.firstToken ?? .nan) - start - step.1 - overhead) < 1e-7, "request \(number)")
    }
  }

  @Test("INV-8: batches of any size give the same result with escalation", arguments: 0..<10)
  func batchingIsInvisible(seed: Int) {
    var sample = RandomChain(seed: seed + 900)
    sample.option.gateway = GatewayConfiguration(
      routing: Array(
        repeating: UseCaseRouting(shares: [0.5, 0.5], escalations: [.init(to: 1, rate: 0.4), nil]),
        count: RandomChain.useCases))
    expectBatchesToBeInvisible(sample.option, sample.requests, window: sample.window, seed: seed)
  }

  @Test("A gateway that only passes requests on changes nothing, also where it looks at every answer")
  func lookingChangesNothing() {
    for seed in 0..<200 {
      var sample = RandomChain(seed: seed + 300)
      let plain = simulate(sample.option, sample.requests, window: sample.window)
      // Nothing is ever asked of the last model, so nothing of it escalates.
      sample.option.gateway = GatewayConfiguration(
        routing: sample.option.modelOfUseCase.map { model in
          var routing = UseCaseRouting(model: model, models: RandomChain.models)
          if model == 0 { routing.escalations[1] = .init(to: 0, rate: 1) }
          if model == 1 { routing.escalations[0] = .init(to: 1, rate: 1) }
          return routing
        })
      let looked = simulate(sample.option, sample.requests, window: sample.window)
      #expect(looked.bill.requests == plain.bill.requests, "seed \(seed)")
      #expect(looked.bill.supplies == plain.bill.supplies, "seed \(seed)")
      for useCase in 0..<RandomChain.useCases {
        // The same numbers in another order: only the sum is rounded otherwise.
        let (left, right) = (looked.quality.endToEnd[useCase], plain.quality.endToEnd[useCase])
        #expect(left.quantile(0.5) == right.quantile(0.5) && left.quantile(0.99) == right.quantile(0.99))
      }
    }
  }
}
