// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven store`: upkeep of the database that keeps the runs.

import CommandLineKit
import Foundation
import NumberFormatting
import Store

struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Check, copy and shrink the database of stored runs.",
    subcommands: [Check.self, Backup.self, Vacuum.self],
    examples: ["breakeven store check", "breakeven store backup breakeven-backup.sqlite"])
}

extension StoreCommand {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check every page, every reference and the invariants of stored runs.",
      discussion: "Reads the whole file. Ends with exit code 65 where something is wrong.",
      examples: ["breakeven store check", "breakeven store check --verbose"])

    private static let shownProblems = 20

    @OptionGroup var store: StoreOptions
    @Flag(help: "Name everything that was checked.")
    var verbose = false
    @Flag(help: "Print a JSON array of what was checked and found.")
    var json = false

    mutating func run() throws {
      let open = try store.open()
      let findings = try open.check()
      let problems = findings.flatMap(\.problems)
      if json {
        try Terminal.write(json: findings)
      } else if verbose {
        for finding in findings {
          try Terminal.write("\(finding.problems.isEmpty ? "good " : "WRONG")  \(finding.claim)\n")
        }
      }
      if !problems.isEmpty {
        // One broken page can break a thousand runs: the first ones say enough.
        var lines = problems.prefix(Self.shownProblems).map { "\(store.database): \($0)" }
        if problems.count > lines.count {
          lines.append("… and \(problems.count - lines.count) more; --json has all")
        }
        throw ReportedFailure(.badData, lines: lines + ["'\(store.database)' is damaged; restore a backup"])
      }
      if !json { try Terminal.write("'\(store.database)' is sound: \(try open.size().inWords)\n") }
    }
  }

  struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copy the database into one file, also while it is in use.",
      discussion: "The copy is checked, and appears whole or not at all.",
      examples: [
        "breakeven store backup breakeven-backup.sqlite",
        "breakeven store backup --force breakeven-backup.sqlite",
      ])

    @Argument(help: ArgumentHelp("The copy.", valueName: "file"))
    var target: String
    @OptionGroup var store: StoreOptions
    @Flag(help: "Replace a file that is there.")
    var force = false

    mutating func run() throws {
      let open = try store.open()
      try open.backup(to: target, replacing: force)
      try Terminal.write(
        "Copied \(try RunStore(path: target, access: .readOnly).size().inWords) to '\(target)'\n")
    }
  }

  struct Vacuum: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give the room that deleted runs have left back to the disk.",
      discussion: """
        Deletes what interrupted runs have simulated, if that was more than a day ago, then rewrites the file, which \
        needs up to twice its size on the disk meanwhile. With --pieces everything simulated goes, of finished runs \
        too: the runs stay, but another with other prices has to simulate again.
        """,
      examples: ["breakeven store vacuum", "breakeven store vacuum --pieces"])

    @OptionGroup var store: StoreOptions
    @Flag(help: "Delete the simulated pieces of finished and interrupted runs too.")
    var pieces = false

    mutating func run() throws {
      let open = try store.open()
      let before = try open.size()
      if pieces {
        // No time is later than this.
        try open.dropPieces(untouchedSince: "9999", evenOfRuns: true)
      } else {
        try open.dropPieces(untouchedSince: UnfinishedRuns.oldest(now: .now))
      }
      try open.vacuum()
      try Terminal.write(
        "'\(store.database)' holds \(try open.size().inWords), down from \(StoreSize.text(before.bytes))\n")
    }
  }
}

extension StoreSize {
  /// `12 runs in 2.41 MB`.
  fileprivate var inWords: String { "\(runs) run\(runs == 1 ? "" : "s") in \(Self.text(bytes))" }

  /// Bytes in words. A store has a page at least, so kilobytes.
  fileprivate static func text(_ bytes: Int64) -> String { NumberText.quantity(Double(bytes)) + "B" }
}
