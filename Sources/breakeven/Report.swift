// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven report`: a stored run's report drawn again, or two runs held against each other.

import CommandLineKit
import Decision
import Foundation
import Reporting
import Store

/// The forms of a report.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  /// A folder with the page, the tables and everything else.
  case html
  /// The summary for a pull request or a chat.
  case markdown
  /// The result document.
  case json
}

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a stored run's report again, or compare two runs.",
    discussion: """
      Everything comes from the database: the files are those that `breakeven plan` wrote, byte for byte, and nothing \
      is simulated. The folder of the report is printed; Markdown and JSON go to standard output. With --compare, two \
      runs are held against each other: rows begin with + where only the later run has them, − where only the earlier \
      one has, ~ where they changed; the comparison is printed and written as comparison.html and comparison.md.
      """,
    examples: [
      "breakeven report", "breakeven report latest~1 --out report-before",
      "breakeven report support-assistant --format markdown",
      "breakeven report --compare latest~1 latest",
    ])

  @Argument(
    help: ArgumentHelp(
      "The run: a number, 'latest', or a scenario's name, the last two also with '~1'; with --compare the earlier "
        + "one. The newest where absent.", valueName: "run"))
  var reference: RunReference?
  @Argument(
    help: ArgumentHelp(
      "With --compare the later run; the newest of the same scenario where absent.", valueName: "later"))
  var later: RunReference?
  @Flag(help: "Compare two runs: without names, the newest and the one of its scenario before.")
  var compare = false
  @Option(help: "What to write.")
  var format: ReportFormat = .html
  @Option(
    help: ArgumentHelp(
      "Folder of the report, reports/<scenario> where absent; for the other formats a file.",
      valueName: "path"))
  var out: String?
  @OptionGroup var store: StoreOptions

  mutating func validate() throws {
    if out?.isEmpty == true { throw ValidationError("--out is empty; name a folder or a file.") }
    if let later, !compare {
      throw ValidationError("'\(later)' is a second run; say --compare to hold it against the first.")
    }
  }

  mutating func run() throws {
    do {
      try compare ? writeComparison() : writeReport()
    } catch let error as ReportError {
      throw error.failure
    }
  }

  private func writeReport() throws {
    let opened = try store.open()
    let stored = try opened.load(reference ?? .latest)
    let result = try stored.result(in: store.database)
    switch format {
    case .html:
      let earlier = try opened.earlierRun(of: stored.summary.id)
      try write(ReportFiles.render(result, since: earlier), of: result.run.scenario, page: "report.html")
    case .markdown: try ResultOutput(path: out ?? "-").finish(MarkdownSummary.text(result))
    case .json:
      try ResultOutput(path: out ?? "-").finish(
        String(decoding: try ResultDocument.encode(result), as: UTF8.self))
    }
  }

  private func writeComparison() throws {
    let (old, new) = try RunPair.load(before: reference, after: later, from: store)
    let later = try new.result(in: store.database)
    let comparison = RunComparison(from: try old.result(in: store.database), to: later)
    let (earlierWords, laterWords) = (old.summary.inWords, new.summary.inWords)
    switch format {
    case .html:
      try Terminal.write(ComparisonSummary(comparison, old: old.summary, new: new.summary).text + "\n")
      try write(
        ComparisonFiles.render(
          comparison, title: later.run.title, old: earlierWords, new: laterWords, version: programVersion),
        of: later.run.scenario, page: "comparison.html")
    case .markdown:
      try ResultOutput(path: out ?? "-").finish(
        ComparisonFiles.markdown(comparison, title: later.run.title, old: earlierWords, new: laterWords))
    case .json:
      try ResultOutput(path: out ?? "-").finish(JSONText.of(comparison))
    }
  }

  private func write(_ files: [ReportFile], of scenario: String, page: String) throws {
    let folder = URL(fileURLWithPath: out ?? "reports/\(scenario)", isDirectory: true)
    try ReportWriter.write(files, to: folder)
    try Terminal.write(folder.appendingPathComponent(page).relativePath + "\n")
  }
}
