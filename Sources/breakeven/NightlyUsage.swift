// SPDX-License-Identifier: GPL-3.0-or-later
// The usage logs of a night, read and priced as `breakeven usage` does, added up for the comparison with the plan.

import Catalog
import CommandLineKit
import Monitoring
import Traces

/// What a night's usage logs tell.
enum NightlyUsage {
  /// The totals of all logs that match; nil where none holds a request.
  /// - Parameters:
  ///   - patterns: paths or patterns.
  ///   - provider: at whose prices tokens are priced where a log tells no dollars.
  ///   - reference: the scenario's catalog and prices.
  ///   - quiet: whether what readers skip and sort is left unsaid.
  static func totals(
    _ patterns: [String], provider: String?, reference: ReferenceData, quiet: Bool
  ) throws -> MeasuredTotals? {
    var files: [String] = []
    for pattern in patterns {
      // Two patterns may match the same log, which counts once.
      for file in try FilePattern(text: pattern).files() where !files.contains(file) { files.append(file) }
    }
    var totals: MeasuredTotals?
    for file in files {
      var usage = MeasuredUsage(cacheTimeToLive: 0)
      do {
        try usage.read(file, TraceReadingOptions()) { format in
          UsagePricing(reference, provider: provider, logFormat: format)
        }
      } catch let error as ValidationError {
        throw ReportedFailure(.badData, "\(file): \(error.message)")
      }
      if !quiet { TraceOptions.tell(usage.warnings, of: file) }
      let total = usage.summary.total
      guard let span = usage.span, total.requests > 0 else { continue }
      if !quiet, total.unpricedRequests > 0 {
        Terminal.writeDiagnostic(
          "Warning: \(file): requests that nothing gives a price for are not in what was spent; "
            + "`breakeven usage` names their models\n")
      }
      let log = MeasuredTotals(
        requests: total.requests, outputTokens: total.outputTokens, dollars: total.dollars,
        unpricedRequests: total.unpricedRequests, start: span.lowerBound, end: span.upperBound,
        hasCalendar: usage.hasCalendar)
      if totals == nil { totals = log } else { totals?.add(log) }
    }
    return totals
  }
}
