// SPDX-License-Identifier: GPL-3.0-or-later
// Reads JSON by pulling it: keys that nobody asked for are passed over without being kept, however large their values.

/// A stream of JSON documents: JSON lines, documents one after the other, or the elements of an array.
///
///     var json = JSONReader(try TextReader(path: "requests.jsonl"))
///     let keys = JSONKeys(["timestamp", "input_length"])
///     while try json.nextDocument() {
///       try json.beginObject()
///       var seen: UInt64 = 0
///       while let key = try json.nextKey(of: keys, seen: &seen) {
///         switch key {
///         case 0: time = try json.readDouble()
///         case 1: tokens = try json.readInt64()
///         default: try json.skipValue()
///         }
///       }
///     }
///
/// After `nextKey` and `nextElement` exactly one value is read or skipped. Follows RFC 8259: at most 256 levels, strings
/// in UTF-8 without bare control characters, no trailing commas. Of equal keys the first counts. A bare `Infinity`,
/// `-Infinity` or `NaN`, which some programs write, is refused unless tolerated.
public struct JSONReader: ~Copyable {
  /// The deepest nesting that is read.
  public static let mostLevels = 256

  /// The text, for the place of problems.
  public internal(set) var text: TextReader
  let toleratesNonFinite: Bool
  private let splitsArrays: Bool
  /// Levels open in the present document.
  var depth = 0
  /// Whether a value ended last, so that a comma or a closing bracket must follow.
  var expectsComma = false
  /// Whether the documents are elements of an array that has begun.
  private var isInArray = false
  private var expectsArrayComma = false
  /// Whether the present document has been begun and not finished.
  private var isInDocument = false
  /// Whether documents end with their line, as far as is known.
  private var isLineDelimited = true

  /// A reader of the documents of a text.
  /// - Parameters:
  ///   - splitsArrays: whether the elements of an outermost array are documents by themselves.
  ///   - toleratesNonFinite: whether a bare `Infinity`, `-Infinity` or `NaN` is a number.
  public init(_ text: consuming TextReader, splitsArrays: Bool = true, toleratesNonFinite: Bool = false) {
    self.text = text
    self.splitsArrays = splitsArrays
    self.toleratesNonFinite = toleratesNonFinite
  }

  /// Moves to the next document; false at the end of the text.
  /// - Throws: whatever stands between documents and should not, and the failure of the source.
  public mutating func nextDocument() throws(TextProblem) -> Bool {
    if isInDocument {
      // Its reader has come to its end: otherwise it would have thrown, and `recover` been called.
      precondition(depth == 0, "a document that is left \(depth) levels deep")
      if text.place(of: text.position).line > text.retainedLine { isLineDelimited = false }
    }
    isInDocument = false
    depth = 0
    expectsComma = false
    while true {
      text.retainFromPosition()
      guard try skipSpace() else {
        if isInArray { throw problem("the array of documents is not closed; is the file truncated?") }
        return false
      }
      text.retainFromPosition()
      let byte = text.bytes[text.position]
      if isInArray {
        if byte == UInt8(ascii: "]") {
          text.position += 1
          isInArray = false
          continue
        }
        if expectsArrayComma {
          guard byte == UInt8(ascii: ",") else { throw problem("a comma or ] is needed between documents") }
          text.position += 1
          expectsArrayComma = false
          continue
        }
        expectsArrayComma = true
      } else if splitsArrays, byte == UInt8(ascii: "[") {
        text.position += 1
        isInArray = true
        expectsArrayComma = false
        continue
      }
      isInDocument = true
      return true
    }
  }

  /// Goes on behind a document that was refused: with the next line where documents are lines, else behind the bracket
  /// that closes it.
  /// - Throws: that no such bracket comes, and the failure of the source.
  public mutating func recover() throws(TextProblem) {
    guard isInDocument || depth > 0 else {
      expectsArrayComma = false
      return try text.skipLine()
    }
    if isLineDelimited {
      isInDocument = false
      depth = 0
      expectsArrayComma = false
      return try text.skipLine()
    }
    while depth > 0 {
      guard try hasByte() else { throw problem("the document is not closed; is the file truncated?") }
      switch text.bytes[text.position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        _ = try readString()
        continue
      default: break
      }
      text.position += 1
    }
    isInDocument = false
  }

  /// Goes back to before the present document, so that `nextDocument` moves to it once more.
  public mutating func unreadDocument() {
    text.position = text.retained
    depth = 0
    isInDocument = false
    expectsArrayComma = false
  }

  /// A place within the present document.
  public struct Mark: Sendable {
    let offset: Int
    let depth: Int
    let expectsComma: Bool
  }

  /// The present place, to come back to within the document.
  public var mark: Mark {
    Mark(offset: text.position - text.retained, depth: depth, expectsComma: expectsComma)
  }

  /// Goes to a place within the present document.
  public mutating func move(to mark: Mark) {
    text.position = text.retained + mark.offset
    depth = mark.depth
    expectsComma = mark.expectsComma
  }

  /// A problem of the present place.
  public func problem(_ message: String) -> TextProblem { text.problem(at: text.position, message) }

  /// A problem of a place within the present document.
  public func problem(at mark: Mark, _ message: String) -> TextProblem {
    text.problem(at: text.retained + mark.offset, message)
  }

  /// A problem of the present document, at its beginning.
  public func documentProblem(_ message: String) -> TextProblem { text.problem(at: text.retained, message) }

  /// Whether there is a byte at the present place; reads on where needed.
  @inline(__always)
  mutating func hasByte() throws(TextProblem) -> Bool {
    if text.position < text.end { return true }
    return try text.extend()
  }

