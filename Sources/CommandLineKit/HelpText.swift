// SPDX-License-Identifier: GPL-3.0-or-later
// A command's help and usage line, from its configuration and its parameters.

/// The help of the last command of a stack.
struct HelpText {
  let stack: [any ParsableCommand.Type]
  let columns: Int
  private let configuration: CommandConfiguration
  private let parameters: [Parameter]

  /// The column in which explanations start.
  private static let explanationColumn = 26

  init(stack: [any ParsableCommand.Type], columns: Int) {
    self.stack = stack
    self.columns = max(columns, 40)
    configuration = stack.last?.configuration ?? CommandConfiguration()
    parameters = stack.last.map { CommandLineKit.parameters(of: $0.init()) } ?? []
  }

  /// The commands' names as typed.
  var commandLine: String { stack.map { $0.resolvedName }.joined(separator: " ") }

  /// The whole text without a last newline.
  var rendered: String {
    var blocks: [String] = []
    if !configuration.abstract.isEmpty {
      blocks.append(wrap(configuration.abstract, first: "OVERVIEW: ", indent: 0, columns: columns))
    }
    if !configuration.discussion.isEmpty {
      blocks.append(wrap(configuration.discussion, indent: 0, columns: columns))
    }
    blocks.append(usage(label: "USAGE: "))
    blocks.append(contentsOf: sections)
    for section in configuration.sections {
      blocks.append(self.section(section.title.uppercased(), section.entries.map { ($0.label, $0.text) }))
    }
    if !configuration.examples.isEmpty {
      blocks.append("EXAMPLES:\n" + configuration.examples.map { "  \($0)" }.joined(separator: "\n"))
    }
    if !configuration.subcommands.isEmpty {
      let name = stack.first?.resolvedName ?? ""
      let path = stack.dropFirst().map { "\($0.resolvedName) " }.joined()
      blocks.append("See '\(name) help \(path)<subcommand>' for the help of a subcommand.")
    }
    return blocks.joined(separator: "\n\n")
  }

  /// The usage line, wrapped under itself.
  func usage(label: String) -> String {
    var words: [String] = []
    let named = parameters.filter { $0.kind != .positional }
    // A line with every option is read by nobody once there are many: those that may be left out become one
    // word.
    let collapses = named.filter { !$0.isRequired }.count > 8
    if collapses { words.append("[options]") }
    for parameter in named where parameter.isRequired || !collapses {
      let text = parameter.title + (parameter.isRepeating ? " ..." : "")
      words.append(parameter.isRequired ? text : "[\(text)]")
    }
    for parameter in parameters where parameter.kind == .positional {
      let text = parameter.title + (parameter.isRepeating ? " ..." : "")
      words.append(parameter.isRequired ? text : "[\(text)]")
    }
    if !configuration.subcommands.isEmpty {
      words.append(configuration.defaultSubcommand == nil ? "<subcommand>" : "[<subcommand>]")
    }
    let start = label + commandLine
    let under = start.unicodeScalars.count + 1
    // Under a long name too little of the line would be left.
    let indent = under <= columns / 3 ? under : 4
    return wrap(words: words, first: start, indent: indent, columns: columns)
  }

  private var sections: [String] {
    var blocks: [String] = []
    let positional = parameters.filter { $0.kind == .positional }
    if !positional.isEmpty { blocks.append(section("ARGUMENTS", positional.map(entry))) }
    let named = parameters.filter { $0.kind != .positional }
    var titles: [String] = []
    for case let title? in named.map(\.section) where !titles.contains(title) { titles.append(title) }
    var general = named.filter { $0.section == nil }.map(entry)
    if CommandParser.version(of: stack) != nil { general.append(("--version", "Show the version.")) }
    general.append(("-h, --help", "Show this help."))
    blocks.append(section("OPTIONS", general))
    for title in titles {
      blocks.append(section(title.uppercased(), named.filter { $0.section == title }.map(entry)))
    }
    if !configuration.subcommands.isEmpty {
      let entries = configuration.subcommands.map { command in
        let isDefault = command == configuration.defaultSubcommand
        return (command.resolvedName + (isDefault ? " (default)" : ""), command.configuration.abstract)
      }
      blocks.append(section("SUBCOMMANDS", entries))
    }
    return blocks
  }

  private func section(_ title: String, _ entries: [(label: String, text: String)]) -> String {
    let lines = entries.map { entry -> String in
      let label = "  " + entry.label
      if entry.text.isEmpty { return label }
      let indent = Self.explanationColumn
      let space = indent - label.unicodeScalars.count
      if space >= 2 {
        let first = label + String(repeating: " ", count: space)
        return wrap(entry.text, first: first, indent: indent, columns: columns)
      }
      let first = String(repeating: " ", count: indent)
      return label + "\n" + wrap(entry.text, first: first, indent: indent, columns: columns)
    }
    return title + ":\n" + lines.joined(separator: "\n")
  }

  /// A parameter as typed, and what it means with its values and default.
  func entry(_ parameter: Parameter) -> (label: String, text: String) {
    var label = (parameter.names + parameter.inverseNames).map(\.description).joined(separator: ", ")
    if parameter.kind == .option { label += " <\(parameter.valueName)>" }
    if parameter.kind == .positional {
      label = parameter.title + (parameter.isRepeating ? " ..." : "")
    }
    var notes: [String] = []
    if !parameter.allowedValues.isEmpty {
      notes.append("values: " + parameter.allowedValues.joined(separator: ", "))
    }
    if let text = parameter.defaultText { notes.append("default: \(text)") }
    if parameter.isRepeating && parameter.kind == .option { notes.append("may be repeated") }
    let text = parameter.help.abstract
    let note = notes.isEmpty ? "" : "(\(notes.joined(separator: "; ")))"
    return (label, text.isEmpty || note.isEmpty ? text + note : "\(text) \(note)")
  }
}
