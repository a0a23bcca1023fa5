// SPDX-License-Identifier: GPL-3.0-or-later
// Where bytes come from: a file, standard input or memory, gzip or not; nobody above needs to know which.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A stream of bytes, decompressed where it begins like gzip.
struct ByteSource: ~Copyable {
  /// Why a stream ends before its time.
  struct Failure: Error {
    var message: String
    var isUnreadable = false
  }

  private enum Origin {
    case descriptor(Int32, owned: Bool)
    case memory([UInt8], next: Int)
  }

  private var origin: Origin
  private var gzip: GzipInflater?
  private var hasBegun = false

  /// The file at `path`; `-` is standard input.
  init(path: String) throws(Failure) {
    if path == "-" {
      origin = .descriptor(STDIN_FILENO, owned: false)
      return
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure(
        message: "cannot be read (\(Self.reason(errno))); name an existing, readable file", isUnreadable: true
      )
    }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw Failure(message: "cannot be read (it is a folder); name a file", isUnreadable: true)
    }
    origin = .descriptor(descriptor, owned: true)
  }

  /// Bytes in memory.
  init(bytes: [UInt8]) { origin = .memory(bytes, next: 0) }

  deinit {
    if case .descriptor(let descriptor, owned: true) = origin { close(descriptor) }
  }

  /// Reads at most `count` bytes into `buffer` from `offset` on; 0 only at the end.
  mutating func read(into buffer: inout [UInt8], at offset: Int, count: Int) throws(Failure) -> Int {
    precondition(offset >= 0 && count > 0 && offset + count <= buffer.count, "a read beyond the buffer")
    if !hasBegun {
      hasBegun = true
      // The first bytes tell gzip; a pipe may hand them over one by one.
      var first = 0
      while first < min(count, 2) {
        let read = try readRaw(into: &buffer, at: offset + first, count: count - first)
        if read == 0 { break }
        first += read
      }
      if first >= 2, buffer[offset] == 0x1f, buffer[offset + 1] == 0x8b {
        gzip = GzipInflater(compressed: buffer[offset..<offset + first])
      } else {
        return first
      }
    }
    guard let inflater = gzip else { return try readRaw(into: &buffer, at: offset, count: count) }
    while true {
      switch inflater.inflate(into: &buffer, at: offset, count: count) {
      case .bytes(let made): return made
      case .end: return 0
      case .failure(let message): throw Failure(message: message)
      case .needsInput:
        var chunk = inflater.takeChunk()
        let read = try readRaw(into: &chunk, at: 0, count: chunk.count)
        inflater.give(chunk, count: read)
      }
    }
  }

  private mutating func readRaw(into buffer: inout [UInt8], at offset: Int, count: Int) throws(Failure) -> Int
  {
    switch origin {
    case .memory(let bytes, let next):
      let taken = min(count, bytes.count - next)
      buffer.replaceSubrange(offset..<offset + taken, with: bytes[next..<next + taken])
      origin = .memory(bytes, next: next + taken)
      return taken
    case .descriptor(let descriptor, _):
      while true {
        let read = unsafe buffer.withUnsafeMutableBytes { bytes in
          unsafe systemRead(descriptor, bytes.baseAddress.map { unsafe $0 + offset }, count)
        }
        if read >= 0 { return read }
        if errno != EINTR {
          throw Failure(message: "cannot be read further (\(Self.reason(errno)))", isUnreadable: true)
        }
      }
    }
  }

  private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

/// POSIX `read`, under a name that no method hides.
@unsafe
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  unsafe read(descriptor, bytes, count)
}
