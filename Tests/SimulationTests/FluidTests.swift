// SPDX-License-Identifier: GPL-3.0-or-later
// The fluid against what it is the limit of: the simulation where chance does not matter, and plain
// arithmetic.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Fluid")
struct FluidTests {
  private let objective = ServiceObjective(timeToFirstToken: 2, timePerOutputToken: 0.05)

  private func pool(
    sequences: Int = 64, queueLimit: Int? = nil, schedules: [ReplicaSchedule] = [.always]
  ) -> PoolConfiguration {
    PoolConfiguration(
      schedules: schedules, gpusPerReplica: 2,
      stepTime: StepTimeModel(
        overhead: 1.2e-3, computePerToken: 1.6e-5, computePerContextToken: 1e-9, denseWeights: 6.8e-3,
        memoryPerContextToken: 5.6e-8), maxSequences: sequences, maxBatchedTokens: 8192,
      keyValueBlocks: 28_000, queueLimit: queueLimit)
  }

  /// Exponential gaps, lengths within half of their mean on either side.
  private func requests(rate: Double, seconds: Double, seed: Int) -> [Request] {
    var random = TestRandom(seed: seed)
    var (requests, time) = ([Request](), random.exponential(mean: 1 / rate))
    while time < seconds {
      requests.append(
        Request(
          arrival: time, inputTokens: Int32(random.integer(400...1200)),
          outputTokens: Int32(random.integer(100...300)), useCase: 0))
      time += random.exponential(mean: 1 / rate)
    }
    return requests
  }

  private func bills(
    _ option: OptionConfiguration, rate: Double, seconds: Double, factors: [Double] = [1]
  ) -> [BillOfQuantities] {
    let fluid = FluidOption(
      option, tokens: [(800, 200)], capacityFactors: factors, window: Seconds(seconds),
      drainLimit: Seconds(120))
    var bills = factors.map { _ in option.emptyBill() }
    fluid.add(
      FluidStretch(start: .zero, length: Seconds(seconds), rates: [rate]), weight: 1, to: &bills)
    return bills
  }

  @Test("a capacity in closed form is what a backlog measures, within 10 %", arguments: [1, 8, 64, 256])
  func capacity(sequences: Int) {
    let pool = pool(sequences: sequences)
    var random = TestRandom(seed: 9)
    var backlog: [Request] = []
    for _ in 0..<4 * max(sequences, 50) {
      let (input, output) = (Int32(random.integer(400...1200)), Int32(random.integer(100...300)))
      backlog.append(Request(arrival: 0, inputTokens: input, outputTokens: output, useCase: 0))
    }
    let flow = FluidFlow(rate: 0, inputTokens: 800, outputTokens: 200)
    expectClose(
      pool.fluidCapacity(flow) * 200, pool.saturatedThroughput(backlog: backlog).output, within: 0.1)
  }

  @Test("far below capacity all is served in time, and busy hours are those simulated", arguments: 1...5)
  func light(seed: Int) {
    let option = option(pool(), objective: objective)
    let (seconds, rate) = (20_000.0, 0.4)
    let bill = bills(option, rate: rate, seconds: seconds)[0]
    let simulated = simulate(option, requests(rate: rate, seconds: seconds, seed: seed), window: seconds).bill
    expectClose(bill.requests[0].arrived, rate * seconds, within: 1e-12)
    expectClose(bill.requests[0].served, bill.requests[0].arrived, within: 1e-12)
    expectClose(bill.requests[0].withinObjective, bill.requests[0].arrived, within: 1e-12)
    expectClose(bill.supplies[0][0].outputTokens, bill.requests[0].served * 200, within: 1e-12)
    expectClose(bill.poolHours[0][0].paid, 2 * seconds / 3600, within: 1e-12)
    expectClose(bill.poolHours[0][0].busy, simulated.poolHours[0][0].busy, within: 0.05)
  }

