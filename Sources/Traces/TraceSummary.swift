// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics of a trace as one document, which the terminal's table and the JSON are functions of.

/// What a trace's statistics are. What the trace cannot tell is nil, and `null` in JSON.
public struct TraceSummary: Sendable, Encodable {
  /// Requests; not whole where a source gives rates.
  public var requests: Double
  /// Requests that the log says failed; they count as arrivals and inputs, not as outputs.
  @NullEncoded public var failed: Int?
  /// Seconds from the first request to the last; the time that buckets cover.
  @NullEncoded public var durationSeconds: Double?
  /// Requests per second of that time.
  @NullEncoded public var ratePerSecond: Double?
  /// Seconds between readings of the log's clock, as far as the gaps show.
  @NullEncoded public var tickSeconds: Double?
  /// Standard deviation (divisor n) of the gaps between requests over their mean.
  @NullEncoded public var interArrivalCV: Double?
  /// Variance over mean of the requests in whole windows.
  @NullEncoded public var indexOfDispersion: TimeScales?
  /// The fullest window over the mean.
  @NullEncoded public var peakOverMean: TimeScales?
  /// Prompt lengths.
  @NullEncoded public var inputTokens: LengthSummary?
  /// Output lengths of requests that did not fail.
  @NullEncoded public var outputTokens: LengthSummary?
  /// Spearman's correlation of the two.
  @NullEncoded public var rankCorrelation: Double?
  /// Pearson's correlation of their logarithms.
  @NullEncoded public var logCorrelation: Double?
  /// Busiest and quietest hour over the mean of hours.
  @NullEncoded public var peakHourOverMean: Double?
  /// The quietest hour over the mean of hours.
  @NullEncoded public var troughHourOverMean: Double?
  /// Standard deviation (divisor n) of the hours over their mean.
  @NullEncoded public var hourlyCV: Double?
  /// Mean level of Saturdays and Sundays over that of the other days.
  @NullEncoded public var weekendOverWeekday: Double?
  /// Factors of the 168 hours of the week, Monday 00:00 UTC first, of mean 1.
  @NullEncoded public var hourOfWeek: [Double]?
  /// Factors of the 24 hours of the day, midnight UTC first, of mean 1.
  @NullEncoded public var hourOfDay: [Double]?
  /// The mean level of each day of which at least 20 hours are covered, over the mean of all, in order.
  @NullEncoded public var dayLevels: [Double]?
  /// The share of requests whose whole prompt came before.
  @NullEncoded public var duplicateShare: Double?
  /// The share of requests whose input and output lengths, as a pair, came before: an upper bound of the former.
  @NullEncoded public var duplicateLengthShare: Double?
  /// What prefix caches would find.
  @NullEncoded public var prefixShare: PrefixSummary?
  /// Conversations.
  @NullEncoded public var sessions: SessionSummary?
  /// Seconds from a request to its first token.
  @NullEncoded public var firstTokenSeconds: LatencySummary?
  /// Seconds from a request to its last token.
  @NullEncoded public var endToEndSeconds: LatencySummary?
  /// Usage buckets, where the source has no single requests.
  @NullEncoded public var buckets: BucketSummary?
  /// Requests and tokens per model.
  public var models: [UsageTally] = []
  /// Requests and tokens per use case.
  public var useCases: [UsageTally] = []
  /// Requests in each whole minute of a trace shorter than six hours, for a chart.
  public var minutes: [Double] = []
  /// The hours that profiles and charts are made of.
  public var hourly: HourlyDemand

  private enum CodingKeys: String, CodingKey {
    case requests, failed, durationSeconds, ratePerSecond, tickSeconds, interArrivalCV, indexOfDispersion
    case peakOverMean, inputTokens, outputTokens, rankCorrelation, logCorrelation, peakHourOverMean
    case troughHourOverMean, hourlyCV, weekendOverWeekday, hourOfWeek, hourOfDay, dayLevels
    case duplicateShare, duplicateLengthShare, prefixShare, sessions, firstTokenSeconds, endToEndSeconds
    case buckets, models, useCases
  }

  init(requests: Double, hourly: HourlyDemand) {
    self.requests = requests
    self.hourly = hourly
    peakHourOverMean = hourly.peakOverMean
    troughHourOverMean = hourly.troughOverMean
    hourlyCV = hourly.variation
    weekendOverWeekday = hourly.weekendOverWeekday
    hourOfWeek = hourly.hasCalendar ? hourly.weekProfile : nil
    hourOfDay = hourly.dayProfile
    let days = hourly.days
    dayLevels = days.isEmpty ? nil : days.map(\.level)
  }
}

/// A figure at the time scales of 1, 10 and 60 seconds.
public struct TimeScales: Sendable, Hashable, Encodable {
  /// The figure in windows of one second.
  @NullEncoded public var oneSecond: Double?
  /// The figure in windows of ten seconds.
  @NullEncoded public var tenSeconds: Double?
  /// The figure in windows of sixty seconds.
  @NullEncoded public var sixtySeconds: Double?

  private enum CodingKeys: String, CodingKey {
    case oneSecond = "1s"
    case tenSeconds = "10s"
    case sixtySeconds = "60s"
  }

  init(_ values: [Double?]) {
    precondition(values.count == 3, "\(values.count) figures for three time scales")
    (oneSecond, tenSeconds, sixtySeconds) = (values[0], values[1], values[2])
  }
}

/// What is told of a latency, in seconds.
public struct LatencySummary: Sendable, Hashable, Encodable {
  /// Requests of which it is known.
  public var count: Int
  /// The mean.
  public var mean: Double
  /// Quantiles, good to 0.25 %.
  public var p50, p90, p95, p99: Double

  /// The figures; nil where none is known.
  public init?(_ histogram: LogHistogram) {
    guard let p50 = histogram.quantile(0.5), let p90 = histogram.quantile(0.9),
      let p95 = histogram.quantile(0.95), let p99 = histogram.quantile(0.99)
    else { return nil }
    (count, mean) = (histogram.count, histogram.mean)
    (self.p50, self.p90, self.p95, self.p99) = (p50, p90, p95, p99)
  }
}

/// Requests and tokens of one model or use case.
public struct UsageTally: Sendable, Hashable, Encodable {
  /// The name in the log; empty where it names none.
  public var name = ""
  /// Requests, failed ones among them.
  public var requests = 0
  /// Failed requests.
  public var failed = 0
  /// Tokens: of prompts, of those from a prompt cache, and generated.
  public var inputTokens = 0, cachedInputTokens = 0, outputTokens = 0

  /// Nothing yet.
  public init() {}

  mutating func add(_ record: TraceRecord) {
    requests += 1
    failed += record.hasFailed ? 1 : 0
    inputTokens += Int(record.inputTokens)
    cachedInputTokens += Int(record.cachedInputTokens)
    outputTokens += Int(record.outputTokens)
  }

  static func named(_ tallies: [UsageTally], _ names: [String]) -> [UsageTally] {
    tallies.enumerated().filter { $0.element.requests > 0 }.map { index, tally in
      var tally = tally
      tally.name = index < names.count ? names[index] : ""
      return tally
    }
  }
}

/// An optional value that is written as `null` where it is absent, so that a reader finds every key.
@propertyWrapper
public struct NullEncoded<Value: Encodable & Sendable>: Sendable, Encodable {
  /// The value.
  public var wrappedValue: Value?

  /// A value or none.
  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  /// Writes the value or `null`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

extension NullEncoded: Equatable where Value: Equatable {}
extension NullEncoded: Hashable where Value: Hashable {}
