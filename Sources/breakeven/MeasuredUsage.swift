// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a log of either kind and prices it on the way: a model's price is looked up when it is first needed.

import CommandLineKit
import TextFormats
import Traces

/// The usage of a log, added up and priced.
struct MeasuredUsage {
  /// What was added up.
  private(set) var summary: UsageSummary
  /// What the reader skipped, sorted, changed or left out.
  private(set) var warnings: [String] = []
  /// From the first request to the last, seconds since 1970 or since the log's own zero; nil where there is none.
  private(set) var span: ClosedRange<Double>?
  /// Whether the log's times are dates.
  private(set) var hasCalendar = false
  private let timeToLive: Double
  private var file = ""
  private var format = TraceFormat.csv
  private var models: [String] = []
  private var useCases: [String] = []
  /// What the price book says of the models, by number, as far as it was asked.
  private var quotes: [UsagePricing.Quote?] = []

  /// - Parameter cacheTimeToLive: for how many seconds a cache of answers would know one.
  init(cacheTimeToLive: Double) {
    timeToLive = cacheTimeToLive
    summary = UsageSummary(cacheTimeToLive: cacheTimeToLive)
  }

  /// The findings.
  var document: UsageDocument {
    UsageDocument(
      file: file, format: format, timeToLive: timeToLive, summary: summary, models: models,
      useCases: useCases,
      quotes: quotes)
  }

  /// Reads a log to its end.
  /// - Parameter priced: opens the price book for a log of a format.
  mutating func read(
    _ path: String, _ options: TraceReadingOptions, priced: (TraceFormat) throws -> UsagePricing
  ) throws {
    let opened: DemandLog
    do {
      opened = try DemandLog(path: path, options: options)
    } catch {
      throw TraceOptions.failure(error)
    }
    switch consume opened {
    case .requests(var trace):
      (file, format) = (trace.file, trace.format)
      let pricing = try priced(format)
      var batch = TraceBatch()
      while try TraceOptions.next(&trace, into: &batch) {
        for record in batch.records {
          cover(record.time, seconds: 0)
          let isPriced = record.dollars.isFinite || record.hasFailed || record.wasCached
          summary.add(
            record, price: isPriced ? nil : try price(of: record.model, names: trace.models, pricing))
        }
      }
      hasCalendar = trace.hasCalendar
      (models, useCases, warnings) = (trace.models, trace.useCases, trace.warnings)
    case .usage(let usage):
      (file, format) = (usage.file, usage.format)
      let pricing = try priced(format)
      hasCalendar = usage.hasCalendar
      for bucket in usage.buckets {
        cover(bucket.start, seconds: bucket.duration)
        let isCounted = bucket.inputTokens.isFinite && bucket.outputTokens.isFinite && bucket.requests > 0
        summary.add(
          bucket, price: isCounted ? try price(of: bucket.model, names: usage.models, pricing) : nil)
      }
      (models, warnings) = (usage.models, usage.warnings)
    }
    if models.count > UsageSummary.mostNames || useCases.count > UsageSummary.mostNames {
      warnings.append(
        "more than \(UsageSummary.mostNames) models or use cases: those that appear later are counted together"
      )
    }
  }

  /// Widens the span by a stretch of time.
  private mutating func cover(_ nanoseconds: Int64, seconds: Double) {
    let start = Double(nanoseconds) / 1e9
    span = min(span?.lowerBound ?? start, start)...max(span?.upperBound ?? start, start + seconds)
  }

  private mutating func price(
    of model: UInt16, names: @autoclosure () -> [String], _ pricing: UsagePricing
  ) throws -> TokenPrice? {
    let number = Int(model)
    if number < quotes.count, let quote = quotes[number] { return quote.price }
    while quotes.count <= number { quotes.append(nil) }
    let quote = try pricing.quote(for: names()[number])
    quotes[number] = quote
    return quote.price
  }
}
