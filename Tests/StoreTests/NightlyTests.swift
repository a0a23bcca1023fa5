// SPDX-License-Identifier: GPL-3.0-or-later
// Nights in the store: what the next one is held against, what is never pruned, whose pieces stay, and who may enter.

import Decision
import Foundation
import Store
import Testing

@Suite("Nightly runs")
struct NightlyTests {
  /// Saves a run, by night or by day.
  private func save(
    _ scenario: String, _ createdAt: String, alerts: Int? = nil, pieces: String? = nil,
    in store: borrowing RunStore
  ) throws -> Int64 {
    let result = Fixture.result(scenario: scenario)
    return try store.save(
      result, json: Fixture.json(result), costs: Fixture.costs, createdAt: createdAt, pieceSet: pieces,
      night: alerts.map { NightlyFacts(alerts: $0) })
  }

  @Test(
    "the last good run is the newest of a night, by day's trials unmoved; without nights the newest of all")
  func lastGoodRun() throws {
    let folder = try TemporaryFolder()
    defer { extendLifetime(folder) }
    let store = try RunStore(path: folder.path("runs.sqlite"))
    #expect(try store.lastGoodRun(of: "a") == nil && store.lastNight(of: "a") == nil)
    let trial = try save("a", "2026-02-01T10:00:00Z", in: store)
    #expect(try store.lastGoodRun(of: "a") == trial && store.lastNight(of: "a") == nil)
    let night = try save("a", "2026-02-02T03:00:00Z", alerts: 2, in: store)
    _ = try save("a", "2026-02-02T10:00:00Z", in: store)
    _ = try save("b", "2026-02-03T03:00:00Z", alerts: 0, in: store)
    #expect(try store.lastGoodRun(of: "a") == night)
    #expect(try store.lastNight(of: "a") == "2026-02-02T03:00:00Z")
    let trend = try store.trend(of: "a", limit: 9)
    #expect(trend.map(\.run) == [night] && trend.first?.alerts == 2)
    #expect(trend.first?.recommendedOption == "own" && trend.first?.medianCost == 900)
  }

