// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as they stand on the terminal.

import CommandLineKit
import Testing

@Suite("Text tables")
struct TextTableTests {
  @Test("Words line up left, numbers right, by scalars rather than bytes, without spaces at line ends")
  func alignment() {
    var table = TextTable(columns: [.left("Option"), .right("$"), .left("Note")])
    table.add("spot", "9", "")
    table.add("Überlauf", "1,234", "P10–P90")
    #expect(
      table.rendered == """
        Option        $  Note
        ────────  ─────  ───────
        spot          9
        Überlauf  1,234  P10–P90

        """)
  }

  @Test("A table without headings is rows alone")
  func bare() {
    var table = TextTable(columns: [.left(""), .right("")])
    table.add("a", "10")
    table.add("bb", "9")
    #expect(table.rendered == "a   10\nbb   9\n")
  }

  @Test("An empty table shows its header")
  func empty() {
    #expect(TextTable(columns: [.left("A"), .right("BB")]).rendered == "A  BB\n─  ──\n")
  }
}
