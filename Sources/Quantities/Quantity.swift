// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that carry their unit in their type, so that an hour is never added to a dollar.

/// A real number in one unit. Quantities of the same unit add, compare and scale; a ratio of two is a plain number.
public protocol Quantity: Sendable, Hashable, Comparable, AdditiveArithmetic, Codable {
  /// The number, in the type's own unit.
  var rawValue: Double { get set }
  /// A quantity of `rawValue` units.
  init(_ rawValue: Double)
}

extension Quantity {
  /// No quantity at all.
  public static var zero: Self { Self(0) }
  /// Whether the left quantity is the smaller.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  /// The sum of two quantities.
  public static func + (left: Self, right: Self) -> Self { Self(left.rawValue + right.rawValue) }
  /// The difference of two quantities.
  public static func - (left: Self, right: Self) -> Self { Self(left.rawValue - right.rawValue) }
  /// A quantity scaled by a plain number.
  public static func * (left: Self, right: Double) -> Self { Self(left.rawValue * right) }
  /// A plain number times a quantity.
  public static func * (left: Double, right: Self) -> Self { Self(left * right.rawValue) }
  /// A quantity divided by a plain number.
  public static func / (left: Self, right: Double) -> Self { Self(left.rawValue / right) }
  /// The ratio of two quantities of one unit.
  public static func / (left: Self, right: Self) -> Double { left.rawValue / right.rawValue }

  /// Reads the bare number.
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(Double.self))
  }

  /// Writes the bare number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// Time, in seconds.
public struct Seconds: Quantity {
  /// Seconds.
  public var rawValue: Double
  /// A span of `rawValue` seconds.
  public init(_ rawValue: Double) { self.rawValue = rawValue }
}

/// GPU-hours: one GPU held for one hour.
public struct GPUHours: Quantity {
  /// GPU-hours.
  public var rawValue: Double
  /// An amount of `rawValue` GPU-hours.
  public init(_ rawValue: Double) { self.rawValue = rawValue }
}

/// Model unit-hours: one unit of reserved throughput held for one hour, used or not.
public struct UnitHours: Quantity {
  /// Unit-hours.
  public var rawValue: Double
  /// An amount of `rawValue` unit-hours.
  public init(_ rawValue: Double) { self.rawValue = rawValue }
}

/// Tokens. A real number, because a month is a simulated sample scaled to its true hours.
public struct Tokens: Quantity {
  /// Tokens.
  public var rawValue: Double
  /// A count of `rawValue` tokens.
  public init(_ rawValue: Double) { self.rawValue = rawValue }
}

/// Money, in US dollars.
public struct Dollars: Quantity {
  /// Dollars.
  public var rawValue: Double
  /// An amount of `rawValue` dollars.
  public init(_ rawValue: Double) { self.rawValue = rawValue }
}
