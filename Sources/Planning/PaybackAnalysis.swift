// SPDX-License-Identifier: GPL-3.0-or-later
// What a change has saved by the end of each month, and when it has paid back what it cost at first.

import Decision
import Economics
import NumberFormatting
import Quantities

/// The cumulative discounted saving of one option against another.
struct PaybackAnalysis: Sendable {
  private let option: String
  private let other: String
  /// By month, then future.
  private let cumulative: [[Double]]

  /// - Parameters:
  ///   - costs: the option's undiscounted cost, by month, then future.
  ///   - otherCosts: the other's.
  init(
    _ option: String, costs: [[Double]], against other: String, costs otherCosts: [[Double]],
    discounts: DiscountMatrix
  ) {
    self.option = option
    self.other = other
    var sums = Array(repeating: 0.0, count: discounts.futures)
    cumulative = costs.indices.map { month in
      for future in sums.indices {
        sums[future] +=
          (otherCosts[month][future] - costs[month][future])
          / discounts.divisors[future * discounts.months + month]
      }
      return sums
    }
  }

  /// The month in which the saving turns positive and stays so.
  func breakEven() -> BreakEven {
    let months = cumulative.count
    let futures = cumulative[0].count
    let summary = CrossingSummary(
      (0..<futures).map { future in payback(cumulative: cumulative.map { $0[future] }) })
    let mean = payback(cumulative: cumulative.map { $0.reduce(0, +) / Double(futures) })
    var found = BreakEven(
      option: option, against: other, axis: "payback", finding: "", value: summary.value,
      neverShare: summary.neverShare, alwaysShare: summary.alwaysShare, pays: .from, unit: "month")
    if case .at(let month) = mean { found.point = month }
    found.finding = BreakEvenWords.finding(
      found, at: { "month \(NumberText.significant($0)) of \(months)" },
      always: "nothing has to be paid back", never: "not within \(months) month\(months == 1 ? "" : "s")")
    return found
  }

  /// The saving by the end of each month.
  func saving(from start: CalendarMonth) -> CumulativeSaving {
    CumulativeSaving(
      option: option, against: other,
      months: cumulative.enumerated().map { month, savings in
        CumulativeSaving.Month(
          month: start.advanced(by: month).description, saving: Spread(samples: savings),
          positiveShare: Double(savings.count { $0 > 0 }) / Double(savings.count))
      })
  }
}
