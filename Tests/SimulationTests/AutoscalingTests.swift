// SPDX-License-Identifier: GPL-3.0-or-later
// Autoscalers decide as HPA and KEDA say they do.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

/// A pool of `replicas` of constant steps.
private func pool(replicas: Int, places: Int = 8, step: Double = 0.03, _ scaling: PoolScaling?)
  -> PoolConfiguration
{
  var pool = PoolConfiguration(
    schedules: Array(repeating: .always, count: replicas), gpusPerReplica: 1,
    stepTime: .constant(Seconds(step)), maxSequences: places, maxBatchedTokens: 64, keyValueBlocks: 100_000)
  pool.scaling = scaling
  return pool
}

/// Requests of one prompt token at a rate that depends on time.
private func requests(_ random: inout TestRandom, window: Double, tokens: Double, rate: (Double) -> Double)
  -> [Request]
{
  var result: [Request] = []
  var now = 0.0
  while true {
    now += random.exponential(mean: 1 / max(rate(now), 1e-3))
    if now > window { return result }
    result.append(
      Request(
        arrival: now, inputTokens: 1, outputTokens: Int32(random.geometric(mean: tokens)), useCase: 0))
  }
}

@Suite("Autoscaling")
struct AutoscalingTests {
  @Test("Decisions, hours and refusals equal a naive autoscaler's", arguments: 0..<150)
  func equalsOracle(seed: Int) {
    var random = TestRandom(seed: seed, index: 31)
    let maximum = random.integer(1...8)
    let metrics: [(ScalingMetric, Double)] = [
      (.queue, random.logUniform(0.3, 10)), (.concurrency, random.logUniform(1, 12)),
      (.utilization, random.uniform(0.1, 0.9)),
    ]
    let (metric, target) = metrics[seed % 3]
    let minimum = random.integer(0...min(2, maximum))
    let autoscaler = Autoscaler(
      metric: metric, target: target, minimum: minimum, maximum: maximum,
      initial: random.integer(minimum...maximum), period: Seconds(15),
      scaleUpWindow: Seconds(random.chance(0.6) ? 0 : 45),
      scaleDownWindow: Seconds(random.chance(0.3) ? 0 : 120), cooldown: Seconds(100),
      scaleUpLimit: random.chance(0.3) ? 1 : nil, scaleDownLimit: random.chance(0.3) ? 1 : nil,
      whenEmpty: random.chance(0.5) ? .hold : .overflow)
    let (startup, step, places) = (random.uniform(1, 90), random.uniform(0.01, 0.06), random.integer(2...12))
    let window = 1800.0
    let (peak, period) = (random.logUniform(0.2, 6), random.uniform(200, 900))
    let demand = requests(&random, window: window, tokens: 60) { time in
      // Waves with pauses in which nobody asks.
      max(0, peak * sin(2 * Double.pi * time / period))
    }
    var oracle = ScalingOracle(
      autoscaler, replicas: maximum, places: places, step: step, startup: startup)
    oracle.run(demand, window: window)
    var scaled = pool(replicas: maximum, places: places, step: step, .autoscale(autoscaler))
    scaled.startup = Seconds(startup)
    scaled.drainLimit = Seconds(100_000)
    let result = simulate(option(scaled), demand, window: window, log: true)
    #expect(result.scaling.map(\.replicas) == oracle.decisions.map(\.replicas), "seed \(seed)")
    for (ours, theirs) in zip(result.scaling, oracle.decisions) {
      #expect(abs(ours.time - theirs.time) < 1e-6, "seed \(seed)")
    }
    let paid = result.bill.poolHours[0][0].paid * 3600
    #expect(abs(paid - oracle.paidSeconds) < 1e-5 * max(1, paid), "seed \(seed)")
    #expect(result.bill.requests[0].throttled == Double(oracle.refused), "seed \(seed)")
  }

  @Test("Under constant load the number of replicas does not flap", arguments: [1, 2, 3])
  func doesNotFlap(seed: Int) {
    // 4 requests a second of 100 tokens at 20 ms: 8 in work on average, of which each replica is to have 2.
    var random = TestRandom(seed: seed, index: 32)
    let demand = requests(&random, window: 7200, tokens: 100) { _ in 4 }
    var scaled = pool(
      replicas: 12, places: 16, step: 0.02,
      .autoscale(Autoscaler(metric: .concurrency, target: 2, minimum: 1, maximum: 12, initial: 1)))
    scaled.startup = Seconds(120)
    let result = simulate(option(scaled), demand, window: 7200, log: true)
    // Once it has found its level it moves seldom, and never down and up again within a stabilization window.
    var (count, grown) = (1, -Double.infinity)
    for decision in result.scaling {
      if decision.replicas > count {
        grown = decision.time
      } else {
        #expect(decision.time - grown >= 300, "seed \(seed): down at \(decision.time), up at \(grown)")
      }
      count = decision.replicas
    }
    #expect(result.scaling.count <= 2 * 7200 / 300)
    // Deterministic arrivals: not one change.
    let even = (0..<(2 * 7200)).map {
      Request(arrival: Double($0) / 2 + 0.001, inputTokens: 1, outputTokens: 100, useCase: 0)
    }
    let quiet = simulate(option(scaled), even, window: 7200, log: true)
    #expect(quiet.scaling.filter { $0.time > 600 }.isEmpty)
  }

