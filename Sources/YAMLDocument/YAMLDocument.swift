// SPDX-License-Identifier: GPL-3.0-or-later
// Turns a YAML text into a tree of nodes and refuses what a configuration file has no use for: keys given
// twice, aliases that multiply, several documents, depths that no person writes.

/// Reads YAML texts. The grammar is YAML 1.1 as libyaml reads it, without tags and merge keys.
public enum YAMLDocument {
  /// Most bytes of a text.
  public static let byteLimit = 4 << 20
  /// Most nodes of a tree, each alias counted as all it stands for.
  public static let nodeLimit = 100_000
  /// Most sequences and mappings within one another.
  public static let depthLimit = 64

  /// The tree of the only document in `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: the text, UTF-8.
  ///   - file: the name that positions carry.
  ///   - context: receives every problem found.
  /// - Returns: nil where the syntax is wrong; a tree without the offending parts where only keys are
  ///   given twice or tags are used, so that the rest can be checked as well.
  /// - Complexity: linear in the text, and at most `nodeLimit` nodes.
  public static func parse(_ bytes: [UInt8], file: String, context: DecodingContext) -> YAMLNode? {
    parse(bytes, context: context) { SourcePosition(file: file, line: $0, column: $1) }
  }

  /// The same for text whose positions are made by `position` from line and column.
  static func parse(
    _ bytes: [UInt8], context: DecodingContext, position: (Int, Int) -> SourcePosition
  ) -> YAMLNode? {
    guard isReadable(bytes, context: context, position: position) else { return nil }
    return withoutActuallyEscaping(position) { position in
      guard var builder = TreeBuilder(bytes, context: context, position: position) else {
        context.report(position(1, 1), "there is no memory to read this text")
        return nil
      }
      return builder.document()
    }
  }

  /// Checks what libyaml would pass over or report less clearly.
  private static func isReadable(
    _ bytes: [UInt8], context: DecodingContext, position: (Int, Int) -> SourcePosition
  ) -> Bool {
    if bytes.count > byteLimit {
      context.report(
        position(1, 1), "the text has \(bytes.count) bytes", remedy: "at most \(byteLimit) are read")
      return false
    }
    if let offset = bytes.firstIndex(of: 0) {
      let place = TextPlace.lineAndColumn(ofByte: offset, in: bytes)
      context.report(
        position(place.line, place.column), "there is a NUL byte", remedy: "a YAML file is UTF-8 text")
      return false
    }
    if let offset = firstInvalidByte(bytes) {
      let place = TextPlace.lineAndColumn(ofByte: offset, in: bytes)
      context.report(
        position(place.line, place.column), "this is not valid UTF-8", remedy: "save the file as UTF-8")
      return false
    }
    return true
  }

  /// The offset of the first byte that is not part of valid UTF-8; nil where all is valid.
  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
    return offset
  }
}

/// Builds the tree of one text.
private struct TreeBuilder: ~Copyable {
  private var reader: YAMLEventReader
  private let context: DecodingContext
  private let position: (Int, Int) -> SourcePosition
  private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
  private var nodeCount = 0

  /// Thrown after the problem was reported.
  private struct Refused: Error {}

  init?(_ bytes: [UInt8], context: DecodingContext, position: @escaping (Int, Int) -> SourcePosition) {
    guard let reader = YAMLEventReader(bytes) else { return nil }
    self.reader = reader
    self.context = context
    self.position = position
  }

  mutating func document() -> YAMLNode? {
    var root: YAMLNode?
    do {
      while true {
        let event = try next()
        switch event.kind {
        case .documentStart where root != nil:
          throw refuse(
            event, "a second document begins here", "keep one document per file and drop the `---` line")
        case .documentStart: root = try node(from: next(), depth: 0)
        case .streamEnd:
          guard let root, !root.isEmpty else { throw refuse(event, "the file is empty", nil) }
          return root
        default: break
        }
      }
    } catch {
      return nil
    }
  }

  private mutating func next() throws(Refused) -> YAMLEvent {
    do {
      return try reader.next()
    } catch {
      context.report(
        position(error.line, error.column), "not valid YAML: \(error.problem)",
        remedy: Self.remedy(for: error.problem))
      throw Refused()
    }
  }

  private func refuse(_ event: YAMLEvent, _ message: String, _ remedy: String?) -> Refused {
    context.report(position(event.line, event.column), message, remedy: remedy)
    return Refused()
  }

