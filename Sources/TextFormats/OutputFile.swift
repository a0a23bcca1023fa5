// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are whole or absent: written beside their target, and moved there when complete.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file being written, which appears under its name only when it is complete.
///
///     var file = try OutputFile(path: "requests.jsonl")
///     try file.write(bytes)
///     try file.commit()
///
/// Left without `commit`, nothing has changed. A target that is no regular file, such as a pipe or `/dev/null`, is written
/// directly.
public struct OutputFile: ~Copyable {
  /// Why a file cannot be written.
  public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var path: String
    /// The system's reason.
    public var reason: String
    /// Both in a sentence.
    public var description: String { "\(path): cannot be written (\(reason)); name a place that can be" }
  }

  private let path: String
  /// The file beside the target; nil where the target is written directly.
  private let temporary: String?
  private let descriptor: Int32
  private var isCommitted = false

  /// Begins a file.
  /// - Throws: that it cannot be made where it belongs.
  public init(path: String) throws(Problem) {
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR { throw Problem(path: path, reason: "it is a folder") }
    let isDirect = exists && status.st_mode & S_IFMT != S_IFREG
    let name = isDirect ? path : "\(path).writing-\(getpid())"
    let flags = isDirect ? O_WRONLY | O_CLOEXEC : O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    let opened = unsafe open(name, flags, 0o666)
    if opened < 0 { throw Problem(path: path, reason: Self.reason(errno)) }
    self.path = path
    temporary = isDirect ? nil : name
    descriptor = opened
  }

  deinit {
    if isCommitted { return }
    close(descriptor)
    if let temporary { unsafe unlink(temporary) }
  }

  /// Writes bytes behind those written before.
  /// - Throws: that the system takes no more.
  public mutating func write(_ bytes: [UInt8]) throws(Problem) {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe systemWrite(descriptor, buffer.baseAddress.map { unsafe $0 + sent }, bytes.count - sent)
      }
      if count >= 0 {
        sent += count
      } else if errno != EINTR {
        throw Problem(path: path, reason: Self.reason(errno))
      }
    }
  }

  /// Puts the file in its place, in one step.
  /// - Throws: that the last bytes or the move are refused; the target is then as it was.
  public consuming func commit() throws(Problem) {
    if let temporary {
      guard fsync(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
        throw Problem(path: path, reason: Self.reason(errno))
      }
    }
    isCommitted = true
    close(descriptor)
  }

  private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

/// POSIX `write`, under a name that no method hides.
@unsafe
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
