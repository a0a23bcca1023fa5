// SPDX-License-Identifier: GPL-3.0-or-later
// What of an option's cost hangs on the price of GPU-hours and what on that of output tokens. Both only multiply
// quantities, so the split says what any other price would cost, without pricing anything anew.

import Economics
import Scenario

/// A price that a break-even asks about.
enum SplitPrice: Sendable {
  /// GPU-hours of the option's own fleets, however they are bought.
  case gpuHours
  /// Output tokens that are paid by the token.
  case outputTokens
}

extension OptionBlueprint {
  /// Whether each line of the schedule is paid at a price of the kind.
  func isPaid(at price: SplitPrice) -> [Bool] {
    schedule.lines.map { line in
      switch (price, line.quantity) {
      case (.gpuHours, .gpuHours), (.gpuHours, .gpuHoursAbove): true
      case (.gpuHours, .committed(let supply, _)): !definition.chain[supply].isReserved
      case (.outputTokens, .outputTokens), (.outputTokens, .spilledTokens(.output, _, _)): true
      default: false
      }
    }
  }

  /// Discounted cost by future of the lines that are paid at a price of the kind; nil where there are none.
  /// - Parameter quantities: by draw, then month and line.
  func presentValues(
    of price: SplitPrice, quantities: [[Double]], prices: PriceMatrix, discounts: DiscountMatrix
  ) -> [Double]? {
    let isPaid = isPaid(at: price)
    guard isPaid.contains(true) else { return nil }
    return FutureCosts.presentValues(
      quantities: quantities.map { Self.masked($0, isPaid) }, prices: prices, discounts: discounts)
  }

  /// Quantities of the lines wanted, and 0 of the others.
  fileprivate static func masked(_ quantities: [Double], _ isWanted: [Bool]) -> [Double] {
    quantities.indices.map { isWanted[$0 % isWanted.count] ? quantities[$0] : 0 }
  }
}

/// One option's cost in every future at the planned volume, split by price.
struct CostSplit: Sendable {
  /// A part of the cost.
  struct Part: Sendable {
    /// Discounted cost by future.
    let costs: [Double]
    /// What a unit is paid at in each future, $: the mean over lines and months, weighted by what is bought and
    /// discounted as it is; for one price that never changes, that price.
    let unitPrices: [Double]
  }

  /// Discounted cost by future.
  let total: [Double]
  /// What is paid for GPU-hours; nil where there are none.
  let gpuHours: Part?
  /// What is paid for output tokens; nil where none are paid by the token.
  let outputTokens: Part?

  init(_ option: OptionBlueprint, _ priced: PricedOption, prices: PriceMatrix, discounts: DiscountMatrix) {
    total = priced.presentValues
    let quantities = priced.drawn.map(\.lines)
    // Hours that are sold on have another price.
    let bought = quantities.map { $0.map { max($0, 0) } }
    let ones = PriceMatrix(
      Array(repeating: Array(repeating: 1.0, count: prices.lines), count: prices.futures),
      lines: prices.lines)
    func part(_ price: SplitPrice) -> Part? {
      guard
        let costs = option.presentValues(
          of: price, quantities: quantities, prices: prices, discounts: discounts),
        let paid = option.presentValues(of: price, quantities: bought, prices: prices, discounts: discounts),
        let units = option.presentValues(of: price, quantities: bought, prices: ones, discounts: discounts)
      else { return nil }
      return Part(costs: costs, unitPrices: zip(paid, units).map { $1 > 0 ? $0 / $1 : 0 })
    }
    gpuHours = part(.gpuHours)
    outputTokens = part(.outputTokens)
  }

  /// What is paid at a price of the kind; nil where nothing is.
  func part(_ price: SplitPrice) -> Part? {
    switch price {
    case .gpuHours: gpuHours
    case .outputTokens: outputTokens
    }
  }

  /// What is paid at a price of the kind, by future; zeros where nothing is.
  func costs(_ price: SplitPrice) -> [Double] {
    part(price)?.costs ?? Array(repeating: 0, count: total.count)
  }
}
