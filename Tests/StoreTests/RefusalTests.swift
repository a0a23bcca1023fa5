// SPDX-License-Identifier: GPL-3.0-or-later
// Files the store must not touch, and places it cannot write: refused, named, and left as they were.

import Decision
import Foundation
import Store
import Testing

@Suite("What the store refuses")
struct RefusalTests {
  /// The error that opening a store throws.
  static func openingError(_ path: String, access: RunStore.Access = .create) -> StoreError? {
    do throws(StoreError) {
      _ = try RunStore(path: path, access: access)
      return nil
    } catch {
      return error
    }
  }

  @Test("a newer version's store is refused and left as it was")
  func newerVersion() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do {
      _ = try RunStore(path: path)
      try Database(path: path).execute("PRAGMA user_version = 8")
    }
    let before = try folder.contents()
    let error = try #require(Self.openingError(path))
    #expect(error == .newerVersion(path: path, found: 8, known: 7))
    #expect(error.isBadFile && error.description.contains("newer"))
    #expect(try folder.contents() == before)
  }

  @Test("another program's database is refused and left as it was", arguments: [0, 252_006_673])
  func foreign(applicationID: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("other.sqlite")
    do {
      try Database(path: path).execute(
        "PRAGMA application_id = \(applicationID); CREATE TABLE runs (id); INSERT INTO runs VALUES (1)")
    }
    let before = try folder.contents()
    for access in [RunStore.Access.create, .readOnly] {
      let error = try #require(Self.openingError(path, access: access))
      #expect(error == .foreign(path: path, applicationID: Int32(applicationID)) && error.isBadFile)
    }
    #expect(try folder.contents() == before)
  }

  @Test("a file that is no database is refused and left as it was", arguments: [10, 512, 5000])
  func notADatabase(length: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("notes.txt")
    try Data(String(repeating: "scenario: x\n", count: length).utf8).write(to: URL(filePath: path))
    let before = try folder.contents()
    let error = try #require(Self.openingError(path))
    #expect(error.code?.description == "SQLITE_NOTADB" && error.isBadFile && !error.cannotWrite)
    #expect(error.description.contains(path))
    #expect(try folder.contents() == before)
  }

  @Test("a store with overwritten pages is recognized as broken", arguments: [4096, 8192, 12_288])
  func corrupted(offset: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do {
      let store = try RunStore(path: path)
      for _ in 0..<3 { _ = try Fixture.save(Fixture.result(), in: store) }
    }
    var bytes = try Data(contentsOf: URL(filePath: path))
    for index in offset..<offset + 4096 { bytes[index] = UInt8(truncatingIfNeeded: index &* 131 &+ 7) }
    try bytes.write(to: URL(filePath: path))
    do throws(StoreError) {
      let store = try RunStore(path: path)
      for run in try store.list() { _ = try store.load(.number(run.id)) }
      #expect(try !store.problems().isEmpty)
    } catch {
      #expect(error.isBadFile, "\(error)")
    }
  }

  @Test("a list of migrations that is not ours is recognized as damage")
  func foreignMigrations() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do {
      _ = try RunStore(path: path)
      try Database(path: path).execute("UPDATE migrations SET name = 'something else' WHERE position = 1")
    }
    let error = try #require(Self.openingError(path))
    #expect(error.isBadFile && error.description.contains("migrations"))
  }

  @Test("a place that cannot be written is said to be one, and nothing is made there")
  func cannotWrite() throws {
    let folder = try TemporaryFolder()
    try Data().write(to: URL(filePath: folder.path("file")))
    // A folder that is a file, one that is missing, and a file that is a folder: refused to the superuser
    // too.
    for path in [folder.path("file/runs.sqlite"), folder.path("missing/runs.sqlite"), folder.url.path] {
      let error = try #require(Self.openingError(path))
      #expect(error.cannotWrite && !error.isLocked && !error.isBadFile, "\(error)")
      #expect(error.description.contains("SQLITE_CANTOPEN") && error.description.contains(path))
    }
    #expect(try folder.contents().keys.sorted() == ["file"])
  }

  @Test("a store that may only be read is listed, but not written")
  func readOnly() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do {
      let store = try RunStore(path: path)
      _ = try Fixture.save(Fixture.result(), in: store)
    }
    let store = try RunStore(path: path, access: .readOnly)
    #expect(try store.list().count == 1)
    do {
      _ = try Fixture.save(Fixture.result(), in: store)
      Issue.record("a store opened for reading was written")
    } catch {
      let error = try #require(error as? StoreError)
      #expect(error.cannotWrite && error.code?.primary.description == "SQLITE_READONLY")
    }
    #expect(try store.list().count == 1)
  }

  @Test("reading where there is no store makes none; an empty file is none")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    #expect(Self.openingError(path, access: .readOnly) == .missing(path: path))
    #expect(try folder.contents().isEmpty)
    try Data().write(to: URL(filePath: path))
    #expect(Self.openingError(path, access: .readOnly) == .outdated(path: path, found: 0, known: 7))
    #expect(Self.openingError(path) == nil)
  }

  @Test("a database that another connection holds is said to be locked")
  func locked() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do { _ = try RunStore(path: path) }
    let holder = try Database(path: path)
    let waiting = try Database(path: path, busyTimeout: 20)
    do {
      try holder.transaction { () throws(StoreError) -> Void in
        try waiting.transaction { () throws(StoreError) -> Void in Issue.record("two writers at once") }
      }
    } catch {
      #expect(error.isLocked && !error.cannotWrite)
      #expect(error.description.contains("SQLITE_BUSY"))
    }
    // Free again.
    try waiting.transaction { () throws(StoreError) -> Void in }
  }
}
