// SPDX-License-Identifier: GPL-3.0-or-later
// Values as bytes without names: what is stored of a simulation is written by the fields' own declarations
// (`Codable`), so that no field can be forgotten, and takes little more room than its numbers.

/// A value whose bytes are not those that such a value would have.
struct PositionalCodingError: Error {
  let reason: String
}

/// Structs of numbers, booleans, text, arrays and optionals of such, in the order of their declaration.
///
/// Numbers are little-endian: a `Double` IEEE 754 binary64, an integer 64 bits, a `Bool` one byte. An array is its
/// count in 32 bits and its elements; an optional property one byte, 0 or 1, and its value. Text is an array of UTF-8
/// bytes. An array of `Double` is packed (`PackedDoubles`). Whoever reads must know the types.
enum PositionalCoding {
  /// The bytes of a value.
  /// - Throws: where its type is none of those that can be written.
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let sink = ByteSink()
    try sink.write(value)
    return sink.bytes
  }

  /// The value in some bytes, all of them.
  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    let source = ByteSource(bytes)
    let value = try source.read(type)
    guard source.isAtEnd else { throw PositionalCodingError(reason: "bytes are left over") }
    return value
  }
}

/// An array seen without the type of its elements.
private protocol ElementSequence {
  func write(to sink: ByteSink) throws
  static func read(from source: ByteSource) throws -> Any
}

extension Array: ElementSequence where Element: Codable {
  fileprivate func write(to sink: ByteSink) throws {
    sink.append(UInt32(count))
    for element in self { try sink.write(element) }
  }

  fileprivate static func read(from source: ByteSource) throws -> Any {
    let count = Int(try source.integer(UInt32.self))
    var elements: [Element] = []
    for _ in 0..<count { elements.append(try source.read(Element.self)) }
    return elements
  }
}

/// Where bytes go. A class, because an encoder and its containers share it.
final class ByteSink {
  private(set) var bytes: [UInt8] = []

  func append(_ number: some FixedWidthInteger) {
    var rest = number
    for _ in 0..<(rest.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      if rest.bitWidth > 8 { rest >>= 8 }
    }
  }

  fileprivate func write<Value: Encodable>(_ value: Value) throws {
    switch value {
    case let number as Double: append(number.bitPattern)
    case let number as Int: append(Int64(number))
    case let flag as Bool: append(UInt8(flag ? 1 : 0))
    case let text as String: try Array(text.utf8).write(to: self)
    case let byte as UInt8: append(byte)
    // By its type: an empty array can be cast to one of anything.
    case let numbers as [Double] where Value.self == [Double].self: PackedDoubles.write(numbers, to: self)
    case let elements as any ElementSequence: try elements.write(to: self)
    default: try value.encode(to: PositionalEncoder(sink: self))
    }
  }
}

/// Where bytes come from.
final class ByteSource {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    let width = Number.bitWidth / 8
    guard bytes.count - position >= width else { throw PositionalCodingError(reason: "bytes are missing") }
    var bits: UInt64 = 0
    for offset in 0..<width { bits |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
    position += width
    return Number(truncatingIfNeeded: bits)
  }

  /// So many numbers, one after the other.
  func doubles(_ count: Int) throws -> [Double] {
    guard (bytes.count - position) / 8 >= count else {
      throw PositionalCodingError(reason: "bytes are missing")
    }
    let start = position
    position += 8 * count
    return (0..<count).map { index in
      var bits: UInt64 = 0
      for offset in 0..<8 { bits |= UInt64(bytes[start + 8 * index + offset]) << UInt64(8 * offset) }
      return Double(bitPattern: bits)
    }
  }

  fileprivate func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value: Any =
      switch type {
      case is Double.Type: Double(bitPattern: try integer(UInt64.self))
      case is Int.Type: Int(try integer(Int64.self))
      case is Bool.Type: try integer(UInt8.self) != 0
      case is String.Type: String(decoding: try read([UInt8].self), as: UTF8.self)
      case is UInt8.Type: try integer(UInt8.self)
      case is [Double].Type: try PackedDoubles.read(from: self)
      case let array as any ElementSequence.Type: try array.read(from: self)
      default: try type.init(from: PositionalDecoder(source: self))
      }
    guard let value = value as? Value else { throw PositionalCodingError(reason: "no \(type)") }
    return value
  }
}

/// The standard library's way into a type's own declaration, for structs alone.
private struct PositionalEncoder: Encoder {
  let sink: ByteSink
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Fields<Key>(sink: sink))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    preconditionFailure("a type that writes itself as a list cannot be stored")
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    preconditionFailure("a type that writes itself as one value cannot be stored")
  }

  struct Fields<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let sink: ByteSink
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) throws { throw PositionalCodingError(reason: "a bare nil") }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try sink.write(value) }

    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
      sink.append(UInt8(value == nil ? 0 : 1))
      if let value { try sink.write(value) }
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
      KeyedEncodingContainer(Fields<Nested>(sink: sink))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      preconditionFailure("a list under a key of its own cannot be stored")
    }

    func superEncoder() -> any Encoder { PositionalEncoder(sink: sink) }
    func superEncoder(forKey key: Key) -> any Encoder { PositionalEncoder(sink: sink) }
  }
}

/// The same way back.
private struct PositionalDecoder: Decoder {
  let source: ByteSource
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Fields<Key>(source: source))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw PositionalCodingError(reason: "a list")
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    throw PositionalCodingError(reason: "one value")
  }

  struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let source: ByteSource
    var codingPath: [any CodingKey] { [] }
    /// Fields have places, not names.
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) throws -> Bool { throw PositionalCodingError(reason: "a bare nil") }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      try source.read(type)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
      try source.integer(UInt8.self) == 0 ? nil : try source.read(type)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      KeyedDecodingContainer(Fields<Nested>(source: source))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      throw PositionalCodingError(reason: "a list under a key")
    }

    func superDecoder() throws -> any Decoder { PositionalDecoder(source: source) }
    func superDecoder(forKey key: Key) throws -> any Decoder { PositionalDecoder(source: source) }
  }
}
