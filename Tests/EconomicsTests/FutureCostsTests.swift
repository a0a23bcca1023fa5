// SPDX-License-Identifier: GPL-3.0-or-later
// INV-7 for thousands of futures at once: what is summed without ledgers is what their ledgers say.

import Economics
import Quantities
import Testing

@Suite("INV-7: costs of many futures")
struct FutureCostsTests {
  @Test("every sum is that of the future's ledger, to the last bit", arguments: 0..<20)
  func ledgers(seed: Int) {
    var stream = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing, index: 0)
    func number() -> Double { stream.nextUniform() * 1000 - 100 }
    let (draws, perDraw, months) = (3, 4, 1 + seed % 12)
    let components = seed == 0 ? [] : [0, 1, 0, 2, 1].prefix(1 + seed % 5).map(\.self)
    let lines = components.count
    let quantities = (0..<draws).map { _ in (0..<months).map { _ in (0..<lines).map { _ in number() } } }
    let prices = (0..<draws * perDraw).map { _ in (0..<lines).map { _ in number() } }
    // Rates that repeat and rates that do not.
    let rates = (0..<draws * perDraw).map { $0 % 3 == 0 ? 0.08 : stream.nextUniform() }
    let matrix = PriceMatrix(prices, lines: lines)
    let discounts = DiscountMatrix(rates: rates, months: months)
    let flat = quantities.map { Array($0.joined()) }
    let costs = FutureCosts(
      quantities: flat, prices: matrix, discounts: discounts, components: components)
    let ledgers = prices.indices.map { future in
      CostLedger(
        quantities: quantities[future / perDraw], prices: prices[future], discountRate: rates[future])
    }
    #expect(costs.presentValues == ledgers.map(\.presentValue.rawValue))
    #expect(costs.undiscounted == ledgers.map(\.undiscounted.rawValue))
    #expect(
      FutureCosts.presentValues(quantities: flat, prices: matrix, discounts: discounts) == costs.presentValues
    )
    for month in 0..<months {
      #expect(costs.monthly[month] == ledgers.map { $0.monthly[month].rawValue })
      for component in 0..<((components.max() ?? -1) + 1) {
        let sum = ledgers.reduce(0.0) { sum, ledger in
          components.indices.filter { components[$0] == component }
            .reduce(sum) { $0 + ledger.amounts[month][$1].rawValue }
        }
        #expect(costs.componentSums[month][component] == sum)
      }
    }
  }

  @Test("prices by month make the sums of ledgers with prices by month, to the last bit", arguments: 0..<20)
  func monthlyPrices(seed: Int) {
    var stream = CounterRandom(seed: UInt64(seed), draw: 1, purpose: .testing, index: 0)
    func number() -> Double { stream.nextUniform() * 1000 - 100 }
    let (draws, perDraw, months, lines) = (2, 3, 1 + seed % 12, 1 + seed % 4)
    let quantities = (0..<draws).map { _ in (0..<months).map { _ in (0..<lines).map { _ in number() } } }
    let prices = (0..<draws * perDraw).map { _ in
      (0..<months).map { _ in (0..<lines).map { _ in number() } }
    }
    let rates = prices.map { _ in stream.nextUniform() }
    let matrix = PriceMatrix(prices.map { Array($0.joined()) }, lines: lines, months: months)
    let discounts = DiscountMatrix(rates: rates, months: months)
    let flat = quantities.map { Array($0.joined()) }
    let costs = FutureCosts(
      quantities: flat, prices: matrix, discounts: discounts, components: Array(0..<lines))
    let ledgers = prices.indices.map { future in
      CostLedger(
        quantities: quantities[future / perDraw], monthlyPrices: prices[future], discountRate: rates[future])
    }
    #expect(costs.presentValues == ledgers.map(\.presentValue.rawValue))
    #expect(costs.undiscounted == ledgers.map(\.undiscounted.rawValue))
    #expect(
      FutureCosts.presentValues(quantities: flat, prices: matrix, discounts: discounts) == costs.presentValues
    )
    for month in 0..<months {
      #expect(costs.monthly[month] == ledgers.map { $0.monthly[month].rawValue })
      for line in 0..<lines {
        #expect(matrix[future: 1, month: month, line: line] == prices[1][month][line])
      }
    }
    // The same prices in every month are prices without months, to the last bit.
    let same = PriceMatrix(
      prices.map { row in (0..<months).flatMap { _ in row[0] } }, lines: lines, months: months)
    let plain = PriceMatrix(prices.map { $0[0] }, lines: lines)
    #expect(
      FutureCosts.presentValues(quantities: flat, prices: same, discounts: discounts)
        == FutureCosts.presentValues(quantities: flat, prices: plain, discounts: discounts))
  }
}
