// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven runs compare`: what changed between two runs, the decision first.

import CommandLineKit
import Decision
import Foundation
import Reporting
import Store

extension Runs {
  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare two stored runs.",
      discussion: """
        Without a run, the newest is compared with the one of its scenario before; with one, that one with \
        the newest of its scenario. Rows begin with + where only the later run has them, − where only the \
        earlier one has, ~ where they changed; the change of a cost is given in percent too.
        """,
      examples: [
        "breakeven runs compare", "breakeven runs compare support-assistant~1 support-assistant --json",
        "breakeven runs compare 1 latest --fail-on-flip",
      ])

    @Argument(
      help:
        "The earlier run: a number, 'latest', its name, or a scenario's; 'latest' and a scenario's also with '~1'."
    )
    var before: RunReference?
    @Argument(help: "The later run, likewise.")
    var after: RunReference?
    @OptionGroup var store: StoreOptions
    @Flag(help: "End with exit code 3 where the two recommend different options.")
    var failOnFlip = false
    @Flag(help: "Print one JSON object.")
    var json = false

    mutating func run() throws {
      let (old, new) = try RunPair.load(before: before, after: after, from: store)
      let comparison = RunComparison(
        from: try old.result(in: store.database), to: try new.result(in: store.database))
      if json {
        try Terminal.write(json: comparison)
      } else {
        try Terminal.write(ComparisonSummary(comparison, old: old.summary, new: new.summary).text)
      }
      if failOnFlip && comparison.decisionFlips { throw ExitCode.thresholdCrossed }
    }
  }
}

/// The two runs of a comparison.
enum RunPair {
  /// Loads them, the earlier first.
  /// - Parameters:
  ///   - before: the earlier one; nil for the one of the newest's scenario before it.
  ///   - after: the later one; nil for the newest of the earlier one's scenario.
  ///   - store: where they are.
  static func load(
    before: RunReference?, after: RunReference?, from store: StoreOptions
  ) throws -> (StoredRun, StoredRun) {
    let open = try store.open()
    guard let before else {
      let newest = try open.load(.latest)
      guard let older = try open.predecessor(of: newest.summary.id) else {
        throw ReportedFailure(
          .missingInput,
          "'\(store.database)' has no run of \(newest.summary.scenario) before run \(newest.summary.id); "
            + "name two runs, or run `breakeven plan` again")
      }
      return (try open.load(.number(older)), newest)
    }
    let old = try open.load(before)
    return (old, try open.load(after ?? .recent(scenario: old.summary.scenario, back: 0)))
  }
}

/// A comparison for the terminal.
struct ComparisonSummary {
  private let comparison: RunComparison
  private let old: RunSummary
  private let new: RunSummary

  init(_ comparison: RunComparison, old: RunSummary, new: RunSummary) {
    self.comparison = comparison
    self.old = old
    self.new = new
  }

  /// The decision, the inputs that differ, and the rows that changed.
  var text: String {
    let tables = ComparisonTables(comparison)
    let decision =
      comparison.decisionFlips ? TextStyle.warning.applied(to: tables.decision) : tables.decision
    let intro = ["From \(old.inWords)\n  to \(new.inWords)\n", "\(decision)\n\(comparison.newSentence)\n"]
    return
      (intro
      + tables.parts.map { part in
        // The options have heads; the others say in their rows what they are.
        part == tables.options ? rows(part, heads: part.heads) : "\(part.title):\n" + rows(part)
      }).joined(separator: "\n")
  }

  /// A table with every changed line in its color, where there are colors.
  private func rows(_ part: ComparisonTable, heads: [String]? = nil) -> String {
    var table = TextTable(columns: [.left("")] + part.heads.indices.map { .left(heads?[$0] ?? "") })
    for row in part.rows { table.add([row.mark] + row.cells) }
    return table.rendered.split(separator: "\n").map { line in
      let style: TextStyle? =
        switch line.first {
        case "+": .added
        case "−": .removed
        case "~": .changed
        default: nil
        }
      return (style?.applied(to: String(line)) ?? String(line)) + "\n"
    }.joined()
  }
}
