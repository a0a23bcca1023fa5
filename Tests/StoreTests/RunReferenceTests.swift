// SPDX-License-Identifier: GPL-3.0-or-later
// How runs are named, and which leave the store.

import Foundation
import Store
import Testing

@Suite("Naming and removing runs")
struct RunReferenceTests {
  @Test(
    "a reference is read as it is meant, and written as it was read",
    arguments: [
      ("17", .number(17)), ("latest", .latest), ("latest~2", .recent(scenario: nil, back: 2)),
      ("support-assistant", .recent(scenario: "support-assistant", back: 0)),
      ("support-assistant~1", .recent(scenario: "support-assistant", back: 1)),
      ("2026-plan", .recent(scenario: "2026-plan", back: 0)),
    ] as [(String, RunReference)])
  func reading(text: String, reference: RunReference) {
    #expect(RunReference(text) == reference)
    #expect(reference.description == text)
  }

  @Test(
    "what names no run is refused",
    arguments: [
      "", "0", "-1", "latest~", "latest~x", "latest~-1", "latest~1~2", "~1", "99999999999999999999",
    ])
  func refused(text: String) { #expect(RunReference(text) == nil) }

  @Test("a number, the newest, and the newest of a scenario find their runs")
  func finding() throws {
    let folder = try TemporaryFolder()
    let store = try Fixture.store(folder.path("runs.sqlite"), scenarios: ["a", "b", "a", "b", "c"])
    #expect(try store.number(of: 2) == 2)
    #expect(try store.number(of: .latest) == 5)
    #expect(try store.number(of: .recent(scenario: nil, back: 4)) == 1)
    #expect(try store.number(of: .recent(scenario: "a", back: 0)) == 3)
    #expect(try store.number(of: .recent(scenario: "a", back: 1)) == 1)
    #expect(try store.predecessor(of: 4) == 2)
    #expect(try store.predecessor(of: 2) == nil && store.predecessor(of: 99) == nil)
    for missing: RunReference in [6, .recent(scenario: nil, back: 5), .recent(scenario: "d", back: 0)] {
      #expect(throws: StoreError.noSuchRun(missing, path: store.path)) { try store.number(of: missing) }
    }
  }

  @Test("deleting removes the run with all that belongs to it, once, and its number never comes again")
  func deleting() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    let store = try Fixture.store(path, scenarios: ["a", "b", "a"])
    #expect(try store.delete([1, .latest, 3], isRehearsal: true).map(\.id) == [3, 1])
    #expect(try store.list().count == 3)
    #expect(try store.delete([1, .latest, 3]).map(\.id) == [3, 1])
    #expect(try store.list().map(\.id) == [2])
    let database = try Database(path: path, access: .readOnly)
    for table in ["options", "break_evens", "draws"] {
      #expect(try database.integer("SELECT count(*) FROM \(table) WHERE run_id <> 2") == 0, "\(table)")
      #expect(try database.integer("SELECT count(*) FROM \(table)") == 2, "\(table)")
    }
    #expect(try store.problems().isEmpty)
    #expect(try Fixture.save(Fixture.result(), in: store) == 4)
  }

  @Test("one reference that names no run, and none is deleted")
  func deletingNone() throws {
    let folder = try TemporaryFolder()
    let store = try Fixture.store(folder.path("runs.sqlite"), scenarios: ["a", "b"])
    #expect(throws: StoreError.noSuchRun(7, path: store.path)) { try store.delete([1, 7]) }
    #expect(try store.list().count == 2)
  }

  @Test("pruning by number keeps so many of each scenario, and always the newest", arguments: [1, 2, 3, 9])
  func pruningByNumber(count: Int) throws {
    let folder = try TemporaryFolder()
    let scenarios = ["a", "a", "b", "a", "a", "b"]
    let store = try Fixture.store(folder.path("runs.sqlite"), scenarios: scenarios)
    let doomed = try store.prune(keeping: .newest(count), isRehearsal: true)
    #expect(try store.prune(keeping: .newest(count)) == doomed)
    let left = try store.list()
    #expect(
      left.count { $0.scenario == "a" } == min(count, 4) && left.count { $0.scenario == "b" } == min(count, 2)
    )
    #expect(left.first?.id == 6 && left.contains { $0.id == 5 })
    #expect((left + doomed).map(\.id).sorted() == [1, 2, 3, 4, 5, 6])
  }

  @Test("pruning by time keeps what is as new as that, and the newest of a scenario however old")
  func pruningByTime() throws {
    let folder = try TemporaryFolder()
    let store = try Fixture.store(folder.path("runs.sqlite"), scenarios: ["a", "b", "b", "c", "c", "c"])
    #expect(try store.prune(keeping: .since("2026-02-05T03:00:00Z"), scenario: "b").map(\.id) == [2])
    #expect(try store.prune(keeping: .since("2026-02-05T03:00:00Z")).map(\.id) == [4])
    #expect(try store.list().map(\.id) == [6, 5, 3, 1])
    #expect(try store.prune(keeping: .since("9999-01-01T00:00:00Z")).map(\.id) == [5])
  }
}
