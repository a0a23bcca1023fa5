// SPDX-License-Identifier: GPL-3.0-or-later
// A price book as text, into which entries are laid without touching what else stands there: comments, order and
// layout are the work of whoever keeps the book.

public import YAMLDocument

/// The text of a price book.
public struct PriceBookText: Sendable, Hashable {
  /// What became of the entries laid into a book.
  public struct Changes: Sendable, Hashable {
    /// Entries that were not there, by name.
    public var added: [String] = []
    /// Entries of an earlier import that say something else now, by name.
    public var updated: [String] = []
    /// Entries that say the same already, by name.
    public var unchanged: [String] = []
    /// Entries that somebody else has written and that say something else, by name: they stay.
    public var kept: [String] = []
  }

  /// The book's lines, without their ends.
  private var lines: [String]
  /// The carriage return that ends the lines of the file before the line feed, if they have one.
  private let carriageReturn: String
  /// Whether the file begins with a byte-order mark, which is no part of its first line.
  private let hasMark: Bool
  private let file: String

  /// A book that is yet to be filled.
  public init(comment: String) {
    lines = comment.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.isEmpty ? "#" : "# \($0)"
    }
    carriageReturn = ""
    hasMark = false
    file = "price book"
  }

  /// A book as it stands in a file.
  /// - Throws: what keeps it from being read.
  public init(bytes: [UInt8], file: String) throws(InputProblems) {
    self.file = file
    hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    // By bytes: Swift takes a carriage return with its line feed for one character.
    var parts = bytes.dropFirst(hasMark ? 3 : 0).split(separator: 0x0A, omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    carriageReturn = parts.first?.last == 0x0D ? "\r" : ""
    lines = parts.map { String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self) }
    _ = try root()
  }

  /// Whether there are only comments.
  public var isBlank: Bool { lines.allSatisfy { Self.isBlankOrComment($0) } }

  /// The text.
  public var text: String { (hasMark ? "\u{FEFF}" : "") + body }

  private var body: String { lines.map { $0 + carriageReturn + "\n" }.joined() }

  /// Lays entries into the book.
  ///
  /// - Parameters:
  ///   - title: what the source of an entry begins with that an import may renew.
  ///   - replacesOthers: whether entries that somebody else has written are replaced too.
  /// - Throws: the place where the book's layout cannot take an entry; the book is then as it was.
  /// - Complexity: O(entries × length of the book).
  public mutating func lay(
    _ entries: [BookEntry], title: String, replacesOthers: Bool
  ) throws(InputProblems) -> Changes {
    var changes = Changes()
    var book = self
    for entry in entries {
      let before = try book.root()
      guard let old = Self.node(entry.path, in: before) else {
        try book.put(entry, over: before)
        changes.added.append(entry.name)
        continue
      }
      if BookValue.mapping(entry.fields).matches(old) {
        changes.unchanged.append(entry.name)
      } else if replacesOthers || old["source"]?.text?.hasPrefix(title) == true {
        try book.put(entry, over: before)
        changes.updated.append(entry.name)
      } else {
        changes.kept.append(entry.name)
      }
    }
    self = book
    return changes
  }

  // MARK: Reading

  /// The tree of the text; an empty mapping where there are only comments.
  private func root() throws(InputProblems) -> YAMLNode {
    if isBlank { return YAMLNode(.mapping([]), at: SourcePosition(file: file, line: 1, column: 1)) }
    let context = DecodingContext()
    let root = YAMLDocument.parse([UInt8](body.utf8), file: file, context: context)
    guard let root, context.problems.isEmpty else { throw InputProblems(context.problems) }
    return root
  }

  private static func node(_ path: [String], in root: YAMLNode) -> YAMLNode? {
    var node: YAMLNode? = root
    for key in path { node = node?[key] }
    return node
  }

  private static func isBlankOrComment(_ line: String) -> Bool {
    guard let first = line.first(where: { $0 != " " && $0 != "\t" }) else { return true }
    return first == "#"
  }

  private static func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }

  // MARK: Writing

  /// Puts an entry in its place, and makes sure that nothing else has changed.
  private mutating func put(_ entry: BookEntry, over before: YAMLNode) throws(InputProblems) {
    try write(entry.fields, at: entry.path)
    let after = try root()
    guard let written = Self.node(entry.path, in: after), BookValue.mapping(entry.fields).matches(written),
      Self.isSame(before, after, apartFrom: entry.path[...])
    else {
      throw refusal(
        before.position, entry.path, "cannot be laid into this layout; write keys and values in blocks")
    }
  }

  private func refusal(_ place: SourcePosition, _ path: [String], _ message: String) -> InputProblems {
    InputProblems([Diagnostic(place, "`\(path.joined(separator: "."))` \(message)")])
  }

  private mutating func write(_ fields: [BookField], at path: [String]) throws(InputProblems) {
    var node = try root()
    /// The indentation of the keys that hold `node`; below 0 for the root.
    var outer = -2
    var end = lines.count
    for (depth, key) in path.enumerated() {
      let isLast = depth == path.count - 1
      guard let entry = node.entries?.first(where: { $0.key == key }) else {
        let indent = node.entries?.first.map { $0.keyPosition.column - 1 } ?? outer + 2
        return insert(fields, under: path[depth...], indent: indent, before: end)
      }
      let first = entry.keyPosition.line - 1
      guard entry.keyPosition.column - 1 == Self.indent(lines[first]) else {
        throw refusal(entry.keyPosition, path, "stands within braces; write keys and values in blocks")
      }
      outer = entry.keyPosition.column - 1
      let last = self.end(ofBlockAt: first, indent: outer)
      if isLast {
        lines.replaceSubrange(first..<last, with: BookValue.mapping(fields).lines(key: key, indent: outer))
        return
      }
      if entry.value.isEmpty || isInLine(entry) {
        try unfold(entry, first..<last, path)
        if entry.value.entries?.isEmpty == false { return try write(fields, at: path) }
        return insert(fields, under: path[(depth + 1)...], indent: outer + 2, before: first + 1)
      }
      guard entry.value.entries != nil, entry.value.position.line > entry.keyPosition.line else {
        throw refusal(
          entry.keyPosition, path, "cannot be written: `\(key)` is no mapping of its own; write it out")
      }
      node = entry.value
      end = last
    }
  }

  /// Whether a value stands in braces behind its key.
  private func isInLine(_ entry: YAMLEntry) -> Bool {
    let place = entry.value.position
    guard place.line == entry.keyPosition.line, entry.value.entries != nil else { return false }
    return lines[place.line - 1].unicodeScalars.dropFirst(place.column - 1).first == "{"
  }

  /// Writes a mapping in braces, or nothing at all, as a block.
  private mutating func unfold(_ entry: YAMLEntry, _ range: Range<Int>, _ path: [String])
    throws(InputProblems)
  {
    let indent = entry.keyPosition.column - 1
    let body = (entry.value.entries ?? []).flatMap { Self.block($0, indent: indent + 2) }
    // The braces may hold comments, which would be lost.
    let hasComment = lines[range].contains { $0.contains(" #") }
    if hasComment {
      throw refusal(
        entry.keyPosition, path, "stands in braces with a comment; write keys and values in blocks")
    }
    lines.replaceSubrange(
      range, with: [String(repeating: " ", count: indent) + entry.key + ":"] + body)
  }

  /// A key with its value as lines of a block; values that hold no mapping stay in braces.
  private static func block(_ entry: YAMLEntry, indent: Int) -> [String] {
    let start = String(repeating: " ", count: indent) + entry.key + ":"
    switch entry.value.content {
    case .mapping(let entries) where !entries.isEmpty:
      return [start] + entries.flatMap { block($0, indent: indent + 2) }
    default: return ["\(start) \(inLine(entry.value))"]
    }
  }

  private static func inLine(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let text, let isPlain): isPlain ? text : BookValue.quoted(text)
    case .sequence(let nodes): "[\(nodes.map(inLine).joined(separator: ", "))]"
    case .mapping(let entries):
      "{\(entries.map { "\($0.key): \(inLine($0.value))" }.joined(separator: ", "))}"
    }
  }

  /// The line after the last one of a key's block, without the blank lines and comments that follow it.
  private func end(ofBlockAt first: Int, indent: Int) -> Int {
    var last = first
    var line = first + 1
    while line < lines.count {
      if !Self.isBlankOrComment(lines[line]) {
        if Self.indent(lines[line]) <= indent { break }
        last = line
      }
      line += 1
    }
    return last + 1
  }

  /// Inserts an entry with the keys above it that are missing.
  private mutating func insert(
    _ fields: [BookField], under path: ArraySlice<String>, indent: Int, before end: Int
  ) {
    var value = BookValue.mapping(fields)
    for key in path.dropFirst().reversed() { value = .mapping([BookField(key, value)]) }
    lines.insert(contentsOf: value.lines(key: path.first ?? "", indent: indent), at: end)
  }

  /// Whether two trees say the same but for what stands at a path, with keys in the same order.
  private static func isSame(_ old: YAMLNode, _ new: YAMLNode, apartFrom path: ArraySlice<String>?) -> Bool {
    if let path, path.isEmpty { return true }
    switch (old.content, new.content) {
    case (.scalar(let left, _), .scalar(let right, _)): return left == right
    case (.sequence(let left), .sequence(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy { isSame($0, $1, apartFrom: nil) }
    case (.mapping(let left), .mapping(let right)):
      // A key of the path may be new; it then is the last one.
      let isNew = path.flatMap(\.first).map { key in !left.contains { $0.key == key } } ?? false
      guard right.count == left.count + (isNew ? 1 : 0) else { return false }
      return zip(left, right).allSatisfy { old, new in
        old.key == new.key
          && isSame(old.value, new.value, apartFrom: old.key == path?.first ? path?.dropFirst() : nil)
      }
    // An empty value that has become a mapping.
    case (.scalar, .mapping): return old.isEmpty && path != nil
    default: return false
    }
  }
}
