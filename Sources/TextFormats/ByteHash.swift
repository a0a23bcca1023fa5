// SPDX-License-Identifier: GPL-3.0-or-later
// Tells texts apart without keeping them: prompts in logs are never stored, only their hash.

/// FNV-1a, 64 bits (Fowler, Noll and Vo; RFC 9923).
public enum ByteHash {
  /// The hash of no bytes.
  public static let start: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of a range of bytes, after that of others.
  /// - Returns: never 0, which stands for "unknown".
  /// - Complexity: O(bytes).
  public static func of(_ bytes: borrowing [UInt8], _ range: Range<Int>, after start: UInt64 = start)
    -> UInt64
  {
    let span = bytes.span
    var hash = start
    for index in range { hash = (hash ^ UInt64(span[index])) &* 0x0000_0100_0000_01b3 }
    return hash == 0 ? 1 : hash
  }

  /// The hash of a text's UTF-8, after that of others; never 0.
  public static func of(_ text: String, after start: UInt64 = start) -> UInt64 {
    var hash = start
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash == 0 ? 1 : hash
  }
}
