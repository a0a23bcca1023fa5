// SPDX-License-Identifier: GPL-3.0-or-later
// Decompresses gzip with zlib; all dealings with zlib's pointers are in this file.

import CZlib

/// Decompresses a gzip stream of one or more members (RFC 1952) chunk by chunk.
@safe
final class GzipInflater {
  /// What a call of `inflate` came to.
  enum Outcome {
    case bytes(Int)
    case needsInput
    case end
    case failure(String)
  }

  // zlib keeps the address of its stream, so that it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var chunk: [UInt8]
  /// Where the compressed bytes that are not yet used lie in the chunk.
  private var unused: Range<Int>
  private var isAtEnd = false
  private var isBetweenMembers = false
  private let status: Int32

  /// An inflater that begins with some compressed bytes.
  init(compressed: ArraySlice<UInt8>) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, and 16 to expect a gzip header (zlib.h at inflateInit2).
    status = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    chunk = Array(compressed)
    unused = 0..<compressed.count
    if chunk.count < 1 << 16 { chunk += [UInt8](repeating: 0, count: (1 << 16) - chunk.count) }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// The buffer to read compressed bytes into; `give` brings it back.
  func takeChunk() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &chunk)
    return taken
  }

  /// Takes over `count` compressed bytes; none mean that there are no more.
  func give(_ bytes: [UInt8], count: Int) {
    chunk = bytes
    unused = 0..<count
    isAtEnd = count == 0
  }

  /// Decompresses at most `count` bytes into `buffer` from `offset` on.
  func inflate(into buffer: inout [UInt8], at offset: Int, count: Int) -> Outcome {
    precondition(
      offset >= 0 && count > 0 && offset + count <= buffer.count, "decompressing beyond the buffer")
    guard status == Z_OK else { return .failure("zlib cannot start (code \(status))") }
    while true {
      if unused.isEmpty {
        if !isAtEnd { return .needsInput }
        return isBetweenMembers
          ? .end : .failure("the gzip data ends early; the file is truncated: copy it again, whole")
      }
      if isBetweenMembers {
        // As gzip itself, pass over zeros that fill up a block of a tape or disk.
        if chunk[unused.lowerBound] == 0 {
          unused = unused.lowerBound + 1..<unused.upperBound
          continue
        }
        guard chunk[unused.lowerBound] == 0x1f else {
          return .failure("what follows the gzip data is not gzip; remove it or compress it too")
        }
        unsafe inflateReset(stream)
        isBetweenMembers = false
      }
      let used = unused
      let (code, rest, made) = step(used, into: &buffer, at: offset, count: count)
      unused = used.upperBound - rest..<used.upperBound
      switch code {
      case Z_STREAM_END: isBetweenMembers = true
      case Z_OK, Z_BUF_ERROR: break
      default: return .failure("the gzip data is damaged (zlib code \(code)); copy the file again")
      }
      if made > 0 { return .bytes(made) }
    }
  }

  /// One call of zlib: its code, the compressed bytes it left, the bytes it made.
  private func step(_ used: Range<Int>, into buffer: inout [UInt8], at offset: Int, count: Int) -> (
    code: Int32, rest: Int, made: Int
  ) {
    unsafe chunk.withUnsafeMutableBufferPointer { input in
      unsafe buffer.withUnsafeMutableBufferPointer { output in
        unsafe stream.pointee.next_in = input.baseAddress.map { unsafe $0 + used.lowerBound }
        unsafe stream.pointee.avail_in = UInt32(used.count)
        unsafe stream.pointee.next_out = output.baseAddress.map { unsafe $0 + offset }
        let room = UInt32(min(count, 1 << 30))
        unsafe stream.pointee.avail_out = room
        let code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        return unsafe (code, Int(stream.pointee.avail_in), Int(room - stream.pointee.avail_out))
      }
    }
  }
}
