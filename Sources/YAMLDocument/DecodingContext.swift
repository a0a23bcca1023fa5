// SPDX-License-Identifier: GPL-3.0-or-later
// Gathers everything that is wrong with an input while it is decoded, so that a reader mends it in one go.

/// Collects problems and warnings during decoding. A class, because every decoder of one input adds to the
/// same list.
public final class DecodingContext {
  /// The problems so far, in the order found.
  public private(set) var problems: [Diagnostic] = []
  /// What a reader should know though nothing is wrong, in the order found.
  public private(set) var warnings: [Diagnostic] = []
  /// Reads a file that the input names, such as a table of values.
  public let readFile: (String) -> [UInt8]?

  /// An empty collection.
  /// - Parameter readFile: reads a file by path; by default from the file system.
  public init(readFile: @escaping (String) -> [UInt8]? = { InputFile.read($0) }) {
    self.readFile = readFile
  }

  /// Adds a problem.
  public func report(
    _ position: SourcePosition, _ message: String, remedy: String? = nil,
    kind: Diagnostic.Kind = .badData
  ) {
    problems.append(Diagnostic(position, message, remedy: remedy, kind: kind))
  }

  /// Adds a warning.
  public func warn(_ position: SourcePosition, _ message: String, remedy: String? = nil) {
    warnings.append(Diagnostic(position, message, remedy: remedy))
  }

  /// The mapping in `node`, checked against `table`: unknown, missing and empty keys are reported here.
  ///
  /// - Parameter path: the dotted path of the node, empty for the root.
  /// - Returns: nil, with the problem reported, where the node is no mapping.
  public func mapping(_ node: YAMLNode, _ table: KeyTable, path: String) -> MappingView? {
    let place = path.isEmpty ? table.title : path
    guard let entries = node.entries else {
      report(
        node.position, "\(place) is \(node.kindInWords)",
        remedy: "write \(table.title) as a mapping of keys and values")
      return nil
    }
    let view = MappingView(context: self, node: node, table: table, path: path)
    for entry in entries { checkKey(entry, table, place: place) }
    for key in table.keys where key.isRequired && node[key.name] == nil {
      report(
        node.position, "`\(key.name)` is missing from \(place)",
        remedy: "add `\(key.name)`, \(key.summary)")
    }
    checkOneOf(node, table, place: place)
    if view.namedEntries.count < table.namedMinimum {
      report(
        node.position, "\(place) is empty", remedy: "add at least one entry under its \(table.nameMeaning)")
    }
    return view
  }

  private func checkKey(_ entry: YAMLEntry, _ table: KeyTable, place: String) {
    if table.named == nil, table.key(entry.key) == nil {
      report(
        entry.keyPosition, "unknown key `\(entry.key)` in \(place)",
        remedy: NearestName.remedy(
          for: entry.key, among: table.keys.map(\.name), all: "the keys of \(table.title) are"))
    } else if entry.value.isEmpty {
      report(entry.value.position, "`\(entry.key)` has no value", remedy: "give it one or remove the key")
    }
  }

  private func checkOneOf(_ node: YAMLNode, _ table: KeyTable, place: String) {
    guard !table.oneOf.isEmpty else { return }
    let begun = table.oneOf.filter { set in set.contains { node[$0] != nil } }
    let choices = table.oneOf.map { set in set.map { "`\($0)`" }.joined(separator: " with ") }
      .joined(separator: ", ")
    if begun.isEmpty {
      // A misspelled key was reported already; it may be the very one.
      let isKnown = table.named != nil || (node.entries ?? []).allSatisfy { table.key($0.key) != nil }
      if isKnown {
        report(node.position, "\(place) lacks what it must have", remedy: "give one of \(choices)")
      }
    } else if begun.count > 1 {
      let given = begun.compactMap { set in set.first { node[$0] != nil } }
      let names = given.map { "`\($0)`" }.joined(separator: " and ")
      report(node.position, "\(place) gives \(names)", remedy: "keep only one of them")
    } else {
      for name in begun[0] where node[name] == nil {
        let given = begun[0].first { node[$0] != nil } ?? name
        report(node.position, "`\(name)` is missing from \(place)", remedy: "give it beside `\(given)`")
      }
    }
  }
}

/// Text as its key's schema reads it. Every function reports what is wrong and then returns nil.
extension DecodingContext {
  /// The text of a scalar.
  public func text(_ node: YAMLNode, _ name: String) -> String? {
    guard !node.isEmpty else { return nil }
    guard let text = node.text else {
      report(node.position, "`\(name)` is \(node.kindInWords)", remedy: "write text")
      return nil
    }
    return text
  }

