// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics of a request log in one pass, with memory that a file of tens of millions of rows does not exhaust.

/// Gathers what `TraceSummary` tells and what a fit needs, batch after batch.
///
///     var statistics = TraceStatistics(hasCalendar: reader.hasCalendar, blockTokens: reader.blockTokens)
///     while try reader.next(into: &batch) { statistics.add(batch) }
///     print(statistics.summary(models: reader.models, useCases: reader.useCases))
///
/// It keeps 8 bytes a request, 16 where prompts have an identity, and a bounded amount for blocks and conversations.
/// - Complexity: O(1) a request, O(log n) a prefix block.
public struct TraceStatistics: Sendable {
  /// Whether times count from 1970 rather than from the trace's own zero.
  public let hasCalendar: Bool
  /// Requests, failed ones among them.
  public private(set) var requests = 0
  /// Requests that the log says failed.
  public private(set) var failed = 0
  private var first: Int64 = 0
  private var last: Int64 = 0

  /// Sums of gaps and their squares, in seconds.
  private var gapSum = 0.0
  private var gapSquares = 0.0
  /// Greatest common divisor of the gaps: the clock's tick.
  private var tick: Int64 = 0
  private var windows = [1, 10, 60].map { WindowCounts(seconds: $0) }
  private var hours: [Double] = []
  private var firstHour = 0
  /// Requests in the first minutes after the first request.
  private var minutes: [Double] = []
  private static let mostMinutes = 360

  private var input = LengthCounts()
  private var output = LengthCounts()
  private var pairs = IdentityLog()
  private var contents = IdentityLog()
  private var prefixes: PrefixReuse?
  private var sessions = SessionTally()
  private var firstTokens = LogHistogram()
  private var durations = LogHistogram()
  private var models: [UsageTally] = []
  private var useCases: [UsageTally] = []

  /// Statistics of no requests.
  /// - Parameters:
  ///   - hasCalendar: whether times count from 1970-01-01T00:00Z.
  ///   - blockTokens: tokens that a prefix block stands for; nil where the log has none.
  public init(hasCalendar: Bool, blockTokens: Int?) {
    self.hasCalendar = hasCalendar
    prefixes = blockTokens.flatMap { $0 > 0 ? PrefixReuse(blockTokens: $0) : nil }
  }

  /// Takes the next requests.
  /// - Precondition: times do not run back, within the batch or since the one before.
  public mutating func add(_ batch: TraceBatch) {
    var blockStart = 0
    for record in batch.records {
      let blockEnd = blockStart + Int(record.blockCount)
      add(record, blocks: batch.blocks[blockStart..<blockEnd])
      blockStart = blockEnd
    }
  }

  /// Takes the next request.
  /// - Parameter blocks: its prefix blocks.
  /// - Precondition: its time is not before the last one's.
  public mutating func add(_ record: TraceRecord, blocks: ArraySlice<UInt64> = []) {
    addArrival(record.time)
    if record.hasFailed { failed += 1 }
    input.add(record.inputTokens)
    if !record.hasFailed {
      output.add(record.outputTokens)
      pairs.add(
        UInt64(UInt32(max(0, record.inputTokens))) << 32 | UInt64(UInt32(max(0, record.outputTokens))))
    }
    if record.content != 0 { contents.add(record.content) }
    if !blocks.isEmpty { prefixes?.add(blocks, inputTokens: Int(record.inputTokens)) }
    if record.session != 0 { sessions.add(record) }
    firstTokens.add(Double(record.firstToken))
    durations.add(Double(record.duration))
    Self.tally(record, in: &models, at: Int(record.model))
    Self.tally(record, in: &useCases, at: Int(record.useCase))
  }

  private mutating func addArrival(_ time: Int64) {
    if requests == 0 {
      first = time
      firstHour = Self.hour(of: time)
    } else {
      precondition(time >= last, "a request at \(time) ns after one at \(last) ns")
      let gap = Double(time - last) * 1e-9
      gapSum += gap
      gapSquares += gap * gap
      tick = Self.greatestCommonDivisor(tick, time - last)
    }
    last = time
    requests += 1
    for index in windows.indices { windows[index].add(time) }
    let hour = Self.hour(of: time) - firstHour
    if hour >= hours.count { hours += [Double](repeating: 0, count: hour + 1 - hours.count) }
    hours[hour] += 1
    let minute = Int((time - first) / 60_000_000_000)
    if minute < Self.mostMinutes {
      if minute >= minutes.count { minutes += [Double](repeating: 0, count: minute + 1 - minutes.count) }
      minutes[minute] += 1
    }
  }

  private static func tally(_ record: TraceRecord, in tallies: inout [UsageTally], at index: Int) {
    while tallies.count <= index { tallies.append(UsageTally()) }
    tallies[index].add(record)
  }

