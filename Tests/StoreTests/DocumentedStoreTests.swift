// SPDX-License-Identifier: GPL-3.0-or-later
// docs/store.md says what the store is: every query in it is run, and every column is in it.

import Decision
import Foundation
import Store
import Testing

@Suite("docs/store.md")
struct DocumentedStoreTests {
  static let text: String = {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return (try? String(contentsOf: repository.appending(path: "docs/store.md"), encoding: .utf8)) ?? ""
  }()

  /// The fenced blocks of SQL.
  static var queries: [String] {
    text.split(separator: "```sql\n").dropFirst().compactMap { block in
      block.split(separator: "```", maxSplits: 1).first.map(String.init)
    }
  }

  /// Runs of two scenarios, one of which changes its mind.
  private static func store(_ path: String) throws {
    let store = try RunStore(path: path)
    for (scenario, option) in [("a", "own"), ("b", "own"), ("a", "api"), ("a", "api")] {
      var result = Fixture.result(scenario: scenario)
      result.decision.option = option
      result.assumptions = [
        Assumption(
          name: "prices.gpu_hour.h100-sxm.spot", kind: "price", distribution: "1.5", p10: 1, p50: 1.5, p90: 2,
          unit: "$ per GPU-hour", source: "scenario", verifiedOn: nil)
      ]
      try store.keep(
        [(StoredPieceKey(draw: 0, month: 0, volume: 1, inputs: "cc"), PieceBlob.sealed([1, 2]))],
        of: scenario,
        scenario: scenario, now: Fixture.createdAt)
      _ = try store.save(
        result, json: try Fixture.json(result), costs: Fixture.costs, createdAt: Fixture.createdAt,
        pieceSet: scenario,
        inputs: RunInputs(
          scenario: .init(name: "a.yaml", text: "name: a"), folder: "/", overrides: [], catalog: [],
          overlays: [], catalogFolder: nil, settings: .init()))
    }
  }

  @Test("every query runs and has something to say", arguments: queries)
  func query(sql: String) throws {
    let folder = try TemporaryFolder()
    try Self.store(folder.path("runs.sqlite"))
    let database = try Database(path: folder.path("runs.sqlite"), access: .readOnly)
    let rows = try database.prepare(sql)
    let hasRow = try rows.step()
    #expect(hasRow, "\(sql)")
    let isNull = rows.isNull(0)
    #expect(!isNull)
  }

  @Test("the document has queries, and names every table and column there is")
  func columns() throws {
    #expect(Self.queries.count >= 7)
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let database = try Database(path: store.path, access: .readOnly)
    let columns = try database.prepare(
      """
      SELECT tables.name, columns.name
      FROM pragma_table_list AS tables, pragma_table_info(tables.name) AS columns
      WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'
      """)
    var count = 0
    while try columns.step() {
      let (table, column) = (columns.text(0), columns.text(1))
      // A table's part begins with its name in bold and ends where the next does.
      let section = Self.text.split(separator: "**\(table)**:", maxSplits: 1).dropFirst().first?
        .split(separator: "\n**", maxSplits: 1).first
      #expect(section?.contains("`\(column)`") == true, "\(table).\(column)")
      count += 1
    }
    #expect(count > 45)
  }
}
