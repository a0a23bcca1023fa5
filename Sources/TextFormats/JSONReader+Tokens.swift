// SPDX-License-Identifier: GPL-3.0-or-later
// The tokens of JSON: where a string, a number or a literal ends, and what its bytes mean.

extension JSONReader {
  /// Reads a string, whose quote is at the present place; its content is still escaped where told.
  mutating func readString() throws(TextProblem) -> (DocumentRange, hasEscapes: Bool) {
    text.position += 1
    let start = text.position - text.retained
    var hasEscapes = false
    var high: UInt8 = 0
    while true {
      var index = text.position
      var byte: UInt8 = 0
      do {
        let bytes = text.bytes.span
        let end = text.end
        while index < end {
          byte = bytes[index]
          if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
          high |= byte
          index += 1
        }
      }
      text.position = index
      if index == text.end {
        if try text.extend() { continue }
        throw text.problem(
          at: text.retained + start - 1, "the quote that opens here is never closed; is the file truncated?")
      }
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        try checkEscape()
        continue
      }
      throw problem(
        byte == 0
          ? "a NUL byte; this is not text: name the text file it was made from"
          : byte == UInt8(ascii: "\n")
            ? "the line ends within a text; is a quote missing?"
            : "a control character within a text; write it as \\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
      )
    }
    let range = start..<text.position - text.retained
    if high >= 0x80, let invalid = ByteSearch.firstInvalidUTF8(in: text.bytes, text.retained + range) {
      throw text.problem(at: invalid, "bytes that are not UTF-8; convert the file to UTF-8")
    }
    text.position += 1
    return (range, hasEscapes)
  }

  /// Checks the escape at the present place and moves behind it.
  private mutating func checkEscape() throws(TextProblem) {
    while text.end - text.position < 2 {
      if try !text.extend() { throw problem("the file ends within an escape; is it truncated?") }
    }
    switch text.bytes[text.position + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      text.position += 2
    case UInt8(ascii: "u"):
      let unit = try codeUnit()
      if unit >= 0xD800, unit < 0xE000 {
        // A high surrogate, and a low one after it.
        let place = mark
        text.position += 6
        while text.end - text.position < 2, try text.extend() {}
        guard unit < 0xDC00, text.end - text.position >= 2, text.bytes[text.position] == UInt8(ascii: "\\"),
          text.bytes[text.position + 1] == UInt8(ascii: "u"), (0xDC00..<0xE000).contains(try codeUnit())
        else { throw problem(at: place, "half of a surrogate pair; both halves are needed") }
      }
      text.position += 6
    default: throw problem("an unknown escape; one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u is needed")
    }
  }

  /// The code unit of the `\uXXXX` at the present place.
  private mutating func codeUnit() throws(TextProblem) -> Int {
    while text.end - text.position < 6 {
      if try !text.extend() { throw problem("the file ends within an escape; is it truncated?") }
    }
    guard let unit = Self.codeUnit(text.bytes, at: text.position) else {
      throw problem("\\u needs four hexadecimal digits")
    }
    return unit
  }

  private static func codeUnit(_ bytes: borrowing [UInt8], at index: Int) -> Int? {
    var unit = 0
    for place in index + 2..<index + 6 {
      switch bytes[place] {
      case 48...57: unit = unit * 16 + Int(bytes[place] - 48)
      case 65...70: unit = unit * 16 + Int(bytes[place] - 55)
      case 97...102: unit = unit * 16 + Int(bytes[place] - 87)
      default: return nil
      }
    }
    return unit
  }

  /// The text of a string that was read and has escapes.
  func unescaped(_ range: DocumentRange) -> String {
    var result: [UInt8] = []
    let range = text.retained + range
    result.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = text.bytes[index]
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        index += 1
        continue
      }
      let escape = text.bytes[index + 1]
      index += 2
      switch escape {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        var scalar = Self.codeUnit(text.bytes, at: index - 2) ?? 0xFFFD
        index += 4
        if scalar >= 0xD800, scalar < 0xDC00, let low = Self.codeUnit(text.bytes, at: index) {
          scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
          index += 6
        }
        result += Array(String(Character(Unicode.Scalar(UInt32(scalar)) ?? "\u{FFFD}")).utf8)
      default: result.append(escape)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Reads one of `true`, `false` and `null`.
  mutating func literal(_ word: StaticString) throws(TextProblem) {
    let count = word.utf8CodeUnitCount
    while text.end - text.position < count {
      if try !text.extend() { throw problem("the file ends within a value; is it truncated?") }
    }
    let found = text.bytes[text.position..<text.position + count]
    guard found.elementsEqual(word.description.utf8) else {
      throw problem("a value is needed here; a text must stand in quotes")
    }
    text.position += count
    expectsComma = true
  }

  /// Reads a number by the grammar of RFC 8259, or one that is not finite where that is tolerated.
  mutating func readNumber() throws(TextProblem) -> DocumentRange {
    let start = text.position - text.retained
    // The bytes of a number end at the first that cannot belong to one.
    while try hasByte(), Self.belongsToNumber(text.bytes[text.position]) { text.position += 1 }
    let range = start..<text.position - text.retained
    let place = text.retained + range
    if !Self.isNumber(text.bytes, place) {
      text.position = place.lowerBound
      if nonFinite(place) != nil {
        guard toleratesNonFinite else {
          let word = String(decoding: text.bytes[place], as: UTF8.self)
          throw problem("a bare \(word), which JSON does not have; write a number, or null")
        }
        text.position = place.upperBound
      } else {
        throw problem(
          range.isEmpty
            ? "a value is needed here; a text must stand in quotes"
            : "'\(TextProblem.excerpt(text.bytes[place]))' is not a value; a number, a text in quotes or true, false or "
              + "null is needed")
      }
    }
    expectsComma = true
    return range
  }

  private static func belongsToNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"): true
    default: false
    }
  }

  private static func isNumber(_ bytes: borrowing [UInt8], _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    let end = range.upperBound
    let span = bytes.span
    func digits() -> Int {
      let start = index
      while index < end, span[index] >= 48, span[index] <= 57 { index += 1 }
      return index - start
    }
    if index < end, span[index] == UInt8(ascii: "-") { index += 1 }
    let startsWithZero = index < end && span[index] == UInt8(ascii: "0")
    let whole = digits()
    guard whole == 1 || (whole > 1 && !startsWithZero) else { return false }
    if index < end, span[index] == UInt8(ascii: ".") {
      index += 1
      guard digits() > 0 else { return false }
    }
    if index < end, span[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < end, span[index] == UInt8(ascii: "+") || span[index] == UInt8(ascii: "-") { index += 1 }
      guard digits() > 0 else { return false }
    }
    return index == end
  }

  private func nonFinite(_ range: Range<Int>) -> Double? {
    switch String(decoding: text.bytes[range], as: UTF8.self) {
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    case "NaN": .nan
    default: nil
    }
  }

  /// The number that bytes write; infinite or not a number only where that is tolerated.
  func double(_ range: Range<Int>) -> Double? {
    DecimalBytes.number(text.bytes, range) ?? (toleratesNonFinite ? nonFinite(range) : nil)
  }

  /// The whole number that bytes write, if it fits.
  func int64(_ range: Range<Int>) -> Int64? {
    DecimalBytes.wholeNumber(text.bytes, range).map(Int64.init)
      ?? Int64(String(decoding: text.bytes[range], as: UTF8.self))
  }
}
