// SPDX-License-Identifier: GPL-3.0-or-later
// A window with a lead-in is a piece cut out of a longer time.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Lead-ins")
struct LeadInTests {
  private static func demand(_ seed: Int, until end: Double, gap: Double) -> [Request] {
    var random = TestRandom(seed: seed, index: 61)
    var now = random.exponential(mean: gap)
    var requests: [Request] = []
    while now <= end {
      requests.append(
        Request(
          arrival: now, inputTokens: Int32(random.integer(1...400)),
          outputTokens: Int32(random.geometric(mean: 100)), useCase: Int32(random.integer(0...1))))
      now += random.exponential(mean: gap)
    }
    return requests
  }

  private static func option(_ seed: Int) -> OptionConfiguration {
    var random = TestRandom(seed: seed, index: 62)
    var pool = PoolConfiguration(
      schedules: Array(repeating: .always, count: 6), gpusPerReplica: 2,
      stepTime: StepTimeModel(
        overhead: 0.01, computePerToken: 1e-5, denseWeights: 5e-3, memoryPerContextToken: 1e-7),
      maxSequences: 12, maxBatchedTokens: 512, keyValueBlocks: 500, queueLimit: 6, router: .powerOfTwo)
    pool.startup = Seconds(random.uniform(5, 100))
    pool.spares = random.integer(0...1)
    pool.scaling = .autoscale(
      Autoscaler(
        metric: .concurrency, target: random.uniform(1, 8), minimum: random.integer(0...2), maximum: 6,
        initial: 2))
    return OptionConfiguration(
      modelOfUseCase: [0, 0], objectives: [ServiceObjective(timeToFirstToken: 1), ServiceObjective()],
      chain: [
        .fleet(FleetConfiguration(pools: [pool])),
        .reserved(
          ReservedConfiguration(
            units: [ReservedUnits(units: 1, inputTokensPerMinute: 9000, outputTokensPerMinute: 5000)],
            window: Seconds(60),
            latency: ServiceLatency(firstToken: Seconds(0.3), perOutputToken: Seconds(0.01)))),
      ], models: 1)
  }

  @Test("What counts after a lead-in is what a run of the whole time served of it", arguments: 0..<40)
  func isACut(seed: Int) {
    let (leadIn, window) = (300.0, 600.0)
    let requests = Self.demand(seed, until: leadIn + window, gap: [0.1, 0.5, 3][seed % 3])
    let whole = simulate(Self.option(seed), requests, window: leadIn + window, log: true)
    var cut = OptionSimulation(
      Self.option(seed), window: Seconds(window), leadIn: Seconds(leadIn), keepsLog: true)
    cut.offer(requests.span)
    let result = cut.finish()
    // The same requests, served at the same times.
    let expected = whole.log.filter { $0.arrival >= leadIn }
    #expect(result.log.map(\.number) == expected.map(\.number), "seed \(seed)")
    for (ours, theirs) in zip(result.log, expected) {
      #expect(abs(ours.lastToken + leadIn - theirs.lastToken) < 1e-9, "seed \(seed)")
    }
    for useCase in 0..<2 {
      let totals = result.bill.requests[useCase]
      let offered = requests.filter { $0.arrival >= leadIn && $0.useCase == useCase }
      #expect(totals.arrived == Double(offered.count), "seed \(seed): INV-1")
      #expect(totals.arrived == totals.served + totals.throttled + totals.failed, "seed \(seed): INV-1")
      #expect(result.quality.endToEnd[useCase].total == totals.served, "seed \(seed)")
      let generated = result.bill.supplies.indices.reduce(0) {
        $0 + result.bill.totals(supply: $1, useCase: useCase).outputTokens
      }
      let served = result.log.reduce(0) { $1.useCase == useCase ? $0 + Double($1.outputTokens) : $0 }
      #expect(generated >= served, "seed \(seed): INV-2")
      if totals.failed == 0 { #expect(generated == served, "seed \(seed): INV-2") }
    }
    // The hours are those of the whole run without those of a run that ends with the lead-in.
    let before = simulate(
      Self.option(seed), requests.filter { $0.arrival < leadIn }, window: leadIn)
    let hours = (
      whole.bill.poolHours[0][0], before.bill.poolHours[0][0], result.bill.poolHours[0][0]
    )
    #expect(abs(hours.0.paid - hours.1.paid - hours.2.paid) < 1e-9, "seed \(seed): INV-3")
    #expect(abs(hours.0.busy - hours.1.busy - hours.2.busy) < 1e-9, "seed \(seed): INV-3")
    #expect(abs(hours.0.booting - hours.1.booting - hours.2.booting) < 1e-9, "seed \(seed): INV-3")
    #expect(abs(hours.0.spare - hours.1.spare - hours.2.spare) < 1e-9, "seed \(seed): INV-3")
    let used = (
      whole.bill.reserved[1][0].inputUsed, before.bill.reserved[1][0].inputUsed,
      result.bill.reserved[1][0].inputUsed
    )
    #expect(used.0 - used.1 == used.2, "seed \(seed)")
    #expect(abs(result.bill.reserved[1][0].unitHours - window / 3600) < 1e-12)
    let curve = result.bill.hoursByGPUs[0].enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    #expect(abs(curve - hours.2.paid) < 1e-9, "seed \(seed)")
  }

  @Test("A window after a lead-in does not start from empty")
  func curesTheEmptyStart() {
    // 20 requests a second that stay for about a second and a half.
    let requests = Self.demand(9, until: 320, gap: 0.05)
    let pool = PoolConfiguration(
      schedules: [.always], gpusPerReplica: 1, stepTime: .constant(Seconds(0.015)), maxSequences: 256,
      maxBatchedTokens: 4096, keyValueBlocks: 100_000)
    var chosen = SimulationTests.option(pool)
    chosen.modelOfUseCase = [0, 0]
    chosen.objectives = [ServiceObjective(), ServiceObjective()]
    // The same twenty seconds, with and without what came before.
    func batch(leadIn: Double) -> Double {
      var simulation = OptionSimulation(chosen, window: Seconds(20), leadIn: Seconds(leadIn))
      let offered = requests.compactMap { request -> Request? in
        var request = request
        request.arrival -= 300 - leadIn
        return request.arrival >= 0 ? request : nil
      }
      simulation.offer(offered.span)
      return simulation.finish(drainLimit: .zero).quality.pools[0].batch.mean ?? .nan
    }
    #expect(batch(leadIn: 300) > 1.03 * batch(leadIn: 0))
  }
}
