// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a command may throw to end the program, and with which exit code.

/// A process's exit code; thrown, it ends the program without another word.
public struct ExitCode: Error, RawRepresentable, Sendable, Hashable {
  /// The code the shell sees.
  public var rawValue: Int32
  /// An exit code.
  public init(rawValue: Int32) { self.rawValue = rawValue }
  /// An exit code.
  public init(_ code: Int32) { self.rawValue = code }

  /// All went well.
  public static let success = ExitCode(0)
  /// Something worth reporting was found: a threshold was crossed.
  public static let thresholdCrossed = ExitCode(3)
  /// The command line was wrong (`EX_USAGE` of sysexits.h).
  public static let usage = ExitCode(64)
  /// An input file was wrong (`EX_DATAERR`).
  public static let badData = ExitCode(65)
  /// An input file is missing or unreadable (`EX_NOINPUT`).
  public static let missingInput = ExitCode(66)
  /// The program itself is wrong (`EX_SOFTWARE`).
  public static let internalError = ExitCode(70)
  /// An output cannot be written (`EX_CANTCREAT`).
  public static let cannotWrite = ExitCode(73)
  /// Another process holds what is needed; trying again later may help (`EX_TEMPFAIL`).
  public static let locked = ExitCode(75)
}

/// A reason to stop that is to be told on standard error, line by line, with an exit code of its own.
public protocol CommandFailure: Error {
  /// What to print, as it stands.
  var lines: [String] { get }
  /// With which code to end.
  var exitCode: ExitCode { get }
}

/// A failure made on the spot.
public struct ReportedFailure: CommandFailure, Hashable {
  /// What to print, as it stands.
  public var lines: [String]
  /// With which code to end.
  public var exitCode: ExitCode

  /// A failure.
  public init(_ exitCode: ExitCode, lines: [String]) {
    self.lines = lines
    self.exitCode = exitCode
  }

  /// A failure told in one line.
  public init(_ exitCode: ExitCode, _ line: String) { self.init(exitCode, lines: [line]) }
}

/// Thrown by `validate()` or `run()` for what should have been typed differently: exit code 64 with the usage.
public struct ValidationError: Error, Hashable {
  /// What is wrong and what would be right.
  public var message: String

  /// An error told in one or more lines.
  public init(_ message: String) { self.message = message }
}

/// A good reason to end at once.
public enum CleanExit: Error {
  /// Help was asked for, on this command or (nil) on the one being parsed.
  case helpRequest((any ParsableCommand.Type)?)
  /// Something to print on standard output.
  case message(String)
}

/// What is wrong with a command line.
enum ParseError: Error, Hashable {
  case unknownOption(String, suggestion: String?)
  case unknownSubcommand(String, suggestion: String?)
  case optionBeforeSubcommand(String)
  case missingValue(String)
  case missingParameters([String])
  case invalidValue(String, parameter: String, expectation: String, suggestion: String?)
  case valueForFlag(String, String)
  case unexpectedArguments([String])

  var message: String {
    switch self {
    case .unknownOption(let name, let suggestion):
      "Unknown option '\(name)'." + didYouMean(suggestion)
    case .unknownSubcommand(let name, let suggestion):
      "Unknown subcommand '\(name)'." + didYouMean(suggestion)
    case .optionBeforeSubcommand(let name):
      "Unknown option '\(name)'. Options of a subcommand go after its name."
    case .missingValue(let title):
      "Missing value for '\(title)'."
    case .missingParameters(let titles):
      "Missing \(quotedList(titles))."
    case .invalidValue(let text, let title, let expectation, let suggestion):
      "The value '\(text)' is invalid for '\(title)'"
        + (expectation.isEmpty ? "." : ": it must be \(expectation).") + didYouMean(suggestion)
    case .valueForFlag(let name, let value):
      "'\(name)' takes no value, but was given '\(value)'."
    case .unexpectedArguments(let values):
      (values.count == 1 ? "Unexpected argument: " : "Unexpected arguments: ")
        + quotedList(values) + "."
    }
  }

  private func quotedList(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }

  private func didYouMean(_ suggestion: String?) -> String {
    suggestion.map { " Did you mean '\($0)'?" } ?? ""
  }
}

/// An error together with the commands, root first, that were being parsed or run.
struct CommandError: Error {
  var stack: [any ParsableCommand.Type]
  var reason: any Error
}
