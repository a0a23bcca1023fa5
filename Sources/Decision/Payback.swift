// SPDX-License-Identifier: GPL-3.0-or-later
// When what a change costs at first has been saved again.

/// The month in which an option's cumulative saving turns positive and stays so.
///
/// - Parameter cumulative: saving of the months up to and with each, $, discounted: what the other option costs less what
///   the option costs.
/// - Returns: `at` the month, counted from 1, where earlier months were at a loss; `always` where no month was, so that
///   nothing had to be paid back; `never` where the last is not above 0.
/// - Complexity: O(months).
public func payback(cumulative: [Double]) -> Crossing {
  guard let last = cumulative.lastIndex(where: { $0 <= 0 }) else {
    return cumulative.isEmpty ? .never : .always
  }
  return last == cumulative.count - 1 ? .never : .at(Double(last + 2))
}

/// What an option has saved against another by the end of each month.
public struct CumulativeSaving: Codable, Sendable, Hashable {
  /// One month.
  public struct Month: Codable, Sendable, Hashable {
    /// The month, `YYYY-MM`.
    public var month: String
    /// Saving of the months up to and with this one, in $ of the first month, over futures.
    public var saving: Spread
    /// Share of futures in which it is above 0.
    public var positiveShare: Double

    /// A month.
    public init(month: String, saving: Spread, positiveShare: Double) {
      self.month = month
      self.saving = saving
      self.positiveShare = positiveShare
    }
  }

  /// The option.
  public var option: String
  /// The option it is held against.
  public var against: String
  /// The months of the horizon, in order.
  public var months: [Month]

  /// A saving.
  public init(option: String, against: String, months: [Month]) {
    self.option = option
    self.against = against
    self.months = months
  }
}
