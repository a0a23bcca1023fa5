// SPDX-License-Identifier: GPL-3.0-or-later
// A price multiplies quantities that do not depend on it, so a cost is a straight line in the price, and where two lines
// meet needs no search.

/// The cost of an option less that of another, as a straight line in a factor on some price: rest + slope · factor.
public struct AffineDifference: Sendable, Hashable {
  /// What of the difference does not depend on the price, $.
  public var rest: Double
  /// What of it does, at the price as planned, $.
  public var slope: Double

  /// A difference.
  public init(rest: Double, slope: Double) {
    self.rest = rest
    self.slope = slope
  }

  /// The difference at a factor, $; negative where the option costs less.
  public func value(at factor: Double) -> Double { rest + slope * factor }

  /// The side of a break-even on which the option costs less: the one who pays more of a price gains as it falls.
  public var side: BreakEven.Side { slope > 0 ? .upTo : .from }

  /// The positive factor at which both cost the same, and on one side of which only the option costs less.
  ///
  /// - Parameter side: the side that is asked about. A line that slopes the other way, as few futures among many may,
  ///   counts as always or never by what holds at a factor of 1.
  /// - Returns: `never` and `always` are of all factors above 0.
  public func crossing(_ side: BreakEven.Side) -> Crossing {
    if slope == 0 { return rest < 0 ? .always : .never }
    guard side == self.side else { return value(at: 1) < 0 ? .always : .never }
    switch side {
    case .upTo: return rest < 0 ? .at(-rest / slope) : .never
    case .from: return rest > 0 ? .at(-rest / slope) : .always
    }
  }
}
