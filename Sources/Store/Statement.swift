// SPDX-License-Identifier: GPL-3.0-or-later
// A compiled SQL statement that finalizes itself; values go in by position and come out by column.

import CSQLite

/// A value as SQLite stores it.
public enum SQLValue: Sendable, Hashable {
  /// No value.
  case null
  /// An integer.
  case integer(Int64)
  /// A floating-point number. SQLite has no NaN: it becomes null.
  case real(Double)
  /// UTF-8 text.
  case text(String)
  /// Bytes.
  case blob([UInt8])

  /// A number, or null.
  public init(_ value: Double?) { self = value.map(SQLValue.real) ?? .null }
}

/// A compiled statement. It may outlive the `Database` value it came from, whose connection then closes with
/// it.
@safe
public struct Statement: ~Copyable {
  private let handle: OpaquePointer
  private let connection: OpaquePointer
  private let path: String
  private let action: String

  @unsafe
  init(_ handle: OpaquePointer, connection: OpaquePointer, path: String, action: String) {
    unsafe self.handle = handle
    unsafe self.connection = connection
    self.path = path
    self.action = action
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Runs the statement to its end with its parameters set to `values`, ready to be run again.
  public func run(_ values: [SQLValue] = []) throws(StoreError) {
    try bind(values)
    while try step() {}
    // A failure was thrown by `step`; `sqlite3_reset` would only repeat it.
    unsafe sqlite3_reset(handle)
  }

  /// Sets the statement's parameters, `?1` first.
  public func bind(_ values: [SQLValue]) throws(StoreError) {
    unsafe sqlite3_reset(handle)
    for (index, value) in values.enumerated() {
      let position = Int32(index + 1)
      let status =
        switch value {
        case .null:
          unsafe sqlite3_bind_null(handle, position)
        case .integer(let number):
          unsafe sqlite3_bind_int64(handle, position, number)
        case .real(let number):
          unsafe sqlite3_bind_double(handle, position, number)
        case .text(let text):
          unsafe sqlite3_bind_text(
            handle, position, text, Int32(text.utf8.count), breakeven_sqlite_transient())
        case .blob(let bytes):
          // A null pointer would bind null instead of an empty blob.
          bytes.isEmpty
            ? unsafe sqlite3_bind_zeroblob(handle, position, 0)
            : unsafe sqlite3_bind_blob(
              handle, position, bytes, Int32(bytes.count), breakeven_sqlite_transient())
        }
      guard status == SQLITE_OK else { throw unsafe .last(of: connection, path: path, action: action) }
    }
  }

  /// Goes to the next row; false after the last.
  public func step() throws(StoreError) -> Bool {
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let error = unsafe StoreError.last(of: connection, path: path, action: action)
      // Gives back the locks the failed statement may hold.
      unsafe sqlite3_reset(handle)
      throw error
    }
  }

  /// Whether a column of the current row is null.
  public func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }

  /// A column of the current row as an integer; 0 where it is null.
  public func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  /// A column of the current row as a number; 0 where it is null.
  public func real(_ column: Int32) -> Double { unsafe sqlite3_column_double(handle, column) }

  /// A column of the current row as text; empty where it is null.
  public func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  /// The bytes of a column of the current row, text or blob; empty where it is null.
  public func bytes(_ column: Int32) -> [UInt8] {
    // The pointer must be asked for before the length, and is good until the next step
    // (https://www.sqlite.org/c3ref/column_blob.html).
    guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
    let length = Int(unsafe sqlite3_column_bytes(handle, column))
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
  }
}
