// SPDX-License-Identifier: GPL-3.0-or-later
// The summary says what the page and the tables say, and nothing in it acts.

import Decision
import Foundation
import Reporting
import Testing

@Suite("Markdown summary")
struct MarkdownTests {
  /// The cells of a summary's rows of options, as they are shown.
  static func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
      line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false)
        .map { String($0).replacing("&lt;", with: "<").replacing("&gt;", with: ">") }
    }.filter { $0.first != "---" }
  }

  @Test("the page's table of options and the summary's read the same, letter by letter")
  func agreesWithPage() throws {
    let result = Fixture.charged
    let files = try rendered(result)
    let page = PageReader.read(try #require(files["report.html"])).page
    let table = try #require(page.tables.first).dropFirst()
    let rows = Self.rows(String(decoding: try #require(files["summary.md"]), as: UTF8.self)).dropFirst()
    #expect(rows.count == 7 && table.count == 7)
    for (row, shown) in zip(rows, table) {
      let option = try #require(result.options.first { row[0].hasPrefix($0.title) })
      #expect(shown[0].hasPrefix(option.title))
      // Mean, P10, P50, P90; then the order differs: P(cheapest), $ per 1M, in time.
      #expect(Array(row[1...4]) == Array(shown[1...4]))
      if option.meetsServiceLevel { #expect(row[5] == shown[5]) } else { #expect(row[5] == "too late") }
      #expect(Array(row[6...7]) == Array(shown[6...7]))
      #expect(row[0].contains("(recommended)") == (option.name == result.decision.option))
      #expect(row[0].contains("(today)") == (option.name == result.decision.baseline))
    }
  }

  @Test("the decision, its numbers, the warnings and the command are there")
  func says() throws {
    var result = Fixture.charged
    result.warnings = ["Prices end before the horizon does"]
    let text = try MarkdownSummary.text(result)
    #expect(text.contains("saves $92 k over 12 months"))
    #expect(text.contains("- Prices end before the horizon does\n"))
    #expect(text.contains("`\(result.run.command)`"))
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
  }

  @Test(
    "a name stays a name: no tag, no link, no mention, no cell or line of its own",
    arguments: Fixture.hostileNames)
  func hostile(name: String) throws {
    let text = try MarkdownSummary.text(Fixture.named(name))
    // Within code nothing acts but the backticks that end it, which tests of the command look at.
    let prose = text.split(separator: "\n").dropLast().joined(separator: "\n")
    #expect(!prose.contains("<") && !prose.contains("://") && !prose.contains("www."))
    #expect(prose.firstMatch(of: /@[A-Za-z0-9]/) == nil)
    for mark in ["`", "*", "_", "[", "]", "~~"] {
      let unescaped = prose.replacing("\\" + mark, with: "").replacing("**", with: "")
      #expect(!unescaped.contains(mark), "\(mark) in \(name)")
    }
    for line in text.split(separator: "\n") where line.hasPrefix("|") {
      #expect(line.replacing("\\|", with: "").count(where: { $0 == "|" }) == 9, "\(line)")
    }
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("|") }.count == 9)
    // What turns the direction of writing ends where the name does.
    let turns = prose.unicodeScalars.filter { "\u{202E}\u{200F}".unicodeScalars.contains($0) }.count
    let isolates = prose.unicodeScalars.filter { $0 == "\u{2068}" }.count
    let pops = prose.unicodeScalars.filter { $0 == "\u{2069}" }.count
    #expect(isolates == pops && (turns == 0) == (isolates == 0))
  }

  @Test("a command with backticks stays within its code")
  func code() throws {
    var result = Fixture.charged
    result.run.command = "breakeven plan 'a`` b`.yaml'\nx"
    let last = try #require(try MarkdownSummary.text(result).split(separator: "\n").last)
    #expect(last.hasSuffix("``` breakeven plan 'a`` b`.yaml' x ```"))
  }
}
