// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven runs compare`: what changed between two runs, the decision first.

import CommandLineKit
import Foundation
import NumberFormatting
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
      let open = try store.open()
      let (old, new) = try pair(in: open)
      let comparison = RunComparison(
        from: try old.result(in: store.database), to: try new.result(in: store.database))
      if json {
        try Terminal.write(json: comparison)
      } else {
        try Terminal.write(ComparisonSummary(comparison, old: old.summary, new: new.summary).text)
      }
      if failOnFlip && comparison.decisionFlips { throw ExitCode.thresholdCrossed }
    }

    /// The two runs, the earlier first.
    private func pair(in open: borrowing RunStore) throws -> (StoredRun, StoredRun) {
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
    let decision =
      comparison.decisionFlips
      ? TextStyle.warning.applied(
        to: "The decision flips: \(comparison.oldOption) → \(comparison.newOption)")
      : "The decision stays: \(comparison.newOption)"
    var blocks = [
      "From \(old.inWords)\n  to \(new.inWords)\n",
      "\(decision)\n\(comparison.newSentence)\n",
    ]
    if !comparison.inputs.isEmpty {
      var table = TextTable(columns: [.left(""), .left(""), .left("")])
      for input in comparison.inputs {
        table.add("~", input.name, "\(Self.shortened(input.old)) → \(Self.shortened(input.new))")
      }
      blocks.append("Put in:\n" + marked(table))
    }
    blocks.append(marked(options))
    for (title, rows) in [("Break-evens", comparison.breakEvens), ("Assumptions", comparison.assumptions)] {
      let changed = rows.filter { $0.change != .same }
      if changed.isEmpty { continue }
      var table = TextTable(columns: [.left(""), .left(""), .left("")])
      for row in changed { table.add(Self.mark(row.change), row.name, words(row)) }
      blocks.append("\(title):\n" + marked(table))
    }
    return blocks.joined(separator: "\n")
  }

  private var options: TextTable {
    var table = TextTable(columns: [
      .left(""), .left("Option"), .left("P50"), .left("P(cheapest)"), .left("In time"),
    ])
    for option in comparison.options {
      table.add(
        Self.mark(option.change), option.name, Self.amounts(option.p50, NumberText.money, relative: true),
        Self.amounts(option.probabilityCheapest, { NumberText.percent($0, digits: 0) }),
        Self.amounts(option.serviceLevel, NumberText.attainment))
    }
    return table
  }

  /// A break-even or an assumption in words: its medians where the words would not show a change.
  private func words(_ row: RunComparison.NamedChange) -> String {
    switch (row.old, row.new) {
    case (let old?, let new?) where old == new:
      Self.amounts(row.p50, { NumberText.significant($0) }, relative: true) + " (median)"
    case (let old?, let new?): "\(old) → \(new)"
    case (let old?, nil): old
    case (nil, let new): new ?? ""
    }
  }

  /// `$379 k → $296 k (−21.9 %)`; once where both read the same.
  private static func amounts(
    _ figure: RunComparison.Figure, _ text: (Double) -> String, relative: Bool = false
  ) -> String {
    guard let old = figure.old, let new = figure.new else {
      return (figure.old ?? figure.new).map(text) ?? "–"
    }
    if old == new { return text(new) }
    guard relative, let change = figure.relativeChange else { return "\(text(old)) → \(text(new))" }
    let sign = change > 0 ? "+" : ""
    return "\(text(old)) → \(text(new)) (\(sign)\(NumberText.percent(change)))"
  }

  private static func mark(_ change: RunComparison.Change) -> String {
    switch change {
    case .added: "+"
    case .removed: "−"
    case .changed: "~"
    case .same: ""
    }
  }

  /// The first letters of a digest; other words as they are.
  private static func shortened(_ text: String) -> String {
    text.count == 64 && text.allSatisfy(\.isHexDigit) ? String(text.prefix(12)) : text
  }

  /// The table with every changed line in its color, where there are colors.
  private func marked(_ table: TextTable) -> String {
    table.rendered.split(separator: "\n").map { line in
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
