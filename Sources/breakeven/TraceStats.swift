// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven trace stats`: what a log of requests is like, in numbers.

import CommandLineKit
import Foundation
import Traces

struct TraceStats: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show the statistics of a request log: rate, bursts, lengths, repetitions, the shape of weeks.",
    discussion: """
      The log is read in one pass. Windows of 1, 10 and 60 s begin with the first request, and only whole ones count; \
      standard deviations divide by n. What the log cannot tell is left out of the table and null in the JSON. Usage \
      per stretch of time (OpenAI's usage pages, tables of rates) tells of levels and shapes only.
      """,
    examples: [
      "breakeven trace stats workloads/traces/code-assistant.csv",
      "breakeven trace stats workloads/traces/code-assistant.csv --json",
    ])

  @Argument(help: "The log; - is standard input.")
  var file: String
  @OptionGroup var log: TraceOptions
  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func run() throws {
    let trace = try MeasuredTrace(path: file, options: try log.reading())
    TraceOptions.tell(trace.warnings, of: trace.file)
    if json {
      try Terminal.write(json: trace.summary)
    } else {
      try Terminal.write(
        StatisticsReport(trace.summary, file: trace.file, format: trace.format.rawValue).text)
    }
  }
}
