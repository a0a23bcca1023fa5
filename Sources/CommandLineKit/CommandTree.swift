// SPDX-License-Identifier: GPL-3.0-or-later
// All commands of a program as the declarations have them: what the man page and the completions are made
// from, so that a new subcommand is in both without further work.

/// A command with its place in the tree.
struct CommandNode {
  /// The commands from the root to this one.
  let stack: [any ParsableCommand.Type]

  var configuration: CommandConfiguration { stack.last?.configuration ?? CommandConfiguration() }

  /// The names as typed, the program's first.
  var names: [String] { stack.map { $0.resolvedName } }

  /// The command's own parameters.
  var parameters: [Parameter] { stack.last.map { CommandLineKit.parameters(of: $0.init()) } ?? [] }

  var named: [Parameter] { parameters.filter { $0.kind != .positional } }
  var positional: [Parameter] { parameters.filter { $0.kind == .positional } }
  var hasVersion: Bool { CommandParser.version(of: stack) != nil }

  var children: [CommandNode] { configuration.subcommands.map { CommandNode(stack: stack + [$0]) } }

  /// This command and all below it, each before its subcommands.
  var all: [CommandNode] { [self] + children.flatMap(\.all) }
}

/// What may stand for a parameter's value.
enum CompletionKind: Hashable {
  /// One of these.
  case values([String])
  /// The path of a file.
  case file
  /// The path of a folder.
  case folder
  /// Something that nobody can guess.
  case nothing
}

extension Parameter {
  /// What a shell offers for the value: the type's values, or paths where the value's name says so.
  var completion: CompletionKind {
    if !allowedValues.isEmpty { return .values(allowedValues) }
    if !expectation.isEmpty || kind == .flag { return .nothing }
    if ["folder", "directory"].contains(valueName) { return .folder }
    return valueName == "file" || kind == .positional ? .file : .nothing
  }
}
