// SPDX-License-Identifier: GPL-3.0-or-later
// One pass over a command's arguments, in the conventions of POSIX and GNU: clusters of short options, `--name=value`,
// `--` before what must not be taken for an option.

/// Hands each argument to the parameter it belongs to.
struct ArgumentReader {
  let parameters: [Parameter]
  let arguments: [String]
  private var position = 0
  private var values: [String] = []

  init(parameters: [Parameter], arguments: [String]) {
    self.parameters = parameters
    self.arguments = arguments
  }

  /// Reads everything, the named parameters first and then the positional ones.
  mutating func read() throws(ParseError) {
    while let argument = next() {
      if argument == "--" {
        values += arguments[position...]
        break
      }
      if argument.hasPrefix("--") {
        try readLong(argument)
      } else if !isValue(argument) {
        try readShort(argument)
      } else {
        values.append(argument)
      }
    }
    try readValues()
  }

  private mutating func next() -> String? {
    guard position < arguments.count else { return nil }
    position += 1
    return arguments[position - 1]
  }

  /// Whether an argument is a value rather than an option: no dash, a dash alone (standard input), or a negative number.
  private func isValue(_ argument: String) -> Bool {
    guard argument.hasPrefix("-"), argument != "-" else { return true }
    guard let letter = argument.dropFirst().first, letter.isNumber || letter == "." else { return false }
    return !parameters.contains { $0.names.contains(.short(letter)) }
  }

  private mutating func readLong(_ argument: String) throws(ParseError) {
    let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = ParameterName.long(parts.first.map(String.init) ?? "")
    try read(name, attached: parts.count > 1 ? String(parts[1]) : nil)
  }

  /// `-q`, `-qv`, `-n 5`, `-n5` and `-n=5`.
  private mutating func readShort(_ argument: String) throws(ParseError) {
    var letters = argument.dropFirst()
    while let letter = letters.popFirst() {
      let name = ParameterName.short(letter)
      let takesValue = parameters.contains { $0.kind == .option && $0.names.contains(name) }
      if takesValue || letters.first == "=" {
        if letters.isEmpty {
          try read(name, attached: nil)
        } else {
          try read(name, attached: String(letters.first == "=" ? letters.dropFirst() : letters))
        }
        return
      }
      try read(name, attached: nil)
    }
  }

  private mutating func read(_ name: ParameterName, attached: String?) throws(ParseError) {
    guard let parameter = parameters.first(where: { ($0.names + $0.inverseNames).contains(name) }) else {
      throw .unknownOption(name.description, suggestion: suggestion(for: name))
    }
    if parameter.kind == .flag {
      if let attached { throw .valueForFlag(name.description, attached) }
      _ = parameter.store(parameter.inverseNames.contains(name) ? "false" : "true")
      return
    }
    if let attached { return try store(attached, in: parameter) }
    guard position < arguments.count, isValue(arguments[position]), let value = next() else {
      throw .missingValue(parameter.title)
    }
    try store(value, in: parameter)
  }

  private mutating func readValues() throws(ParseError) {
    var rest = values[...]
    for parameter in parameters where parameter.kind == .positional {
      repeat {
        guard let value = rest.popFirst() else { break }
        try store(value, in: parameter)
      } while parameter.isRepeating
    }
    if !rest.isEmpty { throw .unexpectedArguments(Array(rest)) }
  }

  private func store(_ text: String, in parameter: Parameter) throws(ParseError) {
    if parameter.store(text) { return }
    let suggestion = nearestName(to: text, among: parameter.allowedValues)
    throw .invalidValue(
      text, parameter: parameter.title, expectation: parameter.expectation, suggestion: suggestion)
  }

  private func suggestion(for name: ParameterName) -> String? {
    guard case .long(let typed) = name else { return nil }
    let known = parameters.flatMap { $0.names + $0.inverseNames }.compactMap { name in
      if case .long(let long) = name { long } else { nil }
    }
    return nearestName(to: typed, among: known + ["help"]).map { "--\($0)" }
  }
}
