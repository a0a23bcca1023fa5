// SPDX-License-Identifier: GPL-3.0-or-later
// Layers on the load-duration curve: the mix proposed is the cheapest of all, and a layered bill is right to the cent.

import Economics
import Foundation
import Quantities
import Simulation
import Testing

@Suite("Purchase mixes")
struct PurchaseMixTests {
  /// Every way to give counts to `offers` commitments, `most` GPUs in all at most.
  private func mixes(offers: Int, most: Int) -> [[Int]] {
    guard offers > 0 else { return [[]] }
    return (0...most).flatMap { first in
      mixes(offers: offers - 1, most: most - first).map { [first] + $0 }
    }
  }

  @Test("The mix is the cheapest of all mixes", arguments: 0..<400)
  func bruteForce(seed: Int) {
    var random = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
    let most = 1 + seed % 7
    let count = 1 + seed % 3
    // Some numbers of GPUs never occur.
    let hours = (0...most).map { _ in random.nextUniform() < 0.3 ? 0 : random.nextUniform() * 700 }
    let curve = LoadDurationCurve(hours: hours)
    let hourly = 1 + 3 * random.nextUniform()
    let offers = PurchaseOffers(
      perHour: hourly,
      perGPU: (0..<count).map { _ in hourly * curve.total * (0.1 + 1.2 * random.nextUniform()) })
    let all = mixes(offers: count, most: most + 1).map { PurchaseMix(gpus: $0) }
    let least = all.map { $0.cost(of: curve, offers) }.min() ?? .nan
    let proposed = PurchaseMix.cheapest(for: curve, offers)
    #expect(
      abs(proposed.cost(of: curve, offers) - least) <= 1e-9 * max(1, least),
      "\(proposed.gpus) for \(hours) costs more than the cheapest of \(all.count) mixes")
    // The k-th GPU is reserved exactly where it is needed in more than reserved / hourly of the hours.
    let threshold = (offers.perGPU.min() ?? 0) / hourly
    #expect(proposed.committed == curve.hoursOfGPU.count { $0 > threshold })
  }

  @Test("A curve's hours by GPU, above and within a layer, are counted by hand")
  func curve() {
    // 100 h without a GPU, 300 h with 2, 200 h with 3, 120 h with 5.
    let curve = LoadDurationCurve(hours: [100, 0, 300, 200, 0, 120])
    #expect(curve.total == 720)
    #expect(curve.mostGPUs == 5)
    #expect(curve.hoursOfGPU == [620, 620, 320, 120, 120])
    #expect(curve.hours(above: 0) == 1800)
    #expect(curve.hours(above: 2) == 200 + 360)
    #expect(curve.hours(above: 5) == 0)
    #expect(curve.hours(above: 9) == 0)
    #expect(curve.hours(within: 2) == 1240)
    #expect(LoadDurationCurve().hours(above: 1) == 0 && LoadDurationCurve().hoursOfGPU.isEmpty)
  }

  @Test("Between two levels the hours above a layer lie on the straight line", arguments: 0..<20)
  func interpolation(seed: Int) {
    var random = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
    let (low, high) = ((0...4).map { _ in random.nextUniform() }, (0...9).map { _ in random.nextUniform() })
    let share = random.nextUniform()
    var between = LoadDurationCurve()
    between.add(low, weight: 1 - share)
    between.add(high, weight: share)
    for gpus in 0...10 {
      let expected =
        (1 - share) * LoadDurationCurve(hours: low).hours(above: gpus)
        + share * LoadDurationCurve(hours: high).hours(above: gpus)
      #expect(abs(between.hours(above: gpus) - expected) < 1e-12)
    }
  }

  @Test("INV-7: a layered bill worked out by hand comes to the cent")
  func ledger() throws {
    let start = try #require(CalendarMonth("2026-12"))
    var months: [BillOfQuantities] = []
    for above in [50.0, 80.0] {
      var bill = BillOfQuantities(
        useCases: 1, models: 1, chain: [.init(pools: 1, loadDurationLength: 9)])
      // 744 hours a month: with 2, 6 and 8 GPUs.
      bill.hoursByGPUs[0][2] = 744 - above - 100
      bill.hoursByGPUs[0][6] = 100
      bill.hoursByGPUs[0][8] = above
      months.append(bill)
    }
    let year = Commitment.term(months: 12).hours(from: start, months: 2)
    let blocks = Commitment.blocks(days: 28).hours(from: start, months: 2)
    let owed = Commitment.term(months: 12).hoursAfter(horizon: 2, from: start)
    let schedule = CostSchedule(lines: [
      CostLine(component: "1 year", quantity: .committed(supply: 0, hours: year.map { $0 * 3 })),
      CostLine(component: "after", quantity: .committed(supply: 0, hours: [0, owed * 3])),
      CostLine(component: "blocks", quantity: .committed(supply: 0, hours: blocks.map { $0 * 2 })),
      CostLine(component: "on demand", quantity: .gpuHoursAbove(supply: 0, gpus: 5)),
    ])
    let ledger = CostLedger(
      quantities: months.enumerated().map { schedule.quantities(in: $0.element, month: $0.offset) },
      prices: [1.9, 1.9, 2.2, 3.31], discountRate: 0)
    // December: 3·744·1.9 + two blocks of 672 h on 2 GPUs (they begin on the 1st and the 29th) + (100·1 + 50·3)·3.31.
    #expect(abs(ledger.monthly[0].rawValue - (4240.80 + 5913.60 + 827.50)) < 0.005)
    // January: 3·744·1.9, what ten more months owe (365 − 62 days), one block (from the 26th), (100·1 + 80·3)·3.31.
    #expect(abs(ledger.monthly[1].rawValue - (4240.80 + 41_450.40 + 2956.80 + 1125.40)) < 0.005)
    let lines = (0..<4).map { line in ledger.amounts.reduce(0) { $0 + $1[line].rawValue } }
    #expect(abs(lines.reduce(0, +) - ledger.undiscounted.rawValue) < 0.005)
  }

  @Test(
    "Commitments are billed until their terms end",
    arguments: [(12, 12, 0), (12, 18, 6), (36, 12, 24), (6, 9, 3), (1, 5, 0), (0, 5, 0)])
  func terms(term: Int, horizon: Int, after: Int) throws {
    let start = try #require(CalendarMonth("2027-01"))
    let commitment = Commitment.term(months: term)
    #expect(commitment.monthsAfter(horizon: horizon) == after)
    let expected = (0..<after).reduce(0.0) { $0 + start.advanced(by: horizon + $1).hours }
    #expect(commitment.hoursAfter(horizon: horizon, from: start) == expected)
    #expect(
      commitment.hours(from: start, months: horizon).reduce(0, +)
        == (0..<horizon).reduce(0) { $0 + start.advanced(by: $1).hours })
  }

  @Test("Blocks are paid whole where they begin", arguments: [1, 3, 7, 14, 31, 60, 182])
  func blocks(days: Int) throws {
    let start = try #require(CalendarMonth("2027-01"))
    let commitment = Commitment.blocks(days: days)
    let hours = commitment.hours(from: start, months: 12)
    let whole = (365 + days - 1) / days
    #expect(hours.reduce(0, +) == Double(whole * days * 24))
    #expect(commitment.hoursAfter(horizon: 12, from: start) == 0)
    // The oracle walks day by day.
    var expected = Array(repeating: 0.0, count: 12)
    var day = 0
    for month in 0..<12 {
      for _ in 0..<start.advanced(by: month).days {
        if day % days == 0 { expected[month] += Double(days) * 24 }
        day += 1
      }
    }
    #expect(hours == expected)
  }
}
