// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that can wait fill what a fleet has to spare, and are done in time.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

/// Ten milliseconds a step, more with prompts in it; 32 places.
private func pool(places: Int = 32) -> PoolConfiguration {
  PoolConfiguration(
    schedules: [.always], gpusPerReplica: 2,
    stepTime: StepTimeModel(
      overhead: 5e-3, computePerToken: 1e-4, denseWeights: 5e-3, memoryPerContextToken: 1e-7),
    maxSequences: places, maxBatchedTokens: 512, keyValueBlocks: 4000)
}

private let api = SupplyConfiguration.metered(
  MeteredConfiguration(
    serves: [true], latency: ServiceLatency(firstToken: Seconds(1), perOutputToken: Seconds(0.01))))

private func option(
  _ chain: [SupplyConfiguration], deadlines: [Double?], share: Double = 0.5, margin: Double = 60,
  holds: Bool = true
) -> OptionConfiguration {
  var option = OptionConfiguration(
    modelOfUseCase: Array(repeating: 0, count: deadlines.count),
    objectives: deadlines.map { ServiceObjective(deadline: $0 ?? .infinity) }, chain: chain, models: 1)
  if holds {
    option.gateway = GatewayConfiguration(
      offline: OfflineConfiguration(
        deadlines: deadlines.map { $0.map { Seconds($0) } }, share: share, margin: Seconds(margin)))
  }
  return option
}

/// Ten busy minutes and thirty quiet ones of use case 0; use case 1 asks in the busy ones, and can wait.
private func dayAndNight(withOffline: Bool = true) -> [Request] {
  var random = TestRandom(seed: 5)
  var requests: [Request] = []
  var now = 0.0
  while now < 2400 {
    now += random.exponential(mean: now < 600 ? 1 / 15.0 : 1)
    requests.append(
      Request(arrival: now, inputTokens: 200, outputTokens: Int32(random.geometric(mean: 100)), useCase: 0))
  }
  now = 0
  while withOffline, now < 595 {
    now += random.exponential(mean: 1 / 8.0)
    requests.append(
      Request(arrival: now, inputTokens: 400, outputTokens: Int32(random.geometric(mean: 200)), useCase: 1))
  }
  return requests.filter { $0.arrival <= 2400 }.sorted { $0.arrival < $1.arrival }
}

