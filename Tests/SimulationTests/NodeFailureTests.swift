// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about failing nodes: as many as the rate says, without notice, and the replacement boots.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Node failures")
struct NodeFailureTests {
  @Test(
    "replicas fail at the rate of their GPUs and are away for start of repair to end",
    arguments: [(2.0, 8, 4.0), (20, 1, 0), (0.173 * 50, 16, 12)])
  func rate(perGPUYear: Double, gpus: Int, repairHours: Double) {
    let failures = NodeFailures(perGPUYear: perGPUYear, repair: Seconds(repairHours * 3600))
    var (count, up) = (0.0, 0.0)
    let draws = 4000
    for draw in 0..<draws {
      let node = failures.working(
        gpus: gpus, seed: 5, draw: UInt32(draw), month: 0, supply: 1, model: 2, replica: 3)
      count += Double(node.stretches.count { $0.down >= 0 && $0.down < SpotWeather.week })
      up += node.share
    }
    let perYear = perGPUYear * Double(gpus)
    let share = 1 / (1 + perYear * repairHours / 8766)
    let expected = perYear * 7 / 365.25 * share * Double(draws)
    #expect(abs(count - expected) < 4 * expected.squareRoot(), "\(count), expected \(expected)")
    expectClose(up / Double(draws), share, within: 0.01)
  }

  @Test("no rate, no failure; another replica, model, supply, month or draw, other failures")
  func streams() {
    func node(
      _ rate: Double = 50, draw: UInt32 = 0, month: Int = 0, supply: Int = 0, model: Int = 0, replica: Int = 0
    ) -> SpotWeather {
      NodeFailures(perGPUYear: rate, repair: Seconds(60)).working(
        gpus: 8, seed: 1, draw: draw, month: month, supply: supply, model: model, replica: replica)
    }
    #expect(node(0).stretches.count == 1 && node(0).share == 1)
    let others = [
      node(draw: 1), node(month: 1), node(supply: 1), node(model: 1), node(replica: 1),
    ]
    #expect(node() == node())
    #expect(others.allSatisfy { $0 != node() } && Set(others).count == 5)
  }

  @Test("a failure ends a life at once; the replacement boots when the node is repaired")
  func interruption() throws {
    // One failure a week on average, so that some draw has exactly one in the week.
    let failures = NodeFailures(perGPUYear: 52, repair: Seconds(1800))
    let draw = try #require(
      (0..<UInt32(100)).first { draw in
        failures.working(gpus: 1, seed: 2, draw: draw, month: 0, supply: 0, model: 0, replica: 0).stretches
          .count == 2
      })
    let node = failures.working(gpus: 1, seed: 2, draw: draw, month: 0, supply: 0, model: 0, replica: 0)
    let lives = [ReplicaLifetime].always.interrupted(where: node, startup: Seconds(420))
    try #require(lives.count == 2)
    #expect(lives[0].drain == lives[0].stop && lives[0].stop.rawValue == node.stretches[0].down)
    #expect(lives[1].start.rawValue == node.stretches[1].up)
    #expect(lives[1].ready == lives[1].start + Seconds(420))
  }

  @Test(
    "lives cut by failures stay in order, lie within the lives and the node's, and lose nothing else",
    arguments: 0..<200)
  func cut(seed: Int) {
    var random = TestRandom(seed: seed, index: 5)
    let region = SpotRegion(
      SpotProcess(
        outages: SpotProcess.Outages(
          meanUp: Seconds(random.logUniform(1, 40) * 3600),
          meanDown: Seconds(random.logUniform(0.2, 9) * 3600))),
      seed: 3, draw: UInt32(seed), month: 0)
    let (startup, notice) = (Seconds(random.uniform(0, 3000)), Seconds(random.uniform(0, 300)))
    let lives = region.zone(0).replicaLifetimes(startup: startup, notice: notice)
    let node = NodeFailures(
      perGPUYear: random.logUniform(1, 300), repair: Seconds(random.chance(0.3) ? 0 : random.uniform(0, 9000))
    ).working(gpus: 8, seed: 9, draw: UInt32(seed), month: 1, supply: 0, model: 0, replica: 0)
    let cut = lives.interrupted(where: node, startup: startup)
    #expect(zip(cut, cut.dropFirst()).allSatisfy { $0.stop <= $1.start })
    for life in cut {
      #expect(lives.contains { $0.start <= life.start && life.stop <= $0.stop })
      #expect(node.stretches.contains { $0.up <= life.start.rawValue || $0.up == life.start.rawValue })
      #expect(node.stretches.contains { life.stop.rawValue <= $0.down })
    }
    // At any time: paid for where the life is, the node works, and it did not come back only to drain.
    for _ in 0..<200 {
      let time = Seconds(random.uniform(0, SpotWeather.week))
      let isThere = cut.contains { $0.start <= time && time < $0.stop }
      let life = lives.first { $0.start <= time && time < $0.stop }
      let works = node.stretches.first { $0.up <= time.rawValue && time.rawValue < $0.down }
      guard let life, let works else {
        #expect(!isThere)
        continue
      }
      #expect(isThere == (works.up < life.drain.rawValue))
    }
  }

  @Test("requests of a failed node go to the survivors of its pool, before the chain's first supply is asked")
  func handOver() {
    func pool(_ schedules: [ReplicaSchedule]) -> PoolConfiguration {
      PoolConfiguration(
        schedules: schedules, gpusPerReplica: 1, stepTime: .constant(Seconds(1)), maxSequences: 4,
        maxBatchedTokens: 64, keyValueBlocks: 100)
    }
    let failing = ReplicaSchedule.during([
      ReplicaLifetime(start: .zero, ready: .zero, drain: Seconds(10.5), stop: Seconds(10.5))
    ])
    // The first supply comes late, the second has the request and a second replica.
    let late = ReplicaSchedule.during([
      ReplicaLifetime(start: Seconds(5), ready: Seconds(5), drain: Seconds(999), stop: Seconds(999))
    ])
    let option = OptionConfiguration(
      modelOfUseCase: [0], objectives: [ServiceObjective()],
      chain: [
        .fleet(FleetConfiguration(pools: [pool([late])])),
        .fleet(FleetConfiguration(pools: [pool([failing, .always])])),
      ], models: 1)
    let result = simulate(
      option, [Request(arrival: 0, inputTokens: 20, outputTokens: 30, useCase: 0)], window: 60, log: true)
    let (first, second) = (result.bill.supplies[0][0], result.bill.supplies[1][0])
    #expect(first.admitted == 0 && first.served == 0)
    #expect(second.admitted == 2 && second.served == 1 && second.interrupted == 1)
    #expect(second.outputTokens == 30 && second.recomputedTokens == 29)
    #expect(second.inputTokens == 20 + 30)
  }
}
