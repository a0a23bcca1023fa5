// SPDX-License-Identifier: GPL-3.0-or-later
// The one CSV writer. Names come from a scenario file that someone else may have written, so a text cell can
// neither end its row nor become a formula in a spreadsheet.

import Charts
import NumberFormatting

/// A table as comma-separated values (RFC 4180, but lines end with LF alone, as Unix tools expect).
public struct CSVTable: Sendable, Hashable {
  /// A cell.
  public enum Cell: Sendable, Hashable {
    /// Words; neutralized where a spreadsheet would take them for a formula.
    case text(String)
    /// Dollars with cents.
    case dollars(Double)
    /// A number with at most so many decimals.
    case number(Double, digits: Int)
    /// A whole number.
    case integer(Int)
    /// `true` or `false`.
    case flag(Bool)
    /// Nothing is known.
    case empty

    /// A share or a probability.
    static func share(_ value: Double) -> Cell { .number(value, digits: 6) }
  }

  /// A column and what its cells hold.
  public struct Column: Sendable, Hashable {
    /// What the cells of a column hold, in the words of a Table Schema.
    public enum Kind: String, Sendable, Hashable {
      /// Words.
      case string
      /// A number with decimals.
      case number
      /// A whole number.
      case integer
      /// `true` or `false`.
      case boolean
      /// A day, `YYYY-MM-DD`.
      case date
      /// A month, `YYYY-MM`.
      case yearmonth
    }

    /// The name, with the unit at its end.
    public let name: String
    /// What the cells hold.
    public let kind: Kind
    /// What a cell says, in one sentence; empty where the name says it all.
    public let meaning: String
    /// The unit, such as `USD`; nil for what has none.
    public let unit: String?

    /// A column.
    public init(_ name: String, _ kind: Kind, unit: String? = nil, _ meaning: String = "") {
      self.name = name
      self.kind = kind
      self.meaning = meaning
      self.unit = unit
    }
  }

  /// The columns.
  public let columns: [Column]
  /// What a row is, in one sentence; empty where nobody has said.
  public let meaning: String
  /// The names of the columns that tell a row from every other; empty where rows may repeat.
  public let key: [String]
  /// The rows, each with a cell for every column.
  public private(set) var rows: [[Cell]] = []

  /// The columns' names.
  public var header: [String] { columns.map(\.name) }

  /// A table without rows.
  /// - Parameters:
  ///   - columns: its columns, each with a name of its own.
  ///   - meaning: what a row is, in one sentence.
  ///   - key: the columns that tell a row from every other.
  public init(columns: [Column], meaning: String = "", key: [String] = []) {
    let names = columns.map(\.name)
    precondition(Set(names).count == names.count, "a column twice in \(names)")
    precondition(Set(key).isSubset(of: names), "the key \(key) of a table with the columns \(names)")
    self.columns = columns
    self.meaning = meaning
    self.key = key
  }

  /// A table without rows, of columns that only have names.
  public init(header: [String]) {
    self.init(columns: header.map { Column($0, .string) })
  }

  /// Appends a row.
  public mutating func append(_ row: [Cell]) {
    precondition(row.count == columns.count, "a row of \(row.count) cells under \(columns.count) columns")
    rows.append(row)
  }

  /// The file's text.
  public var text: String {
    var result = header.map(Self.quoted).joined(separator: ",") + "\n"
    for row in rows {
      result += row.map(Self.encoded).joined(separator: ",") + "\n"
    }
    return result
  }

  private static func encoded(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): quoted(neutralized(text))
    case .dollars(let dollars): NumberText.cents(dollars)
    case .number(let value, let digits): NumberText.plain(value, digits: digits)
    case .integer(let value): String(value)
    case .flag(let value): value ? "true" : "false"
    case .empty: ""
    }
  }

  /// A leading apostrophe makes spreadsheets show what they would otherwise compute; tab and carriage return count
  /// because spreadsheets skip them before looking for a formula (OWASP, "CSV Injection").
  private static func neutralized(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) else {
      return text
    }
    return "'" + text
  }

  private static func quoted(_ text: String) -> String {
    // By scalar: "\r\n" is one Character and equals neither of its halves.
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