  @Test("far above capacity a limited queue passes on what the simulation passes on", arguments: [1.5, 3, 6])
  func overflow(load: Double) {
    let pool = pool(queueLimit: 8)
    let flow = FluidFlow(rate: 0, inputTokens: 800, outputTokens: 200)
    let option = OptionConfiguration(
      modelOfUseCase: [0], objectives: [objective],
      chain: [
        .fleet(FleetConfiguration(pools: [pool])),
        .metered(
          MeteredConfiguration(
            serves: [true], latency: ServiceLatency(firstToken: .zero, perOutputToken: .zero))),
      ], models: 1)
    let rate = load * pool.fluidCapacity(flow)
    let (bill, half) = (
      bills(option, rate: rate, seconds: 2000, factors: [1, 0.5])[0],
      bills(option, rate: rate, seconds: 2000, factors: [1, 0.5])[1]
    )
    let simulated = simulate(option, requests(rate: rate, seconds: 2000, seed: 3), window: 2000).bill
    let share = simulated.supplies[1][0].served / simulated.requests[0].served
    #expect(abs(bill.supplies[1][0].served / bill.requests[0].served - share) < 0.08)
    expectClose(half.supplies[0][0].served, bill.supplies[0][0].served / 2, within: 1e-12)
    for bill in [bill, half] {
      expectClose(bill.supplies[0][0].refused, bill.supplies[1][0].admitted, within: 1e-12)
      expectClose(bill.requests[0].served, bill.requests[0].arrived, within: 1e-12)
    }
  }

  @Test("an unlimited queue in overload leaves unfinished what exceeds its capacity until the drain's end")
  func backlog() {
    let option = option(pool(), objective: objective)
    let capacity = pool().fluidCapacity(FluidFlow(rate: 0, inputTokens: 800, outputTokens: 200))
    let bill = bills(option, rate: 4 * capacity, seconds: 1000)[0].requests[0]
    expectClose(bill.served, capacity * 1120, within: 1e-9)
    expectClose(bill.inFlight, 4 * capacity * 1000 - capacity * 1120, within: 1e-9)
    // The wait grows by 3 s a second, so that those of the first 2/3 s wait for less than 2 s.
    expectClose(bill.withinObjective, bill.served * 2 / 3 / 1000, within: 1e-9)
  }

  @Test("replicas that come and go are paid for to the second, by what they do")
  func lives() {
    let life = ReplicaLifetime(
      start: Seconds(100), ready: Seconds(400), drain: Seconds(700), stop: Seconds(800))
    let option = option(pool(queueLimit: 0, schedules: [.during([life])]))
    let bill = bills(option, rate: 0.5, seconds: 1000)[0]
    let hours = bill.poolHours[0][0]
    expectClose(hours.booting, 2 * 300 / 3600.0, within: 1e-12)
    expectClose(hours.draining, 2 * 100 / 3600.0, within: 1e-12)
    expectClose(hours.busy + hours.idle, 2 * 300 / 3600.0, within: 1e-12)
    expectClose(bill.requests[0].served, 0.5 * 300, within: 1e-12)
    expectClose(bill.requests[0].throttled, 0.5 * 700, within: 1e-12)
  }

  @Test("reserved units take what their scarcer budget lasts for")
  func reserved() {
    let option = OptionConfiguration(
      modelOfUseCase: [0], objectives: [objective],
      chain: [
        .reserved(
          ReservedConfiguration(
            units: [ReservedUnits(units: 2, inputTokensPerMinute: 60_000, outputTokensPerMinute: 6000)],
            window: Seconds(60), latency: ServiceLatency(firstToken: .zero, perOutputToken: .zero)))
      ], models: 1)
    // 200 output tokens a second hold for one request a second; input for 2.5.
    let bill = bills(option, rate: 4, seconds: 600)[0]
    expectClose(bill.supplies[0][0].admitted, 600, within: 1e-12)
    expectClose(bill.requests[0].throttled, 1800, within: 1e-12)
    expectClose(bill.reserved[0][0].outputUsed, bill.reserved[0][0].outputCapacity, within: 1e-12)
    expectClose(bill.reserved[0][0].unitHours, 2 * 600 / 3600.0, within: 1e-12)
  }
}
