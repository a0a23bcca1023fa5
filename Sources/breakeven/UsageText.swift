// SPDX-License-Identifier: GPL-3.0-or-later
// A usage document for people: tables for the terminal.

import CommandLineKit
import NumberFormatting

/// The tables of a usage document.
struct UsageText {
  private let document: UsageDocument

  init(_ document: UsageDocument) { self.document = document }

  /// A name out of a log as a terminal may show it: control characters as U+FFFD, at most 60 characters.
  static func shown(_ name: String) -> String {
    let scalars = name.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
    let text = String(String.UnicodeScalarView(scalars))
    return text.count > 60 ? String(text.prefix(59)) + "…" : text
  }

  /// Every table for which the log has something to tell.
  var text: String {
    let isByUseCase = document.useCases.contains { $0.name != "(unnamed)" }
    let models = Array(document.models.prefix(Self.mostRows))
    let useCases = isByUseCase ? Array(document.useCases.prefix(Self.mostRows)) : []
    var blocks = [
      headline + "\n",
      usage("Model", models, total: true) + Self.rest(document.models.count, "models"),
    ]
    if isByUseCase {
      blocks.append(
        usage("Use case", useCases, total: false) + Self.rest(document.useCases.count, "use cases"))
    }
    if document.total.duplicates != nil { blocks.append(duplicates(models + useCases)) }
    if document.total.firstTokenSeconds != nil || document.total.durationSeconds != nil {
      blocks.append(latencies(models + useCases))
    }
    blocks.append(sources)
    return blocks.joined(separator: "\n")
  }

  /// So many models and use cases, those that cost most, are shown; the JSON and the CSV have all.
  private static let mostRows = 20

  private static func rest(_ count: Int, _ what: String) -> String {
    count > mostRows ? "… and \(count - mostRows) more \(what): see --json or --csv\n" : ""
  }

  private var headline: String {
    let total = document.total
    var words = "\(document.file) (\(document.format)): \(Self.requests(total.requests))"
    if total.failed > 0 { words += ", \(NumberText.count(total.failed)) failed" }
    if total.answeredFromCache > 0 {
      words += ", \(NumberText.count(total.answeredFromCache)) answered from a cache"
    }
    return words + "; " + Self.amount(total.dollars, unpriced: total.unpricedRequests)
  }

  /// `$1.24`, `$1.24 and 3 requests not priced`, `not priced`.
  private static func amount(_ dollars: Double?, unpriced: Double) -> String {
    guard let dollars else { return "not priced" }
    return NumberText.money(dollars) + (unpriced > 0 ? " and \(requests(unpriced)) not priced" : "")
  }

  private static func requests(_ count: Double) -> String {
    "\(NumberText.count(count)) request\(count == 1 ? "" : "s")"
  }

  private func usage(_ title: String, _ rows: [UsageDocument.Row], total: Bool) -> String {
    var table = TextTable(columns: [
      .left(title), .right("Requests"), .right("Failed"), .right("Tokens in"), .right("cached"),
      .right("out"),
      .right("Dollars"), .right("Not priced"), .right("$/1M out"), .right("$/request"),
    ])
    for row in rows + (total ? [document.total] : []) {
      let tokens = [row.inputTokens, row.cachedInputTokens, row.outputTokens]
      var cells = [Self.shown(row.name), NumberText.count(row.requests), NumberText.count(row.failed)]
      cells += tokens.map { $0.map(NumberText.count) ?? "–" }
      cells.append(row.dollars.map(NumberText.money) ?? "–")
      cells.append(row.unpricedRequests > 0 ? NumberText.count(row.unpricedRequests) : "")
      let rates = [row.dollarsPerMillionOutputTokens, row.dollarsPerRequest]
      cells += rates.map { $0.map(NumberText.money) ?? "–" }
      table.add(cells)
    }
    return table.rendered
  }

  private func duplicates(_ rows: [UsageDocument.Row]) -> String {
    let seconds = NumberText.significant(document.cacheTimeToLiveSeconds) + NumberText.space + "s"
    var table = TextTable(columns: [
      .left("A cache of \(seconds) would have saved"), .right("Requests"), .right("Share"),
      .right("Tokens in"),
      .right("out"), .right("Dollars"),
    ])
    for row in rows + [document.total] {
      guard let saved = row.duplicates else { continue }
      table.add(
        Self.shown(row.name), NumberText.count(saved.requests),
        NumberText.percent(saved.requests / row.requests),
        NumberText.count(saved.inputTokens), NumberText.count(saved.outputTokens),
        Self.amount(saved.dollars, unpriced: saved.unpricedRequests))
    }
    return table.rendered
  }

  private func latencies(_ rows: [UsageDocument.Row]) -> String {
    var table = TextTable(columns: [
      .left("Latency"), .right("First token P50"), .right("P90"), .right("P99"), .right("Whole answer P50"),
      .right("P90"), .right("P99"),
    ])
    for row in rows + [document.total] {
      let latencies = [row.firstTokenSeconds, row.durationSeconds]
      if latencies.allSatisfy({ $0 == nil }) { continue }
      let cells = latencies.flatMap { [$0?.p50, $0?.p90, $0?.p99] }
      table.add(
        [Self.shown(row.name)] + cells.map { $0.map { NumberText.milliseconds($0 * 1000) } ?? "–" })
    }
    return table.rendered
  }

  private var sources: String {
    var table = TextTable(columns: [
      .left("Dollars of"), .left("come from"), .right("Requests"), .right("Dollars"), .right("$/1M in"),
      .right("out"), .left("Source"),
    ])
    for source in document.sources.prefix(2 * Self.mostRows) {
      let origin =
        switch source.kind {
        case .log: "the log"
        case .priceBook: source.provider ?? "–"
        case .unpriced: "not priced"
        }
      let catalog = source.catalogModel.map { $0 == source.model ? "" : "as \($0): " } ?? ""
      table.add(
        Self.shown(source.model), origin,
        NumberText.count(source.requests), source.dollars.map(NumberText.money) ?? "–",
        source.dollarsPerMillionInputTokens.map(NumberText.money) ?? "",
        source.dollarsPerMillionOutputTokens.map(NumberText.money) ?? "",
        catalog + source.explanation)
    }
    return table.rendered
  }
}
