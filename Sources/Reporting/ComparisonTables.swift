// SPDX-License-Identifier: GPL-3.0-or-later
// What changed between two runs, in the words that the terminal, a page and a mail share: old → new, the change of a
// cost in percent, + and − for what only one of them has.

public import Decision
import NumberFormatting

/// A part of a comparison, as a table.
public struct ComparisonTable: Sendable, Hashable {
  /// A row: how it changed, and its cells.
  public struct Row: Sendable, Hashable {
    /// How the later run's row relates to the earlier one's.
    public var change: RunComparison.Change
    /// What stands under the heads.
    public var cells: [String]

    /// `+`, `−`, `~`, or nothing where nothing changed.
    public var mark: String {
      switch change {
      case .added: "+"
      case .removed: "−"
      case .changed: "~"
      case .same: ""
      }
    }
  }

  /// What it is about.
  public var title: String
  /// The columns' heads, after that of the marks.
  public var heads: [String]
  /// The rows.
  public var rows: [Row]
}

/// A comparison in words.
public struct ComparisonTables: Sendable, Hashable {
  /// Whether the decision stays, in a sentence.
  public let decision: String
  /// What was put in and differs.
  public let inputs: ComparisonTable
  /// All options.
  public let options: ComparisonTable
  /// Break-evens that changed.
  public let breakEvens: ComparisonTable
  /// Assumptions that changed.
  public let assumptions: ComparisonTable

  /// Puts a comparison in words.
  public init(_ comparison: RunComparison) {
    decision =
      comparison.decisionFlips
      ? "The decision flips: \(comparison.oldOption) → \(comparison.newOption)"
      : "The decision stays: \(comparison.newOption)"
    inputs = ComparisonTable(
      title: "Put in", heads: ["What", "Old → new"],
      rows: comparison.inputs.map {
        .init(change: .changed, cells: [$0.name, "\(Self.shortened($0.old)) → \(Self.shortened($0.new))"])
      })
    options = ComparisonTable(
      title: "Options", heads: ["Option", "P50", "P(cheapest)", "In time"],
      rows: comparison.options.map { option in
        .init(
          change: option.change,
          cells: [
            option.name, Self.amounts(option.p50, NumberText.money, relative: true),
            Self.amounts(option.probabilityCheapest, { NumberText.percent($0, digits: 0) }),
            Self.amounts(option.serviceLevel, NumberText.attainment),
          ])
      })
    breakEvens = Self.named("Break-evens", comparison.breakEvens)
    assumptions = Self.named("Assumptions", comparison.assumptions)
  }

  /// The parts that have something to say; the options always do.
  public var parts: [ComparisonTable] {
    [inputs, options, breakEvens, assumptions].filter { !$0.rows.isEmpty }
  }

  private static func named(_ title: String, _ rows: [RunComparison.NamedChange]) -> ComparisonTable {
    ComparisonTable(
      title: title, heads: ["What", "Old → new"],
      rows: rows.filter { $0.change != .same }.map {
        .init(change: $0.change, cells: [$0.name, words($0)])
      })
  }

  /// A break-even or an assumption in words: its medians where the words would not show a change.
  private static func words(_ row: RunComparison.NamedChange) -> String {
    switch (row.old, row.new) {
    case (let old?, let new?) where old == new:
      amounts(row.p50, { NumberText.significant($0) }, relative: true) + " (median)"
    case (let old?, let new?): "\(old) → \(new)"
    case (let old?, nil): old
    case (nil, let new): new ?? ""
    }
  }

  /// `$379 k → $296 k (−21.9 %)`; once where both read the same.
  static func amounts(
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

  /// The first letters of a digest; other words as they are.
  private static func shortened(_ text: String) -> String {
    text.count == 64 && text.allSatisfy(\.isHexDigit) ? String(text.prefix(12)) : text
  }
}
