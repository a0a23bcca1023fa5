// SPDX-License-Identifier: GPL-3.0-or-later
// An entry of a price book as an importer writes it.

import Foundation
import YAMLDocument

/// A value that an importer writes into a price book.
public indirect enum BookValue: Sendable, Hashable {
  /// A number, or a day.
  case bare(String)
  /// Text in quotation marks.
  case quoted(String)
  /// Numbers under the name of a distribution, in one line: `{pert: [1, 2, 3]}`.
  case distribution(String, [Double])
  /// Keys with values.
  case mapping([BookField])

  /// A number in the shortest digits that read back.
  public static func number(_ value: Double) -> BookValue { .bare(plain(value)) }

  /// What is known of a price from several quotes of it: one number; of two that differ a uniform distribution between
  /// them; of more a beta-PERT distribution over lowest, median and highest, as the shipped book has it.
  ///
  /// - Parameter quotes: at least one.
  public static func price(of quotes: [Double]) -> BookValue {
    let sorted = quotes.sorted().map(rounded)
    guard let low = sorted.first, let high = sorted.last else { preconditionFailure("a price of no quotes") }
    if low == high { return .number(low) }
    if sorted.count == 2 { return .distribution("uniform", [low, high]) }
    let middle = sorted.count / 2
    let median = sorted.count % 2 == 1 ? sorted[middle] : rounded((sorted[middle - 1] + sorted[middle]) / 2)
    return .distribution("pert", [low, median, high])
  }

  /// A number to ten significant digits: what is left when 1.7e-7 per token becomes 0.17 per million.
  static func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    let digits = 9 - Int(log10(abs(value)).rounded(.down))
    let scale = pow(10, Double(abs(digits)))
    // Of what is next to nothing no digit is to be saved.
    guard scale.isFinite else { return value }
    return digits >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
  }
}

/// A key with its value.
public struct BookField: Sendable, Hashable {
  /// The key.
  public var key: String
  /// The value.
  public var value: BookValue

  /// A field.
  public init(_ key: String, _ value: BookValue) {
    self.key = key
    self.value = value
  }
}

/// An entry of a price book: what has a source and a date of its own.
public struct BookEntry: Sendable, Hashable {
  /// The keys from the book's root to the entry.
  public var path: [String]
  /// What stands there, in this order.
  public var fields: [BookField]

  /// An entry.
  public init(path: [String], fields: [BookField]) {
    self.path = path
    self.fields = fields
  }

  /// The path as messages name it.
  public var name: String { path.joined(separator: ".") }
}

extension BookValue {
  /// Whether a node of a document says the same; numbers are compared as numbers.
  func matches(_ node: YAMLNode) -> Bool {
    switch self {
    case .bare(let text):
      if node.text == text { return true }
      guard let own = Double(text), let other = node.text.flatMap({ Double($0) }) else { return false }
      return own == other
    case .quoted(let text): return node.text == Self.printable(text)
    case .distribution(let name, let numbers):
      guard let entries = node.entries, entries.count == 1, entries[0].key == name,
        let elements = entries[0].value.elements
      else { return false }
      return elements.map { $0.text.flatMap { Double($0) } } == numbers
    case .mapping(let fields):
      guard let entries = node.entries, entries.count == fields.count else { return false }
      return fields.allSatisfy { field in node[field.key].map(field.value.matches) ?? false }
    }
  }

  /// The value as lines under or behind its key.
  /// - Parameter indent: spaces before the key.
  func lines(key: String, indent: Int) -> [String] {
    let start = String(repeating: " ", count: indent) + key + ":"
    switch self {
    case .mapping(let fields):
      return [start] + fields.flatMap { $0.value.lines(key: $0.key, indent: indent + 2) }
    default: return ["\(start) \(inLine)"]
    }
  }

  private var inLine: String {
    switch self {
    case .bare(let text): return text
    case .quoted(let text): return Self.quoted(text)
    case .distribution(let name, let numbers):
      return "{\(name): [\(numbers.map { plain($0) }.joined(separator: ", "))]}"
    case .mapping(let fields):
      return "{\(fields.map { "\($0.key): \($0.value.inLine)" }.joined(separator: ", "))}"
    }
  }

  /// Text in double quotation marks.
  static func quoted(_ text: String) -> String {
    "\"\(printable(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  /// Text with U+FFFD for what could not stand in a line of YAML.
  private static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isHarmless: Bool =
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        default: scalar != "\u{FEFF}"
        }
      result.unicodeScalars.append(isHarmless ? scalar : "\u{FFFD}")
    }
    return result
  }
}
