// SPDX-License-Identifier: GPL-3.0-or-later
// Searches in bytes at the speed of the C library, with the bounds checked before.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Searches in arrays of bytes.
enum ByteSearch {
  /// Where `byte` first stands in `range`; nil where it does not.
  static func firstIndex(of byte: UInt8, in bytes: borrowing [UInt8], _ range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a search beyond the bytes")
    return unsafe bytes.withUnsafeBytes { buffer -> Int? in
      guard let base = buffer.baseAddress,
        let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// How often `byte` stands in `range`.
  static func count(of byte: UInt8, in bytes: borrowing [UInt8], _ range: Range<Int>) -> Int {
    var count = 0
    var start = range.lowerBound
    while let found = firstIndex(of: byte, in: bytes, start..<range.upperBound) {
      count += 1
      start = found + 1
    }
    return count
  }

  /// Where the bytes of `range` stop being UTF-8 (RFC 3629); nil where all are.
  static func firstInvalidUTF8(in bytes: borrowing [UInt8], _ range: Range<Int>) -> Int? {
    let span = bytes.span
    var index = range.lowerBound
    let end = range.upperBound
    while index < end {
      let lead = span[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      // The first continuation byte is limited, so that no overlong form, surrogate or scalar past U+10FFFF passes.
      let (length, lowest, highest): (Int, UInt8, UInt8) =
        switch lead {
        case 0xC2...0xDF: (2, 0x80, 0xBF)
        case 0xE0: (3, 0xA0, 0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80, 0xBF)
        case 0xED: (3, 0x80, 0x9F)
        case 0xF0: (4, 0x90, 0xBF)
        case 0xF1...0xF3: (4, 0x80, 0xBF)
        case 0xF4: (4, 0x80, 0x8F)
        default: (0, 0, 0)
        }
      guard length > 0, index + length <= end, (lowest...highest).contains(span[index + 1]) else {
        return index
      }
      for next in index + 2..<max(index + 2, index + length) where span[next] & 0xC0 != 0x80 { return index }
      index += length
    }
    return nil
  }
}
