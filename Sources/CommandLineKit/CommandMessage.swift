// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where an error becomes text and exit code.

/// What is printed, where, and with which code the process ends.
public struct CommandMessage: Sendable, Hashable {
  /// The text without its last newline; empty where nothing is to be said.
  public var text: String
  /// Whether it goes to standard error rather than standard output.
  public var isDiagnostic: Bool
  /// The exit code.
  public var exitCode: ExitCode

  init(_ text: String, isDiagnostic: Bool, _ exitCode: ExitCode) {
    self.text = text
    self.isDiagnostic = isDiagnostic
    self.exitCode = exitCode
  }
}

extension ParsableCommand {
  /// What an error thrown by parsing or running says, and the exit code it means.
  ///
  /// - Parameters:
  ///   - error: The error.
  ///   - columns: The width to wrap to; the terminal's where nil.
  public static func message(for error: any Error, columns: Int? = nil) -> CommandMessage {
    let stack: [any ParsableCommand.Type]
    let reason: any Error
    if let error = error as? CommandError {
      (stack, reason) = (error.stack, error.reason)
    } else {
      (stack, reason) = ([self], error)
    }
    let columns = columns ?? Terminal.columns

    switch reason {
    case CleanExit.message(let text):
      return CommandMessage(text, isDiagnostic: false, .success)
    case CleanExit.helpRequest(let command):
      let target = command.flatMap { CommandParser.path(from: self, to: $0) } ?? stack
      return CommandMessage(
        HelpText(stack: target, columns: columns).rendered, isDiagnostic: false, .success)
    case let code as ExitCode:
      return CommandMessage("", isDiagnostic: true, code)
    case let error as ParseError:
      return usageError(error.message, stack, columns)
    case let error as ValidationError:
      return usageError(error.message, stack, columns)
    case let failure as any CommandFailure:
      return CommandMessage(
        failure.lines.joined(separator: "\n"), isDiagnostic: true, failure.exitCode)
    default:
      return CommandMessage(
        "Error: \(reason)\nThis is a bug in \(self.resolvedName), not in its input.", isDiagnostic: true,
        .internalError)
    }
  }

  /// The exit code that an error means.
  public static func exitCode(for error: any Error) -> ExitCode { message(for: error).exitCode }

  /// Prints what an error says and ends the process with its code.
  public static func exit(withError error: any Error) -> Never {
    var message = message(for: error)
    if !message.text.isEmpty {
      if message.isDiagnostic {
        Terminal.writeDiagnostic(styled(message.text) + "\n")
      } else {
        do {
          try Terminal.write(message.text + "\n")
        } catch let failure {
          message = self.message(for: failure)
          Terminal.writeDiagnostic(message.text.isEmpty ? "" : message.text + "\n")
        }
      }
    }
    Terminal.exit(message.exitCode)
  }

  /// A diagnostic with its first word set off where colors are shown.
  private static func styled(_ text: String) -> String {
    guard text.hasPrefix("Error:") else { return text }
    return TextStyle.error.applied(to: "Error:", on: .diagnostics) + text.dropFirst("Error:".count)
  }

  private static func usageError(
    _ text: String, _ stack: [any ParsableCommand.Type], _ columns: Int
  ) -> CommandMessage {
    let help = HelpText(stack: stack, columns: columns)
    // Further lines of one message stand under its first.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n       ")
    let text = """
      Error: \(lines)
      \(help.usage(label: "Usage: "))
      See '\(help.commandLine) --help' for more information.
      """
    return CommandMessage(text, isDiagnostic: true, .usage)
  }
}
