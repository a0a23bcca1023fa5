// SPDX-License-Identifier: GPL-3.0-or-later
// What every column of every table says, for people: the data package's schemas as a page of Markdown.

/// The dictionary of a report's tables.
enum DataDictionary {
  static let fileName = "data-dictionary.md"

  /// One section per table, in the tables' order.
  static func text(_ tables: [(name: String, table: CSVTable)]) -> String {
    var text = """
      # Data dictionary

      Comma-separated values (RFC 4180, UTF-8, lines end with LF) with one observation per row; `datapackage.json` has
      the same types and keys for programs. An empty cell means that nothing is known or asked for. A text that a
      spreadsheet would take for a formula begins with an apostrophe.

      """
    for (name, table) in tables {
      text += "\n## \(name)\n\n"
      if !table.meaning.isEmpty { text += "\(table.meaning)" }
      let key = table.key.map { "`\($0)`" }.joined(separator: ", ")
      if !key.isEmpty { text += " Key: \(key)." }
      text += "\n\n| Column | Type | Unit | Meaning |\n|---|---|---|---|\n"
      for column in table.columns {
        text +=
          "| `\(column.name)` | \(column.kind.rawValue) | \(MarkdownText.escaped(column.unit ?? "")) | "
          + "\(MarkdownText.escaped(column.meaning)) |\n"
      }
    }
    return text
  }
}
