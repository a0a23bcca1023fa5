// SPDX-License-Identifier: GPL-3.0-or-later
// Keeping a store healthy: how large it is, a copy of it while it is in use, and its size after runs were
// deleted.

import CSQLite
import Foundation

/// How large a store is.
public struct StoreSize: Sendable, Hashable, Codable {
  /// The number of runs.
  public var runs: Int
  /// The file's pages, bytes.
  public var bytes: Int64
  /// Pages that deleted runs have left, for later ones to take; `vacuum` gives them back. Bytes.
  public var freeBytes: Int64
}

extension RunStore {
  /// The store's size.
  public func size() throws(StoreError) -> StoreSize {
    let page = try database.integer("PRAGMA page_size") ?? 0
    return StoreSize(
      runs: Int(try database.integer("SELECT count(*) FROM runs") ?? 0),
      bytes: page * (try database.integer("PRAGMA page_count") ?? 0),
      freeBytes: page * (try database.integer("PRAGMA freelist_count") ?? 0))
  }

  /// Makes sure that the store can be written, which opening it does not tell of a write-protected file.
  /// - Throws: what SQLite says, also that another process holds the store.
  public func checkWritable() throws(StoreError) {
    // A transaction alone may begin and end on a database that cannot be written.
    try database.transaction { () throws(StoreError) in
      try database.execute("DELETE FROM runs WHERE 0")
    }
  }

  /// Rewrites the file without the room that deleted runs have left. Needs up to twice the file's size on the
  /// disk meanwhile; where that is not there, the file stays as it was
  /// (https://www.sqlite.org/lang_vacuum.html).
  public func vacuum() throws(StoreError) {
    try database.execute("VACUUM")
    // In WAL mode the new file lies in the log until a checkpoint; this one also empties the log.
    try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// Copies the store into one file as it is at one moment, also while others write to it
  /// (https://www.sqlite.org/backup.html). The copy appears whole or not at all.
  /// - Parameters:
  ///   - target: the copy's path.
  ///   - replacing: whether a file that is there may be replaced.
  /// - Throws: `exists`, `cannotReplace`, `damaged` where the copy is not sound, or what SQLite says.
  public func backup(to target: String, replacing: Bool = false) throws(StoreError) {
    if !replacing && FileManager.default.fileExists(atPath: target) { throw .exists(path: target) }
    // Not one that is there, even if it is the store itself by another name: a copy is made beside it and
    // renamed.
    let partial = "\(target).\(ProcessInfo.processInfo.processIdentifier).partial"
    func discard() {
      for suffix in ["", "-journal", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: partial + suffix)
      }
    }
    discard()
    do throws(StoreError) {
      try copy(to: partial, named: target)
      // rename(2) replaces in one step; FileManager's own ways do not.
      guard unsafe rename(partial, target) == 0 else {
        throw .cannotReplace(path: target, reason: unsafe String(cString: strerror(errno)))
      }
    } catch {
      discard()
      // The name of the partial copy means nothing to anybody.
      guard case .sqlite(let code, partial, let action, let message) = error else { throw error }
      throw .sqlite(code, path: target, action: action, message: message)
    }
  }

  /// Copies every page, and checks the copy.
  private func copy(to path: String, named target: String) throws(StoreError) {
    let destination = try Database(path: path)
    guard
      let backup = unsafe sqlite3_backup_init(destination.handle, "main", database.handle, "main")
    else { throw unsafe .last(of: destination.handle, path: target, action: "write") }
    // All pages in one step: a writer meanwhile goes into the log and neither waits nor makes the copy start
    // anew.
    var status = unsafe sqlite3_backup_step(backup, -1)
    for _ in 0..<50 where ResultCode(rawValue: status).isLocked {
      sqlite3_sleep(100)
      status = unsafe sqlite3_backup_step(backup, -1)
    }
    unsafe sqlite3_backup_finish(backup)
    guard status == SQLITE_DONE else {
      // The destination's error says which file it was only for its own failures.
      throw .sqlite(
        ResultCode(rawValue: status), path: target, action: "copy '\(self.path)' to",
        message: unsafe String(cString: sqlite3_errstr(status)))
    }
    // The copy says that it is in WAL mode, as its original; a copy to carry away should be one file.
    try destination.execute("PRAGMA journal_mode = DELETE")
    let check = try destination.prepare("PRAGMA quick_check")
    if try check.step(), check.text(0) != "ok" { throw .damaged(path: self.path, reason: check.text(0)) }
  }
}
