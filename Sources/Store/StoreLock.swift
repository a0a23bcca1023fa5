// SPDX-License-Identifier: GPL-3.0-or-later
// One nightly run at a time on a store. The lock is the kernel's, on a file beside the database, so that it ends with the
// process that holds it however that ends; what the file says is for people.

import Foundation

/// A lock that its holder keeps as long as it lives. Other runs on the same store are not held up by it.
public struct StoreLock: ~Copyable {
  private let descriptor: Int32

  /// The file that the lock of a database is taken on. It stays when the lock is given back: whoever deleted it could
  /// delete one that another process has just taken.
  public static func file(of database: String) -> String { database + ".nightly" }

  /// Takes the lock of a database, at once or not at all.
  /// - Parameters:
  ///   - database: the database's path; it need not be there yet, but its folder.
  ///   - now: the time, ISO 8601 in UTC, for whoever meets the lock.
  /// - Throws: `held` where another process has it; `cannotReplace` where the file cannot be made.
  public init(database: String, now: String) throws(StoreError) {
    let path = Self.file(of: database)
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
    // flock(2): let go when the last descriptor of this opening is closed, at the latest when the process ends.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isHeld = errno == EWOULDBLOCK
      let error = isHeld ? StoreError.held(path: database, holder: Self.words(in: path)) : Self.failure(path)
      close(descriptor)
      throw error
    }
    let host = ProcessInfo.processInfo.hostName
    let words = [UInt8]("process \(getpid()) on \(host) since \(now)\n".utf8)
    let isWritten = unsafe words.withUnsafeBytes { bytes in
      unsafe ftruncate(descriptor, 0) == 0 && write(descriptor, bytes.baseAddress, bytes.count) == bytes.count
    }
    guard isWritten else {
      let error = Self.failure(path)
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Who holds the lock, as its file says; one who has just taken it may not have written yet.
  private static func words(in path: String) -> String {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.prefix { $0 != "\n" }.prefix(200)
    return line.isEmpty ? "a process that has just begun" : String(line)
  }

  private static func failure(_ path: String) -> StoreError {
    .cannotReplace(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}
