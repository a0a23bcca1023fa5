// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a checked mapping key by key. A key that is absent or wrong reads as nil; what was wrong is already
// reported.

/// A mapping of a document beside the table that says what it may hold.
public struct MappingView {
  /// Collects what is wrong.
  public let context: DecodingContext
  /// The mapping.
  public let node: YAMLNode
  /// What it may hold.
  public let table: KeyTable
  /// Its dotted path, empty for the root.
  public let path: String

  init(context: DecodingContext, node: YAMLNode, table: KeyTable, path: String) {
    self.context = context
    self.node = node
    self.table = table
    self.path = path
  }

  /// Where the mapping begins.
  public var position: SourcePosition { node.position }

  /// The dotted path of a key of this mapping.
  public func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The value of a key, empty values left out.
  public subscript(key: String) -> YAMLNode? {
    precondition(
      table.named != nil || table.key(key) != nil, "`\(key)` is read but not in the table of \(table.title)")
    guard let value = node[key], !value.isEmpty else { return nil }
    return value
  }

  /// Where the value of a key stands; the mapping's own place where the key is absent.
  public func position(of key: String) -> SourcePosition { node[key]?.position ?? node.position }

  /// The entries whose names the file chose, in its order, empty ones left out.
  public var namedEntries: [YAMLEntry] {
    guard table.named != nil else { return [] }
    return (node.entries ?? []).filter { table.key($0.key) == nil && !$0.value.isEmpty }
  }

  private func shape(_ key: String) -> Shape? { table.key(key)?.shape ?? table.named }

  /// Text.
  public func text(_ key: String) -> String? { self[key].flatMap { context.text($0, key) } }

  /// A name.
  public func identifier(_ key: String) -> String? { self[key].flatMap { context.identifier($0, key) } }

  /// A number within the range of the key's table.
  public func number(_ key: String) -> Double? {
    guard let value = self[key], case .number(let range) = shape(key) else { return nil }
    return context.number(value, key, in: range)
  }

  /// A whole number within the range of the key's table.
  public func integer(_ key: String) -> Int? {
    guard let value = self[key], case .integer(let range) = shape(key) else { return nil }
    return context.integer(value, key, in: range)
  }

  /// `true` or `false`.
  public func boolean(_ key: String) -> Bool? { self[key].flatMap { context.boolean($0, key) } }

  /// One of the words that are `Choice`'s raw values.
  public func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, as type: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    self[key].flatMap { context.choice($0, key, as: type) }
  }

  /// The mapping under a key, checked against the table that the key's shape names.
  public func mapping(_ key: String) -> MappingView? {
    guard let value = self[key], let table = shape(key)?.table else { return nil }
    return context.mapping(value, table, path: path(of: key))
  }

  /// The elements under a key whose shape is a list.
  public func elements(_ key: String) -> [YAMLNode]? {
    guard let value = self[key], case .sequence(_, let count) = shape(key) else { return nil }
    return context.elements(value, path(of: key), count: count)
  }
}

extension Shape {
  /// The table of a mapping, also where a mapping is one of several possible shapes.
  public var table: KeyTable? {
    switch self {
    case .mapping(let table): table
    case .anyOf(let shapes): shapes.lazy.compactMap(\.table).first
    default: nil
    }
  }
}

extension DecodingContext {
  /// The elements of a list with an allowed number of elements.
  public func elements(_ node: YAMLNode, _ name: String, count: ClosedRange<Int>) -> [YAMLNode]? {
    guard let elements = node.elements else {
      report(node.position, "\(name) is \(node.kindInWords)", remedy: "write a list")
      return nil
    }
    guard count.contains(elements.count) else {
      let words =
        count.lowerBound == count.upperBound
        ? "exactly \(count.lowerBound)"
        : elements.count < count.lowerBound ? "at least \(count.lowerBound)" : "at most \(count.upperBound)"
      let have =
        elements.isEmpty ? "is empty" : "has \(elements.count) element\(elements.count == 1 ? "" : "s")"
      report(node.position, "\(name) \(have)", remedy: "give \(words)")
      return nil
    }
    return elements
  }

  /// The numbers of a list of an allowed length.
  public func numbers(
    _ node: YAMLNode, _ name: String, count: ClosedRange<Int>, in range: NumberRange
  ) -> [Double]? {
    guard let elements = elements(node, name, count: count) else { return nil }
    let numbers = elements.compactMap { element -> Double? in
      if element.isEmpty {
        report(element.position, "`\(name)` has an empty element", remedy: "write a number")
      }
      return number(element, name, in: range)
    }
    return numbers.count == elements.count ? numbers : nil
  }
}
