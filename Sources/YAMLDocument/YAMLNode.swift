// SPDX-License-Identifier: GPL-3.0-or-later
// A YAML document as a tree that still knows where everything stood. Scalars stay text: what a text means is
// for the key's schema to say, so that the country code `no` never becomes a boolean.

/// A node of a YAML document, with its place.
public struct YAMLNode: Sendable, Hashable {
  /// What a node holds.
  public enum Content: Sendable, Hashable {
    /// Text. `isPlain` tells text without quotes from quoted text and from block scalars.
    case scalar(String, isPlain: Bool)
    /// A list.
    case sequence([YAMLNode])
    /// Keys with their values, in the file's order; no key twice.
    case mapping([YAMLEntry])
  }

  /// What the node holds.
  public var content: Content
  /// Where it begins.
  public var position: SourcePosition

  /// A node.
  public init(_ content: Content, at position: SourcePosition) {
    self.content = content
    self.position = position
  }

  /// Whether nothing was written where a value should be: an empty plain scalar or `~`.
  public var isEmpty: Bool {
    if case .scalar(let text, isPlain: true) = content { text.isEmpty || text == "~" } else { false }
  }

  /// The text of a scalar; nil for other nodes.
  public var text: String? { if case .scalar(let text, _) = content { text } else { nil } }

  /// The elements of a sequence; nil for other nodes.
  public var elements: [YAMLNode]? { if case .sequence(let nodes) = content { nodes } else { nil } }

  /// The entries of a mapping; nil for other nodes.
  public var entries: [YAMLEntry]? { if case .mapping(let entries) = content { entries } else { nil } }

  /// The value of `key` in a mapping; nil where there is none.
  ///
  /// - Complexity: linear in the mapping's keys.
  public subscript(key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }

  /// What kind of node it is, in words for a message.
  public var kindInWords: String {
    switch content {
    case .scalar: isEmpty ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A key of a mapping with its value.
public struct YAMLEntry: Sendable, Hashable {
  /// The key.
  public var key: String
  /// Where the key stands.
  public var keyPosition: SourcePosition
  /// The value.
  public var value: YAMLNode

  /// A key with its value.
  public init(key: String, keyPosition: SourcePosition, value: YAMLNode) {
    self.key = key
    self.keyPosition = keyPosition
    self.value = value
  }
}
