// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven export`: a stored run for other programs.

import CommandLineKit
import Decision
import Foundation
import Reporting
import Store

/// What a run can be exported as.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  /// The tables, or one of them.
  case csv
  /// The tables with their types, keys and a data dictionary.
  case datapackage
  /// One option's forecast in the columns of FOCUS 1.2.
  case focus
  /// The result document.
  case json
  /// The summary for a pull request or a chat.
  case markdown
}

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Export a stored run for other programs.",
    discussion: """
      csv is every table of the run in a folder, or one of them on standard output; datapackage is the same with types, \
      units, keys and a data dictionary (Frictionless Data Package 1); focus is one option's forecast, month by month, \
      in the columns of FOCUS 1.2, to lie beside the bills that come; json is the result document; markdown a summary. \
      All but the folders go to standard output where no file is named.
      """,
    examples: [
      "breakeven export --format focus --out forecast.csv",
      "breakeven export support-assistant --format csv --table charges",
      "breakeven export latest --format datapackage --out package --license CC-BY-4.0",
      "breakeven export --format markdown",
    ])

  @Argument(
    help: ArgumentHelp(
      "The run: a number, 'latest', or a scenario's name, the last two also with '~1'.",
      valueName: "run"))
  var reference = RunReference.latest
  @Option(help: "What to export.")
  var format: ExportFormat
  @Option(
    help: ArgumentHelp("For focus: the option; the recommended one where absent.", valueName: "name"))
  var option: String?
  @Option(help: ArgumentHelp("For csv: one table alone, as options or charges.", valueName: "name"))
  var table: String?
  @Option(
    help: ArgumentHelp("For datapackage: the licence of the data, by its SPDX name.", valueName: "name"))
  var license: String?
  @Option(
    help: ArgumentHelp(
      "A folder for csv and datapackage, a file for the others; - is standard output.", valueName: "path"))
  var out: String?
  @OptionGroup var store: StoreOptions

  /// Whether a folder is written rather than one text.
  private var isFolder: Bool { format == .datapackage || (format == .csv && table == nil) }

  mutating func validate() throws {
    if out?.isEmpty == true { throw ValidationError("--out is empty; name a folder or a file.") }
    for (name, value, right) in [
      ("--option", option, ExportFormat.focus), ("--table", table, .csv),
      ("--license", license, .datapackage),
    ] where value != nil && format != right {
      throw ValidationError("\(name) is for --format \(right.rawValue), not \(format.rawValue).")
    }
    if isFolder, out == nil || out == "-" {
      let other = format == .csv ? ", or one table with --table" : ""
      throw ValidationError("\(format.rawValue) is a folder of files: name it with --out\(other).")
    }
  }

  mutating func run() throws {
    let opened = try store.open()
    let stored = try opened.load(reference)
    let result = try stored.result(in: store.database)
    let earlier = try opened.earlierRun(of: stored.summary.id)
    do {
      guard isFolder else {
        return try ResultOutput(path: out ?? "-").finish(text(of: result, since: earlier))
      }
      let files =
        try format == .csv
        ? ReportFiles.tables(result, since: earlier)
        : DataPackage.render(result, since: earlier, license: license)
      try ReportWriter.write(files, to: URL(fileURLWithPath: out ?? "", isDirectory: true))
    } catch let error as ReportError {
      throw error.failure
    }
  }

  private func text(of result: PlanResult, since earlier: EarlierRun?) throws(ReportError) -> String {
    switch format {
    case .csv, .datapackage: try ReportFiles.table(table ?? "", of: result, since: earlier)
    case .focus: try FocusExport.text(result, option: option)
    case .json: String(decoding: try ResultDocument.encode(result), as: UTF8.self)
    case .markdown: try MarkdownSummary.text(result)
    }
  }
}
