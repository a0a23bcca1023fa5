// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven runs delete` and `breakeven runs prune`: neither asks, both say what they did.

public import CommandLineKit
import Foundation
public import Scenario
import Store

extension Runs {
  struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete stored runs, all of those named or none.",
      discussion: """
        Nothing is asked; --dry-run shows what would go. The reports in the folder of a scenario stay. The \
        file keeps its size until `breakeven store vacuum`.
        """,
      examples: ["breakeven runs delete 1 latest --dry-run", "breakeven runs delete support-assistant~1"])

    @Argument(
      help: ArgumentHelp(
        "The runs: numbers, 'latest', names, or scenarios' names; 'latest' and scenarios' also with '~1'.",
        valueName: "run"))
    var references: [RunReference]
    @OptionGroup var store: StoreOptions
    @OptionGroup var removal: RemovalOptions

    mutating func run() throws {
      try removal.report(try store.open().delete(references, isRehearsal: removal.dryRun))
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete old runs.",
      discussion: """
        --keep 90d keeps the runs of the last 90 days, --keep 20 the 20 newest of each scenario. The \
        newest run of a scenario is always kept, so that the next one has something to be compared with. \
        What an interrupted run has simulated goes too, a day after. \
        The file keeps its size until `breakeven store vacuum`.
        """,
      examples: [
        "breakeven runs prune --keep 90d --dry-run",
        "breakeven runs prune --keep 20 --scenario support-assistant",
      ])

    @Option(
      help: ArgumentHelp("What to keep: days as 90d, weeks as 12w, or a number of runs.", valueName: "span"))
    var keep = KeepSpan.standard
    @Option(help: ArgumentHelp("Only runs of this scenario may go.", valueName: "name"))
    var scenario: String?
    @OptionGroup var store: StoreOptions
    @OptionGroup var removal: RemovalOptions

    mutating func run() throws {
      let retention = keep.retention(now: .now)
      let open = try store.open()
      try removal.report(
        try open.prune(
          keeping: retention, scenario: scenario, isRehearsal: removal.dryRun,
          unfinishedBefore: UnfinishedRuns.oldest(now: .now)))
    }
  }
}

/// What interrupted runs have left.
enum UnfinishedRuns {
  /// How long they may be continued at least, seconds.
  private static let patience = 86_400.0

  /// Before when their pieces must have been touched last to go, ISO 8601 in UTC.
  static func oldest(now: Date) -> String { time(now: now).ISO8601Format() }

  /// The same as a time.
  static func time(now: Date) -> Date { now.addingTimeInterval(-patience) }
}

extension KeepSpan: ExpressibleByArgument {
  /// Reads the span as it is typed.
  public init?(argument: String) { self.init(argument) }

  /// What it keeps at a time.
  func retention(now: Date) -> Retention {
    switch self {
    case .days(let count): .since(now.addingTimeInterval(-86_400 * Double(count)).ISO8601Format())
    case .runs(let count): .newest(count)
    }
  }
}

/// How runs are removed, and how that is told.
struct RemovalOptions: ParsableArguments {
  @Flag(help: "Delete nothing; show what would go.")
  var dryRun = false
  @Flag(help: "Print a JSON array of the runs.")
  var json = false

  func report(_ runs: [RunSummary]) throws {
    if json { return try Terminal.write(json: runs) }
    let verb = dryRun ? "Would delete" : "Deleted"
    let lines = runs.map { "\(verb) \($0.inWords)\n" }
    try Terminal.write(lines.isEmpty ? "\(verb) nothing\n" : lines.joined())
  }
}
