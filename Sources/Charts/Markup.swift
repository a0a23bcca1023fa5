// SPDX-License-Identifier: GPL-3.0-or-later
// Charts and pages are written as templates into which names from a scenario file are put. This type makes the
// safe way the short one: what is interpolated as a string is escaped, and only literals are taken as markup.

import NumberFormatting

/// A piece of XML, well-formed if its literals are.
///
/// A string literal is taken as it stands; an interpolated `String` is escaped, an interpolated `Markup` is not:
///
///     let cell: Markup = "<td>\(option.title)</td>"
public struct Markup: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// The characters as they stand in the file.
  public private(set) var source: String

  /// Nothing.
  public init() {
    source = ""
  }

  /// Markup from a literal.
  public init(stringLiteral value: String) {
    source = value
  }

  /// Markup from a literal with interpolations.
  public init(stringInterpolation: Interpolation) {
    source = stringInterpolation.source
  }

  /// Markup that shows a text.
  public init(text: String) {
    source = Self.escaped(text)
  }

  /// Appends markup.
  public mutating func append(_ other: Markup) {
    source += other.source
  }

  /// Both, one after the other.
  public static func + (left: Markup, right: Markup) -> Markup {
    var sum = left
    sum.append(right)
    return sum
  }

  /// Appends markup.
  public static func += (left: inout Markup, right: Markup) {
    left.append(right)
  }

  /// A text with the five characters that mean something to XML replaced by entities, good between tags and within
  /// either kind of quotes.
  ///
  /// Characters that XML 1.0 does not allow (section 2.2: most controls) become U+FFFD.
  public static func escaped(_ text: String) -> String {
    var result = ""
    result.unicodeScalars.reserveCapacity(text.unicodeScalars.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}"..."\u{FFFF}":
        result.unicodeScalars.append("\u{FFFD}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Collects the parts of a template.
  public struct Interpolation: StringInterpolationProtocol {
    var source = ""

    /// An empty collection with room for about what follows.
    public init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    /// Markup as it stands.
    public mutating func appendLiteral(_ literal: String) {
      source += literal
    }

    /// A text, escaped.
    public mutating func appendInterpolation(_ text: String) {
      source += Markup.escaped(text)
    }

    /// Markup as it stands.
    public mutating func appendInterpolation(_ markup: Markup) {
      source += markup.source
    }

    /// A whole number.
    public mutating func appendInterpolation(_ number: Int) {
      source += String(number)
    }

    /// A coordinate, to a tenth of a pixel: finer cannot be seen and makes the file longer.
    public mutating func appendInterpolation(_ coordinate: Double) {
      source += DecimalText.trimmed(coordinate, digits: 1)
    }

    /// A name that came from outside, kept apart from the text around it: the letters of a right-to-left name don't
    /// reorder the sentence it stands in (HTML `bdi`).
    public mutating func appendInterpolation(name: String) {
      source += "<bdi>" + Markup.escaped(name) + "</bdi>"
    }
  }
}

extension Sequence where Element == Markup {
  /// All of them, one after the other.
  public func joined(separator: Markup = "") -> Markup {
    var result = Markup()
    for (index, part) in enumerated() {
      if index > 0 { result.append(separator) }
      result.append(part)
    }
    return result
  }
}
