// SPDX-License-Identifier: GPL-3.0-or-later
// A connection to an SQLite database that closes itself, and whose every call is checked.

import CSQLite

/// An open database. Not Sendable: one thread at a time.
@safe
public struct Database: ~Copyable {
  /// What may be done with the file.
  public enum Access: Sendable, Hashable {
    /// Read and write; the file is made where there is none.
    case create
    /// Read and write a file that is there.
    case existing
    /// Read only.
    case readOnly
    /// Read only, on a medium where not even a lock can be taken: the file must not change meanwhile.
    case immutable
  }

  /// The file's path.
  public let path: String
  let handle: OpaquePointer

  /// SQLite's version, as `3.40.1`.
  public static var libraryVersion: String { unsafe String(cString: sqlite3_libversion()) }

  /// Opens a database file. SQLite looks into it no sooner than at the first statement.
  /// - Parameters:
  ///   - path: the file's path, taken literally.
  ///   - access: what may be done with it.
  ///   - busyTimeout: how long a statement waits for another connection's lock, milliseconds.
  /// - Throws: `StoreError.sqlite`.
  public init(path: String, access: Access = .create, busyTimeout: Int32 = 5000) throws(StoreError) {
    let flags =
      switch access {
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .existing: SQLITE_OPEN_READWRITE
      case .readOnly: SQLITE_OPEN_READONLY
      case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      }
    // Only as a URI can a file be said not to change (https://www.sqlite.org/uri.html#uriimmutable).
    let name = access == .immutable ? "file:\(Self.percentEncoded(path))?immutable=1" : path
    var opened: OpaquePointer?
    let status = unsafe sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_FULLMUTEX, nil)
    guard let handle = unsafe opened else {
      throw .sqlite(ResultCode(rawValue: status), path: path, action: "open", message: "out of memory")
    }
    guard status == SQLITE_OK else {
      // "Whether or not an error occurs when it is opened, resources associated with the database connection
      // handle should be released" (https://www.sqlite.org/c3ref/open.html).
      let error = unsafe StoreError.last(of: handle, path: path, action: "open")
      unsafe sqlite3_close_v2(handle)
      throw error
    }
    unsafe sqlite3_extended_result_codes(handle, 1)
    unsafe sqlite3_busy_timeout(handle, busyTimeout)
    self.path = path
    unsafe self.handle = handle
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// A path as a URI has it: every byte but the plainest as `%` and two digits.
  private static func percentEncoded(_ path: String) -> String {
    path.utf8.map { byte in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/-._".utf8.contains(byte)
      let digits = String(byte, radix: 16)
      return isPlain ? String(UnicodeScalar(byte)) : byte < 16 ? "%0\(digits)" : "%\(digits)"
    }.joined()
  }

  /// Whether the file cannot be written, whatever was asked for: SQLite opens a write-protected file for
  /// reading.
  public var isReadOnly: Bool { unsafe sqlite3_db_readonly(handle, "main") == 1 }

  /// The id of the row inserted last.
  public var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  /// Runs statements that return nothing of interest.
  public func execute(_ sql: String, action: String = "write") throws(StoreError) {
    let status = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    guard status == SQLITE_OK else { throw unsafe .last(of: handle, path: path, action: action) }
  }

  /// Compiles one statement.
  public func prepare(_ sql: String, action: String = "read") throws(StoreError) -> Statement {
    var compiled: OpaquePointer?
    let status = unsafe sqlite3_prepare_v2(handle, sql, -1, &compiled, nil)
    guard status == SQLITE_OK, let statement = unsafe compiled else {
      throw unsafe .last(of: handle, path: path, action: action)
    }
    return unsafe Statement(statement, connection: handle, path: path, action: action)
  }

  /// The integer in the first column of the first row; nil where there is no row.
  /// - Parameters:
  ///   - sql: one statement.
  ///   - values: its parameters, `?1` first.
  public func integer(_ sql: String, _ values: [SQLValue] = []) throws(StoreError) -> Int64? {
    let statement = try prepare(sql)
    try statement.bind(values)
    return try statement.step() ? statement.integer(0) : nil
  }

  /// Runs `body` in one transaction, which sees one state of the database, and happens as a whole or not at
  /// all.
  /// - Parameter writing: takes the write lock at the start, so that the transaction cannot fail half-way
  ///   because another took it; without it the transaction only reads.
  public func transaction<Value>(
    writing: Bool = true, _ body: () throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    try execute(writing ? "BEGIN IMMEDIATE" : "BEGIN", action: writing ? "write" : "read")
    do throws(StoreError) {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      // After some errors SQLite has rolled back already (https://www.sqlite.org/lang_transaction.html).
      if unsafe sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
      throw error
    }
  }
}

extension StoreError {
  /// The error that a connection met last.
  @unsafe
  static func last(of connection: OpaquePointer, path: String, action: String) -> StoreError {
    let message = unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) }
    return .sqlite(
      ResultCode(rawValue: unsafe sqlite3_extended_errcode(connection)), path: path, action: action,
      message: message ?? "unknown error")
  }
}
