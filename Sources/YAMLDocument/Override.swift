// SPDX-License-Identifier: GPL-3.0-or-later
// Lays `path=value` from a command line over a document before it is decoded, so that a what-if passes
// through the same checks as the file.

/// A value to put into a document.
public struct Override: Sendable, Hashable {
  /// Where it goes: keys and list indices joined by dots, a key in quotation marks where it has dots of its
  /// own.
  public var path: String
  /// The value: a YAML flow node, or plain text.
  public var value: String

  /// Splits `path=value` at the first equals sign; nil where there is none or the path is empty.
  public init?(_ argument: String) {
    guard let equals = argument.firstIndex(of: "=") else { return nil }
    path = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
    let isBlank = path.allSatisfy(\.isWhitespace)
    if isBlank { return nil }
  }
}

extension YAMLNode {
  /// Lays overrides over the tree, one after the other. Keys that are not there are made; whether they make
  /// sense is for the decoder to say.
  ///
  /// - Parameters:
  ///   - arguments: texts of the form `path=value`.
  ///   - dottedNames: names with dots that a path may create without quotation marks, such as model ids.
  ///   - context: receives what is wrong.
  public mutating func apply(overrides arguments: [String], dottedNames: [String], context: DecodingContext) {
    for argument in arguments {
      guard let override = Override(argument) else {
        context.report(
          SourcePosition(overrideOf: argument), "an override needs a path and a value",
          remedy: "write --set path=value, such as --set demand.volume=1.2")
        continue
      }
      let place = SourcePosition(overrideOf: override.path)
      guard !override.path.hasSuffix(".") else {
        context.report(place, "the path ends with a dot", remedy: "end it with a key")
        continue
      }
      guard override.path.count(where: { $0 == "." }) <= YAMLDocument.depthLimit else {
        context.report(place, "the path has more than \(YAMLDocument.depthLimit) dots")
        continue
      }
      guard let value = Self.flowNode(override.value, at: place, context: context) else { continue }
      set(
        value, at: override.path[...], whole: override.path, names: dottedNames, place: place,
        context: context)
    }
  }

  /// What stands right of the equals sign: bracketed and quoted text is YAML, all else is taken as it stands.
  private static func flowNode(
    _ text: String, at place: SourcePosition, context: DecodingContext
  ) -> YAMLNode? {
    let trimmed = String(text.drop(while: \.isWhitespace))
    guard let first = trimmed.first, "{[\"'".contains(first) else {
      return YAMLNode(.scalar(trimmed, isPlain: true), at: place)
    }
    return YAMLDocument.parse([UInt8](trimmed.utf8), context: context) { _, _ in place }
  }

  private mutating func set(
    _ value: YAMLNode, at rest: Substring, whole: String, names: [String], place: SourcePosition,
    context: DecodingContext
  ) {
    if rest.isEmpty {
      self = value
      return
    }
    let done = whole.prefix(whole.count - rest.count).dropLast()
    let here = done.isEmpty ? "the file" : String(done)
    switch content {
    case .sequence(var nodes):
      let (segment, next) = Self.split(rest, existing: [], names: [])
      guard let index = Int(segment), nodes.indices.contains(index) else {
        context.report(
          place, "`\(segment)` is no element of \(here)",
          remedy: nodes.isEmpty ? "the list is empty" : "its elements are 0 to \(nodes.count - 1)")
        return
      }
      nodes[index].set(value, at: next, whole: whole, names: names, place: place, context: context)
      content = .sequence(nodes)
    case .mapping(var entries):
      let (key, next) = Self.split(rest, existing: entries.map(\.key), names: names)
      guard !key.isEmpty else {
        context.report(place, "the path has an empty part", remedy: "join keys by single dots")
        return
      }
      if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].value.set(
          value, at: next, whole: whole, names: names, place: place, context: context)
      } else {
        var created = YAMLNode(.mapping([]), at: place)
        created.set(value, at: next, whole: whole, names: names, place: place, context: context)
        entries.append(YAMLEntry(key: key, keyPosition: place, value: created))
      }
      content = .mapping(entries)
    case .scalar:
      guard isEmpty else {
        context.report(
          place, "\(here) is a single value and has no `\(rest)`", remedy: "set \(here) as a whole")
        return
      }
      self = YAMLNode(.mapping([]), at: place)
      set(value, at: rest, whole: whole, names: names, place: place, context: context)
    }
  }

  /// The first key of a path and what follows it. Ids contain dots, so the longest existing key or known name
  /// wins over the text up to the next dot. Quotation marks settle it.
  private static func split(
    _ rest: Substring, existing: [String], names: [String]
  ) -> (key: String, next: Substring) {
    if rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") {
      let key = String(rest[rest.index(after: rest.startIndex)..<end])
      let after = rest[rest.index(after: end)...]
      if after.isEmpty || after.first == "." { return (key, after.dropFirst()) }
    }
    let longest = (existing + names).filter { begins(rest, with: $0) }.max { $0.utf8.count < $1.utf8.count }
    if let longest { return (longest, rest.dropFirst(longest.count).dropFirst()) }
    let key = rest.prefix { $0 != "." }
    return (String(key), rest.dropFirst(key.count).dropFirst())
  }

  private static func begins(_ rest: Substring, with key: String) -> Bool {
    rest == key || rest.hasPrefix(key + ".")
  }
}
