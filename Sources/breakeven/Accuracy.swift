// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven accuracy`: predictions beside a table of measurements.

import Calibration
import Catalog
import CommandLineKit
import Foundation
import NumberFormatting
import TextFormats

struct Accuracy: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict every row of a table of measurements, and say how far off the predictions are.",
    discussion: """
      The table has the columns source, model, gpu, gpu_count, tp, precision, isl, osl, concurrency_or_qps, metric, \
      value and notes; conditions that matter (max-num-seqs, max-num-batched-tokens, random-range-ratio, num_prompts, \
      users, a shared prefix) are read from the notes. Errors are percentages of the measured value: their mean size, \
      and their mean with sign (positive: predicted too high). Rows that cannot be simulated are counted and named.
      """,
    examples: [
      "breakeven accuracy workloads/benchmarks/sample-points.csv",
      "breakeven accuracy workloads/benchmarks/sample-points.csv --rows --json",
    ])

  @Argument(help: "The table, as CSV; - reads standard input.")
  var points: String
  @Option(
    help: ArgumentHelp(
      "Folder with catalog files whose entries go before the built-in ones.", valueName: "folder"))
  var catalog: String?
  @Flag(help: "Print one JSON object.")
  var json = false
  @Flag(help: "Print each row's measured and predicted value too.")
  var rows = false

  /// The report for programs.
  private struct Document: Encodable {
    var groups: [AccuracyGroup]
    var summary: [AccuracyGroup]
    var fitSet: [AccuracyGroup]
    var checkSet: [AccuracyGroup]
    var skipped: [SkippedRows]
  }

  mutating func run() throws {
    var server = ServerOptions()
    server.catalog = catalog
    let reference = try server.reference()
    let report = AccuracyReport(
      try Self.read(points), catalog: reference, threads: ProcessInfo.processInfo.activeProcessorCount)
    guard json else { return try Terminal.write(text(report)) }
    let document = Document(
      groups: report.groups, summary: report.summary(fitSet: nil), fitSet: report.summary(fitSet: true),
      checkSet: report.summary(fitSet: false), skipped: report.skipped)
    try Terminal.write(JSONText.of(document, keys: .convertToSnakeCase))
  }

  /// Reads a table; problems end the program with their place.
  static func read(_ path: String) throws -> [BenchmarkRow] {
    do throws(TextProblem) {
      return try BenchmarkRow.read(try TextReader(path: path))
    } catch {
      throw ReportedFailure(error.isUnreadable ? .missingInput : .badData, error.description)
    }
  }

  private func text(_ report: AccuracyReport) -> String {
    var table = TextTable(columns: [
      .left("Model"), .left("GPU"), .left("Weights"), .left("Engine"), .left("Metric"), .right("Points"),
      .right("Error"), .right("Bias"),
    ])
    for group in report.groups {
      table.add(
        group.model, group.gpu, group.precision, group.engine, group.metric, String(group.points),
        Self.percent(group.mape), Self.signed(group.bias))
    }
    var text = table.rendered + "\n"
    var summary = TextTable(columns: [
      .left("Over all"), .right("Points"), .right("Error"), .right("Bias"), .right("Fit set"),
      .right("Error"),
      .right("Check set"), .right("Error"),
    ])
    let (fit, check) = (report.summary(fitSet: true), report.summary(fitSet: false))
    for group in report.summary(fitSet: nil) {
      let parts = [fit, check].flatMap { half -> [String] in
        guard let part = half.first(where: { $0.metric == group.metric }) else { return ["0", "–"] }
        return [String(part.points), Self.percent(part.mape)]
      }
      summary.add(
        [group.metric, String(group.points), Self.percent(group.mape), Self.signed(group.bias)] + parts)
    }
    text += summary.rendered
    if rows {
      var list = TextTable(columns: [
        .right("Line"), .left("Metric"), .right("Measured"), .right("Predicted"), .right("Error"),
      ])
      for point in report.points {
        list.add(
          String(point.row.line), point.row.metric, NumberText.significant(point.row.value),
          NumberText.significant(point.predicted), Self.signed(point.error * 100))
      }
      text += "\n" + list.rendered
    }
    if !report.skipped.isEmpty {
      text += "\nNot modelled: \(report.skipped.reduce(0) { $0 + $1.rows }) rows\n"
      for group in report.skipped {
        text += "  \(group.rows): \(group.reason) (first in line \(group.lines.first ?? 0))\n"
      }
    }
    return text
  }

  static func percent(_ value: Double) -> String { String(format: "%.1f %%", value) }
  static func signed(_ value: Double) -> String { String(format: "%+.1f %%", value) }
}
