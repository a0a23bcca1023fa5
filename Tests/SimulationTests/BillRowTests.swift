// SPDX-License-Identifier: GPL-3.0-or-later
// A bill as a row of numbers: nothing is lost on the way there and back, and what is computed becomes
// possible again.

import Simulation
import Testing

@Suite("Bills as rows")
struct BillRowTests {
  private let empty = BillOfQuantities(
    useCases: 3, models: 2,
    chain: [
      .init(pools: 2, loadDurationLength: 4), .init(), .init(reservedModels: 2),
      .init(pools: 1, loadDurationLength: 3),
    ])

  private func random(_ seed: Int, from low: Double) -> BillOfQuantities {
    var random = TestRandom(seed: seed)
    return empty.with(row: empty.row.map { _ in random.uniform(low, 1) })
  }

  @Test("a row has each quantity once, in the order of its parts", arguments: 1...20)
  func roundTrip(seed: Int) {
    let bill = random(seed, from: 0)
    #expect(empty.with(row: bill.row) == bill)
    #expect(bill.parts.reduce(0) { $0 + $1.count } == bill.row.count)
    #expect(Set(bill.row).count == bill.row.count)
    // The parts' order is the row's.
    var (place, seen) = (0, false)
    for (part, count) in bill.parts {
      if part == .hours(supply: 3, model: 0) { #expect(bill.row[place] == bill.poolHours[3][0].busy) }
      if part == .supply(1, useCase: 2), !seen {
        #expect(bill.row[place] == bill.supplies[1][bill.stream(useCase: 2, model: 0)].admitted)
        seen = true
      }
      place += count
    }
  }

  @Test("every part of a bill is in its row, and every field of the totals is a number")
  func complete() {
    let parts = Mirror(reflecting: empty).children.map(\.label)
    #expect(parts == ["requests", "models", "supplies", "poolHours", "reserved", "hoursByGPUs"])
    let totals: [Any] = [RequestTotals(), SupplyTotals(), PoolHours(), ReservedTotals()]
    for one in totals { #expect(Mirror(reflecting: one).children.allSatisfy { $0.value is Double }) }
    let fields = totals.map { Mirror(reflecting: $0).children.count }
    #expect(empty.row.count == 3 * fields[0] + 24 * fields[1] + 3 * fields[2] + 2 * fields[3] + 7)
  }

  @Test("INV-1, INV-2, INV-3: what is computed is made possible", arguments: 1...1000)
  func feasible(seed: Int) {
    let computed = random(seed, from: -0.3)
    let bill = computed.madeFeasible
    #expect(bill.row.allSatisfy { $0 >= 0 })
    for useCase in 0..<3 {
      let totals = bill.requests[useCase]
      #expect(totals.arrived == max(0, computed.requests[useCase].arrived))
      let sum = totals.served + totals.cached + totals.throttled + totals.failed + totals.inFlight
      #expect(abs(sum - totals.arrived) < 1e-12)
      let all = bill.supplies.indices.map { bill.totals(supply: $0, useCase: useCase) }
      let bySupplies = all.reduce(0) { $0 + $1.served }
      let none = computed.supplies.allSatisfy {
        $0[(useCase * 2)..<(useCase * 2 + 2)].allSatisfy { $0.served <= 0 }
      }
      #expect(none || abs(bySupplies - totals.served - totals.escalated) < 1e-12)
      #expect(totals.withinObjective <= totals.served + totals.cached)
      #expect(all.allSatisfy { $0.cachedInputTokens <= $0.inputTokens + 1e-12 })
    }
    for (before, after) in zip(computed.poolHours.joined(), bill.poolHours.joined()) {
      #expect(abs(after.paid - max(0, before.paid)) < 1e-12)
    }
    for (before, after) in zip(computed.hoursByGPUs, bill.hoursByGPUs) {
      #expect(abs(after.reduce(0, +) - max(0, before.reduce(0, +))) < 1e-12)
    }
  }

  @Test("what is possible stays as it is")
  func unchanged() {
    var bill = empty
    for useCase in 0..<3 {
      bill.requests[useCase].arrived = 8
      bill.requests[useCase].served = 6
      bill.requests[useCase].throttled = 1
      bill.requests[useCase].inFlight = 1
      bill.requests[useCase].withinObjective = 5
      bill.supplies[0][bill.stream(useCase: useCase, model: 0)].served = 4
      bill.supplies[3][bill.stream(useCase: useCase, model: 1)].served = 2
    }
    bill.poolHours[0][1].busy = 3
    bill.poolHours[0][1].booting = 1
    #expect(bill.madeFeasible == bill)
    #expect(empty.madeFeasible == empty)
  }
}
