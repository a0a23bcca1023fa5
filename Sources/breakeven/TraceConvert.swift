// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven trace convert`: any log in, a format that other tools read out.

import CommandLineKit
import TextFormats
import Traces

struct TraceConvert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a request log to Mooncake's JSON lines or the Azure data sets' CSV.",
    discussion: """
      Both formats keep the times and the lengths. Mooncake's, in milliseconds from the first request, also says \
      what prompts share; the Azure data sets', with dates, do not. Failed requests have no output tokens in \
      either. Nothing is written where the log is refused.
      """,
    examples: [
      "breakeven trace convert workloads/traces/code-assistant.csv --out requests.jsonl",
      "breakeven trace convert workloads/traces/code-assistant.csv --format csv \\",
      "    --columns time=TIMESTAMP,input=ContextTokens,output=GeneratedTokens --to azure --out -",
    ])

  @Argument(help: "The log; - is standard input.")
  var file: String
  @Option(help: ArgumentHelp("Where to write; - is standard output.", valueName: "file"))
  var out: String
  @Option(help: "The format to write.")
  var to: TraceOutputFormat = .mooncake
  @OptionGroup var log: TraceOptions

  mutating func validate() throws { try ResultOutput.refuse(out, ofOption: "--out", replacing: file) }

  mutating func run() throws {
    let options = try log.reading()
    var trace = try TraceOptions.opening(file, options)
    var output = try ResultOutput(path: out)
    var batch = TraceBatch()
    var encoder: TraceEncoder?
    var count = 0
    while try TraceOptions.next(&trace, into: &batch) {
      // Only once a row was read is it known whether times are dates: those count from the first.
      var writer =
        encoder.take()
        ?? TraceEncoder(
          to, blockTokens: trace.blockTokens, origin: trace.hasCalendar ? nil : 0)
      writer.append(batch)
      count += batch.records.count
      try output.send(&writer)
      encoder = writer
    }
    var writer = encoder ?? TraceEncoder(to)
    try output.finish(&writer)
    TraceOptions.tell(trace.warnings, of: trace.file)
    Terminal.writeDiagnostic(
      "\(count) request\(count == 1 ? "" : "s") of \(trace.file) (\(trace.format.rawValue)) written to "
        + "\(out == "-" ? "standard output" : out) (\(to.rawValue))\n")
  }
}
