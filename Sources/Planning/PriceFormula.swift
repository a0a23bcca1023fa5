// SPDX-License-Identifier: GPL-3.0-or-later
// What a line of the ledger is multiplied by, in any future and any month of it.

/// A price as a product of inputs: a token price times its provider's factor, say. Inputs that follow a path make it
/// differ from month to month.
struct PriceFormula: Sendable, Hashable {
  var factors: [InputReference]
  /// Months for which the price of the month of signing holds; 0 for what is bought at the price of the day.
  var termMonths = 0

  /// Whether the price differs from month to month.
  var followsPath: Bool { factors.contains { $0.months > 0 } }

  /// The price; where it follows a path its mean over the months.
  func value(in draw: [Double]) -> Double {
    guard let months = factors.first(where: { $0.months > 0 })?.months else {
      return factors.reduce(1) { $0 * $1.value(in: draw) }
    }
    return (0..<months).reduce(0) { $0 + value(in: draw, month: $1) } / Double(months)
  }

  /// The price in a month of the horizon, from 0. What is committed to is renewed every `termMonths` at the price of
  /// that month, and keeps it in between.
  func value(in draw: [Double], month: Int) -> Double {
    let month = termMonths > 0 ? month / termMonths * termMonths : month
    return factors.reduce(1) { $0 * $1.value(in: draw, month: month) }
  }
}
