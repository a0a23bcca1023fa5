// SPDX-License-Identifier: GPL-3.0-or-later
// What a mapping may hold, as data: the decoder checks files against these tables and the JSON Schema is
// printed from them, so the two cannot drift apart.

/// The numbers a key accepts.
public struct NumberRange: Sendable, Hashable, CustomStringConvertible {
  /// The least number; nil for none.
  public var minimum: Double?
  /// Whether the minimum itself is refused.
  public var excludesMinimum: Bool
  /// The greatest number; nil for none.
  public var maximum: Double?

  /// A range of numbers.
  public init(minimum: Double? = nil, excludesMinimum: Bool = false, maximum: Double? = nil) {
    self.minimum = minimum
    self.excludesMinimum = excludesMinimum
    self.maximum = maximum
  }

  /// Every finite number.
  public static let any = NumberRange()
  /// Above 0.
  public static let positive = NumberRange(minimum: 0, excludesMinimum: true)
  /// 0 or more.
  public static let notNegative = NumberRange(minimum: 0)
  /// Above `minimum`.
  public static func above(_ minimum: Double, to maximum: Double? = nil) -> NumberRange {
    NumberRange(minimum: minimum, excludesMinimum: true, maximum: maximum)
  }
  /// From `minimum` to `maximum`, both included.
  public static func from(_ minimum: Double, to maximum: Double) -> NumberRange {
    NumberRange(minimum: minimum, maximum: maximum)
  }

  /// Whether `number` lies in the range.
  public func contains(_ number: Double) -> Bool {
    if let minimum, excludesMinimum ? number <= minimum : number < minimum { return false }
    if let maximum, number > maximum { return false }
    return number.isFinite
  }

  /// In words, to follow "it must be".
  public var description: String {
    switch (minimum, maximum) {
    case (nil, nil): "a finite number"
    case (let low?, nil): excludesMinimum ? "above \(plain(low))" : "\(plain(low)) or more"
    case (nil, let high?): "\(plain(high)) or less"
    case (let low?, let high?):
      excludesMinimum ? "above \(plain(low)), at most \(plain(high))" : "from \(plain(low)) to \(plain(high))"
    }
  }
}

/// A number as a message shows it: whole numbers without a fraction, others in the shortest digits that read
/// back.
public func plain(_ number: Double) -> String {
  if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
  return number.description
}

/// What the value of a key may be.
public indirect enum Shape: Sendable {
  /// Text.
  case text
  /// A name: a letter or digit, then letters, digits, `-`, `_` and `.`.
  case identifier
  /// A month, `YYYY-MM`.
  case month
  /// A day, `YYYY-MM-DD`.
  case day
  /// A number.
  case number(NumberRange)
  /// A whole number.
  case integer(ClosedRange<Int>)
  /// `true` or `false`.
  case boolean
  /// One of some words.
  case choice([String])
  /// A number of this range, or a distribution over it.
  case uncertain(NumberRange)
  /// A distribution of token counts.
  case tokenLengths
  /// Keys and values.
  case mapping(KeyTable)
  /// A list with at least so many and at most so many elements.
  case sequence(Shape, count: ClosedRange<Int>)
  /// Any of several shapes.
  case anyOf([Shape])
}

/// A key of a mapping.
public struct Key: Sendable {
  /// The key as files spell it.
  public var name: String
  /// What its value may be.
  public var shape: Shape
  /// Whether a file must have it.
  public var isRequired: Bool
  /// What holds where it is absent, in words; nil for required keys and those without meaning when absent.
  public var absent: String?
  /// What it means, with its unit: part of a sentence, without a full stop.
  public var summary: String

  /// A key that may be left out.
  public static func optional(
    _ name: String, _ shape: Shape, absent: String? = nil, _ summary: String
  ) -> Key {
    Key(name: name, shape: shape, isRequired: false, absent: absent, summary: summary)
  }

  /// A key that must be there.
  public static func required(_ name: String, _ shape: Shape, _ summary: String) -> Key {
    Key(name: name, shape: shape, isRequired: true, absent: nil, summary: summary)
  }
}

/// The keys of a mapping.
public struct KeyTable: Sendable {
  /// What the mapping is, to be read within a sentence, such as `a use case`.
  public var title: String
  /// The keys with fixed names.
  public var keys: [Key]
  /// Sets of keys of which exactly one must be given, wholly.
  public var oneOf: [[String]]
  /// What stands under names that the file chooses; nil where every name is fixed.
  public var named: Shape?
  /// What the chosen names are, such as `model id`.
  public var nameMeaning: String
  /// Fewest entries with chosen names.
  public var namedMinimum: Int

  /// A table.
  public init(
    _ title: String, keys: [Key] = [], oneOf: [[String]] = [], named: Shape? = nil, nameMeaning: String = "",
    namedMinimum: Int = 0
  ) {
    self.title = title
    self.keys = keys
    self.oneOf = oneOf
    self.named = named
    self.nameMeaning = nameMeaning
    self.namedMinimum = namedMinimum
  }

  /// The fixed key of that name.
  public func key(_ name: String) -> Key? { keys.first { $0.name == name } }
}