  static func hour(of time: Int64) -> Int {
    Int(time >= 0 ? time / HourlyDemand.hour : -((HourlyDemand.hour - 1 - time) / HourlyDemand.hour))
  }

  private static func greatestCommonDivisor(_ left: Int64, _ right: Int64) -> Int64 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }

  /// Seconds from the first request to the last.
  public var duration: Double { Double(last - first) * 1e-9 }

  /// Requests per second of that time; nil for fewer than two requests or none apart.
  public var rate: Double? { duration > 0 ? Double(requests) / duration : nil }

  /// Standard deviation (divisor n) of the gaps between requests over their mean; nil where the clock's ticks are so
  /// coarse (over half a mean gap) that gaps say more of the clock than of the requests.
  public var interArrivalVariation: Double? {
    guard requests > 2, gapSum > 0, !isCoarse else { return nil }
    let count = Double(requests - 1)
    let mean = gapSum / count
    return max(0, gapSquares / count - mean * mean).squareRoot() / mean
  }

  private var isCoarse: Bool { Double(tick) * 1e-9 > 0.5 * gapSum / Double(max(1, requests - 1)) }

  /// Seconds between the readings of the log's clock, as far as the gaps show.
  public var tickSeconds: Double { Double(tick) * 1e-9 }

  /// Whole hours of the trace; the first and the last count where they are covered but for a few requests' gaps.
  public var hourly: HourlyDemand {
    var values: [Double?] = hours
    guard requests > 1, duration > 0 else {
      return HourlyDemand(firstHour: firstHour, requests: [], hasCalendar: hasCalendar)
    }
    let slack = min(1800, max(72, 3 * duration / Double(requests)))
    let missingAtStart = Double(first - Int64(firstHour) * HourlyDemand.hour) * 1e-9
    let end = Int64(firstHour + hours.count) * HourlyDemand.hour
    let missingAtEnd = Double(end - last) * 1e-9
    if missingAtEnd > slack { values[values.count - 1] = nil }
    if missingAtStart > slack { values[0] = nil }
    return HourlyDemand(firstHour: firstHour, requests: values, hasCalendar: hasCalendar)
  }

  /// The counts in windows of 1, 10 and 60 seconds.
  public var windowCounts: [WindowCounts] { windows }
  /// The input lengths, counted.
  public var inputLengths: LengthCounts { input }
  /// The output lengths of requests that did not fail, counted.
  public var outputLengths: LengthCounts { output }
  /// The prompts of conversations' first turns, counted.
  public var openingLengths: LengthCounts { sessions.opening }
  /// The tokens that later turns add to their conversation, counted.
  public var turnGrowth: LengthCounts { sessions.growth }
  /// How whole prompts repeat; nil where fewer than all but a few requests have an identity.
  var contentRepetitions: Repetitions? {
    contents.count > 0 && Double(contents.count) > 0.5 * Double(requests) ? contents.repetitions() : nil
  }

  /// Everything that is told of the requests.
  ///
  /// - Parameters:
  ///   - modelNames: names of the records' `model`.
  ///   - useCaseNames: names of the records' `useCase`.
  /// - Complexity: O(n log n) for n requests.
  public func summary(models modelNames: [String] = [], useCases useCaseNames: [String] = []) -> TraceSummary
  {
    let pairRepetitions = pairs.repetitions()
    let correlation = LengthCorrelation(pairs, output: output)
    let hourly = hourly
    var summary = TraceSummary(requests: Double(requests), hourly: hourly)
    summary.failed = failed
    // The last minute is cut off by the trace's end.
    summary.minutes = duration < Double(60 * Self.mostMinutes) ? minutes.dropLast() : []
    summary.durationSeconds = duration
    summary.ratePerSecond = rate
    summary.tickSeconds = tick > 0 ? tickSeconds : nil
    summary.interArrivalCV = interArrivalVariation
    summary.indexOfDispersion = TimeScales(windows.map(\.indexOfDispersion))
    summary.peakOverMean = TimeScales(windows.map(\.peakOverMean))
    summary.inputTokens = input.summary
    summary.outputTokens = output.summary
    summary.rankCorrelation = correlation?.rank
    summary.logCorrelation = correlation?.logarithmic
    summary.duplicateShare = contentRepetitions?.duplicateShare
    summary.duplicateLengthShare = pairRepetitions.total > 0 ? pairRepetitions.duplicateShare : nil
    summary.prefixShare = prefixes?.summary
    summary.sessions = sessions.summary
    summary.firstTokenSeconds = LatencySummary(firstTokens)
    summary.endToEndSeconds = LatencySummary(durations)
    summary.models = UsageTally.named(models, modelNames)
    summary.useCases = UsageTally.named(useCases, useCaseNames)
    return summary
  }
}
