// SPDX-License-Identifier: GPL-3.0-or-later
// What one option costs in thousands of futures. The sums are those of a `CostLedger` of each, in the same order and to
// the last bit; what differs is that nothing is allocated for a future.

import Foundation

/// The costs of one option in many futures, $.
public struct FutureCosts: Sendable {
  /// Discounted cost over the horizon, by future.
  public let presentValues: [Double]
  /// Undiscounted cost over the horizon, by future.
  public let undiscounted: [Double]
  /// Undiscounted cost, by month, then future.
  public let monthly: [[Double]]
  /// Undiscounted cost summed over all futures, by month, then component.
  public let componentSums: [[Double]]

  /// Prices the quantities of every future.
  /// - Parameters:
  ///   - quantities: by draw, then month and line, the lines of a month together. As many futures as there are per draw
  ///     share a draw, the first ones the first.
  ///   - prices: by future, then line, $ per unit, where they follow a path also by month.
  ///   - discounts: what each month is discounted by, for every future.
  ///   - components: by line, its component, from 0.
  /// - Complexity: O(futures × months × lines).
  public init(
    quantities: [[Double]], prices: PriceMatrix, discounts: DiscountMatrix, components: [Int]
  ) {
    let (futures, months, lines) = (prices.futures, discounts.months, prices.lines)
    let (perFuture, perMonth) = prices.strides(months: months)
    precondition(discounts.futures == futures, "\(discounts.futures) discounts for \(futures) futures")
    precondition(futures % quantities.count == 0, "\(futures) futures of \(quantities.count) draws")
    precondition(
      components.count == lines && quantities.allSatisfy { $0.count == months * lines },
      "quantities of other than \(months) months and \(lines) lines")
    let futuresPerDraw = futures / quantities.count
    let width = (components.max() ?? -1) + 1
    var presentValues = [Double](repeating: 0, count: futures)
    var undiscounted = presentValues
    var monthly = [Double](repeating: 0, count: months * futures)
    var sums = [Double](repeating: 0, count: months * width)
    for (draw, used) in quantities.enumerated() {
      for future in draw * futuresPerDraw..<(draw + 1) * futuresPerDraw {
        var price = future * perFuture
        var (whole, present) = (0.0, 0.0)
        for month in 0..<months {
          var cost = 0.0
          for line in 0..<lines {
            let amount = used[month * lines + line] * prices.values[price + line]
            cost += amount
            sums[month * width + components[line]] += amount
          }
          price += perMonth
          monthly[month * futures + future] = cost
          whole += cost
          present += cost / discounts.divisors[future * months + month]
        }
        undiscounted[future] = whole
        presentValues[future] = present
      }
    }
    self.presentValues = presentValues
    self.undiscounted = undiscounted
    self.monthly = (0..<months).map { Array(monthly[$0 * futures..<($0 + 1) * futures]) }
    componentSums = (0..<months).map { Array(sums[$0 * width..<($0 + 1) * width]) }
  }

  /// Discounted cost over the horizon by future, and nothing else: for what asks at many volumes.
  /// - Complexity: O(futures × months × lines).
  public static func presentValues(
    quantities: [[Double]], prices: PriceMatrix, discounts: DiscountMatrix
  ) -> [Double] {
    let (futures, months, lines) = (prices.futures, discounts.months, prices.lines)
    let (perFuture, perMonth) = prices.strides(months: months)
    precondition(futures % quantities.count == 0, "\(futures) futures of \(quantities.count) draws")
    let futuresPerDraw = futures / quantities.count
    var presentValues = [Double](repeating: 0, count: futures)
    for (draw, used) in quantities.enumerated() {
      for future in draw * futuresPerDraw..<(draw + 1) * futuresPerDraw {
        var price = future * perFuture
        var present = 0.0
        for month in 0..<months {
          var cost = 0.0
          for line in 0..<lines { cost += used[month * lines + line] * prices.values[price + line] }
          price += perMonth
          present += cost / discounts.divisors[future * months + month]
        }
        presentValues[future] = present
      }
    }
    return presentValues
  }
}

/// The prices of an option's lines in every future, in one block.
public struct PriceMatrix: Sendable, Hashable {
  /// The number of futures.
  public let futures: Int
  /// The number of lines.
  public let lines: Int
  /// The months whose prices differ; 1 where every price is the same in all months.
  public let months: Int
  /// $ per unit, by future, then month, then line.
  public let values: [Double]

  /// A matrix of prices that are the same in all months.
  /// - Parameters:
  ///   - rows: by future, then line.
  ///   - lines: the length of every row.
  public init(_ rows: some Collection<[Double]>, lines: Int) { self.init(rows, lines: lines, months: 1) }

  /// A matrix of prices that follow paths over the months.
  /// - Parameters:
  ///   - rows: by future, then month and line, the lines of a month together.
  ///   - lines: the lines of a month.
  ///   - months: the months of every row, at least 1.
  public init(_ rows: some Collection<[Double]>, lines: Int, months: Int) {
    precondition(months >= 1, "prices of \(months) months")
    futures = rows.count
    self.lines = lines
    self.months = months
    var values: [Double] = []
    values.reserveCapacity(rows.count * lines * months)
    for row in rows {
      precondition(row.count == lines * months, "\(row.count) prices for \(lines) lines, \(months) months")
      values += row
    }
    self.values = values
  }

  /// $ per unit of a line in one month of one future.
  public subscript(future future: Int, month month: Int, line line: Int) -> Double {
    values[(future * months + (months == 1 ? 0 : month)) * lines + line]
  }

  /// How far apart the prices of two futures stand, and those of two months: 0 where they are the same.
  fileprivate func strides(months horizon: Int) -> (future: Int, month: Int) {
    precondition(months == 1 || months == horizon, "prices of \(months) months for \(horizon)")
    return (months * lines, months == 1 ? 0 : lines)
  }
}

/// What each month's cost is divided by to be in dollars of the first month: (1 + r)^(month / 12), in every future.
public struct DiscountMatrix: Sendable, Hashable {
  /// The number of futures.
  public let futures: Int
  /// The number of months.
  public let months: Int
  /// By future, then month.
  public let divisors: [Double]

  /// A matrix.
  /// - Parameters:
  ///   - rates: annual, above -1, by future.
  ///   - months: of the horizon; the first is not discounted.
  public init(rates: [Double], months: Int) {
    futures = rates.count
    self.months = months
    var divisors: [Double] = []
    divisors.reserveCapacity(rates.count * months)
    var (last, row): (Double?, [Double]) = (nil, [])
    for rate in rates {
      precondition(rate > -1, "a discount rate of \(rate)")
      if rate != last {
        // Most plans have one rate for all futures, and a power takes as long as thirty products.
        row = (0..<months).map { pow(1 + rate, Double($0) / 12) }
        last = rate
      }
      divisors += row
    }
    self.divisors = divisors
  }
}
