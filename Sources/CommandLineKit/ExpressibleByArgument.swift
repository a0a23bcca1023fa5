// SPDX-License-Identifier: GPL-3.0-or-later
// Which types a parameter may have, and how each reads its text.

/// A type that can be read from one argument.
public protocol ExpressibleByArgument: SendableMetatype {
  /// Reads the argument; nil where it isn't a value of the type.
  init?(argument: String)
  /// The value as one would type it, for "default:" in help.
  var defaultValueDescription: String { get }
  /// Every value there is, where they can be listed; else empty.
  static var allValueStrings: [String] { get }
  /// What would be right, for error messages: "a whole number". Empty where there is nothing to say.
  static var expectation: String { get }
}

extension ExpressibleByArgument {
  /// The value's own description.
  public var defaultValueDescription: String { "\(self)" }
  /// No list.
  public static var allValueStrings: [String] { [] }
  /// The list of values, where there is one.
  public static var expectation: String {
    allValueStrings.isEmpty ? "" : "one of \(allValueStrings.joined(separator: ", "))"
  }
}

extension ExpressibleByArgument where Self: LosslessStringConvertible {
  /// Reads the argument as the type's own description.
  public init?(argument: String) { self.init(argument) }
}

extension ExpressibleByArgument where Self: RawRepresentable, RawValue: ExpressibleByArgument {
  /// Reads the argument as the raw value.
  public init?(argument: String) {
    guard let raw = RawValue(argument: argument) else { return nil }
    self.init(rawValue: raw)
  }

  /// The raw value as one would type it.
  public var defaultValueDescription: String { rawValue.defaultValueDescription }
}

extension ExpressibleByArgument
where Self: CaseIterable, Self: RawRepresentable, RawValue: ExpressibleByArgument {
  /// Every case as one would type it.
  public static var allValueStrings: [String] { allCases.map(\.defaultValueDescription) }
}

extension String: ExpressibleByArgument {
  /// Any text.
  public init?(argument: String) { self = argument }
}

extension Int: ExpressibleByArgument {
  /// In words.
  public static var expectation: String { "a whole number" }
}

extension UInt64: ExpressibleByArgument {
  /// In words.
  public static var expectation: String { "a whole number of 0 or more" }
}

extension Double: ExpressibleByArgument {
  /// Without a fraction where there is none: `3`, not `3.0`.
  public var defaultValueDescription: String {
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
  /// In words.
  public static var expectation: String { "a number" }
}

extension Bool: ExpressibleByArgument {
  /// Both values.
  public static var allValueStrings: [String] { ["true", "false"] }
}
