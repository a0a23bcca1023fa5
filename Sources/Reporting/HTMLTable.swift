// SPDX-License-Identifier: GPL-3.0-or-later
// Every table of the page has a caption, headed columns and rows, and a box of its own to scroll in.

import Charts

/// A table of a page.
struct HTMLTable {
  /// A column.
  struct Column {
    var title: Markup
    var isNumeric: Bool

    static func text(_ title: Markup) -> Column { Column(title: title, isNumeric: false) }
    static func number(_ title: Markup) -> Column { Column(title: title, isNumeric: true) }
  }

  /// A row: its cells, the first of which heads it, and a class for its look.
  struct Row {
    var cells: [Markup]
    var kind: Markup = ""
  }

  let caption: Markup
  let columns: [Column]
  var rows: [Row] = []

  init(_ caption: Markup, columns: [Column]) {
    self.caption = caption
    self.columns = columns
  }

  mutating func append(_ cells: [Markup], kind: Markup = "") {
    precondition(cells.count == columns.count, "\(cells.count) cells under \(columns.count) columns")
    rows.append(Row(cells: cells, kind: kind))
  }

  var html: Markup {
    let head = columns.map { column -> Markup in
      column.isNumeric
        ? "<th scope='col' class='n'>\(column.title)</th>" : "<th scope='col'>\(column.title)</th>"
    }
    let body = rows.map { row -> Markup in
      let cells = zip(columns, row.cells).enumerated().map { index, pair -> Markup in
        let (column, cell) = pair
        if index == 0 { return "<th scope='row'>\(cell)</th>" }
        return column.isNumeric ? "<td class='n'>\(cell)</td>" : "<td>\(cell)</td>"
      }
      let kind: Markup = row.kind.source.isEmpty ? "" : " class='\(row.kind)'"
      return "<tr\(kind)>\(cells.joined())</tr>\n"
    }
    return """
      <div class='scroll' role='region' tabindex='0' aria-label='Table'><table><caption>\(caption)</caption>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(body.joined())</tbody></table></div>

      """
  }
}
