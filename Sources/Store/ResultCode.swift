// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite's result codes under the names its manual gives them, so that an error can be looked up.

import CSQLite

/// A result code of SQLite, extended where SQLite says more (https://www.sqlite.org/rescode.html).
public struct ResultCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// The extended code.
  public let rawValue: Int32

  /// A code.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// A page of the file is not what it must be.
  static let corrupt = ResultCode(rawValue: SQLITE_CORRUPT)

  /// The code without its extension: the low byte.
  public var primary: ResultCode { ResultCode(rawValue: rawValue & 0xFF) }

  /// The name in C, such as `SQLITE_CANTOPEN`; that of the primary code, with the number, for a rare
  /// extension.
  public var description: String {
    if let name = Self.names[rawValue] { return name }
    if let name = Self.names[primary.rawValue] { return "\(name) (\(rawValue))" }
    return "SQLite code \(rawValue)"
  }

  /// Whether another connection holds the database; the same call may succeed later.
  public var isLocked: Bool { [SQLITE_BUSY, SQLITE_LOCKED].contains(primary.rawValue) }

  /// Whether the file or its disk cannot be written or opened.
  public var cannotWrite: Bool {
    [SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_IOERR, SQLITE_PERM].contains(primary.rawValue)
  }

  /// Whether a reader failed only because it could not make a file beside the database.
  var needsWritableFolder: Bool {
    rawValue == SQLITE_CANTOPEN || rawValue == Self.extended(SQLITE_READONLY, 5)
      || rawValue == Self.extended(SQLITE_READONLY, 6)
  }

  /// Whether the file is no database, or a broken one.
  public var isDamaged: Bool { [SQLITE_NOTADB, SQLITE_CORRUPT].contains(primary.rawValue) }

  private static let names: [Int32: String] = [
    SQLITE_ERROR: "SQLITE_ERROR", SQLITE_INTERNAL: "SQLITE_INTERNAL", SQLITE_PERM: "SQLITE_PERM",
    SQLITE_ABORT: "SQLITE_ABORT", SQLITE_BUSY: "SQLITE_BUSY", SQLITE_LOCKED: "SQLITE_LOCKED",
    SQLITE_NOMEM: "SQLITE_NOMEM", SQLITE_READONLY: "SQLITE_READONLY", SQLITE_INTERRUPT: "SQLITE_INTERRUPT",
    SQLITE_IOERR: "SQLITE_IOERR", SQLITE_CORRUPT: "SQLITE_CORRUPT", SQLITE_NOTFOUND: "SQLITE_NOTFOUND",
    SQLITE_FULL: "SQLITE_FULL", SQLITE_CANTOPEN: "SQLITE_CANTOPEN", SQLITE_PROTOCOL: "SQLITE_PROTOCOL",
    SQLITE_SCHEMA: "SQLITE_SCHEMA", SQLITE_TOOBIG: "SQLITE_TOOBIG",
    SQLITE_CONSTRAINT: "SQLITE_CONSTRAINT", SQLITE_MISMATCH: "SQLITE_MISMATCH",
    SQLITE_MISUSE: "SQLITE_MISUSE", SQLITE_NOLFS: "SQLITE_NOLFS", SQLITE_AUTH: "SQLITE_AUTH",
    SQLITE_RANGE: "SQLITE_RANGE", SQLITE_NOTADB: "SQLITE_NOTADB",
    extended(SQLITE_BUSY, 1): "SQLITE_BUSY_RECOVERY",
    extended(SQLITE_BUSY, 2): "SQLITE_BUSY_SNAPSHOT",
    extended(SQLITE_READONLY, 1): "SQLITE_READONLY_RECOVERY",
    extended(SQLITE_READONLY, 5): "SQLITE_READONLY_CANTINIT",
    extended(SQLITE_READONLY, 6): "SQLITE_READONLY_DIRECTORY",
    extended(SQLITE_CANTOPEN, 2): "SQLITE_CANTOPEN_ISDIR",
    extended(SQLITE_IOERR, 1): "SQLITE_IOERR_READ",
    extended(SQLITE_IOERR, 2): "SQLITE_IOERR_SHORT_READ",
    extended(SQLITE_IOERR, 3): "SQLITE_IOERR_WRITE",
    extended(SQLITE_IOERR, 4): "SQLITE_IOERR_FSYNC",
    extended(SQLITE_CONSTRAINT, 1): "SQLITE_CONSTRAINT_CHECK",
    extended(SQLITE_CONSTRAINT, 3): "SQLITE_CONSTRAINT_FOREIGNKEY",
    extended(SQLITE_CONSTRAINT, 5): "SQLITE_CONSTRAINT_NOTNULL",
    extended(SQLITE_CONSTRAINT, 6): "SQLITE_CONSTRAINT_PRIMARYKEY",
    extended(SQLITE_CONSTRAINT, 8): "SQLITE_CONSTRAINT_UNIQUE",
    extended(SQLITE_CONSTRAINT, 12): "SQLITE_CONSTRAINT_DATATYPE",
  ]

  /// An extended code as the header composes it; Swift does not import such macros.
  private static func extended(_ primary: Int32, _ extension: Int32) -> Int32 { primary | `extension` << 8 }
}
