// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of how prices move over the months of the horizon.

public import Uncertainty

/// How some prices move over the horizon: each is what it was drawn as in the first month, and goes from there.
public struct PricePath: Sendable, Hashable {
  /// The course of a price.
  public enum Course: Sendable, Hashable {
    /// Multiples of the first month's price, each from its month on.
    case steps([Step])
    /// Prices in the place of what was drawn, each from its month on.
    case levels([Step])
    /// A share by which it grows each month, above -1.
    case trend(UncertainValue)
    /// A mean-reverting course: speed and volatility per year, and the multiple of the first month's price that its
    /// median tends to. See `MeanReversion`.
    case meanReverting(speed: UncertainValue, volatility: UncertainValue, longRun: UncertainValue)
  }

  /// A value from a month on.
  public struct Step: Sendable, Hashable {
    /// The month of the horizon, from 0; below 0 before it.
    public var month: Int
    /// The multiple, or the price.
    public var value: UncertainValue

    /// A step.
    public init(month: Int, value: UncertainValue) {
      self.month = month
      self.value = value
    }
  }

  /// The id that the scenario gives it; all prices of one path have the same chance.
  public var name: String
  /// The names of the prices that follow it, as assumptions name them, or what their names begin with up to a dot.
  public var prices: [String]
  /// How they move.
  public var course: Course

  /// A path.
  public init(name: String, prices: [String], course: Course) {
    self.name = name
    self.prices = prices
    self.course = course
  }

  /// The path that a price of one of some names follows: the one that names most of it, for the first name that has
  /// any.
  public static func followed(by names: [String], among paths: [PricePath]) -> PricePath? {
    if paths.isEmpty { return nil }
    for name in names {
      let matches = paths.compactMap { path -> (length: Int, path: PricePath)? in
        let lengths = path.prices.filter { covers($0, name) }.map(\.utf8.count)
        return lengths.max().map { ($0, path) }
      }
      if let best = matches.max(by: { $0.length < $1.length }) { return best.path }
    }
    return nil
  }

  /// Whether `name` is `price` or lies under it.
  static func covers(_ price: String, _ name: String) -> Bool { name == price || name.hasPrefix(price + ".") }
}
