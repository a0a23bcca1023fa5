// SPDX-License-Identifier: GPL-3.0-or-later
// Every command that README.md and docs/ show is run, and where its output is shown, that is what it prints.
//
// Taken are blocks of code, indented or fenced, in which a line begins with `$ breakeven` (what follows is
// its output) or with `breakeven` (nothing but commands). A comment `<!-- not run: why -->` on the line
// before a block leaves it out. The commands of a document run one after the other in one folder. Plans and
// simulations of the shipped scenarios are shortened; what they print is then not compared.

import Foundation
import Testing

@Suite("Commands in the documents", .timeLimit(.minutes(15)))
struct DocumentTests {
  /// The documents' paths in the repository, sorted.
  static let documents: [String] =
    ["README.md"]
    + ((try? FileManager.default.contentsOfDirectory(atPath: Program.repository.appending(path: "docs").path))
    ?? [])
    .filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }

  /// A command that a document shows.
  struct Shown: Sendable, Equatable {
    var line: Int
    var command: String
    /// Nil where no output is shown.
    var output: String?
  }

  @Test("every command runs, and prints what the document shows", arguments: documents)
  func commands(document: String) async throws {
    let text = try String(contentsOf: Program.repository.appending(path: document), encoding: .utf8)
    let shown = Self.commands(in: text)
    if shown.isEmpty { return }
    let stage = try await Commands.stage()
    for item in shown {
      let line = Commands.shortened(item.command)
      let outcome = try await Commands.run("{ \(line)\n} 2>&1", in: stage)
      guard let expected = item.output else {
        #expect(outcome.exitCode == 0, "\(document):\(item.line): \(item.command)\n\(outcome.output)")
        continue
      }
      #expect(outcome.exitCode < 126, "\(document):\(item.line): \(item.command)\n\(outcome.output)")
      if line != item.command && item.command.contains(" plan ") { continue }
      // As it was typed, for its output is shown.
      let whole =
        line == item.command ? outcome : try await Commands.run("{ \(item.command)\n} 2>&1", in: stage)
      #expect(
        Self.agrees(whole.output, with: expected),
        "\(document):\(item.line): `\(item.command)` prints\n\(whole.output)")
    }
  }

  @Test("the commands of a document are found, with their places and outputs")
  func finding() {
    let text = """
      Text with `breakeven plan` in it.

          $ breakeven calc --gpus 2 \\
              --json
          one
            two
          $ sqlite3 x
          none of ours

          $ breakeven schema

      ```sh
      cd somewhere
      breakeven runs list
      ```

      <!-- not run: it needs a cluster -->

          breakeven deploy

          $ echo breakeven
      """
    #expect(
      Self.commands(in: text) == [
        Shown(line: 3, command: "breakeven calc --gpus 2 --json", output: "one\n  two"),
        Shown(line: 10, command: "breakeven schema", output: nil),
        Shown(line: 14, command: "breakeven runs list", output: nil),
      ])
    #expect(Self.agrees("a  b\nc d\n", with: "a b c\nd"))
    #expect(Self.agrees("a\nb\nc\n", with: "a\n…\nc") && !Self.agrees("a\nb\n", with: "a\n…\nc"))
    #expect(!Self.agrees("a b", with: "a"))
  }

  /// Whether a text is what a document shows of it: spaces and line breaks count as one, `…` stands for
  /// anything.
  private static func agrees(_ printed: String, with shown: String) -> Bool {
    func words(_ text: String) -> String {
      text.replacing("\u{202F}", with: " ").split { $0.isWhitespace }.joined(separator: " ")
    }
    let parts = words(shown).split(separator: "…", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    var rest = words(printed)[...]
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1 && !part.isEmpty {
        guard rest.hasSuffix(part), index > 0 || rest == part else { return false }
        rest = rest.dropFirst(rest.count)
      } else if part.isEmpty {
        continue
      } else if index == 0 {
        guard rest.hasPrefix(part) else { return false }
        rest = rest.dropFirst(part.count)
      } else {
        guard let range = rest.firstRange(of: part) else { return false }
        rest = rest[range.upperBound...]
      }
    }
    return parts.last == "" || rest.isEmpty
  }

  /// The commands that a Markdown text shows.
  static func commands(in text: String) -> [Shown] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var shown: [Shown] = []
    var block: [(line: Int, text: String)] = []
    var isFenced = false
    var isLeftOut = false
    func close() {
      if !isLeftOut { shown += commands(of: block) }
      if !block.isEmpty { isLeftOut = false }
      block = []
    }
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("```") {
        close()
        isFenced.toggle()
      } else if isFenced || line.hasPrefix("    ") {
        block.append((index + 1, isFenced ? line : String(line.dropFirst(4))))
      } else if line.isEmpty && !block.isEmpty {
        // An indented block may go on after an empty line.
        block.append((index + 1, ""))
      } else if !line.isEmpty {
        close()
        isLeftOut = line.hasPrefix("<!-- not run: ") && line.hasSuffix(" -->")
      }
    }
    close()
    return shown
  }

  private static func commands(of block: [(line: Int, text: String)]) -> [Shown] {
    let isSession = block.contains { $0.text.hasPrefix("$ ") }
    var shown: [Shown] = []
    var isContinued = false
    var isOurs = false
    for (line, text) in block {
      let start = isSession ? "$ " : ""
      if isContinued, isOurs, let last = shown.indices.last {
        shown[last].command += text.trimmingCharacters(in: .whitespaces)
      } else if !isContinued && text.hasPrefix(start) && (isSession || text.hasPrefix("breakeven")) {
        isOurs = text.hasPrefix(start + "breakeven ")
        if isOurs { shown.append(Shown(line: line, command: String(text.dropFirst(start.count)))) }
      } else if !isContinued && isSession && isOurs, let last = shown.indices.last {
        shown[last].output = (shown[last].output.map { $0 + "\n" } ?? "") + text
      }
      isContinued = text.hasSuffix("\\")
      if isContinued, isOurs, let last = shown.indices.last, shown[last].command.hasSuffix("\\") {
        shown[last].command.removeLast()
      }
    }
    for index in shown.indices {
      let output = shown[index].output?.trimmingCharacters(in: .newlines)
      shown[index].output = output?.isEmpty == false ? output : nil
    }
    return shown
  }
}
