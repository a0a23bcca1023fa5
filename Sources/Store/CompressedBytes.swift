// SPDX-License-Identifier: GPL-3.0-or-later
// Result documents are long and alike in every line: a quarter of their length is enough (zlib, RFC 1950).

import CZlib

/// Bytes in the zlib format, which ends with a checksum of its own.
enum CompressedBytes {
  /// The bytes, compressed; nil where zlib finds no memory.
  static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    var length = CZlib.compressBound(UInt(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(length))
    let code = unsafe result.withUnsafeMutableBufferPointer { target in
      unsafe bytes.withUnsafeBufferPointer { source in
        unsafe CZlib.compress2(
          target.baseAddress, &length, source.baseAddress, UInt(source.count), Z_DEFAULT_COMPRESSION)
      }
    }
    guard code == Z_OK else { return nil }
    result.removeSubrange(Int(length)...)
    return result
  }

  /// The bytes as they were; nil where these are damaged, or come to another length.
  static func restored(_ bytes: [UInt8], count: Int) -> [UInt8]? {
    guard count >= 0, count <= mostBytes else { return nil }
    var length = UInt(count)
    var result = [UInt8](repeating: 0, count: count)
    let code = unsafe result.withUnsafeMutableBufferPointer { target in
      unsafe bytes.withUnsafeBufferPointer { source in
        unsafe CZlib.uncompress(target.baseAddress, &length, source.baseAddress, UInt(source.count))
      }
    }
    return code == Z_OK && Int(length) == count ? result : nil
  }

  /// No document is longer: a damaged length must not take all memory.
  private static let mostBytes = 1 << 30
}