  private mutating func node(from event: YAMLEvent, depth: Int) throws(Refused) -> YAMLNode {
    let place = position(event.line, event.column)
    nodeCount += 1
    guard nodeCount <= YAMLDocument.nodeLimit else {
      throw refuse(event, "the file has more than \(YAMLDocument.nodeLimit) values", "split it")
    }
    guard depth <= YAMLDocument.depthLimit else {
      throw refuse(
        event, "values are nested more than \(YAMLDocument.depthLimit) deep", "check the brackets")
    }
    let countBefore = nodeCount - 1
    let node: YAMLNode
    let anchor: String?
    switch event.kind {
    case .alias(let name): return try expand(alias: name, event)
    case .scalar(let text, let isPlain, let name, let tag):
      report(tag: tag, event)
      anchor = name
      node = YAMLNode(.scalar(text, isPlain: isPlain), at: place)
    case .sequenceStart(let name, let tag):
      report(tag: tag, event)
      anchor = name
      node = YAMLNode(.sequence(try elements(depth: depth)), at: place)
    case .mappingStart(let name, let tag):
      report(tag: tag, event)
      anchor = name
      node = YAMLNode(.mapping(try entries(depth: depth)), at: place)
    default: throw refuse(event, "a value is missing here", nil)
    }
    if let anchor { anchors[anchor] = (node, nodeCount - countBefore) }
    return node
  }

  private mutating func expand(alias name: String, _ event: YAMLEvent) throws(Refused) -> YAMLNode {
    guard let (node, size) = anchors[name] else {
      throw refuse(
        event, "alias `*\(name)` refers to nothing above it", "define it first with `&\(name)`")
    }
    nodeCount += size - 1
    guard nodeCount <= YAMLDocument.nodeLimit else {
      throw refuse(
        event, "aliases expand to more than \(YAMLDocument.nodeLimit) values", "write the values out")
    }
    return node
  }

  private func report(tag: String?, _ event: YAMLEvent) {
    guard let tag else { return }
    let name = tag.replacing("tag:yaml.org,2002:", with: "!!")
    context.report(
      position(event.line, event.column), "the tag `\(name)` has no meaning here",
      remedy: "remove it: what a value means follows from its key")
  }

  private mutating func elements(depth: Int) throws(Refused) -> [YAMLNode] {
    var nodes: [YAMLNode] = []
    while true {
      let event = try next()
      if case .sequenceEnd = event.kind { return nodes }
      nodes.append(try node(from: event, depth: depth + 1))
    }
  }

  private mutating func entries(depth: Int) throws(Refused) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var lines: [String: Int] = [:]
    while true {
      let keyEvent = try next()
      if case .mappingEnd = keyEvent.kind { return entries }
      let keyPlace = position(keyEvent.line, keyEvent.column)
      let keyNode = try node(from: keyEvent, depth: depth + 1)
      let value = try node(from: next(), depth: depth + 1)
      guard let key = keyNode.text, !key.isEmpty else {
        context.report(keyPlace, "a key must be text, not \(keyNode.kindInWords)")
        continue
      }
      if key == "<<" {
        context.report(
          keyPlace, "merge keys (`<<`) are not read", remedy: "write the keys out, or alias single values")
      } else if let line = lines[key] {
        context.report(
          keyPlace, "key `\(key)` is given twice, first on line \(line)", remedy: "keep one of them")
      } else {
        lines[key] = keyEvent.line
        entries.append(YAMLEntry(key: key, keyPosition: keyPlace, value: value))
      }
    }
  }

  /// What usually lies behind a problem of libyaml's.
  private static func remedy(for problem: String) -> String? {
    switch problem {
    case "found character that cannot start any token":
      "indent with spaces, not tabs; quote text that begins with @, ` or %"
    case "mapping values are not allowed in this context":
      "check the indentation; quote text that contains `: `"
    case "could not find expected ':'": "write `key: value`"
    case "did not find expected key", "did not find expected '-' indicator":
      "check the indentation of this line and of the one before"
    case "did not find expected ',' or ']'": "close the list with `]`"
    case "did not find expected ',' or '}'": "close the mapping with `}`"
    case "found unexpected end of stream": "close the quotation mark"
    default: nil
    }
  }
}