  @Test("A pool scaled to zero starts with the first request, which waits for it or goes elsewhere")
  func fromZero() {
    for policy in [EmptyPoolPolicy.hold, .overflow] {
      var scaled = pool(
        replicas: 2, step: 0.5,
        .autoscale(
          Autoscaler(
            metric: .concurrency, target: 4, minimum: 0, maximum: 2, initial: 0, whenEmpty: policy)))
      scaled.startup = Seconds(40)
      let demand = [10.0, 20, 60].map {
        Request(arrival: $0, inputTokens: 1, outputTokens: 2, useCase: 0)
      }
      let result = simulate(option(scaled), demand, window: 1000, log: true)
      let hours = result.bill.poolHours[0][0]
      #expect(abs(hours.booting * 3600 - 40) < 1e-9)
      #expect(result.scaling.first == ScalingDecision(time: 10, supply: 0, model: 0, replicas: 1))
      // Last asked at 60; found unused at the evaluation at 360, five minutes later.
      #expect(result.scaling.last == ScalingDecision(time: 360, supply: 0, model: 0, replicas: 0))
      #expect(abs(hours.paid * 3600 - 350) < 1e-9)
      switch policy {
      case .hold:
        #expect(result.log.map(\.firstToken) == [50.5, 50.5, 60.5])
        #expect(result.bill.requests[0].throttled == 0)
      case .overflow:
        #expect(result.log.map(\.firstToken) == [60.5])
        #expect(result.bill.requests[0].throttled == 2)
      }
    }
  }

  @Test("A replica that is no longer wanted finishes what it has; after the limit it hands the rest back")
  func draining() {
    // Two replicas until 100 s, then one. The request on the second takes until 140 s.
    for (limit, stop) in [(60.0, 140.0), (10, 110)] {
      var scheduled = pool(
        replicas: 2, step: 1,
        .schedule([
          ScheduledReplicas(start: .zero, replicas: 2), ScheduledReplicas(start: Seconds(100), replicas: 1),
        ]))
      scheduled.drainLimit = Seconds(limit)
      let demand = [
        Request(arrival: 0.25, inputTokens: 10, outputTokens: 150, useCase: 0),
        Request(arrival: 40, inputTokens: 10, outputTokens: 100, useCase: 0),
      ]
      let result = simulate(option(scheduled), demand, window: 400, log: true)
      let hours = result.bill.poolHours[0][0]
      #expect(abs(hours.draining * 3600 - (stop - 100)) < 1e-9)
      #expect(abs(hours.paid * 3600 - (400 + stop)) < 1e-9)
      // Handed back at 110 with 70 tokens out, it goes to the first replica, whose next step begins at 110.25 and which
      // takes two steps for a prompt of 80 tokens.
      let end = stop == 140 ? 140 : 110.25 + 1 + 30
      #expect(abs((result.log.map(\.lastToken).min() ?? 0) - end) < 1e-9)
      #expect(result.bill.supplies[0][0].recomputedTokens == (stop == 140 ? 0 : 79))
    }
  }

  @Test("A replica that drains is taken back when it is wanted again, without a start-up")
  func takenBack() {
    var scheduled = pool(
      replicas: 2, step: 1,
      .schedule([
        ScheduledReplicas(start: .zero, replicas: 2), ScheduledReplicas(start: Seconds(100), replicas: 1),
        ScheduledReplicas(start: Seconds(120), replicas: 2),
      ]))
    scheduled.startup = Seconds(50)
    let demand = [0.25, 40].map {
      Request(arrival: $0, inputTokens: 10, outputTokens: 150, useCase: 0)
    }
    let hours = simulate(option(scheduled), demand, window: 400).bill.poolHours[0][0]
    #expect(hours.booting == 0)
    #expect(abs(hours.draining * 3600 - 20) < 1e-9)
    #expect(abs(hours.paid * 3600 - 800) < 1e-9)
  }
}