@Suite("Offline work")
struct OfflineWorkTests {
  @Test(
    "It fills a trough: every deadline is met, GPU-hours are the same, and who waits for an answer hardly notices"
  )
  func fillsTrough() throws {
    let chain = [SupplyConfiguration.fleet(FleetConfiguration(pools: [pool()]))]
    let held = simulate(option(chain, deadlines: [nil, 1800]), dayAndNight(), window: 2400)
    let atOnce = simulate(option(chain, deadlines: [nil, 1800], holds: false), dayAndNight(), window: 2400)
    let alone = simulate(
      option(chain, deadlines: [nil, 1800], holds: false), dayAndNight(withOffline: false), window: 2400)
    let offline = held.bill.requests[1]
    #expect(offline.arrived > 4000 && offline.served == offline.arrived)
    #expect(offline.late == 0 && offline.withinObjective == offline.arrived)
    #expect(offline.filled == offline.arrived)
    for result in [held, atOnce, alone] {
      #expect(abs(result.bill.poolHours[0][0].paid - 2 * 2400 / 3600.0) < 1e-12)
    }
    func online(_ result: WindowResult, _ share: Double) throws -> (first: Double, perToken: Double) {
      (
        try #require(result.quality.timeToFirstToken[0].quantile(share)),
        try #require(result.quality.timePerOutputToken[0].quantile(share))
      )
    }
    for share in [0.5, 0.99] {
      let (with, without, rushed) = (
        try online(held, share), try online(alone, share), try online(atOnce, share)
      )
      #expect(
        with.first < 1.25 * without.first, "TTFT at \(share): \(with.first), alone \(without.first)")
      #expect(
        with.perToken < 1.25 * without.perToken,
        "TPOT at \(share): \(with.perToken), alone \(without.perToken)")
      // At once it makes everybody wait for minutes.
      #expect(rushed.first > 3 * with.first)
    }
    #expect(
      held.bill.totals(supply: 0, useCase: 1).outputTokens
        == atOnce.bill.totals(supply: 0, useCase: 1).outputTokens)
  }

  @Test("When its deadline nears and no room has come, it goes through the chain and is in time")
  func goesThroughTheChain() {
    // One place, always taken: use case 0 asks for more than it can do.
    let chain = [
      SupplyConfiguration.fleet(FleetConfiguration(pools: [pool(places: 1)])), api,
    ]
    var requests = (0..<400).map { number in
      Request(arrival: Double(number), inputTokens: 10, outputTokens: 150, useCase: 0)
    }
    requests.append(Request(arrival: 30.5, inputTokens: 10, outputTokens: 101, useCase: 1))
    requests.sort { $0.arrival < $1.arrival }
    var option = option(chain, deadlines: [nil, 100], share: 1, margin: 20)
    guard case .fleet(var fleet) = option.chain[0] else { return }
    fleet.pools[0]?.queueLimit = 3
    option.chain[0] = .fleet(fleet)
    let result = simulate(option, requests, window: 400, log: true)
    let served = result.log.filter { $0.useCase == 1 }
    #expect(served.count == 1)
    // Held until 20 s before its deadline; then the fleet's queue is full, and the API takes 2 s.
    #expect(served.allSatisfy { $0.supply == 1 && abs($0.firstToken - (30.5 + 80 + 1)) < 1e-9 })
    #expect(result.bill.requests[1].filled == 0 && result.bill.requests[1].late == 0)
  }

  @Test("A request that cannot be served in time is late: served, but not within its objective")
  func late() {
    let chain = [SupplyConfiguration.fleet(FleetConfiguration(pools: [pool()]))]
    let request = Request(arrival: 0, inputTokens: 10, outputTokens: 900, useCase: 0)
    let totals = simulate(option(chain, deadlines: [5], margin: 0), [request], window: 100).bill.requests[0]
    #expect(totals.served == 1 && totals.late == 1 && totals.withinObjective == 0)
  }

  @Test("What is due first is taken first, whoever came first")
  func earliestDeadlineFirst() {
    let chain = [SupplyConfiguration.fleet(FleetConfiguration(pools: [pool(places: 1)]))]
    let requests = [
      Request(arrival: 0, inputTokens: 10, outputTokens: 400, useCase: 0),
      Request(arrival: 1, inputTokens: 10, outputTokens: 50, useCase: 1),
      Request(arrival: 2, inputTokens: 10, outputTokens: 50, useCase: 2),
    ]
    let result = simulate(
      option(chain, deadlines: [nil, 900, 300], share: 1), requests, window: 1000, log: true)
    #expect(result.log.map(\.number) == [0, 2, 1])
    #expect(result.bill.requests.map(\.filled) == [0, 1, 1])
  }

  @Test("A replica gives it no more than its share of places")
  func keepsToItsShare() {
    let chain = [SupplyConfiguration.fleet(FleetConfiguration(pools: [pool()]))]
    let requests = (0..<500).map {
      Request(arrival: Double($0) * 0.01, inputTokens: 20, outputTokens: 300, useCase: 0)
    }
    for (share, most) in [(0.25, 8.0), (0.01, 1), (1, 32)] {
      let result = simulate(option(chain, deadlines: [4000], share: share), requests, window: 4000)
      let batch = result.quality.pools[0].batch
      #expect((batch.quantile(1) ?? 0) == most, "share \(share)")
      #expect(result.bill.requests[0].late == 0 && result.bill.requests[0].filled == 500)
    }
  }

  @Test("It is not held back where no fleet could take it")
  func noFleet() {
    let requests = [Request(arrival: 3, inputTokens: 10, outputTokens: 11, useCase: 0)]
    let result = simulate(option([api], deadlines: [500]), requests, window: 600, log: true)
    #expect(result.log.map(\.firstToken) == [4])
  }

  @Test("A fleet that comes later takes what has waited for it")
  func waitsForFleet() {
    var late = pool()
    late.schedules = [
      .during([
        ReplicaLifetime(start: Seconds(100), ready: Seconds(200), drain: Seconds(500), stop: Seconds(500))
      ])
    ]
    let chain = [SupplyConfiguration.fleet(FleetConfiguration(pools: [late])), api]
    let requests = (0..<20).map {
      Request(arrival: Double($0), inputTokens: 10, outputTokens: 50, useCase: 0)
    }
    let result = simulate(option(chain, deadlines: [400]), requests, window: 600, log: true)
    #expect(result.log.count == 20)
    #expect(result.log.allSatisfy { $0.supply == 0 && $0.firstToken > 200 && $0.firstToken < 210 })
  }
}
