// SPDX-License-Identifier: GPL-3.0-or-later
// What changed between two runs, as a section that any page can hold and as a page and a Markdown text of their own.

import Charts
public import Decision
import Foundation

/// A comparison as a section of a page.
struct ComparisonSection {
  let tables: ComparisonTables

  var html: Markup { parts.map(\.html).joined() }

  /// The tables, each with what it is about as its caption; rows begin with +, − or ~.
  var parts: [HTMLTable] {
    tables.parts.map { part in
      var table = HTMLTable(
        "\(part.title)",
        columns: [.text("Change")] + part.heads.map { .text("\($0)") })
      for row in part.rows {
        table.append(
          ["\(row.mark.isEmpty ? "=" : row.mark)"] + row.cells.map { "\(name: $0)" as Markup })
      }
      return table
    }
  }
}

/// Two runs held against each other, for a reader.
public enum ComparisonFiles {
  /// The comparison as a page and as Markdown, by name.
  /// - Parameters:
  ///   - comparison: the comparison.
  ///   - title: what was planned.
  ///   - old: the earlier run in words.
  ///   - new: the later run in words.
  ///   - version: the program's version.
  public static func render(
    _ comparison: RunComparison, title: String, old: String, new: String, version: String
  ) -> [ReportFile] {
    let tables = ComparisonTables(comparison)
    let body: Markup = """
      <section>
      <header><p class='masthead'><span>\(name: title)</span></p>
      <h1>\(name: tables.decision)</h1></header>
      <p>From \(name: old)<br/>to \(name: new)</p>
      <p>\(name: comparison.newSentence)</p>
      \(ComparisonSection(tables: tables).html)
      </section>
      """
    let page = ReportPage.document(title: "\(title) – what changed", version: version, body: body)
    return [
      ReportFile(name: "comparison.html", bytes: Data(page.source.utf8)),
      ReportFile(
        name: "comparison.md", bytes: Data(markdown(comparison, title: title, old: old, new: new).utf8)),
    ]
  }

  /// The comparison as Markdown.
  public static func markdown(
    _ comparison: RunComparison, title: String, old: String, new: String
  ) -> String {
    let tables = ComparisonTables(comparison)
    let escaped = MarkdownText.escaped
    return
      "## \(escaped(title))\n\n**\(escaped(tables.decision))**\n\nFrom \(escaped(old))\\\nto \(escaped(new))\n\n"
      + "\(escaped(comparison.newSentence))\n"
      + tables.parts.map { part in
        "\n\(escaped(part.title)):\n\n"
          + MarkdownText.table(
            [(" ", false)] + part.heads.map { ($0, false) },
            part.rows.map { [$0.mark] + $0.cells })
      }.joined()
  }
}
