// SPDX-License-Identifier: GPL-3.0-or-later
// Logs that are JSON: a document per request, or pages of them; each format says how one request is read.

import TextFormats

/// How one request is read in a JSON format.
protocol RequestSchema: ~Copyable {
  /// Reads the object at the reader's place, whole, and gives its requests to the sink.
  mutating func read(_ json: inout JSONReader, into sink: inout RecordSink) throws(TextProblem)
}

/// Reads logs that are JSON.
struct JSONRequestParser<Schema: RequestSchema & ~Copyable>: ~Copyable, RequestParser {
  private var json: JSONReader
  private var schema: Schema
  /// Whether documents are pages that hold their requests in an array `data`.
  private let isPaged: Bool
  private let envelope = JSONKeys(["data"])

  init(_ json: consuming JSONReader, _ schema: consuming Schema, isPaged: Bool) {
    self.json = json
    self.schema = schema
    self.isPaged = isPaged
  }

  mutating func recover() throws(TextProblem) { try json.recover() }

  mutating func parse(into sink: inout RecordSink) throws(TextProblem) -> Bool {
    guard try json.nextDocument() else { return false }
    guard isPaged else {
      try schema.read(&json, into: &sink)
      return true
    }
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: envelope, seen: &seen) {
      guard key == 0, try json.peekKind() == .array else {
        try json.skipValue()
        continue
      }
      try json.beginArray()
      while try json.nextElement() {
        try json.skippingBadValue(in: &sink) { (json, sink) throws(TextProblem) in
          try schema.read(&json, into: &sink)
        }
      }
    }
    return true
  }
}

extension JSONReader {
  /// Reads a value among others of a document; where it is refused and may be skipped, goes on behind it.
  mutating func skippingBadValue(
    in sink: inout RecordSink,
    _ read: (inout JSONReader, inout RecordSink) throws(TextProblem) -> Void
  ) throws(TextProblem) {
    let start = mark
    do throws(TextProblem) {
      try read(&self, &sink)
    } catch {
      guard sink.skip(error) else { throw error }
      move(to: start)
      // Throws once more where the JSON itself is broken, so that its end is not known.
      try skipValue()
    }
  }

  /// Reads a number of tokens; nil for `null`.
  mutating func readTokens() throws(TextProblem) -> Int32? {
    let place = mark
    guard let count = try readInt64() else { return nil }
    guard count >= 0, count <= Int64(Int32.max) else {
      throw problem(at: place, "\(count) tokens; a number from 0 to 2,147,483,647 is needed")
    }
    return Int32(count)
  }

  /// Reads a time; nil for `null` and an empty text.
  mutating func readTime(_ times: inout TimeText) throws(TextProblem) -> Int64? {
    let place = mark
    guard let range = try readScalar(), !range.isEmpty else { return nil }
    guard let time = times.nanoseconds(text.bytes, range) else {
      throw problem(
        at: place, "'\(TextProblem.excerpt(text.bytes[range]))' is no time here; \(times.example) is needed")
    }
    return time
  }

  /// Reads a name as its number; 0 for `null`.
  mutating func readName(_ names: inout NameTable, _ what: String) throws(TextProblem) -> UInt16 {
    let place = mark
    guard try peekKind() == .string else {
      if let range = try readScalar() { return try known(names.number(text.bytes, range), what, place) }
      return 0
    }
    guard let name = try readText() else { return 0 }
    return try known(names.number(name), what, place)
  }

  private func known(_ number: UInt16?, _ what: String, _ place: Mark) throws(TextProblem) -> UInt16 {
    guard let number else { throw problem(at: place, "more than 65,535 \(what); is this the right key?") }
    return number
  }

  /// Reads an identity as a hash, whatever its kind; 0 for `null`, an empty text, `{}` and `[]`.
  mutating func readIdentity() throws(TextProblem) -> UInt64 {
    switch try peekKind() {
    case .null:
      try skipValue()
      return 0
    case .string, .object, .array:
      let hash = try hashValue()
      return Self.emptyHashes.contains(hash) ? 0 : hash
    case .number, .bool: return try hashValue()
    }
  }

  private static let emptyHashes = ["\"\"", "{}", "[]"].map { ByteHash.of($0) }
}
