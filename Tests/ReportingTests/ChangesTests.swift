// SPDX-License-Identifier: GPL-3.0-or-later
// A report that is held against the run before says what changed, on its first page, in its details, and as a table.

import Decision
import Foundation
import NumberFormatting
import Reporting
import Testing

@Suite("What changed since the last run")
struct ChangesTests {
  /// The charged fixture, held against itself with one option cheaper by a fifth, or with another recommended.
  private static func earlier(flips: Bool = false) -> EarlierRun {
    var old = Fixture.charged
    let place = old.options.firstIndex { $0.name == old.decision.option } ?? 0
    old.options[place].totalCost.p50 *= 0.8
    old.assumptions[2].p50 = 3
    old.assumptions[2].distribution = "3"
    old.run.seed = 1
    if flips { old.decision.option = "bedrock-on-demand" }
    return EarlierRun(
      run: 41, day: "2026-11-23", comparison: RunComparison(from: old, to: Fixture.charged))
  }

  private static func files(_ earlier: EarlierRun?) throws -> [String: Data] {
    Dictionary(
      uniqueKeysWithValues: try ReportFiles.render(Fixture.charged, since: earlier).map {
        ($0.name, $0.bytes)
      })
  }

  @Test("first page and details say by how much the recommended option went, and the decision that flips")
  func sentence() throws {
    for flips in [false, true] {
      let bytes = try #require(Self.files(Self.earlier(flips: flips))["report.html"])
      let (page, error) = PageReader.read(bytes)
      #expect(error == nil && page.ids.contains("changes"))
      #expect(Set(page.ids).count == page.ids.count)
      let sentence =
        flips
        ? "Since run 41 of 2026-11-23 the decision flips: Bedrock on demand → "
        : "Since run 41 of 2026-11-23 the decision stays; the median cost of "
      let parts = page.text.components(separatedBy: "The details")
      #expect(parts.count == 2 && parts.allSatisfy { $0.contains(sentence) })
      #expect(flips || page.text.contains("(+25.0\u{202F}%)"))
    }
  }

  @Test("only the page, the table of changes and the description of the tables know of the run before")
  func apart() throws {
    var (with, without) = (try Self.files(Self.earlier()), try Self.files(nil))
    #expect(without["changes.csv"] == nil)
    for name in ["report.html", "datapackage.json", "data-dictionary.md", "changes.csv"] {
      with[name] = nil
      without[name] = nil
    }
    #expect(with == without)
    let page = String(decoding: try #require(Self.files(nil)["report.html"]), as: UTF8.self)
    #expect(!page.contains("id='changes'") && !page.contains("Since run"))
  }

  @Test("the table has every figure of every option, and what else differs")
  func table() throws {
    let rows = CSVReader.records(try #require(Self.files(Self.earlier())["changes.csv"]))
    let options = rows.filter { $0["kind"] == "option" }
    #expect(options.count == Fixture.charged.options.count * 6)
    let changed = rows.filter { $0["change"] != "same" }
    try #require(changed.map { $0["kind"] } == ["input", "option", "assumption"])
    #expect(changed[0]["old_words"] == "1" && changed[0]["new_words"] == "20261201")
    let (old, new) = (Double(changed[1]["old"] ?? ""), Double(changed[1]["new"] ?? ""))
    #expect(changed[1]["name"] == Fixture.charged.decision.option && changed[1]["figure"] == "p50_cost_usd")
    #expect(abs(try #require(new) / #require(old) - 1.25) < 1e-5)
    #expect(changed[2]["old"] == "3")
  }

  @Test("a name stays text", arguments: Fixture.hostileNames)
  func hostile(name: String) throws {
    let result = Fixture.named(name)
    var old = result
    old.options[6].totalCost.p50 *= 2
    old.decision.option = name
    old.decision.baseline = name
    let earlier = EarlierRun(
      run: 1, day: "2026-11-23", comparison: RunComparison(from: old, to: result))
    let files = Dictionary(
      uniqueKeysWithValues: try ReportFiles.render(result, since: earlier).map { ($0.name, $0.bytes) })
    let (page, error) = PageReader.read(try #require(files["report.html"]))
    #expect(error == nil && page.elements["script"] == nil)
    let rows = CSVReader.records(try #require(files["changes.csv"]))
    #expect(rows.contains { $0["name"] == HostileExportTests.cell(name) && $0["change"] == "changed" })
  }
}
