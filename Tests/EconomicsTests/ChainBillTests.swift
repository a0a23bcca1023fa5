// SPDX-License-Identifier: GPL-3.0-or-later
// A chain of five supplies on twenty requests, every one of which can be followed by hand.

import Economics
import Quantities
import Simulation
import Testing
import Workload

/// Request `i` comes at second `i` with 100 + 10·i input and 3 output tokens: the even ones for model 0, the odd ones
/// for model 1.
///
/// | supply | what it can do | what it gets |
/// |---|---|---|
/// | 0 own GPUs | model 0, one at a time, 3 s each, no queue | 0, 4, 8, 12, 16 |
/// | 1 spot GPU | the same, ready from 5 s, drains from 12 s, gone at 14 s | 6, 10 (2, 14 and 18 find it closed) |
/// | 2 reserved | windows of 10 s: model 0 250 in and 6 out, model 1 200 in and 10 out | 2, 14 and 1, 11 |
/// | 3 API | model 1 | 3, 5, 7, 9, 13, 15, 17, 19 |
/// | 4 API | everything | 18 |
///
/// In the reserved windows 18 does not fit beside 14, and 3 does not fit beside 1; 11 is larger than a whole window, is let
/// into the untouched one, and overdraws it.
@Suite("The bill of a chain of five supplies")
struct ChainBillTests {
  private let bill: BillOfQuantities

  init() {
    func fleet(_ schedule: ReplicaSchedule, gpus: Int) -> SupplyConfiguration {
      let pool = PoolConfiguration(
        schedules: [schedule], gpusPerReplica: gpus, stepTime: .constant(Seconds(1)), maxSequences: 1,
        maxBatchedTokens: 512, keyValueBlocks: 1000, queueLimit: 0)
      return .fleet(FleetConfiguration(pools: [pool, nil]))
    }
    func units(_ count: Int, input: Double, output: Double) -> ReservedUnits {
      ReservedUnits(units: count, inputTokensPerMinute: input * 6, outputTokensPerMinute: output * 6)
    }
    let latency = ServiceLatency(firstToken: Seconds(0.25), perOutputToken: Seconds(0.125))
    let spot = ReplicaLifetime(start: Seconds(2), ready: Seconds(5), drain: Seconds(12), stop: Seconds(14))
    let option = OptionConfiguration(
      modelOfUseCase: [0, 1], objectives: [ServiceObjective(), ServiceObjective()],
      chain: [
        fleet(.always, gpus: 2), fleet(.during([spot]), gpus: 1),
        .reserved(
          ReservedConfiguration(
            units: [units(1, input: 250, output: 6), units(2, input: 100, output: 5)],
            window: Seconds(10), latency: latency)),
        .metered(MeteredConfiguration(serves: [false, true], latency: latency)),
        .metered(MeteredConfiguration(serves: [true, true], latency: latency)),
      ], models: 2)
    var requests: [Request] = []
    for number in 0..<20 {
      let input = Int32(100 + 10 * number)
      requests.append(
        Request(
          arrival: Double(number), inputTokens: input, outputTokens: 3, useCase: Int32(number % 2)))
    }
    var simulation = OptionSimulation(option, window: Seconds(20))
    simulation.offer(requests.span)
    bill = simulation.finish().bill
  }

  @Test(
    "Every supply has the requests and tokens counted by hand",
    arguments: [
      (supply: 0, model: 0, served: 5.0, input: 900.0, output: 15.0), (1, 0, 2, 360, 6), (2, 0, 2, 360, 6),
      (2, 1, 2, 320, 6), (3, 0, 0, 0, 0), (3, 1, 8, 1680, 24), (4, 0, 1, 280, 3), (4, 1, 0, 0, 0),
    ])
  func tokens(of entry: (supply: Int, model: Int, served: Double, input: Double, output: Double)) {
    let totals = bill.totals(supply: entry.supply, model: entry.model)
    #expect(totals.served == entry.served)
    #expect(totals.inputTokens == entry.input)
    #expect(totals.outputTokens == entry.output)
  }

  @Test("GPU-seconds by state and unit-hours are those of the clock")
  func hours() {
    let own = bill.poolHours[0][0]
    #expect(abs(own.busy * 3600 - 30) < 1e-9 && abs(own.idle * 3600 - 10) < 1e-9)
    let spot = bill.poolHours[1][0]
    #expect(abs(spot.booting * 3600 - 3) < 1e-9 && abs(spot.busy * 3600 - 5) < 1e-9)
    #expect(abs(spot.idle * 3600 - 2) < 1e-9 && abs(spot.draining * 3600 - 2) < 1e-9)
    #expect(abs(bill.hoursByGPUs[1][1] * 3600 - 12) < 1e-9 && abs(bill.hoursByGPUs[1][0] * 3600 - 8) < 1e-9)
    #expect(abs(bill.reserved[2][0].unitHours * 3600 - 20) < 1e-9)
    #expect(abs(bill.reserved[2][1].unitHours * 3600 - 40) < 1e-9)
  }

  @Test("The bill is the sum of the five worked out by hand")
  func money() {
    let lines: [(PricedQuantity, price: Double)] = [
      (.gpuHours(supply: 0), 3), (.gpuHours(supply: 1), 1.2), (.unitHours(supply: 2, model: 0), 18),
      (.unitHours(supply: 2, model: 1), 9), (.inputTokens(supply: 3, model: 1), 500),
      (.outputTokens(supply: 3, model: 1), 2000), (.inputTokens(supply: 4, model: 0), 1000),
      (.outputTokens(supply: 4, model: 0), 4000),
    ]
    let ledger = CostLedger(
      quantities: [lines.map { $0.0.amount(in: bill, month: 0) }], prices: lines.map(\.price),
      discountRate: 0)
    // $3 × 40 s, $1.20 × 12 s, $18 × 20 s + $9 × 40 s, and the two APIs' tokens.
    let byHand: [Double] = [0.1 / 3, 0.004, 0.2, 0.888, 0.292]
    let total: Double = byHand.reduce(0, +)
    #expect(abs(ledger.undiscounted.rawValue - total) < 1e-12)
  }
}