  /// The greatest magnitude of a number that is no count. No price, rate or duration comes near it, and products
  /// of several such numbers are still finite.
  static let greatestMagnitude = 1e15

  /// A decimal number within `range`, of at most 1e15.
  public func number(_ node: YAMLNode, _ name: String, in range: NumberRange) -> Double? {
    guard let number = anyNumber(node, name, in: range) else { return nil }
    guard abs(number) <= Self.greatestMagnitude else {
      report(node.position, "`\(name)` is \(node.text ?? "")", remedy: "numbers go up to 1e15")
      return nil
    }
    return number
  }

  /// A finite decimal number within `range`.
  private func anyNumber(_ node: YAMLNode, _ name: String, in range: NumberRange) -> Double? {
    guard !node.isEmpty else { return nil }
    guard let text = node.text else {
      report(node.position, "`\(name)` is \(node.kindInWords)", remedy: "write a number")
      return nil
    }
    guard let number = Self.decimal(text) else {
      report(
        node.position, "`\(name)` is `\(text)`, which is not a number", remedy: Self.numberRemedy(text))
      return nil
    }
    guard range.contains(number) else {
      // People write percentages where a share is meant.
      let isPercentage = range.maximum == 1 && number > 1 && number <= 100
      let hint = isPercentage ? "; \(text) % is \(plain(number / 100))" : ""
      report(node.position, "`\(name)` is \(text)", remedy: "it must be \(range)\(hint)")
      return nil
    }
    return number
  }

  /// A whole number within `range`; `1e6` is one.
  public func integer(_ node: YAMLNode, _ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let number = anyNumber(node, name, in: .any), let text = node.text else { return nil }
    guard let whole = Int(text) ?? Int(exactly: number) else {
      report(node.position, "`\(name)` is \(text)", remedy: "it must be a whole number")
      return nil
    }
    guard range.contains(whole) else {
      let words =
        range.upperBound == .max
        ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
      report(node.position, "`\(name)` is \(text)", remedy: "it must be \(words)")
      return nil
    }
    return whole
  }

  /// `true` or `false`. The other words that YAML 1.1 took for booleans are refused by name.
  public func boolean(_ node: YAMLNode, _ name: String) -> Bool? {
    guard let text = text(node, name) else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      report(node.position, "`\(name)` is `\(text)`", remedy: "write true or false")
      return nil
    }
  }

  /// One of the words that are `Choice`'s raw values.
  public func choice<Choice: RawRepresentable & CaseIterable>(
    _ node: YAMLNode, _ name: String, as type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    guard let text = text(node, name) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    let all = "it must be one of \(words.joined(separator: ", "))"
    let nearest = NearestName.of(text, among: words).map { "did you mean `\($0)`? \(all)" }
    report(node.position, "`\(name)` is `\(text)`", remedy: nearest ?? all)
    return nil
  }

  /// A name: a letter or digit, then letters, digits, `-`, `_` and `.`.
  public func identifier(_ node: YAMLNode, _ name: String) -> String? {
    guard let text = text(node, name) else { return nil }
    guard Self.isIdentifier(text) else {
      report(
        node.position, "`\(name)` is `\(text)`",
        remedy: "a name begins with a letter or digit and has only letters, digits, `-`, `_` and `.`")
      return nil
    }
    return text
  }

  /// Whether `text` may name something: ASCII letters, digits, `-`, `_`, `.`, the first one a letter or
  /// digit.
  public static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetterOrDigit(first), text.utf8.count <= 128 else { return false }
    return text.utf8.allSatisfy { isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// The finite decimal number that `text` spells: digits, sign, point and exponent, nothing else.
  static func decimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
      let number = Double(text), number.isFinite
    else { return nil }
    return number
  }

  /// What to write instead of text that looks like a number to people.
  private static func numberRemedy(_ text: String) -> String {
    let digits = text.filter { $0 != "_" && $0 != "," && $0 != " " && $0 != "'" && $0 != "$" }
    if text.hasSuffix("%"), let percent = decimal(String(digits.dropLast())) {
      return "write \(plain(percent / 100)) for \(text)"
    }
    if digits != text, decimal(digits) != nil { return "write \(digits)" }
    return "write a number such as 3, 0.5 or 1e6"
  }
}
