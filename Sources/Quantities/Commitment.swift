// SPDX-License-Identifier: GPL-3.0-or-later
// What a commitment makes one pay for, used or not: every hour until its term ends, or whole blocks of days.

/// How long whoever reserves something is bound to it.
public enum Commitment: Sendable, Hashable {
  /// A term of so many months, begun with the horizon and renewed each time it ends within it; 0 binds to nothing beyond
  /// the month.
  case term(months: Int)
  /// Blocks of so many days one after the other from the first day of the horizon, each paid for up front; the last one
  /// is paid for whole though the horizon may end within it.
  case blocks(days: Int)

  /// The hours that one unit is paid for in each month of a horizon, used or not.
  /// - Complexity: O(months + blocks).
  public func hours(from start: CalendarMonth, months: Int) -> [Double] {
    let calendar = (0..<months).map { start.advanced(by: $0).hours }
    switch self {
    case .term: return calendar
    case .blocks(let days):
      precondition(days >= 1, "blocks of \(days) days")
      let block = Double(days) * 24
      var result = Array(repeating: 0.0, count: months)
      var (month, monthEnd) = (0, calendar.first ?? 0)
      let end = calendar.reduce(0, +)
      var count = 0
      // Whole blocks and whole months of hours: the comparison is exact.
      while Double(count) * block < end {
        while Double(count) * block >= monthEnd {
          month += 1
          monthEnd += calendar[month]
        }
        result[month] += block
        count += 1
      }
      return result
    }
  }

  /// Months for which one is still bound when a horizon ends.
  public func monthsAfter(horizon months: Int) -> Int {
    guard case .term(let term) = self, term > 0 else { return 0 }
    return (months + term - 1) / term * term - months
  }

  /// Hours of one unit that are still owed when the horizon ends.
  public func hoursAfter(horizon months: Int, from start: CalendarMonth) -> Double {
    (0..<monthsAfter(horizon: months)).reduce(0) { $0 + start.advanced(by: months + $1).hours }
  }
}
