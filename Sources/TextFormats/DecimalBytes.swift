// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers from bytes without a String in between, correctly rounded.

/// Decimal numbers in bytes.
public enum DecimalBytes {
  /// The number that a range writes with 1 to 18 decimal digits and nothing else; nil for any other text.
  @inlinable
  public static func wholeNumber(_ bytes: borrowing [UInt8], _ range: Range<Int>) -> Int? {
    guard !range.isEmpty, range.count <= 18 else { return nil }
    let span = bytes.span
    var value = 0
    var index = range.lowerBound
    while index < range.upperBound {
      let digit = span[index] &- 48
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int(digit)
      index += 1
    }
    return value
  }

  /// The finite number that a range writes with optional sign, digits, optional fraction and exponent; nil for others.
  ///
  /// Exact where the digits are below 2^53 and the power of ten is at most 22, for both are then exact doubles and one
  /// correctly rounded operation joins them (W. D. Clinger, How to read floating point numbers accurately, 1990,
  /// doi:10.1145/93548.93557); else the standard library reads it.
  public static func number(_ bytes: borrowing [UInt8], _ range: Range<Int>) -> Double? {
    let span = bytes.span
    var index = range.lowerBound
    let end = range.upperBound
    let isNegative = index < end && span[index] == UInt8(ascii: "-")
    if index < end, isNegative || span[index] == UInt8(ascii: "+") { index += 1 }
    var digits: UInt64 = 0
    var places = 0
    var count = 0
    var hasPoint = false
    while index < end {
      let byte = span[index]
      if byte >= 48, byte <= 57 {
        if count < 19 {
          digits = digits &* 10 &+ UInt64(byte &- 48)
          if hasPoint { places += 1 }
        }
        count += 1
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    guard count > 0 else { return nil }
    if index == end, count < 19, digits < 1 << 53, places <= 22 {
      let value = Double(digits) / powersOfTen[places]
      return isNegative ? -value : value
    }
    if index < end {
      guard span[index] | 0x20 == UInt8(ascii: "e") else { return nil }
      index += 1
      if index < end, span[index] == UInt8(ascii: "-") || span[index] == UInt8(ascii: "+") { index += 1 }
      guard index < end else { return nil }
      while index < end {
        guard span[index] >= 48, span[index] <= 57 else { return nil }
        index += 1
      }
    }
    guard let value = Double(String(decoding: bytes[range], as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  /// The powers of ten that doubles hold exactly.
  private static let powersOfTen: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { value, _ in value * 10 }
  }
}
