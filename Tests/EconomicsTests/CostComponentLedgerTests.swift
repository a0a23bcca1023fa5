// SPDX-License-Identifier: GPL-3.0-or-later
// INV-7 over every quantity that has a price, under random bills, schedules and prices that move.

import Economics
import Quantities
import Simulation
import Testing

@Suite("INV-7: every component")
struct CostComponentLedgerTests {
  private let months = 7

  /// A random bill of two use cases and two models: an API, reserved units and a fleet.
  private func bill(_ random: inout CounterRandom) -> BillOfQuantities {
    var bill = BillOfQuantities(
      useCases: 2, models: 2,
      chain: [.init(), .init(reservedModels: 2), .init(pools: 2, loadDurationLength: 5)])
    for use in 0..<2 {
      bill.requests[use].arrived = random.nextUniform() * 1e7
      bill.requests[use].withinObjective = bill.requests[use].arrived * random.nextUniform()
      bill.requests[use].outputTokens = random.nextUniform() * 1e9
      for model in 0..<2 {
        let place = bill.stream(useCase: use, model: model)
        bill.supplies[0][place].inputTokens = random.nextUniform() * 1e9
        bill.supplies[0][place].cachedInputTokens = random.nextUniform() * 1e8
        bill.supplies[0][place].outputTokens = random.nextUniform() * 1e9
      }
    }
    for model in 0..<2 {
      bill.reserved[1][model].unitHours = random.nextUniform() * 720
      bill.reserved[1][model].spilledOutput = random.nextUniform() * 1e8
      bill.poolHours[2][model].busy = random.nextUniform() * 700
      bill.poolHours[2][model].idle = random.nextUniform() * 700
      bill.poolHours[2][model].booting = random.nextUniform() * 10
    }
    bill.hoursByGPUs[2] = (0..<5).map { _ in random.nextUniform() * 200 }
    return bill
  }

  private var quantities: [PricedQuantity] {
    [
      .inputTokens(supply: 0, model: 1), .outputTokens(supply: 0, model: 0),
      .cachedInputTokens(supply: 0, model: 1), .uncachedInputTokens(supply: 0, model: 1),
      .spilledTokens(.output, supply: 1, model: 0), .gpuHours(supply: 2), .gpuHoursAbove(supply: 2, gpus: 2),
      .committed(supply: 2, hours: (0..<months).map { Double($0) * 100 }), .unitHours(supply: 1, model: 1),
      .poolGPUHours(supply: 2, model: 1), .busyGPUHours(supply: 2),
      .restingGPUHours(supply: 2, present: Array(repeating: 3000, count: months)), .requests, .answerTokens,
      .missedRequests(useCase: 1),
      .serviceCredit(
        useCase: 0, credits: [ServiceCredit(below: 0.9, share: 0.1), .init(below: 0.5, share: 0.3)]),
      .scheduled([8] + Array(repeating: 0, count: months - 2) + [-8]), .monthly, .once,
    ]
  }

  @Test("the ledger's total is the sum of its lines and of its months, to the cent", arguments: 0..<100)
  func sums(seed: Int) {
    var random = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
    // Some kinds of cost stand in several lines, as shares of others do.
    let lines = (0..<12 + seed % 20).map { _ in
      quantities[Int(random.nextUniform() * Double(quantities.count))]
    }
    let schedule = CostSchedule(
      lines: lines.enumerated().map { place, quantity in
        CostLine(
          component: "\(place % 5)", quantity: quantity,
          monthShares: place % 4 == 0 ? (0..<months).map { _ in random.nextUniform() } : nil)
      })
    let used = (0..<months).map { schedule.quantities(in: bill(&random), month: $0) }
    let paths = lines.map { _ in MeanReversion(speed: 1, volatility: 0.5) }.map { process in
      process.factors(shocks: (1..<months).map { _ in random.nextUniform() * 4 - 2 })
    }
    let prices = lines.map { _ in random.nextUniform() * 30 }
    let monthly = (0..<months).map { month in prices.indices.map { prices[$0] * paths[$0][month] } }
    let ledger = CostLedger(quantities: used, monthlyPrices: monthly, discountRate: 0.08)
    let costs = FutureCosts(
      quantities: [Array(used.joined())],
      prices: PriceMatrix([Array(monthly.joined())], lines: lines.count, months: months),
      discounts: DiscountMatrix(rates: [0.08], months: months), components: lines.indices.map { $0 % 5 })
    let byLine = lines.indices.map { line in ledger.amounts.reduce(0) { $0 + $1[line].rawValue } }
    let scale = byLine.reduce(1) { max($0, abs($1)) }
    // To the cent as long as a cent can be told in a Double of this size.
    let cent = max(0.005, scale * 1e-14)
    #expect(abs(byLine.reduce(0, +) - ledger.undiscounted.rawValue) < cent)
    #expect(abs(ledger.monthly.reduce(0) { $0 + $1.rawValue } - ledger.undiscounted.rawValue) < cent)
    #expect(abs(costs.componentSums.joined().reduce(0, +) - ledger.undiscounted.rawValue) < cent)
    #expect(costs.undiscounted == [ledger.undiscounted.rawValue])
    #expect(costs.presentValues == [ledger.presentValue.rawValue])
  }

  @Test("quantities that are used grow with the bill; those known beforehand do not", arguments: 0..<10)
  func proportional(seed: Int) {
    var random = CounterRandom(seed: UInt64(seed), draw: 1, purpose: .testing)
    let one = bill(&random)
    let three = one.scaled(by: 3)
    for quantity in quantities {
      let (single, triple) = (quantity.amount(in: one, month: 2), quantity.amount(in: three, month: 2))
      switch quantity {
      case .serviceCredit, .scheduled, .committed, .monthly, .once: #expect(triple == single)
      case .restingGPUHours: #expect(triple < single)
      default: #expect(abs(triple - 3 * single) <= 1e-9 * triple)
      }
    }
  }

  @Test("the hardest step of an agreement that applies is given back, in whatever order the steps stand")
  func credits() {
    let steps = [
      ServiceCredit(below: 0.95, share: 0.25), ServiceCredit(below: 0.99, share: 0.1),
      ServiceCredit(below: 0.9, share: 1),
    ]
    let found = [1, 0.99, 0.9899, 0.95, 0.94, 0.9, 0.89, 0].map { ServiceCredit.share(of: steps, at: $0) }
    #expect(found == [0, 0, 0.1, 0.1, 0.25, 0.25, 1, 1])
  }
}
