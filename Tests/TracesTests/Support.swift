// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of this module share: logs from text, read whole, and the real files where a checkout has them.

import Foundation
import Testing
import TextFormats
import Traces

/// A log read whole.
struct ReadLog: Equatable {
  var records: [TraceRecord] = []
  var blocks: [UInt64] = []
  var models: [String] = []
  var useCases: [String] = []
  var hasCalendar = false
  var blockTokens: Int?
  var format = TraceFormat.csv
  var skipped = 0
  var warnings: [String] = []

  init(_ text: consuming TextReader, options: TraceReadingOptions = TraceReadingOptions()) throws(TextProblem)
  {
    var trace = try TraceReader(text, options: options)
    var batch = TraceBatch()
    while try trace.next(into: &batch) {
      records += batch.records
      blocks += batch.blocks
    }
    models = trace.models
    useCases = trace.useCases
    hasCalendar = trace.hasCalendar
    blockTokens = trace.blockTokens
    format = trace.format
    skipped = trace.skippedRows
    warnings = trace.warnings
  }

  /// Seconds of each record after the first.
  var seconds: [Double] { records.map { Double($0.time - records[0].time) * 1e-9 } }
}

/// A log of a text, which problems call `log`, or its problem.
func read(
  _ bytes: [UInt8], options: TraceReadingOptions = TraceReadingOptions(), chunk: Int = 1 << 18
) -> Result<ReadLog, TextProblem> {
  do throws(TextProblem) {
    return .success(try ReadLog(TextReader(bytes: bytes, file: "log", chunk: chunk), options: options))
  } catch {
    return .failure(error)
  }
}

/// The same of a text.
func read(
  _ text: String, options: TraceReadingOptions = TraceReadingOptions(), chunk: Int = 1 << 18
) -> Result<ReadLog, TextProblem> {
  read([UInt8](text.utf8), options: options, chunk: chunk)
}

/// The problem of a log that must have one.
func problem(_ text: String, options: TraceReadingOptions = TraceReadingOptions()) -> String {
  switch read(text, options: options) {
  case .success: "none"
  case .failure(let problem): problem.description
  }
}

/// A file of the data folder beside a checkout.
func dataFile(_ path: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "../shared/data/\(path)").standardizedFileURL.path
}

/// Whether a file of the data folder is there.
func hasDataFile(_ path: String) -> Bool { FileManager.default.isReadableFile(atPath: dataFile(path)) }
