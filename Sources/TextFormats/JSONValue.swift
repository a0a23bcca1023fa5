// SPDX-License-Identifier: GPL-3.0-or-later
// A JSON document as a tree, every value with its place, for documents small enough to look around in.

/// A JSON value (RFC 8259) and where it begins.
public struct JSONValue: Sendable, Hashable {
  /// What a value may be.
  public indirect enum Kind: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number.
    case number(JSONNumber)
    /// A text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Members in order; of equal keys only the first is kept.
    case object([Member])
  }

  /// A key of an object with its value.
  public struct Member: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The value.
    public var value: JSONValue
  }

  /// The value.
  public var kind: Kind
  /// The line it begins in, from 1.
  public var line: Int32
  /// The column of its first byte, from 1.
  public var column: Int32

  /// The value of a key of an object; nil for other keys and other kinds.
  /// - Complexity: O(members).
  public subscript(key: String) -> JSONValue? { members?.first { $0.key == key }?.value }

  /// The value at a place of an array; nil beyond it and for other kinds.
  public subscript(index: Int) -> JSONValue? {
    elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
  }

  /// The members of an object; nil for other kinds.
  public var members: [Member]? { if case .object(let members) = kind { members } else { nil } }
  /// The elements of an array; nil for other kinds.
  public var elements: [JSONValue]? { if case .array(let elements) = kind { elements } else { nil } }
  /// A text; nil for other kinds.
  public var string: String? { if case .string(let text) = kind { text } else { nil } }
  /// A truth value; nil for other kinds.
  public var bool: Bool? { if case .bool(let value) = kind { value } else { nil } }
  /// A number, infinite or not a number where the reader tolerates those; nil for other kinds.
  public var double: Double? { if case .number(let number) = kind { number.double } else { nil } }
  /// A number that is whole and fits 64 bits; nil for other numbers and other kinds.
  public var int64: Int64? { if case .number(let number) = kind { number.int64 } else { nil } }
  /// Whether it is `null`.
  public var isNull: Bool { kind == .null }

  /// What the value is, in words for a message: "a text", "an object".
  public var kindName: String {
    switch kind {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a text"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// A problem of this value.
  public func problem(file: String, _ message: String) -> TextProblem {
    TextProblem(file: file, line: Int(line), column: Int(column), message: message)
  }
}

/// A number as JSON writes it.
public struct JSONNumber: Sendable, Hashable {
  /// As it is written.
  public var text: String
  /// The nearest double; not finite only for a bare `Infinity`, `-Infinity` or `NaN` that was tolerated.
  public var double: Double
  /// The number where it is written as a whole one and fits; exact also beyond 2^53.
  public var int64: Int64?
}
