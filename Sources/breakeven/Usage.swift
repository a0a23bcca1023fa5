// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven usage`: what was really spent, from a log.

import CommandLineKit
import NumberFormatting
import Traces

struct Usage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what was spent: requests, tokens, dollars and latencies of a request log.",
    discussion: """
      Dollars are the log's own where it tells them, else tokens times the price book's price of the model; what \
      has no price is named and counted, never taken as free. Also shown are the requests that a cache of answers would \
      have saved: same model, same prompt, within the time to live. The text of prompts is never kept or printed.
      """,
    examples: [
      "breakeven usage workloads/traces/litellm-spend.csv --provider bedrock",
      "breakeven usage workloads/traces/litellm-spend.csv --provider bedrock --csv usage.csv --json",
    ])

  @Argument(help: "The log; - is standard input.")
  var file: String
  @Option(
    help: ArgumentHelp(
      "A price book, as workloads/catalog/prices.yaml, or a folder of catalog files; its entries go before the "
        + "built-in ones.", valueName: "book"))
  var prices: String?
  @Option(
    help: ArgumentHelp(
      "The provider whose prices to take; needed where several list a model of which the log tells no dollars.",
      valueName: "id"))
  var provider: String?
  @Option(help: ArgumentHelp("The model of requests that name none.", valueName: "name"))
  var model: String?
  @Option(help: ArgumentHelp("How long a cache of answers would know one.", valueName: "seconds"))
  var cacheTTL = 3600.0
  @OptionGroup var log: TraceOptions
  @Option(help: ArgumentHelp("Write a CSV too; - prints it in the place of the tables.", valueName: "file"))
  var csv: String?
  @Flag(help: "Print one JSON object in the place of the tables.")
  var json = false

  mutating func validate() throws {
    guard cacheTTL >= 0, cacheTTL <= 1e9 else {
      throw ValidationError("'--cache-ttl' must be from 0 to 1,000,000,000 seconds.")
    }
    if let csv { try ResultOutput.refuse(csv, ofOption: "--csv", replacing: file) }
    if json, csv == "-" {
      throw ValidationError("'--json' and '--csv -' both print; name a file for the CSV.")
    }
  }

  mutating func run() throws {
    let options = try log.reading()
    // What cannot be written is told before a large log is read.
    let output = try csv.map { path in try ResultOutput(path: path) }
    var measured = MeasuredUsage(cacheTimeToLive: cacheTTL)
    try measured.read(file, options) { format in
      try UsagePricing(book: prices, provider: provider, unnamedModel: model, logFormat: format)
    }
    let document = measured.document
    TraceOptions.tell(measured.warnings, of: document.file)
    for note in Self.notes(measured.summary, document) { Terminal.writeDiagnostic("Note: \(note)\n") }
    if let output { try output.finish(UsageCSV(document).text) }
    if json {
      try Terminal.write(json: document)
    } else if csv != "-" {
      try Terminal.write(UsageText(document).text)
    }
  }

  /// What a reader of the figures should know.
  private static func notes(_ summary: UsageSummary, _ document: UsageDocument) -> [String] {
    func requests(_ count: Double) -> String { "\(NumberText.count(count)) request\(count == 1 ? "" : "s")" }
    var notes = document.sources.filter { $0.kind == .unpriced }.map { source in
      "\(requests(source.requests)) of \(UsageText.shown(source.model)) not priced: \(source.explanation)"
    }
    if summary.total.freeRequests > 0 {
      notes.append(
        "the log says that \(requests(summary.total.freeRequests)) with an answer cost $0: served by GPUs of your "
          + "own, or by a model whose price the gateway does not know")
    }
    if summary.total.pricedCachedTokens > 0 {
      notes.append(
        "\(NumberText.count(summary.total.pricedCachedTokens)) tokens from prompt caches are priced as others: the "
          + "price book has no price of cached ones, which providers charge less for")
    }
    return notes
  }
}
