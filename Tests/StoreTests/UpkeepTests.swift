// SPDX-License-Identifier: GPL-3.0-or-later
// A store that is looked after: what the check finds, what a copy holds, what a vacuum gives back.

import Foundation
import Store
import Testing

@Suite("Upkeep of the store")
struct UpkeepTests {
  /// Ways to break a store behind its back, and a word of what the check must say.
  static let damages: [(sql: String, word: String)] = [
    ("DELETE FROM draws WHERE position = 1", "option 'own' has no costs, not 4"),
    ("UPDATE draws SET futures = 2, costs = substr(costs, 1, 8) WHERE position = 0", "has 2 costs, not 4"),
    ("UPDATE runs SET recommended = 'nobody'", "it has no option 'nobody'"),
    ("UPDATE runs SET result_json = json_set(result_json, '$.decision.option', 'api')", "differ"),
    ("UPDATE runs SET draws = 5", "not 5"),
    ("UPDATE options SET p10 = p90 + 1 WHERE name = 'api'", "those of option 'api' do not"),
    ("UPDATE options SET p_cheapest_low = 1", "P(cheapest)"),
    ("UPDATE options SET mean = mean + 1 WHERE name = 'own'", "option 'own' has the mean 901"),
    ("UPDATE options SET p10 = -5, mean = mean WHERE name = 'own'", "percentiles beyond all its costs"),
    ("UPDATE options SET position = 5 WHERE name = 'own'", "options up to position 5"),
    ("DELETE FROM options WHERE name = 'api'", "refers to no row"),
    ("DELETE FROM options; DELETE FROM break_evens; DELETE FROM draws", "0 options"),
    ("PRAGMA ignore_check_constraints = ON; UPDATE runs SET months = 0", "CHECK constraint failed in runs"),
  ]

  @Test("a breach of every invariant is found and said", arguments: damages)
  func check(sql: String, word: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do { #expect(try Fixture.store(path, scenarios: ["a"]).problems().isEmpty) }
    try Database(path: path).execute("PRAGMA foreign_keys = OFF; " + sql)
    let store = try RunStore(path: path, access: .existing)
    let problems = try store.problems()
    #expect(problems.contains { $0.contains(word) }, "\(problems)")
    // A broken run is still listed, so that it can be deleted.
    #expect(try store.list().count == 1)
  }

  @Test("a copy holds the same runs in one file, is a store of its own, and replaces nothing unasked")
  func backup() throws {
    let folder = try TemporaryFolder()
    let store = try Fixture.store(folder.path("runs.sqlite"), scenarios: ["a", "b"])
    let target = folder.path("copy.sqlite")
    try store.backup(to: target)
    #expect(try folder.contents().keys.contains { $0.contains("partial") } == false)
    #expect(try folder.contents().keys.contains("copy.sqlite-wal") == false)
    do {
      let copy = try RunStore(path: target)
      #expect(try copy.list() == store.list() && copy.problems().isEmpty)
      #expect(try copy.load(.latest) == store.load(.latest))
      try Fixture.save(Fixture.result(), in: copy)
    }
    #expect(try store.list().count == 2)
    let before = try Data(contentsOf: URL(filePath: target))
    #expect(throws: StoreError.exists(path: target)) { try store.backup(to: target) }
    #expect(try Data(contentsOf: URL(filePath: target)) == before)
    try store.backup(to: target, replacing: true)
    #expect(try RunStore(path: target, access: .readOnly).list().count == 2)
  }

  @Test("a copy is made while another connection writes: it holds what was there, and nothing by halves")
  func backupWhileWriting() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    let store = try Fixture.store(path, scenarios: ["a", "b"])
    let writer = try Database(path: path)
    try writer.transaction { () throws(StoreError) in
      try writer.execute("DELETE FROM draws")
      try store.backup(to: folder.path("copy.sqlite"))
    }
    let copy = try RunStore(path: folder.path("copy.sqlite"), access: .readOnly)
    #expect(try copy.list().count == 2 && copy.problems().isEmpty)
  }

  @Test("a copy to where nothing can be written is refused, and leaves nothing")
  func backupNowhere() throws {
    let folder = try TemporaryFolder()
    let store = try Fixture.store(folder.path("runs.sqlite"), scenarios: ["a"])
    try FileManager.default.createDirectory(
      at: URL(filePath: folder.path("folder/full")), withIntermediateDirectories: true)
    for target in [folder.path("missing/copy.sqlite"), folder.path("folder")] {
      do throws(StoreError) {
        try store.backup(to: target, replacing: true)
        Issue.record("\(target) was written")
      } catch {
        #expect(error.cannotWrite && error.description.contains(target), "\(error)")
      }
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == [
        "folder", "runs.sqlite", "runs.sqlite-shm", "runs.sqlite-wal",
      ])
  }

  @Test("a vacuum gives back what deleted runs have left, and keeps the rest")
  func vacuum() throws {
    let folder = try TemporaryFolder()
    let store = try Fixture.store(folder.path("runs.sqlite"), scenarios: Array(repeating: "a", count: 20))
    let full = try store.size()
    #expect(full.runs == 20 && full.freeBytes == 0)
    try store.prune(keeping: .newest(2))
    let pruned = try store.size()
    #expect(pruned.runs == 2 && pruned.bytes == full.bytes && pruned.freeBytes > 0)
    let kept = try store.load(.latest)
    try store.vacuum()
    let small = try store.size()
    #expect(small.freeBytes == 0 && small.bytes <= pruned.bytes - pruned.freeBytes)
    #expect(try store.load(.latest) == kept && store.problems().isEmpty)
  }
}
