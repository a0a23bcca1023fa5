// SPDX-License-Identifier: GPL-3.0-or-later
// Quantities times prices: what an option costs in one future, month by month and line by line.

import Foundation
public import Quantities

/// The costs of one option in one future.
public struct CostLedger: Sendable, Hashable {
  /// Undiscounted amounts by month, then line of the schedule.
  public let amounts: [[Dollars]]
  /// The annual discount rate.
  public let discountRate: Double

  /// A ledger.
  /// - Parameters:
  ///   - quantities: by month, then line.
  ///   - prices: by line, $ per unit of the quantity.
  ///   - discountRate: annual, above -1; the first month is not discounted.
  public init(quantities: [[Double]], prices: [Double], discountRate: Double) {
    self.init(
      quantities: quantities, monthlyPrices: quantities.map { _ in prices }, discountRate: discountRate)
  }

  /// A ledger of prices that follow paths.
  /// - Parameters:
  ///   - quantities: by month, then line.
  ///   - monthlyPrices: by month, then line, $ per unit of the quantity.
  ///   - discountRate: annual, above -1; the first month is not discounted.
  public init(quantities: [[Double]], monthlyPrices: [[Double]], discountRate: Double) {
    precondition(discountRate > -1, "a discount rate of \(discountRate)")
    precondition(
      quantities.count == monthlyPrices.count,
      "\(quantities.count) months with prices of \(monthlyPrices.count)")
    self.discountRate = discountRate
    amounts = zip(quantities, monthlyPrices).map { month, prices in
      precondition(month.count == prices.count, "\(month.count) quantities for \(prices.count) prices")
      return zip(month, prices).map { Dollars($0 * $1) }
    }
  }

  /// Undiscounted cost of each month.
  public var monthly: [Dollars] { amounts.map { $0.reduce(.zero, +) } }

  /// Undiscounted cost over the horizon.
  public var undiscounted: Dollars { monthly.reduce(.zero, +) }

  /// Cost over the horizon in dollars of the first month: Σ cost_m / (1 + r)^(m/12).
  public var presentValue: Dollars {
    var total = 0.0
    for (month, cost) in monthly.enumerated() {
      total += cost.rawValue / pow(1 + discountRate, Double(month) / 12)
    }
    return Dollars(total)
  }
}
