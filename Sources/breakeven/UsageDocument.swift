// SPDX-License-Identifier: GPL-3.0-or-later
// What `usage` found, as one document: the JSON, the table and the CSV are functions of it.

import Traces

/// The usage of a log. What the log does not tell is absent.
struct UsageDocument: Encodable {
  /// Dollars, tokens and latencies of a model, a use case, or all.
  struct Row: Encodable {
    var name: String
    var requests: Double
    var failed: Double
    var answeredFromCache: Double
    var inputTokens: Double?
    var cachedInputTokens: Double?
    var outputTokens: Double?
    var dollars: Double?
    var unpricedRequests: Double
    var dollarsPerMillionOutputTokens: Double?
    var dollarsPerRequest: Double?
    var duplicates: Duplicates?
    var firstTokenSeconds: Latency?
    var durationSeconds: Latency?
  }

  /// Requests that a cache of answers would have saved.
  struct Duplicates: Encodable {
    var requests: Double
    var inputTokens: Double
    var outputTokens: Double
    var dollars: Double?
    var unpricedRequests: Double
  }

  /// Percentiles of a latency, seconds.
  struct Latency: Encodable {
    var count: Int
    var p50: Double
    var p90: Double
    var p99: Double
  }

  /// Where some dollars come from.
  struct Source: Encodable {
    /// What gave them.
    enum Kind: String, Encodable {
      case log, priceBook, unpriced
    }
    /// The log's name of the model.
    var model: String
    var kind: Kind
    var requests: Double
    var dollars: Double?
    var provider: String?
    var catalogModel: String?
    var dollarsPerMillionInputTokens: Double?
    var dollarsPerMillionOutputTokens: Double?
    /// The price's source, or why there is none.
    var explanation: String
  }

  var file: String
  var format: String
  var cacheTimeToLiveSeconds: Double
  var models: [Row]
  var useCases: [Row]
  var total: Row
  var sources: [Source]

  /// The document of what was added up.
  /// - Parameter quotes: what the price book says of the models, by their number, as far as it was asked.
  init(
    file: String, format: TraceFormat, timeToLive: Double, summary: UsageSummary, models names: [String],
    useCases useCaseNames: [String], quotes: [UsagePricing.Quote?]
  ) {
    self.file = file
    self.format = format.rawValue
    cacheTimeToLiveSeconds = timeToLive
    let modelNames = Self.shown(names, rest: "(other models)")
    models = Self.rows(summary.models, modelNames)
    useCases = Self.rows(summary.useCases, Self.shown(useCaseNames, rest: "(other use cases)"))
    total = Row(name: "all", summary.total)
    let sources = summary.models.enumerated().flatMap { number, figures in
      Source.all(
        of: figures, model: modelNames[number], quotes.indices.contains(number) ? quotes[number] : nil)
    }
    self.sources = models.flatMap { row in sources.filter { $0.model == row.name } }
  }

  /// The names as the document has them; those without figures of their own share the last.
  private static func shown(_ names: [String], rest: String) -> [String] {
    var shown = ["(unnamed)"] + names.dropFirst()
    if names.count > UsageSummary.mostNames { shown[UsageSummary.mostNames - 1] = rest }
    return shown
  }

  /// The rows of names that occur, those first that cost most; what is not priced last, most requests first.
  private static func rows(_ figures: [UsageFigures], _ names: [String]) -> [Row] {
    let rows = zip(names, figures).filter { $0.1.requests > 0 }.map { Row(name: $0, $1) }
    return rows.sorted { left, right in
      let (cost, other) = (left.dollars ?? -1, right.dollars ?? -1)
      if cost != other { return cost > other }
      return (-left.requests, left.name) < (-right.requests, right.name)
    }
  }
}

extension UsageDocument.Row {
  fileprivate init(name: String, _ figures: UsageFigures) {
    self.name = name
    requests = figures.requests
    failed = figures.failed
    answeredFromCache = figures.answeredFromCache
    let tellsTokens = figures.withoutTokens < figures.requests
    inputTokens = tellsTokens ? figures.inputTokens : nil
    cachedInputTokens = tellsTokens ? figures.cachedInputTokens : nil
    outputTokens = tellsTokens ? figures.outputTokens : nil
    dollars = figures.dollars.map(UsageDocument.rounded)
    unpricedRequests = figures.unpricedRequests
    dollarsPerMillionOutputTokens = figures.dollarsPerMillionOutputTokens.map(UsageDocument.rounded)
    dollarsPerRequest = figures.dollarsPerRequest.map(UsageDocument.rounded)
    if figures.identifiedRequests > 0 {
      let saved = figures.repetitions
      let isPriced = saved.unpricedRequests < saved.requests || saved.requests == 0
      duplicates = UsageDocument.Duplicates(
        requests: saved.requests, inputTokens: saved.inputTokens, outputTokens: saved.outputTokens,
        dollars: isPriced ? UsageDocument.rounded(saved.dollars) : nil,
        unpricedRequests: saved.unpricedRequests)
    }
    firstTokenSeconds = UsageDocument.Latency(figures.firstToken)
    durationSeconds = UsageDocument.Latency(figures.duration)
  }
}

extension UsageDocument.Latency {
  fileprivate init?(_ histogram: LogHistogram) {
    guard let p50 = histogram.quantile(0.5), let p90 = histogram.quantile(0.9),
      let p99 = histogram.quantile(0.99)
    else { return nil }
    count = histogram.count
    // Microseconds: the bins are coarser still.
    func rounded(_ seconds: Double) -> Double { (seconds * 1e6).rounded() / 1e6 }
    (self.p50, self.p90, self.p99) = (rounded(p50), rounded(p90), rounded(p99))
  }
}

extension UsageDocument.Source {
  /// The sources of a model's dollars: the log, the price book, or neither.
  fileprivate static func all(
    of figures: UsageFigures, model: String, _ quote: UsagePricing.Quote?
  ) -> [UsageDocument.Source] {
    var sources: [UsageDocument.Source] = []
    if figures.logged.requests > 0 {
      sources.append(
        UsageDocument.Source(
          model: model, kind: .log, requests: figures.logged.requests,
          dollars: UsageDocument.rounded(figures.logged.dollars), explanation: "what the log says was spent"))
    }
    if figures.priced.requests > 0 {
      var source = UsageDocument.Source(
        model: model, kind: .priceBook, requests: figures.priced.requests,
        dollars: UsageDocument.rounded(figures.priced.dollars),
        explanation: "several prices of the price book")
      if case .price(let price, let id, let provider, let words) = quote {
        source.provider = provider
        source.catalogModel = id
        source.dollarsPerMillionInputTokens = price.inputPerMillion
        source.dollarsPerMillionOutputTokens = price.outputPerMillion
        source.explanation = words
      }
      sources.append(source)
    }
    if figures.unpricedRequests > 0 {
      var reason = "the log does not tell its tokens"
      if case .unpriced(let words) = quote { reason = words }
      sources.append(
        UsageDocument.Source(
          model: model, kind: .unpriced, requests: figures.unpricedRequests, explanation: reason))
    }
    return sources
  }
}

extension UsageDocument {
  /// To nine decimals: what lies beyond is the noise of adding up.
  fileprivate static func rounded(_ value: Double) -> Double {
    (value * 1e9).rounded() / 1e9
  }
}
