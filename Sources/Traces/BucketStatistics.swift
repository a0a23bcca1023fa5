// SPDX-License-Identifier: GPL-3.0-or-later
// What usage in buckets tells of demand: levels and shapes, but nothing of single requests.

import Numerics

/// Gathers usage buckets.
public struct BucketStatistics: Sendable {
  /// Whether times count from 1970.
  public let hasCalendar: Bool
  /// Usage by the buckets' start, models added up.
  private var buckets: [Int64: UsageBucket] = [:]
  private var models: [UsageTally] = []

  /// Statistics of no buckets.
  public init(hasCalendar: Bool) { self.hasCalendar = hasCalendar }

  /// Takes a bucket; those of several models that start together are one stretch of time.
  public mutating func add(_ bucket: UsageBucket) {
    while models.count <= Int(bucket.model) { models.append(UsageTally()) }
    let model = Int(bucket.model)
    models[model].requests += Int(bucket.requests.rounded())
    if bucket.inputTokens.isFinite { models[model].inputTokens += Int(bucket.inputTokens) }
    if bucket.cachedInputTokens.isFinite { models[model].cachedInputTokens += Int(bucket.cachedInputTokens) }
    if bucket.outputTokens.isFinite { models[model].outputTokens += Int(bucket.outputTokens) }
    guard var known = buckets[bucket.start] else {
      buckets[bucket.start] = bucket
      return
    }
    known.requests += bucket.requests
    known.inputTokens += bucket.inputTokens
    known.outputTokens += bucket.outputTokens
    known.duration = max(known.duration, bucket.duration)
    buckets[bucket.start] = known
  }

  /// The buckets in order of time, those that the source missed left out.
  private var covered: [UsageBucket] {
    let sorted = buckets.values.sorted { $0.start < $1.start }
    let busy = sorted.map(\.requests).filter { $0 > 0 }.sorted()
    guard !busy.isEmpty else { return sorted }
    // From a level of 30 or more requests at the 1st percentile of busy buckets, chance does not lead to none at all:
    // an empty bucket is then a hole in the log.
    let hasHoles = quantile(ofSorted: busy, at: 0.01) >= 30
    return hasHoles ? sorted.filter { $0.requests > 0 } : sorted
  }

  /// Everything that is told.
  public func summary(models modelNames: [String] = []) -> TraceSummary {
    let covered = covered
    let time = covered.reduce(0) { $0 + $1.duration }
    let requests = covered.reduce(0) { $0 + $1.requests }
    var summary = TraceSummary(requests: requests, hourly: hourly(covered))
    summary.durationSeconds = time
    summary.ratePerSecond = time > 0 ? requests / time : nil
    summary.models = UsageTally.named(models, modelNames)
    summary.buckets = BucketSummary(covered, missing: buckets.count - covered.count, hourly: summary.hourly)
    return summary
  }

  /// Requests per hour; a bucket longer than an hour is spread evenly over its hours.
  private func hourly(_ covered: [UsageBucket]) -> HourlyDemand {
    guard let first = covered.first, let last = covered.last else {
      return HourlyDemand(firstHour: 0, requests: [], hasCalendar: hasCalendar)
    }
    let firstHour = TraceStatistics.hour(of: first.start)
    let end = last.start + Int64(last.duration * 1e9)
    let count = TraceStatistics.hour(of: end - 1) - firstHour + 1
    var (requests, seconds) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for bucket in covered {
      var from = bucket.start
      let bucketEnd = bucket.start + Int64(bucket.duration * 1e9)
      while from < bucketEnd {
        let hour = TraceStatistics.hour(of: from)
        let to = min(bucketEnd, Int64(hour + 1) * HourlyDemand.hour)
        let part = Double(to - from) * 1e-9
        requests[hour - firstHour] += bucket.requests * part / bucket.duration
        seconds[hour - firstHour] += part
        from = to
      }
    }
    // An hour of which the log misses a part is judged by the rest, if that is at least half.
    let values = zip(requests, seconds).map { requests, seconds in
      seconds >= 1800 ? requests * 3600 / seconds : nil
    }
    return HourlyDemand(firstHour: firstHour, requests: values, hasCalendar: hasCalendar)
  }
}

/// What is told of usage buckets.
public struct BucketSummary: Sendable, Hashable, Encodable {
  /// Buckets that count.
  public var count: Int
  /// Buckets without any request that are taken for holes in the log.
  public var missing: Int
  /// Seconds of the most common length of a bucket.
  public var seconds: Double
  /// The busiest bucket's rate over the mean, and the 99th and first percentiles.
  @NullEncoded public var peakOverMean: Double?
  /// The 99th percentile of the buckets' rates over the mean.
  @NullEncoded public var p99OverMean: Double?
  /// The first percentile of the buckets' rates over the mean.
  @NullEncoded public var p1OverMean: Double?
  /// Standard deviation (divisor n) of the buckets' rates over their mean.
  @NullEncoded public var variation: Double?
  /// The median over days of the busiest hour over the day's mean.
  @NullEncoded public var medianDayPeakOverMean: Double?
  /// Input tokens per request.
  @NullEncoded public var inputTokensPerRequest: Double?
  /// Output tokens per request.
  @NullEncoded public var outputTokensPerRequest: Double?

  init?(_ covered: [UsageBucket], missing: Int, hourly: HourlyDemand) {
    guard let first = covered.first else { return nil }
    count = covered.count
    self.missing = missing
    seconds = first.duration
    let rates = covered.map { $0.requests / $0.duration }.sorted()
    let mean = rates.reduce(0, +) / Double(rates.count)
    if mean > 0, rates.count > 1 {
      let squares = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      peakOverMean = (rates.last ?? 0) / mean
      p99OverMean = quantile(ofSorted: rates, at: 0.99) / mean
      p1OverMean = quantile(ofSorted: rates, at: 0.01) / mean
      variation = (squares / Double(rates.count)).squareRoot() / mean
    }
    let peaks = hourly.days.map(\.peakOverMean)
    medianDayPeakOverMean = peaks.isEmpty ? nil : quantiles(of: peaks, at: [0.5])[0]
    func perRequest(_ tokens: (UsageBucket) -> Double) -> Double? {
      let known = covered.filter { tokens($0).isFinite }
      let requests = known.reduce(0) { $0 + $1.requests }
      return requests > 0 ? known.reduce(0) { $0 + tokens($1) } / requests : nil
    }
    inputTokensPerRequest = perRequest(\.inputTokens)
    outputTokensPerRequest = perRequest(\.outputTokens)
  }
}
