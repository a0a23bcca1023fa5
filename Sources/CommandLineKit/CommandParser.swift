// SPDX-License-Identifier: GPL-3.0-or-later
// From arguments to a command: first down the tree of subcommands, then through the command's own parameters.

/// A command ready to run, and the commands that lead to it, root first.
struct ParsedCommand {
  var command: any ParsableCommand
  var stack: [any ParsableCommand.Type]
}

/// Finds the command that the arguments call and fills it in.
enum CommandParser {
  /// Parses and validates.
  ///
  /// - Throws: A `CommandError` that knows which command was being parsed.
  static func parse(root: any ParsableCommand.Type, arguments: [String]) throws(CommandError) -> ParsedCommand
  {
    var stack = [root]
    var rest = arguments[...]
    while let command = stack.last, !command.configuration.subcommands.isEmpty {
      let next = try subcommand(of: command, stack: stack, arguments: rest)
      guard let next else { break }
      stack.append(next.command)
      rest = next.rest
    }
    guard let called = stack.last else { preconditionFailure("the command stack starts with the root") }
    do {
      try answerHelpAndVersion(stack, rest)
      var command: any ParsableCommand = called.init()
      try fill(command, from: Array(rest))
      for source in sources(of: command) { try source.source.validateGroup() }
      try command.validate()
      return ParsedCommand(command: command, stack: stack)
    } catch {
      throw CommandError(stack: stack, reason: error)
    }
  }

  /// The commands from `root` to `target`, both included; nil where there is no such path.
  static func path(
    from root: any ParsableCommand.Type, to target: any ParsableCommand.Type
  ) -> [any ParsableCommand.Type]? {
    if root == target { return [root] }
    for child in root.configuration.subcommands {
      if let below = path(from: child, to: target) { return [root] + below }
    }
    return nil
  }

  /// The subcommand that the first argument names, or the default one; nil where the command itself is called.
  private static func subcommand(
    of command: any ParsableCommand.Type, stack: [any ParsableCommand.Type], arguments: ArraySlice<String>
  ) throws(CommandError) -> (command: any ParsableCommand.Type, rest: ArraySlice<String>)? {
    let children = command.configuration.subcommands
    if let first = arguments.first {
      if let child = children.first(where: { $0.resolvedName == first }) {
        return (child, arguments.dropFirst())
      }
      if first == "help" { throw helpOn(Array(arguments.dropFirst()), below: stack) }
      // Not the command's name, so help and version are the parent's rather than the default subcommand's.
      if ["-h", "--help", "--version"].contains(first) { return nil }
    }
    if let child = command.configuration.defaultSubcommand { return (child, arguments) }
    guard let first = arguments.first, first != "--" else { return nil }
    if first.hasPrefix("-") {
      throw CommandError(stack: stack, reason: ParseError.optionBeforeSubcommand(first))
    }
    throw CommandError(stack: stack, reason: unknownSubcommand(first, among: children))
  }

  /// `help a b`: help on the command that the names lead to.
  private static func helpOn(_ names: [String], below stack: [any ParsableCommand.Type]) -> CommandError {
    var stack = stack
    for name in names where !name.hasPrefix("-") {
      let children = stack.last?.configuration.subcommands ?? []
      guard let child = children.first(where: { $0.resolvedName == name }) else {
        return CommandError(stack: stack, reason: unknownSubcommand(name, among: children))
      }
      stack.append(child)
    }
    return CommandError(stack: stack, reason: CleanExit.helpRequest(nil))
  }

  private static func unknownSubcommand(
    _ name: String, among children: [any ParsableCommand.Type]
  ) -> ParseError {
    .unknownSubcommand(
      name, suggestion: nearestName(to: name, among: children.map { $0.resolvedName } + ["help"]))
  }

  /// Help and version go before every complaint: whoever asks for help may well have got something wrong.
  private static func answerHelpAndVersion(
    _ stack: [any ParsableCommand.Type], _ arguments: ArraySlice<String>
  ) throws {
    let options = arguments.prefix { $0 != "--" }
    if options.contains(where: { $0 == "-h" || $0 == "--help" }) { throw CleanExit.helpRequest(nil) }
    if options.contains("--version"), let version = version(of: stack) { throw CleanExit.message(version) }
  }

  /// What `--version` prints below these commands: the nearest one's version.
  static func version(of stack: [any ParsableCommand.Type]) -> String? {
    stack.last { !$0.configuration.version.isEmpty }?.configuration.version
  }

  /// Reads the arguments into the command's properties.
  private static func fill(_ command: any ParsableCommand, from arguments: [String]) throws(ParseError) {
    let parameters = parameters(of: command)
    precondition(
      type(of: command).configuration.subcommands.isEmpty || parameters.isEmpty,
      "'\(type(of: command).resolvedName)' has subcommands, so it cannot have parameters of its own")
    var reader = ArgumentReader(parameters: parameters, arguments: arguments)
    try reader.read()
    let missing = parameters.filter { $0.isRequired && !$0.isParsed() }
    if !missing.isEmpty { throw .missingParameters(missing.map(\.title)) }
  }
}
