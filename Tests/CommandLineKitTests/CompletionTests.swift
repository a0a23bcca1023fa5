// SPDX-License-Identifier: GPL-3.0-or-later
// Completions as a real shell gives them: bash runs the script here; fish and zsh where they are installed.

import CommandLineKit
import Foundation
import Testing

/// A program with every kind of value that completes in a way of its own.
private struct Barn: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Store what was picked.", version: "barn 1", subcommands: [Fill.self, Shelves.self])

  struct Fill: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fill it: it's [full] soon.")
    @Argument(help: "What with.") var fruit: Fruit
    @Option(name: .shortAndLong, help: ArgumentHelp("Where.", valueName: "folder")) var place: String?
    @Option(help: "Which kind.") var kind: Fruit?
    @Option(help: ArgumentHelp("A list.", valueName: "file")) var list: [String] = []
    @Option(help: "How many.") var count = 1
    @Flag(inversion: .prefixedNo, help: "Whether it is cold.") var cold = false
    mutating func run() throws {}
  }

  struct Shelves: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look after shelves.", subcommands: [Wipe.self])
    struct Wipe: ParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Wipe one.")
      @Argument var label: String
      mutating func run() throws {}
    }
  }
}

/// The path of a program, nil where it is not installed.
private func installed(_ name: String) -> String? {
  ["/usr/bin/\(name)", "/bin/\(name)", "/usr/local/bin/\(name)"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// What a program prints when it reads a script, both streams, and how it ends.
private func feed(_ script: String, to program: String, _ arguments: [String] = []) throws -> (Int32, String)
{
  let folder = FileManager.default.temporaryDirectory.appending(path: "completion-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  for name in ["apples.txt", "pears.txt", "shed/inner.txt"] {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data().write(to: file)
  }
  let file = folder.deletingLastPathComponent().appending(path: "\(folder.lastPathComponent).script")
  try Data(script.utf8).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(filePath: program)
  process.arguments = arguments + [file.path]
  process.currentDirectoryURL = folder
  process.standardOutput = pipe
  process.standardError = pipe
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

@Suite("Completions", .serialized)
struct CompletionTests {
  /// Words typed, the last one unfinished, and what may stand in its place.
  static let cases: [(typed: [String], offered: [String])] = [
    ([""], ["fill", "shelves", "help", "--help", "--version"]),
    (["f"], ["fill"]),
    (["fill", "--k"], ["--kind"]),
    (
      ["fill", "--"],
      ["--place", "--kind", "--list", "--count", "--cold", "--no-cold", "--help", "--version"]
    ),
    (["fill", ""], ["apple", "blood-orange"]),
    (["fill", "b"], ["blood-orange"]),
    (["fill", "--kind", "a"], ["apple"]),
    (["fill", "--kind", "=", "a"], ["apple"]),
    (["fill", "--kind", "="], ["apple", "blood-orange"]),
    (["fill", "--place", ""], ["shed"]),
    (["fill", "-p", ""], ["shed"]),
    (["fill", "--list", "a"], ["apples.txt"]),
    (["fill", "--count", ""], []),
    (["fill", "apple", "--c"], ["--count", "--cold"]),
    (["shelves", ""], ["wipe", "help", "--help", "--version"]),
    (["shelves", "wipe", "pe"], ["pears.txt"]),
    (["help", ""], ["fill", "shelves"]),
    (["help", "shelves", ""], ["wipe"]),
    (["help", "fill", ""], []),
    (["nonsense", ""], ["fill", "shelves", "help", "--help", "--version"]),
  ]

  @Test(
    "bash offers what the parser takes, at every place", .enabled(if: installed("bash") != nil),
    arguments: cases)
  func bash(typed: [String], offered: [String]) throws {
    let bash = try #require(installed("bash"))
    let words = (["barn"] + typed).map(ShellText.quoted).joined(separator: " ")
    let script = """
      set -u
      \(Barn.completionScript(for: .bash))
      COMP_WORDS=(\(words))
      COMP_CWORD=\(typed.count)
      _barn
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let (status, output) = try feed(script, to: bash, ["--norc"])
    #expect(status == 0)
    #expect(output.split(separator: "\n").map(String.init).sorted() == offered.sorted())
  }

  @Test("fish offers the same subcommands, options and values", .enabled(if: installed("fish") != nil))
  func fish() throws {
    let fish = try #require(installed("fish"))
    for (typed, offered) in Self.cases where !typed.contains("=") && typed != [""] && typed.count < 3 {
      let line = (["barn"] + typed).joined(separator: " ")
      let script = Barn.completionScript(for: .fish) + "complete --do-complete \(ShellText.quoted(line))\n"
      let (status, output) = try feed(script, to: fish, ["--no-config"])
      let words = output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
      #expect(status == 0, "\(output)")
      // fish completes `help` by itself nowhere, and offers dashes only once one is typed.
      for word in offered where word != "help" && (typed.last?.hasPrefix("-") == true || !word.hasPrefix("-"))
      {
        #expect(words.contains(word), "\(typed): \(output)")
      }
    }
  }

  @Test("zsh and fish find no mistake in their scripts", arguments: [Shell.zsh, .fish])
  func syntax(shell: Shell) throws {
    guard let program = installed(shell.rawValue) else {
      print("note: \(shell.rawValue) is not installed, so its script was not checked")
      return
    }
    for script in [Barn.completionScript(for: shell), Orchard.completionScript(for: shell)] {
      let (status, output) = try feed(script, to: program, ["-n"])
      #expect(status == 0 && output.isEmpty, "\(output)")
    }
  }

  @Test("every subcommand and option is in every script", arguments: Shell.allCases)
  func complete(shell: Shell) {
    let script = Barn.completionScript(for: shell)
    let words = [
      "fill", "shelves", "wipe", "place", "kind", "list", "count", "cold", "no-cold", "blood-orange",
    ]
    for word in words { #expect(script.contains(word), "\(word)") }
  }
}
