// SPDX-License-Identifier: GPL-3.0-or-later
// The entry points: parse alone, as tests do, or parse, run and end the process.

extension ParsableCommand {
  /// Parses and validates arguments with this command as the root, and runs nothing.
  ///
  /// - Parameter arguments: What follows the program's name; the process's own arguments where nil.
  /// - Returns: The command or subcommand the arguments call, filled in and validated.
  /// - Throws: Errors for `message(for:)`, which knows how to print them.
  public static func parseAsRoot(_ arguments: [String]? = nil) throws -> any ParsableCommand {
    try CommandParser.parse(root: self, arguments: arguments ?? processArguments()).command
  }

  /// Parses and validates arguments that call this very command.
  ///
  /// - Parameter arguments: What follows the program's name; the process's own arguments where nil.
  /// - Throws: As `parseAsRoot(_:)`, and a usage error where the arguments call one of its subcommands.
  public static func parse(_ arguments: [String]? = nil) throws -> Self {
    let parsed = try CommandParser.parse(root: self, arguments: arguments ?? processArguments())
    guard let command = parsed.command as? Self else {
      throw CommandError(
        stack: parsed.stack,
        reason: ValidationError("'\(Self.resolvedName)' itself was expected, not a subcommand of it"))
    }
    return command
  }

  /// Parses, validates and runs; ends the process with the right exit code when something is thrown.
  ///
  /// - Parameter arguments: What follows the program's name; the process's own arguments where nil.
  public static func main(_ arguments: [String]?) {
    do {
      var parsed = try CommandParser.parse(root: self, arguments: arguments ?? processArguments())
      do {
        try parsed.command.run()
      } catch {
        throw CommandError(stack: parsed.stack, reason: error)
      }
    } catch {
      exit(withError: error)
    }
  }

  /// The program's entry point, for `@main`.
  public static func main() { main(nil) }

  /// The help text of a command below this one, or of this one.
  ///
  /// - Parameters:
  ///   - command: The command to explain; this one where nil.
  ///   - columns: The width to wrap to; the terminal's where nil.
  public static func helpMessage(for command: (any ParsableCommand.Type)? = nil, columns: Int? = nil)
    -> String
  {
    let stack = CommandParser.path(from: self, to: command ?? self) ?? [command ?? self]
    return HelpText(stack: stack, columns: columns ?? Terminal.columns).rendered
  }

  private static func processArguments() -> [String] { Array(CommandLine.arguments.dropFirst()) }
}
