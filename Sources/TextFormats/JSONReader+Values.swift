// SPDX-License-Identifier: GPL-3.0-or-later
// The values of JSON: strings, numbers, literals, and how any of them is passed over.

extension JSONReader {
  /// What the value at the present place is, by its first byte.
  public enum ValueKind: Sendable {
    /// Begins with `{`.
    case object
    /// Begins with `[`.
    case array
    /// Begins with a quote.
    case string
    /// `true` or `false`.
    case bool
    /// `null`.
    case null
    /// Anything else.
    case number
  }

  /// What the next value is, which stays to be read.
  /// - Throws: that the document ends.
  public mutating func peekKind() throws(TextProblem) -> ValueKind {
    switch try significantByte("a value") {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "n"): .null
    default: .number
    }
  }

  /// Reads a text; nil for `null`.
  /// - Throws: that the value is neither, and what is wrong with the JSON.
  public mutating func readText() throws(TextProblem) -> String? {
    switch try peekKind() {
    case .string:
      let (range, hasEscapes) = try readString()
      expectsComma = true
      return hasEscapes
        ? unescaped(range) : String(decoding: text.bytes[text.retained + range], as: UTF8.self)
    case .null:
      try literal("null")
      return nil
    default: throw problem("a text in quotes is needed here")
    }
  }

  /// Reads a number or a text without escapes as the range of `text.bytes` that spells it, which holds until the reader
  /// goes on; nil for `null`.
  /// - Throws: that the value is of another kind or has escapes, and what is wrong with the JSON.
  public mutating func readScalar() throws(TextProblem) -> Range<Int>? {
    switch try peekKind() {
    case .string:
      let place = mark
      let (range, hasEscapes) = try readString()
      if hasEscapes { throw problem(at: place, "a text without escapes is needed here") }
      expectsComma = true
      return text.retained + range
    case .number:
      let range = try readNumber()
      return text.retained + range
    case .null:
      try literal("null")
      return nil
    default: throw problem("a number or a text in quotes is needed here")
    }
  }

  /// Reads a truth value, also one in quotes; nil for `null`.
  /// - Throws: that the value is neither, and what is wrong with the JSON.
  public mutating func readBool() throws(TextProblem) -> Bool? {
    switch try peekKind() {
    case .bool:
      let value = text.bytes[text.position] == UInt8(ascii: "t")
      try literal(value ? "true" : "false")
      return value
    case .null:
      try literal("null")
      return nil
    case .string:
      let place = mark
      switch try readText()?.lowercased() {
      case "true": return true
      case "false": return false
      default: throw problem(at: place, "true or false is needed here")
      }
    default: throw problem("true or false is needed here")
    }
  }

  /// Reads a number, also one in quotes, as some exports write them; nil for `null` and an empty text.
  /// - Throws: that the value is none, that it is not finite and that is not tolerated, and what is wrong with the JSON.
  public mutating func readDouble() throws(TextProblem) -> Double? {
    try readNumeric { reader, range in reader.double(range) }
  }

  /// Reads a whole number of 64 bits, also one in quotes or written with a zero fraction; nil for `null` and an empty
  /// text.
  /// - Throws: that the value is none, and what is wrong with the JSON.
  public mutating func readInt64() throws(TextProblem) -> Int64? {
    let place = mark
    let value = try readNumeric { (reader, range) -> Int64?? in
      if let whole = reader.int64(range) { return whole }
      return reader.double(range).map { Int64(exactly: $0) }
    }
    guard let value else { return nil }
    guard let whole = value else { throw problem(at: place, "a whole number is needed here") }
    return whole
  }

  private mutating func readNumeric<Value>(
    _ parse: (borrowing JSONReader, Range<Int>) -> Value?
  ) throws(TextProblem) -> Value? {
    switch try peekKind() {
    case .number:
      let range = try readNumber()
      guard let value = parse(self, text.retained + range) else {
        throw text.problem(at: text.retained + range.lowerBound, "a number is needed here")
      }
      return value
    case .null:
      try literal("null")
      return nil
    case .string:
      let (range, _) = try readString()
      expectsComma = true
      if range.isEmpty { return nil }
      guard let value = parse(self, text.retained + range) else {
        throw text.problem(at: text.retained + range.lowerBound, "a number is needed here")
      }
      return value
    default: throw problem("a number is needed here")
    }
  }

  /// Reads an array of whole numbers of at most 64 bits and appends them, negative ones as their two's complement.
  /// - Throws: that the value is no such array.
  /// - Complexity: O(bytes).
  public mutating func readWholeNumbers(into numbers: inout [UInt64]) throws(TextProblem) {
    try beginArray()
    while try nextElement() {
      // The usual element, digits that end within the bytes at hand, is read without leaving this loop.
      var index = text.position
      var value: UInt64 = 0
      do {
        let bytes = text.bytes.span
        let last = min(text.end, index + 18)
        while index < last {
          let digit = bytes[index] &- 48
          if digit > 9 { break }
          value = value &* 10 &+ UInt64(digit)
          index += 1
        }
        if index == last || index == text.position || !Self.endsNumber(bytes[index])
          || (index - text.position > 1 && bytes[text.position] == UInt8(ascii: "0"))
        {
          index = -1
        }
      }
      if index >= 0 {
        text.position = index
        expectsComma = true
        numbers.append(value)
        continue
      }
      let place = mark
      guard try peekKind() == .number else { throw problem("a whole number is needed here") }
      let number = try readNumber()
      let range = text.retained + number
      if let whole = int64(range) {
        numbers.append(UInt64(bitPattern: whole))
      } else if let whole = UInt64(String(decoding: text.bytes[range], as: UTF8.self)) {
        numbers.append(whole)
      } else {
        throw problem(at: place, "a whole number of 64 bits is needed here")
      }
    }
  }

  private static func endsNumber(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: " ")
  }

  /// Passes over a value of any kind, checked but not kept.
  /// - Throws: what is wrong with the JSON.
  /// - Complexity: O(bytes), no memory.
  public mutating func skipValue() throws(TextProblem) {
    let outer = depth
    // One bit per open level, set for objects; 256 levels.
    var isObject: SIMD4<UInt64> = .zero
    while true {
      switch try peekKind() {
      case .object:
        try beginObject()
        isObject[(depth - 1) >> 6] |= 1 << UInt64((depth - 1) & 63)
      case .array:
        try beginArray()
        isObject[(depth - 1) >> 6] &= ~(1 << UInt64((depth - 1) & 63))
      case .string:
        _ = try readString()
        expectsComma = true
      case .bool: try literal(text.bytes[text.position] == UInt8(ascii: "t") ? "true" : "false")
      case .null: try literal("null")
      case .number: _ = try readNumber()
      }
      while depth > outer {
        if isObject[(depth - 1) >> 6] & (1 << UInt64((depth - 1) & 63)) != 0 {
          if try nextKeyForSkip() { break }
        } else if try nextElement() {
          break
        }
      }
      if depth == outer { return }
    }
  }

  /// Moves to a member's value without looking at its key; false at the object's end.
  private mutating func nextKeyForSkip() throws(TextProblem) -> Bool {
    var seen: UInt64 = 0
    return try nextKey(of: Self.noKeys, seen: &seen) != nil
  }

  private static let noKeys = JSONKeys([])

  /// Passes over a value and returns the FNV-1a hash (64 bits; Fowler, Noll and Vo, RFC 9923) of the bytes that write
  /// it: equal for values written alike.
  /// - Throws: what is wrong with the JSON.
  public mutating func hashValue() throws(TextProblem) -> UInt64 {
    _ = try peekKind()
    let start = text.position - text.retained
    try skipValue()
    return ByteHash.of(text.bytes, text.retained + start..<text.position)
  }

  /// Reads a value of any kind as a tree.
  /// - Throws: what is wrong with the JSON.
  public mutating func readValue() throws(TextProblem) -> JSONValue {
    let kind = try peekKind()
    let (line, offset) = text.placeOfPosition()
    func value(_ kind: JSONValue.Kind) -> JSONValue {
      JSONValue(kind: kind, line: Int32(clamping: line), column: Int32(clamping: offset + 1))
    }
    switch kind {
    case .null:
      try literal("null")
      return value(.null)
    case .bool: return value(.bool(try readBool() ?? false))
    case .string: return value(.string(try readText() ?? ""))
    case .number:
      let number = try readNumber()
      let range = text.retained + number
      let written = String(decoding: text.bytes[range], as: UTF8.self)
      guard let double = double(range) else {
        throw text.problem(at: range.lowerBound, "the number \(written) is beyond the largest double")
      }
      return value(.number(JSONNumber(text: written, double: double, int64: int64(range))))
    case .array:
      var elements: [JSONValue] = []
      try beginArray()
      while try nextElement() { elements.append(try readValue()) }
      return value(.array(elements))
    case .object:
      var members: [JSONValue.Member] = []
      var known: Set<String> = []
      try beginObject()
      while let key = try nextKey() {
        let member = JSONValue.Member(key: key, value: try readValue())
        if known.insert(key).inserted { members.append(member) }
      }
      return value(.object(members))
    }
  }

  /// Reads every document of a text as a tree.
  /// - Throws: the first problem.
  public static func documents(_ text: consuming TextReader, toleratesNonFinite: Bool = false)
    throws(TextProblem) -> [JSONValue]
  {
    var reader = JSONReader(text, splitsArrays: false, toleratesNonFinite: toleratesNonFinite)
    var documents: [JSONValue] = []
    while try reader.nextDocument() { documents.append(try reader.readValue()) }
    return documents
  }
}
