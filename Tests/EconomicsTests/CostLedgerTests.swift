// SPDX-License-Identifier: GPL-3.0-or-later
// Quantities become money without a cent going astray.

import Economics
import Foundation
import Quantities
import Simulation
import Testing

@Suite("Cost ledger")
struct CostLedgerTests {
  /// Two use cases; an API, reserved units of model 1, and a fleet with pools for both models.
  private func bill(scale: Double) -> BillOfQuantities {
    var bill = BillOfQuantities(
      useCases: 2, models: 2,
      chain: [.init(), .init(reservedModels: 2), .init(pools: 2)])
    bill.supplies[0][0].inputTokens = 3e6 * scale
    bill.supplies[0][bill.stream(useCase: 1, model: 0)].inputTokens = 5e6 * scale
    bill.supplies[0][0].outputTokens = 1e6 * scale
    bill.reserved[1][1].unitHours = 720
    bill.poolHours[2][0].busy = 100 * scale
    bill.poolHours[2][0].idle = 620
    bill.poolHours[2][1].booting = 8
    bill.poolHours[2][1].draining = 2
    return bill
  }

  private let schedule = CostSchedule(lines: [
    CostLine(component: "API tokens in", quantity: .inputTokens(supply: 0, model: 0)),
    CostLine(component: "API tokens out", quantity: .outputTokens(supply: 0, model: 0)),
    CostLine(component: "Reserved", quantity: .unitHours(supply: 1, model: 1)),
    CostLine(component: "GPU-hours", quantity: .gpuHours(supply: 2)),
    CostLine(component: "People", quantity: .monthly),
    CostLine(component: "Migration", quantity: .once),
  ])

  @Test("A bill worked out by hand comes to the cent")
  func handWorked() {
    let months = [1.0, 2.0].enumerated().map {
      schedule.quantities(in: bill(scale: $0.element), month: $0.offset)
    }
    let ledger = CostLedger(
      quantities: months, prices: [0.2, 0.7, 10, 2.5, 4000, 15_000], discountRate: 0)
    // Month 1: 8·0.2 + 1·0.7 + 720·10 + 730·2.5 + 4000 + 15000; month 2: 16·0.2 + 2·0.7 + 7200 + 830·2.5 + 4000.
    #expect(abs(ledger.monthly[0].rawValue - 28_027.30) < 0.005)
    #expect(abs(ledger.monthly[1].rawValue - 13_279.60) < 0.005)
    #expect(abs(ledger.presentValue.rawValue - 41_306.90) < 0.005)
  }

  @Test("INV-7: the total equals the sum of its lines to the cent", arguments: 0..<50)
  func sums(seed: Int) {
    var random = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
    let quantities = (0..<36).map { _ in (0..<9).map { _ in random.nextUniform() * 1e6 } }
    let prices = (0..<9).map { _ in random.nextUniform() * 30 }
    let ledger = CostLedger(quantities: quantities, prices: prices, discountRate: 0)
    let byLine = (0..<9).map { line in ledger.amounts.reduce(0) { $0 + $1[line].rawValue } }
    #expect(abs(byLine.reduce(0, +) - ledger.undiscounted.rawValue) < 0.005)
    #expect(abs(ledger.presentValue.rawValue - ledger.undiscounted.rawValue) < 0.005)
  }

  @Test("A level cost is discounted as an annuity", arguments: [0.0, 0.05, 0.12])
  func annuity(rate: Double) {
    let ledger = CostLedger(
      quantities: Array(repeating: [1], count: 24), prices: [1000], discountRate: rate)
    let factor = pow(1 + rate, -1.0 / 12)
    let expected = rate == 0 ? 24_000 : 1000 * (1 - pow(factor, 24)) / (1 - factor)
    #expect(abs(ledger.presentValue.rawValue - expected) < 0.005)
  }

  @Test("Scaling a bill scales what is used, and adding two adds them")
  func bills() {
    var sum = bill(scale: 1)
    sum.add(bill(scale: 1), weight: 2)
    #expect(sum == bill(scale: 1).scaled(by: 3))
    #expect(sum.poolHours[2][1].paid == 30)
  }
}