  /// Passes over white space; false at the end of the text.
  mutating func skipSpace() throws(TextProblem) -> Bool {
    while try hasByte() {
      let byte = text.bytes[text.position]
      if byte > UInt8(ascii: " ") { return true }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
        throw problem(
          byte == 0
            ? "a NUL byte; this is not text: name the text file it was made from"
            : "a control character between JSON values; remove it")
      }
      text.position += 1
    }
    return false
  }

  /// The next byte that is not white space; the document must not end before it.
  mutating func significantByte(_ expected: String) throws(TextProblem) -> UInt8 {
    guard try skipSpace() else {
      throw problem("the document ends where \(expected) should stand; is the file truncated?")
    }
    return text.bytes[text.position]
  }

  /// Enters an object.
  /// - Throws: that the next value is none.
  public mutating func beginObject() throws(TextProblem) { try begin(UInt8(ascii: "{"), "an object") }

  /// Enters an array.
  /// - Throws: that the next value is none.
  public mutating func beginArray() throws(TextProblem) { try begin(UInt8(ascii: "["), "an array") }

  private mutating func begin(_ bracket: UInt8, _ name: String) throws(TextProblem) {
    guard try significantByte(name) == bracket else { throw problem("\(name) is needed here") }
    guard depth < Self.mostLevels else {
      throw problem("values are nested deeper than \(Self.mostLevels) levels; is this data?")
    }
    depth += 1
    text.position += 1
    expectsComma = false
  }

  /// Moves to the next element of the array entered last; false at its end, which is left.
  /// - Throws: what is wrong with the JSON.
  public mutating func nextElement() throws(TextProblem) -> Bool {
    try nextItem(closing: UInt8(ascii: "]"), "an element or ]")
  }

  /// Moves to the next member of the object entered last; nil at its end, which is left.
  /// - Parameters:
  ///   - keys: the keys asked for.
  ///   - seen: the keys met before in this object, one bit each; 0 at its beginning.
  /// - Returns: the place of the key among those asked for; -1 for any other, and for one that was met before.
  /// - Throws: what is wrong with the JSON.
  public mutating func nextKey(of keys: JSONKeys, seen: inout UInt64) throws(TextProblem) -> Int? {
    guard let (range, hasEscapes) = try nextKeyRange() else { return nil }
    let found =
      hasEscapes ? keys.number(of: unescaped(range)) : keys.number(in: text.bytes, text.retained + range)
    try colon()
    guard let found, seen & (1 << UInt64(found)) == 0 else { return -1 }
    seen |= 1 << UInt64(found)
    return found
  }

  /// Moves to the next member of the object entered last, whatever its key; nil at its end, which is left.
  /// - Throws: what is wrong with the JSON.
  public mutating func nextKey() throws(TextProblem) -> String? {
    guard let (range, hasEscapes) = try nextKeyRange() else { return nil }
    let key =
      hasEscapes ? unescaped(range) : String(decoding: text.bytes[text.retained + range], as: UTF8.self)
    try colon()
    return key
  }

  private mutating func nextKeyRange() throws(TextProblem) -> (DocumentRange, hasEscapes: Bool)? {
    guard try nextItem(closing: UInt8(ascii: "}"), "a key in quotes or }") else { return nil }
    guard text.bytes[text.position] == UInt8(ascii: "\"") else {
      throw problem("a key in quotes is needed here")
    }
    return try readString()
  }

  private mutating func colon() throws(TextProblem) {
    guard try significantByte("a colon") == UInt8(ascii: ":") else {
      throw problem("a colon is needed between a key and its value")
    }
    text.position += 1
    expectsComma = false
    // A mark taken now is the value's own place.
    _ = try significantByte("a value")
  }

  private mutating func nextItem(closing bracket: UInt8, _ expected: String) throws(TextProblem) -> Bool {
    var byte = try significantByte(expected)
    if byte == bracket {
      text.position += 1
      depth -= 1
      expectsComma = true
      return false
    }
    guard expectsComma else { return true }
    guard byte == UInt8(ascii: ",") else {
      throw problem("a comma or \(bracket == UInt8(ascii: "]") ? "]" : "}") is needed here")
    }
    text.position += 1
    byte = try significantByte(expected)
    if byte == bracket { throw problem("nothing follows the comma; remove it") }
    expectsComma = false
    return true
  }
}

/// Keys to look for in objects; at most 64.
public struct JSONKeys: Sendable {
  /// The keys, in the order in which they are numbered.
  public let names: [String]
  private let bytes: [[UInt8]]

  /// Keys, numbered from 0 in this order.
  public init(_ names: [String]) {
    precondition(names.count <= 64, "\(names.count) keys; at most 64")
    self.names = names
    bytes = names.map { Array($0.utf8) }
  }

  /// The number of a key; nil where it is not among these.
  public func number(of name: String) -> Int? { names.firstIndex(of: name) }

  /// The number of the key that a range of bytes spells.
  func number(in text: borrowing [UInt8], _ range: Range<Int>) -> Int? {
    let span = text.span
    next: for index in bytes.indices where bytes[index].count == range.count {
      for offset in 0..<range.count where bytes[index][offset] != span[range.lowerBound + offset] {
        continue next
      }
      return index
    }
    return nil
  }
}

/// A range counted from the beginning of the present document, which reading on does not change.
typealias DocumentRange = Range<Int>

func + (base: Int, range: DocumentRange) -> Range<Int> { base + range.lowerBound..<base + range.upperBound }
