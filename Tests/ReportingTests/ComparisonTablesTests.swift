// SPDX-License-Identifier: GPL-3.0-or-later
// What changed, in words: a mark for every row, old → new, percent for costs, on the page as in the terminal.

import Decision
import Foundation
import Reporting
import Testing

@Suite("Comparisons in words")
struct ComparisonTablesTests {
  private var changed: PlanResult {
    var result = Fixture.charged
    result.options[0].totalCost.p50 *= 1.25
    result.options.remove(at: 5)
    result.options[2].name = "renamed"
    result.breakEvens = result.breakEvens.filter {
      $0.option != "provisioned" && $0.option != "self-hosted-bf16"
    }
    result.assumptions[2].p50 = 3
    result.assumptions[2].distribution = "3"
    result.run.seed = 1
    return result
  }

  @Test("rows are marked + − ~, costs change in percent, and what stays is there once")
  func marks() throws {
    let tables = ComparisonTables(RunComparison(from: Fixture.charged, to: changed))
    #expect(tables.decision == "The decision stays: base-with-burst")
    let rows = Dictionary(uniqueKeysWithValues: tables.options.rows.map { ($0.cells[0], $0) })
    #expect(rows["bedrock-on-demand"]?.mark == "~")
    let cost = try #require(rows["bedrock-on-demand"]?.cells[1])
    #expect(cost.contains(" → ") && cost.hasSuffix("(+25.0\u{202F}%)"), "\(cost)")
    #expect(rows["renamed"]?.mark == "+" && rows["provisioned"]?.mark == "−")
    #expect(rows["spot-fp8"]?.mark == "" && rows["spot-fp8"]?.cells[1].contains("→") == false)
    #expect(tables.inputs.rows.map(\.cells) == [["seed", "20261201 → 1"]])
    #expect(tables.breakEvens.rows.map(\.mark).sorted() == ["−", "−"])
    #expect(tables.assumptions.rows.map { $0.cells[1] } == ["PERT 1.5 … 2.6 … 4 → 3"])
    #expect(tables.parts.count == 4)
  }

  @Test("the page shows every row of the tables, and nothing else is in its tables")
  func page() throws {
    let comparison = RunComparison(from: Fixture.charged, to: changed)
    let files = ComparisonFiles.render(
      comparison, title: "A plan", old: "run 1", new: "run 2", version: "0.1.0")
    let (reader, error) = PageReader.read(try #require(files.first { $0.name == "comparison.html" }).bytes)
    #expect(error == nil && reader.headline == "The decision stays: base-with-burst")
    let parts = ComparisonTables(comparison).parts
    #expect(reader.tables.map(\.count) == parts.map { $0.rows.count + 1 })
    for (shown, part) in zip(reader.tables, parts) {
      for (cells, row) in zip(shown.dropFirst(), part.rows) {
        #expect(cells == [row.mark.isEmpty ? "=" : row.mark] + row.cells)
      }
    }
  }

  @Test("a run held against itself has a table of options alone, without a mark")
  func same() {
    let tables = ComparisonTables(RunComparison(from: Fixture.charged, to: Fixture.charged))
    #expect(tables.parts == [tables.options] && tables.options.rows.allSatisfy { $0.mark.isEmpty })
  }

  @Test("a decision that flips says so first")
  func flips() {
    var other = Fixture.charged
    other.decision.option = "spot-fp8"
    let tables = ComparisonTables(RunComparison(from: Fixture.charged, to: other))
    #expect(tables.decision == "The decision flips: base-with-burst → spot-fp8")
  }
}
