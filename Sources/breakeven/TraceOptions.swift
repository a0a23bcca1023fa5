// SPDX-License-Identifier: GPL-3.0-or-later
// What every subcommand that reads a request log has in common: how the log is to be read, and how problems are told.

public import CommandLineKit
import TextFormats
public import Traces

extension TraceFormat: ExpressibleByArgument {}

/// How to read a request log.
struct TraceOptions: ParsableArguments {
  @Option(help: "The format of the log; found out from its content where absent.")
  var format: TraceFormat?
  @Option(
    help: ArgumentHelp(
      "The columns of a CSV of another kind: time, input and output are needed; cached, model, use_case, session, "
        + "content, first_token, duration, cost and time_unit (s, ms, us, ns) may be given.",
      valueName: "role=column,…"))
  var columns: String?
  @Option(
    help: ArgumentHelp("The metadata key, attribute or column that names the use case.", valueName: "name"))
  var useCaseKey: String?
  @Option(help: ArgumentHelp("How many rows that cannot be read are skipped and counted.", valueName: "rows"))
  var skipBad: Int = 0
  @Option(
    help: ArgumentHelp(
      "How far times may run back and are sorted before the log is refused.", valueName: "seconds"))
  var sortWindow: Double = 60

  mutating func validate() throws {
    if skipBad < 0 { throw ValidationError("'--skip-bad' is \(skipBad): it must be 0 or more.") }
    guard sortWindow >= 0, sortWindow <= 1e9 else {
      throw ValidationError("'--sort-window' must be from 0 to 1,000,000,000 seconds.")
    }
    if let format, columns != nil, format != .csv {
      throw ValidationError("'--columns' is for the format csv, not for \(format.rawValue).")
    }
    _ = try columnMap()
  }

  private func columnMap() throws -> TraceColumns? {
    do {
      return try columns.map { text throws(TraceColumnsProblem) in try TraceColumns(parsing: text) }
    } catch {
      throw ValidationError("'--columns': \(error).")
    }
  }

  /// The options of the reader.
  func reading() throws -> TraceReadingOptions {
    TraceReadingOptions(
      format: format, columns: try columnMap(), useCaseKey: useCaseKey, skipBad: skipBad,
      sortWindow: sortWindow)
  }

  /// Opens a log.
  static func opening(_ path: String, _ options: TraceReadingOptions) throws -> TraceReader {
    do {
      return try TraceReader(path: path, options: options)
    } catch {
      throw failure(error)
    }
  }

  /// Reads on; false at the end.
  static func next(_ trace: inout TraceReader, into batch: inout TraceBatch) throws -> Bool {
    do {
      return try trace.next(into: &batch)
    } catch {
      throw failure(error)
    }
  }

  /// The end of the program over a log that cannot be read or is wrong.
  static func failure(_ problem: TextProblem) -> ReportedFailure {
    ReportedFailure(problem.isUnreadable ? .missingInput : .badData, lines: [problem.description])
  }

  /// Tells what a reader skipped, sorted, changed or left out.
  static func tell(_ warnings: [String], of file: String) {
    for warning in warnings { Terminal.writeDiagnostic("Warning: \(file): \(warning)\n") }
  }
}
