// SPDX-License-Identifier: GPL-3.0-or-later
// Tables for the terminal: aligned columns under a header with a rule.

/// A table of text.
///
///     var table = TextTable(columns: [.left("Option"), .right("Median")])
///     table.add("spot", "$402,150")
///     try Terminal.write(table.rendered)
public struct TextTable: Sendable, Hashable {
  /// A column: its heading and on which side its cells line up.
  public struct Column: Sendable, Hashable {
    /// The heading.
    public var heading: String
    /// Whether cells stand to the right, as numbers do.
    public var isRightAligned: Bool

    /// A column of words.
    public static func left(_ heading: String) -> Column { Column(heading: heading, isRightAligned: false) }
    /// A column of numbers.
    public static func right(_ heading: String) -> Column { Column(heading: heading, isRightAligned: true) }
  }

  /// The columns.
  public let columns: [Column]
  /// The rows, each with a cell per column.
  public private(set) var rows: [[String]] = []

  /// An empty table.
  public init(columns: [Column]) { self.columns = columns }

  /// Adds a row.
  ///
  /// - Precondition: One cell per column.
  public mutating func add(_ cells: String...) { add(cells) }

  /// Adds a row.
  ///
  /// - Precondition: One cell per column.
  public mutating func add(_ cells: [String]) {
    precondition(
      cells.count == columns.count, "a row of \(cells.count) cells in a table of \(columns.count) columns")
    rows.append(cells)
  }

  /// The table as lines, the last one ended too, without spaces at line ends. A width is a count of Unicode scalars.
  /// The header and its rule are left out where every heading is empty.
  ///
  /// - Complexity: O(cells).
  public var rendered: String {
    let headings = columns.map(\.heading)
    var widths = headings.map(\.unicodeScalars.count)
    for row in rows {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.unicodeScalars.count) }
    }
    var lines: [String] = []
    if headings.contains(where: { !$0.isEmpty }) {
      lines.append(line(headings, widths))
      lines.append(line(widths.map { String(repeating: "─", count: $0) }, widths))
    }
    lines += rows.map { line($0, widths) }
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var result = ""
    for (index, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: widths[index] - cell.unicodeScalars.count)
      if index > 0 { result += "  " }
      result += columns[index].isRightAligned ? padding + cell : cell + padding
    }
    while result.last == " " { result.removeLast() }
    return result
  }
}
