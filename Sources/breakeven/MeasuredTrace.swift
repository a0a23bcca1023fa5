// SPDX-License-Identifier: GPL-3.0-or-later
// What `trace stats` and `trace fit` both begin with: a log read to its end, with its statistics.

import Traces

/// A log read to its end, with what it is like.
struct MeasuredTrace {
  /// The name of the file in messages.
  let file: String
  let format: TraceFormat
  let warnings: [String]
  let summary: TraceSummary
  /// Statistics of each use case by its name, in order of requests, most first; empty for usage in buckets.
  let uses: [(name: String, statistics: TraceStatistics)]
  /// Names of the models by requests, most first.
  let models: [String]

  /// Reads a log.
  /// - Parameter byUseCase: whether each use case is also measured by itself, which takes as much memory again.
  init(path: String, options: TraceReadingOptions, byUseCase: Bool = false) throws {
    do {
      let log = try DemandLog(path: path, options: options)
      switch consume log {
      case .usage(let usage):
        var statistics = BucketStatistics(hasCalendar: usage.hasCalendar)
        for bucket in usage.buckets { statistics.add(bucket) }
        (file, format, warnings) = (usage.file, usage.format, usage.warnings)
        summary = statistics.summary(models: usage.models)
        uses = []
      case .requests(var trace):
        var whole: TraceStatistics?
        var parts: [TraceStatistics] = []
        var batch = TraceBatch()
        while try trace.next(into: &batch) {
          // Only once a row was read is it known whether times are dates.
          let empty = TraceStatistics(hasCalendar: trace.hasCalendar, blockTokens: trace.blockTokens)
          var statistics = whole.take() ?? empty
          statistics.add(batch)
          whole = statistics
          if byUseCase { Self.divide(batch, among: &parts, empty) }
        }
        (file, format, warnings) = (trace.file, trace.format, trace.warnings)
        let statistics = whole ?? TraceStatistics(hasCalendar: false, blockTokens: nil)
        summary = statistics.summary(models: trace.models, useCases: trace.useCases)
        let names = trace.useCases
        uses = parts.enumerated().filter { $0.element.requests > 0 }
          .sorted { ($0.element.requests, $1.offset) > ($1.element.requests, $0.offset) }
          .map { (names[$0.offset], $0.element) }
      }
      models = summary.models.sorted { ($0.requests, $1.name) > ($1.requests, $0.name) }.map(\.name)
    } catch {
      throw TraceOptions.failure(error)
    }
  }

  private static func divide(
    _ batch: TraceBatch, among parts: inout [TraceStatistics], _ empty: TraceStatistics
  ) {
    var blockStart = 0
    for record in batch.records {
      let blockEnd = blockStart + Int(record.blockCount)
      while parts.count <= Int(record.useCase) { parts.append(empty) }
      parts[Int(record.useCase)].add(record, blocks: batch.blocks[blockStart..<blockEnd])
      blockStart = blockEnd
    }
  }
}
