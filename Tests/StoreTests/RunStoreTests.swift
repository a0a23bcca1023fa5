// SPDX-License-Identifier: GPL-3.0-or-later
// What goes into the store comes out of it, for other programs that read SQLite too.

import Decision
import Foundation
import Store
import Testing

@Suite("Run store")
struct RunStoreTests {
  @Test("a run comes back as it was saved: the document without its indentation, bits of the costs")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let result = Fixture.result()
    let json = try Fixture.json(result)
    let run: Int64
    do {
      let store = try RunStore(path: folder.path("runs.sqlite"))
      run = try Fixture.save(result, in: store)
    }
    let store = try RunStore(path: folder.path("runs.sqlite"), access: .readOnly)
    let stored = try store.load(.number(run))
    #expect(stored.json.count < json.count && !stored.json.contains(UInt8(ascii: "\n")))
    #expect(try JSONDecoder().decode(PlanResult.self, from: stored.json) == result)
    #expect(stored.costs.map { $0.map(\.bitPattern) } == Fixture.costs.map { $0.map(\.bitPattern) })
    #expect(stored.summary.seed == .max && stored.summary.title == result.run.title)
    #expect(stored.summary.createdAt == Fixture.createdAt && stored.summary.recommendedOption == "own")
    #expect(try store.problems().isEmpty)
  }

  @Test("runs are listed newest first, of one scenario where asked")
  func listing() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    #expect(try store.list().isEmpty)
    let runs = try ["a", "b", "a"].map { scenario in
      try Fixture.save(Fixture.result(scenario: scenario, seed: 7), in: store)
    }
    #expect(try store.list().map(\.id) == [runs[2], runs[1], runs[0]])
    #expect(try store.list(scenario: "a").map(\.id) == [runs[2], runs[0]])
    #expect(try store.list(scenario: "a' OR 1=1 --").isEmpty)
    #expect(throws: StoreError.noSuchRun(99, path: store.path)) { try store.load(99) }
  }

  @Test("the tables say in plain columns what the document says")
  func columns() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do {
      let store = try RunStore(path: path)
      _ = try Fixture.save(Fixture.result(), in: store)
    }
    let database = try Database(path: path, access: .readOnly)
    let options = try database.prepare(
      "SELECT name, mean, p10, cvar95, p_cheapest, service_level FROM options ORDER BY position")
    #expect(try options.step())
    #expect(options.text(0) == "api" && options.real(1) == 1000 && options.real(2) == 800)
    #expect(options.real(3) == 1400 && options.real(4) == 0.75 && options.real(5) == 0.97)
    let breakEvens = try database.prepare("SELECT axis, p50, never_share FROM break_evens ORDER BY position")
    #expect(try breakEvens.step())
    #expect(breakEvens.text(0) == "volume" && breakEvens.real(1) == 0.9)
    #expect(try breakEvens.step())
    #expect(breakEvens.isNull(1) && breakEvens.real(2) == 1)
    #expect(try database.integer("SELECT json_extract(result_json, '$.run.months') FROM runs") == 12)
    // The documented layout: little-endian binary32; 800 is 44480000.
    let draws = try database.prepare(
      "SELECT hex(substr(costs, 1, 4)), futures, bytes_per_cost FROM draws ORDER BY position")
    #expect(try draws.step())
    #expect(draws.text(0) == "00004844" && draws.integer(1) == 4 && draws.integer(2) == 4)
    #expect(
      try database.integer("SELECT count(*) FROM pragma_table_list WHERE strict AND schema = 'main'") == 14)
  }

  @Test("a run whose parts do not fit is refused, and leaves nothing behind")
  func inconsistent() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let result = Fixture.result()
    let json = try Fixture.json(result)
    func isInvalid(_ error: any Error) -> Bool {
      if case .some(.invalidRun) = error as? StoreError { true } else { false }
    }
    #expect(
      performing: {
        try store.save(result, json: json, costs: [Fixture.costs[0]], createdAt: Fixture.createdAt)
      }, throws: isInvalid)
    #expect(
      performing: {
        try store.save(result, json: json, costs: [[1], [2]], createdAt: Fixture.createdAt)
      }, throws: isInvalid)
    #expect(
      performing: {
        try store.save(result, json: Data([0xFF, 0xFE]), costs: Fixture.costs, createdAt: Fixture.createdAt)
      }, throws: isInvalid)
    #expect(try store.list().isEmpty)
  }

  /// Ways to make a row break one of the tables' rules after others were written.
  enum Violation: CaseIterable { case time, json, duplicateOption, notANumber, unknownOption }

  @Test("what breaks a rule of the tables half-way is undone as a whole", arguments: Violation.allCases)
  func rollback(violation: Violation) throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    _ = try Fixture.save(Fixture.result(), in: store)
    var result = Fixture.result()
    var json = try Fixture.json(result)
    var createdAt = Fixture.createdAt
    let code: String
    switch violation {
    case .time: (createdAt, code) = ("1 February 2026", "SQLITE_CONSTRAINT_CHECK")
    case .json: (json, code) = (Data("{".utf8), "SQLITE_ERROR")
    case .duplicateOption:
      result.options[1].name = "api"
      code = "SQLITE_CONSTRAINT_UNIQUE"
    case .notANumber:
      result.options[1].totalCost.p90 = .nan
      code = "SQLITE_CONSTRAINT_NOTNULL"
    case .unknownOption:
      result.breakEvens[1].against = "nobody"
      code = "SQLITE_CONSTRAINT_FOREIGNKEY"
    }
    do {
      _ = try store.save(result, json: json, costs: Fixture.costs, createdAt: createdAt)
      Issue.record("\(violation) was accepted")
    } catch {
      #expect(error.code?.description == code)
      #expect(!error.cannotWrite && !error.isLocked && !error.isBadFile)
    }
    #expect(try store.list().count == 1)
    #expect(try store.problems().isEmpty)
    // The connection is fit for use after the failure.
    _ = try Fixture.save(Fixture.result(), in: store)
    #expect(try store.list().count == 2)
  }

  @Test("opening a store again changes nothing: migrations are applied once")
  func idempotent() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do { _ = try RunStore(path: path) }
    let before = try folder.contents()
    for _ in 0..<3 { _ = try RunStore(path: path) }
    #expect(try folder.contents() == before)
    let database = try Database(path: path, access: .readOnly)
    #expect(try database.integer("PRAGMA user_version") == 7)
    #expect(try database.integer("SELECT count(*) FROM migrations") == 7)
    #expect(try database.integer("PRAGMA application_id") == 0x4272_6B45)
    #expect(try database.integer("SELECT 1 FROM pragma_journal_mode WHERE journal_mode = 'wal'") == 1)
  }

  @Test("eight processes' worth of connections open and write one new file at once")
  func concurrent() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 0..<8 {
        group.addTask {
          let store = try RunStore(path: path)
          for _ in 0..<5 { _ = try Fixture.save(Fixture.result(seed: UInt64(seed)), in: store) }
        }
      }
      try await group.waitForAll()
    }
    let store = try RunStore(path: path, access: .readOnly)
    let seeds = try store.list().map(\.seed).sorted()
    #expect(seeds == (0..<8).flatMap { Array(repeating: UInt64($0), count: 5) })
    #expect(try store.problems().isEmpty)
  }
}