  @Test("a trend is the newest nights, oldest first")
  func trend() throws {
    let folder = try TemporaryFolder()
    defer { extendLifetime(folder) }
    let store = try RunStore(path: folder.path("runs.sqlite"))
    for day in 1...5 { _ = try save("a", "2026-02-0\(day)T03:00:00Z", alerts: 0, in: store) }
    #expect(
      try store.trend(of: "a", limit: 3).map { $0.createdAt.prefix(10) } == [
        "2026-02-03", "2026-02-04", "2026-02-05",
      ])
  }

  @Test(
    "pruning keeps the newest run and the newest night of each scenario, however old; nights go with their run"
  )
  func prune() throws {
    let folder = try TemporaryFolder()
    defer { extendLifetime(folder) }
    let store = try RunStore(path: folder.path("runs.sqlite"))
    for day in 1...3 { _ = try save("a", "2026-02-0\(day)T03:00:00Z", alerts: 0, in: store) }
    for day in 4...5 { _ = try save("a", "2026-02-0\(day)T10:00:00Z", in: store) }
    _ = try store.prune(keeping: .since("2027-01-01T00:00:00Z"))
    #expect(try store.list().map(\.id) == [5, 3])
    let database = try Database(path: folder.path("runs.sqlite"), access: .readOnly)
    #expect(try database.integer("SELECT count(*) FROM nightly_runs") == 1)
    #expect(try store.problems().isEmpty)
  }

  @Test(
    "pieces stay with the newest run of a scenario, with unfinished runs, and where they were touched of late"
  )
  func pieces() throws {
    let folder = try TemporaryFolder()
    defer { extendLifetime(folder) }
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let key = StoredPieceKey(draw: 0, month: 0, volume: 1, inputs: "x")
    for (day, set) in [(1, "old"), (2, "new"), (3, "fresh")] {
      try store.keep(
        [(key, PieceBlob.sealed([1]))], of: set, scenario: "a", now: "2026-02-0\(day)T03:00:00Z")
    }
    _ = try save("a", "2026-02-01T03:00:00Z", alerts: 0, pieces: "old", in: store)
    _ = try save("a", "2026-02-02T03:00:00Z", alerts: 0, pieces: "new", in: store)
    #expect(try store.dropSupersededPieces(untouchedSince: "2026-02-02T12:00:00Z") == 1)
    #expect(try ["old", "new", "fresh"].map { try store.pieceKeys(of: $0).count } == [0, 1, 1])
    #expect(try store.list().count == 2 && store.problems().isEmpty)
  }

  @Test("a lock is held by one; the other hears who; given back, or its holder dead, it is free")
  func lock() throws {
    let folder = try TemporaryFolder()
    defer { extendLifetime(folder) }
    let path = folder.path("runs.sqlite")
    do {
      let lock = try StoreLock(database: path, now: "2026-02-01T03:00:00Z")
      do {
        _ = try StoreLock(database: path, now: "2026-02-01T03:00:01Z")
        Issue.record("two hold one lock")
      } catch {
        #expect(error.isLocked && !error.cannotWrite && !error.isBadFile && !error.isMissing)
        let words = "process \(ProcessInfo.processInfo.processIdentifier) on "
        #expect(error.description.hasPrefix("another nightly run holds '\(path)': \(words)"))
        #expect(error.description.contains(" since 2026-02-01T03:00:00Z; wait until it ends"))
      }
      // Whoever only plans is not held up.
      _ = try save("a", "2026-02-01T03:00:00Z", in: try RunStore(path: path))
      extendLifetime(lock)
    }
    _ = try StoreLock(database: path, now: "2026-02-01T03:00:02Z")
    // What a dead process has left: its words, longer than the next one's, and no lock.
    try Data(String(repeating: "process 1 ", count: 50).utf8).write(
      to: URL(filePath: StoreLock.file(of: path)))
    let lock = try StoreLock(database: path, now: "2026-02-01T03:00:03Z")
    let words = try String(contentsOfFile: StoreLock.file(of: path), encoding: .utf8)
    #expect(words.hasSuffix("since 2026-02-01T03:00:03Z\n") && words.count < 200)
    extendLifetime(lock)
  }

  @Test("a lock that cannot be made says so")
  func lockWithoutFolder() throws {
    let folder = try TemporaryFolder()
    do {
      _ = try StoreLock(database: folder.path("none/runs.sqlite"), now: Fixture.createdAt)
      Issue.record("a lock in a folder that is not there")
    } catch {
      #expect(error.cannotWrite && !error.isLocked && error.description.contains("No such file or directory"))
    }
  }

  @Test("a quick check finds an overwritten page, and nothing in a sound store")
  func quickCheck() throws {
    let folder = try TemporaryFolder()
    defer { extendLifetime(folder) }
    let path = folder.path("runs.sqlite")
    do {
      let store = try Fixture.store(path, scenarios: ["a", "b", "a"])
      #expect(try store.quickCheck() == nil)
      try store.checkWritable()
    }
    var bytes = try Data(contentsOf: URL(filePath: path))
    for index in bytes.count - 3 * 4096..<bytes.count - 2 * 4096 { bytes[index] = 0xA5 }
    try bytes.write(to: URL(filePath: path))
    do {
      let finding = try RunStore(path: path).quickCheck()
      #expect(finding != nil)
    } catch {
      #expect(error.isBadFile)
    }
  }

  @Test("a store opened for reading cannot be written, and says so before there is anything to write")
  func readOnly() throws {
    let folder = try TemporaryFolder()
    defer { extendLifetime(folder) }
    let path = folder.path("runs.sqlite")
    do { _ = try Fixture.store(path, scenarios: ["a"]) }
    do {
      try RunStore(path: path, access: .readOnly).checkWritable()
      Issue.record("a store opened for reading may be written")
    } catch {
      #expect(error.cannotWrite)
    }
  }
}
