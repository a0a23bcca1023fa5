// SPDX-License-Identifier: GPL-3.0-or-later
// All requests of a window in order of arrival, as a stream in constant memory.

public import Quantities

/// Where a use case's requests come from.
public enum RequestSource: Sendable {
  /// Made up from statistics.
  case synthesized(UseCaseStatistics)
  /// From a trace.
  case replayed(TraceReplay)

  /// Requests per second in each hour of the week, before noise and growth.
  public var hourlyRate: [Double] {
    switch self {
    case .synthesized(let statistics): statistics.hourlyRate
    case .replayed(let replay): replay.hourlyRate
    }
  }
}

/// The requests of one stretch of time, in order of arrival.
///
/// Every hour of every use case has its own streams of random numbers, one per purpose, so that windows that start
/// together have the same requests as far as both reach, and options that are compared meet the same demand. Gaps are
/// drawn in operational time (one unit is one mean gap), which a change of rate only stretches. A window opens at any
/// moment of a stationary process, so that the expected number of requests is rate times time however bursty they are.
public struct RequestGenerator: Sendable {
  /// One use case's stream, of either kind, and the requests made ahead.
  private struct Source {
    var synthesized: SynthesizedStream?
    var replayed: ReplayedStream?
    var ahead: [Request]
    var count = 0
    var place = 0

    /// Makes the next requests. Nothing is moved: a stream may hold many conversations.
    mutating func refill(_ source: RequestSource) {
      place = 0
      switch source {
      case .synthesized(let statistics): count = synthesized?.fill(&ahead, statistics) ?? 0
      case .replayed(let replay): count = replayed?.fill(&ahead, replay) ?? 0
      }
    }
  }

  private let sources: [RequestSource]
  private var streams: [Source]
  /// Arrival of each stream's next request; infinite after its last.
  private var next: [Double]

  /// Requests that a use case makes ahead at once.
  private static let ahead = 256

  /// A generator for the window `[start, start + length)` of a week.
  /// - Parameters:
  ///   - sources: one per use case; at most 64.
  ///   - scale: factor on every rate: volume and growth.
  ///   - noise: the week's noise, of 168 hours.
  ///   - days: a factor on each day of the week from Monday; nil for none.
  ///   - seed: the run's seed.
  ///   - draw: the draw.
  ///   - month: the month the week stands for, below 1,560.
  ///   - start: seconds from Monday 00:00 UTC.
  ///   - length: seconds.
  ///   - played: seconds of a replay that were played in windows before this one, which go before it though they too
  ///     start on Monday.
  public init(
    _ sources: [RequestSource], scale: Double, noise: DemandNoise, days: [Double]? = nil, seed: UInt64,
    draw: UInt32, month: Int, start: Seconds, length: Seconds, played: Seconds = .zero
  ) {
    precondition(noise.factors.count == 168, "noise of \(noise.factors.count) hours for a week")
    let window = DemandWindow(
      seed: seed, draw: draw, firstStream: month * 168, cycleHours: 168, firstHourOfWeek: 0,
      start: start.rawValue, length: length.rawValue, minuteNoise: noise.minute)
    let factors = noise.factors.enumerated().map { $0.element * scale * (days?[$0.offset / 24] ?? 1) }
    self.init(sources, factors: factors, window: window, played: played.rawValue)
  }

  /// A generator for many hours in a row, each with a factor and streams of its own.
  /// - Parameters:
  ///   - sources: one per use case; at most 64.
  ///   - factors: on every rate, noise of days and hours among them, by hour.
  ///   - minuteNoise: standard deviation of the logarithm of each minute's factor.
  ///   - firstHourOfWeek: hours from Monday 00:00 UTC to the first hour.
  ///   - seed: the run's seed.
  ///   - draw: the draw.
  ///   - length: seconds, at most the hours of `factors`, of which there are at most 262,144.
  public init(
    timeline sources: [RequestSource], factors: [Double], minuteNoise: Double, firstHourOfWeek: Int,
    seed: UInt64, draw: UInt32, length: Seconds
  ) {
    precondition(length.rawValue <= Double(factors.count) * 3600, "\(factors.count) hours are too few")
    let window = DemandWindow(
      seed: seed, draw: draw, firstStream: 0, cycleHours: factors.count, firstHourOfWeek: firstHourOfWeek,
      start: 0, length: length.rawValue, minuteNoise: minuteNoise)
    self.init(sources, factors: factors, window: window, played: 0)
  }

  private init(_ sources: [RequestSource], factors: [Double], window: DemandWindow, played: Double) {
    precondition(
      sources.count <= Request.mostUseCases,
      "\(sources.count) use cases; at most \(Request.mostUseCases) are supported")
    self.sources = sources
    let blank = Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0)
    streams = sources.enumerated().map { index, source in
      let ahead = [Request](repeating: blank, count: Self.ahead)
      switch source {
      case .synthesized(let statistics):
        let stream = SynthesizedStream(
          statistics, factors: factors, window: window, useCase: index, useCases: sources.count)
        return Source(synthesized: stream, ahead: ahead)
      case .replayed(let replay):
        let stream = ReplayedStream(
          replay, factors: factors, window: window, played: played, useCase: index, useCases: sources.count)
        return Source(replayed: stream, ahead: ahead)
      }
    }
    next = []
    for index in sources.indices {
      streams[index].refill(sources[index])
      next.append(streams[index].count > 0 ? streams[index].ahead[0].arrival : .infinity)
    }
  }

  /// Fills `buffer` from its start with the next requests; arrivals count from the window's start.
  /// - Returns: how many; fewer than the buffer holds only at the window's end.
  /// - Complexity: O(use cases) per request at worst; O(1) while one use case's requests follow each other.
  public mutating func fill(_ buffer: inout [Request]) -> Int {
    var made = 0
    var out = buffer.mutableSpan
    while made < out.count {
      // The earliest, of several the first use case's, and the earliest of the others.
      var (first, time, limit) = (0, Double.infinity, Double.infinity)
      for index in next.indices {
        if next[index] < time {
          (first, time, limit) = (index, next[index], time)
        } else {
          limit = min(limit, next[index])
        }
      }
      if time == .infinity { break }
      made += take(from: first, until: limit, into: &out, at: made)
    }
    return made
  }

  /// Copies a stream's requests while they come before all others'.
  private mutating func take(
    from index: Int, until limit: Double, into out: inout MutableSpan<Request>, at place: Int
  ) -> Int {
    var taken = 0
    var position = streams[index].place
    let end = streams[index].count
    do {
      let requests = streams[index].ahead
      let ahead = requests.span
      repeat {
        out[place + taken] = ahead[position]
        taken += 1
        position += 1
      } while position < end && place + taken < out.count && ahead[position].arrival < limit
      if position < end { next[index] = ahead[position].arrival }
    }
    streams[index].place = position
    if position == end {
      if end < Self.ahead {
        next[index] = .infinity
      } else {
        streams[index].refill(sources[index])
        next[index] = streams[index].count > 0 ? streams[index].ahead[0].arrival : .infinity
      }
    }
    return taken
  }
}
