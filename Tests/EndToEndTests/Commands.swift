// SPDX-License-Identifier: GPL-3.0-or-later
// All subcommands, asked of the program itself, so that a new one cannot be forgotten by a test; and a folder
// in which what help and documents show can be run.

import Foundation
import Testing

/// The program's commands.
enum Commands {
  /// Every command that runs, by the words after the program's name: `["runs", "list"]`.
  static let all = Task { try await below([]) }

  private static func below(_ path: [String]) async throws -> [[String]] {
    let help = try await Program.run(["help"] + path, in: Folder()).output
    let names = entries(of: "SUBCOMMANDS", in: help)
    if names.isEmpty { return [path] }
    var commands: [[String]] = []
    for name in names { commands += try await below(path + [name]) }
    return commands
  }

  /// The first words of a section's entries.
  private static func entries(of title: String, in help: String) -> [String] {
    section(title, in: help).compactMap { line in
      // Continued texts stand far to the right.
      line.hasPrefix("   ") ? nil : line.split(separator: " ").first.map(String.init)
    }
  }

  /// The lines below a heading of the help.
  private static func section(_ title: String, in help: String) -> ArraySlice<String> {
    help.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      .drop { $0 != "\(title):" }.dropFirst().prefix { !$0.isEmpty }
  }

  /// The commands below `EXAMPLES:`, each joined from its lines.
  static func examples(in help: String) -> [String] {
    joined(section("EXAMPLES", in: help).map { $0.trimmingCharacters(in: .whitespaces) })
  }

  /// Lines with those that end in a backslash joined to the next.
  static func joined(_ lines: [String]) -> [String] {
    lines.joined(separator: "\n").replacing(/\\\n */, with: "").split(separator: "\n").map(String.init)
  }

  /// A command line of help or a document made quick: the plan or simulation of a shipped scenario gets a
  /// short horizon and few draws, which go before a redirection because the last override wins.
  static func shortened(_ line: String) -> String {
    let long = [" plan ", " simulate ", " size ", " nightly ", " levers ", " sensitivity "]
    guard long.contains(where: line.contains) else { return line }
    var settings = ["horizon={start: 2026-12, months: 1}", "sampling={draws: 2, simulations: 1}"]
    if line.contains("support-assistant") || line.contains(" nightly ") {
      settings[0] = "horizon={start: 2026-12, months: 1, represent: {windows: 1, window_minutes: 0.5}}"
      if line.contains("--draws") { settings[1] = "sampling={simulations: 1}" }
    }
    // What the line itself sets must stay set.
    let own = settings.filter { !line.contains("--set \($0.prefix { $0 != "=" }).") }
    let words = own.map { " --set '\($0)'" }.joined()
    guard let redirection = line.firstRange(of: " > ") else { return line + words }
    return line.replacingCharacters(in: redirection.lowerBound..<redirection.lowerBound, with: words)
  }

  /// A folder with the repository's `workloads`, traces, and a history of two plans of the shipped scenario.
  static func stage() async throws -> Folder {
    let folder = try Folder()
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: "workloads"),
      withDestinationURL: Program.repository.appending(path: "workloads"))
    for name in ["trace.csv", "my-trace.csv"] { try folder.write(Trace.text, to: name) }
    for seed in [1, 2] {
      let plan = "breakeven plan workloads/support-assistant.yaml --quiet --seed \(seed)"
      let outcome = try await run(shortened(plan), in: folder)
      try #require(outcome.exitCode == 0, "\(outcome.diagnostics)")
    }
    return folder
  }

  /// Runs a line of the shell in which `breakeven` is the program.
  static func run(_ line: String, in folder: Folder) async throws -> Program.Outcome {
    _ = try #require(Program.path, "the program `breakeven` is not beside the tests; build it first")
    return try await Program.shell("breakeven() { \"$PROGRAM\" \"$@\"; }\n\(line)", in: folder)
  }
}
