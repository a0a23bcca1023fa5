// SPDX-License-Identifier: GPL-3.0-or-later
// The history of finished runs in one file: opened with care, because the file may be another's, newer or
// broken.

import Foundation

/// The store of finished runs.
///
/// A store is refused, and left as it was, where the file is no database, another program's, or a newer
/// version's. An older layout is brought up to date in one transaction. Not Sendable: one thread at a time;
/// any number of processes may hold the same file, of which one at a time writes while the others wait up to
/// 5 s.
public struct RunStore: ~Copyable {
  /// What may be done with the file.
  public typealias Access = Database.Access

  let database: Database

  /// The file's path.
  public var path: String { database.path }

  /// Opens the store at `path`.
  /// - Parameters:
  ///   - path: the file's path.
  ///   - access: `.create` makes the file where there is none, but no folder; `.existing` makes none;
  ///     `.readOnly` changes nothing. On a medium that takes no locks, a store opened for reading is taken
  ///     for unchanging.
  /// - Throws: `StoreError`.
  public init(path: String, access: Access = .create) throws(StoreError) {
    if access != .create && !FileManager.default.fileExists(atPath: path) { throw .missing(path: path) }
    do throws(StoreError) {
      database = try Self.opened(path, access)
    } catch {
      // In WAL mode even a reader needs a file beside the store, which a read-only medium refuses; it can do
      // without where nobody can write and no log is left over
      // (https://www.sqlite.org/wal.html#read_only_databases).
      guard access == .existing || access == .readOnly, error.code?.needsWritableFolder == true,
        !FileManager.default.fileExists(atPath: path + "-wal")
      else { throw error }
      database = try Self.opened(path, .immutable)
    }
  }

  private static func opened(_ path: String, _ access: Access) throws(StoreError) -> Database {
    let database = try Database(path: path, access: access)
    try prepare(database)
    return database
  }

  /// Checks whose file it is, sets up the connection, and brings the layout up to date.
  private static func prepare(_ database: borrowing Database) throws(StoreError) {
    // Reads only: nothing of a file that is then refused has changed.
    let found = try database.transaction(writing: false) { () throws(StoreError) in
      try checkedVersion(of: database)
    }
    try database.execute("PRAGMA foreign_keys = ON", action: "open")
    if found == Schema.migrations.count { return try enterLogMode(database) }
    if database.isReadOnly {
      throw .outdated(path: database.path, found: found, known: Schema.migrations.count)
    }
    try enterLogMode(database)
    try database.transaction { () throws(StoreError) in
      // Another process may have been faster.
      let applied = try checkedVersion(of: database)
      try migrate(database, from: applied)
    }
  }

  /// Puts a store that may be written into WAL mode, in which readers and a writer do not block each other;
  /// the mode stays with the file, but a copy made by `backup(to:)` has left it.
  private static func enterLogMode(_ database: borrowing Database) throws(StoreError) {
    if database.isReadOnly { return }
    do throws(StoreError) {
      try database.execute("PRAGMA journal_mode = WAL")
    } catch {
      // Where another connection is just making the same change, SQLite reports it busy at once; that
      // connection's change serves this one too.
      guard error.isLocked else { throw error }
    }
  }

  /// The number of migrations the file has seen, 0 for an empty one.
  private static func checkedVersion(of database: borrowing Database) throws(StoreError) -> Int {
    let applicationID = Int32(truncatingIfNeeded: try database.integer("PRAGMA application_id") ?? 0)
    let version = Int(try database.integer("PRAGMA user_version") ?? 0)
    let isEmpty = try database.integer("SELECT count(*) FROM sqlite_schema") == 0
    if isEmpty && applicationID == 0 && version == 0 { return 0 }
    guard applicationID == Schema.applicationID else {
      throw .foreign(path: database.path, applicationID: applicationID)
    }
    guard version <= Schema.migrations.count else {
      throw .newerVersion(path: database.path, found: version, known: Schema.migrations.count)
    }
    let recorded = try database.prepare("SELECT name FROM migrations ORDER BY position")
    var names: [String] = []
    while try recorded.step() { names.append(recorded.text(0)) }
    guard names == Schema.migrations.prefix(version).map(\.name) else {
      throw .damaged(
        path: database.path, reason: "its list of migrations is not the one of layout \(version)")
    }
    return version
  }

  /// Applies the migrations the file has not seen, inside the caller's transaction.
  private static func migrate(
    _ database: borrowing Database, from applied: Int
  ) throws(StoreError) {
    if applied == 0 {
      try database.execute(
        """
        PRAGMA application_id = \(Schema.applicationID);
        CREATE TABLE migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        """)
    }
    let record = try database.prepare("INSERT INTO migrations VALUES (?1, ?2)", action: "write")
    for (index, migration) in Schema.migrations.enumerated().dropFirst(applied) {
      try database.execute(migration.sql)
      try record.run([.integer(Int64(index + 1)), .text(migration.name)])
    }
    try database.execute("PRAGMA user_version = \(Schema.migrations.count)")
  }
}
