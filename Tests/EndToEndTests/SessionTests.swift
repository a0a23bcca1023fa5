// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions at the terminal, recorded: for every subcommand its help, a success and an error, letter by
// letter.
//
// A file of `Sessions` is named after its subcommand and holds commands with what they print:
//
//     # why this is here
//     $ breakeven runs show 9
//     ! there is no run 9 in 'reports/breakeven.sqlite'; …      a line of standard error
//     ? 66                                                      the exit code, where it is not 0
//
// To add a command, write its line that begins with `$ `, and record with BREAKEVEN_RECORD=1. The commands of
// a file run one after the other in one folder, which holds `small.yaml`, `spoiled.yaml`, `trace.csv` and
// `workloads`. What differs from day to day, as times, is made the same first.

import Foundation
import Testing

@Suite("Recorded sessions", .timeLimit(.minutes(15)))
struct SessionTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Sessions")
  static let isRecording = ProcessInfo.processInfo.environment["BREAKEVEN_RECORD"] != nil

  /// The files by name, sorted.
  static var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  @Test("a session prints what it printed when it was recorded", arguments: names)
  func session(name: String) async throws {
    let file = Self.folder.appending(path: name)
    let recorded = try String(contentsOf: file, encoding: .utf8)
    let stage = try SmallScenario.folder()
    try stage.write(Trace.text, to: "trace.csv")
    try stage.write(SmallScenario.replacing("rate: 0.5", by: "rat: 0.5"), to: "spoiled.yaml")
    try FileManager.default.createSymbolicLink(
      at: stage.url.appending(path: "workloads"),
      withDestinationURL: Program.repository.appending(path: "workloads"))
    var replayed = ""
    var isAfterComment = false
    for line in recorded.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("$ ") || line.hasPrefix("#") else { continue }
      // A command and the comments before it stand apart from what the one before has printed.
      if !replayed.isEmpty && !isAfterComment { replayed += "\n" }
      replayed += line + "\n"
      isAfterComment = line.hasPrefix("#")
      if isAfterComment { continue }
      let outcome = try await Commands.run(String(line.dropFirst(2)), in: stage)
      replayed += Self.transcript(of: outcome)
    }
    if Self.isRecording {
      try Data(replayed.utf8).write(to: file)
      Issue.record("recorded \(name); run again without BREAKEVEN_RECORD")
    } else {
      #expect(replayed == recorded, "\(name): \(Self.firstDifference(replayed, recorded))")
    }
  }

  @Test("every subcommand has a session with its help, a success and an error")
  func complete() async throws {
    for command in try await Commands.all.value {
      let (name, words) = (command.joined(separator: "-") + ".txt", command.joined(separator: " "))
      let file = Self.folder.appending(path: name)
      guard let text = try? String(contentsOf: file, encoding: .utf8) else {
        if Self.isRecording { try Data("$ breakeven help \(words)\n".utf8).write(to: file) }
        Issue.record("Sessions/\(name) is missing: write `$ breakeven \(words) …` lines there and record")
        continue
      }
      let runs = text.split(separator: "\n$ ").map { $0.hasPrefix("$ ") ? $0.dropFirst(2) : $0[...] }
      #expect(runs.contains { $0.hasPrefix("breakeven help \(words)\n") }, "\(name) has no help")
      let calls = runs.filter { $0.hasPrefix("breakeven \(words)\n") || $0.hasPrefix("breakeven \(words) ") }
      #expect(calls.contains { !$0.contains("\n? ") }, "\(name) has no success")
      #expect(calls.contains { $0.contains("\n? ") }, "\(name) has no error")
    }
  }

  /// What a command did, in the form of a session.
  private static func transcript(of outcome: Program.Outcome) -> String {
    func lines(_ text: String, prefix: String) -> String {
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last == "" { lines.removeLast() }
      return lines.map { prefix + $0 + "\n" }.joined()
    }
    return lines(steady(outcome.output), prefix: "") + lines(steady(outcome.diagnostics), prefix: "! ")
      + (outcome.exitCode == 0 ? "" : "? \(outcome.exitCode)\n")
  }

  /// The text with what differs from day to day, or from one version of SQLite to the next, made the same.
  private static func steady(_ text: String) -> String {
    text.replacing(/20\d\d-\d\d-\d\d([ T])\d\d:\d\d(:\d\dZ)?/) { match in
      "2026-01-01\(match.1)00:00" + (match.2 == nil ? "" : ":00Z")
    }
    .replacing(/[\d.]+\u{202F}[kM]B\b/, with: "100\u{202F}kB")
    .replacing(/Digest" : "[0-9a-f]{64}"/, with: "Digest\" : \"…\"")
  }

  private static func firstDifference(_ new: String, _ old: String) -> String {
    let (new, old) = (new.split(separator: "\n"), old.split(separator: "\n"))
    for (line, (new, old)) in zip(new, old).enumerated() where new != old {
      return "line \(line + 1) that is not empty is\n\(new)\nnot\n\(old)"
    }
    return "\(new.count) lines, not \(old.count)"
  }
}
