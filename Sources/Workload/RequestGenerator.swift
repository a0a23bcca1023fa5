// SPDX-License-Identifier: GPL-3.0-or-later
// Makes requests from statistics, as a stream: constant memory, a few random numbers and two table look-ups each.

import Foundation
import Numerics
public import Quantities
public import Uncertainty

/// The statistics of one use case, ready to be sampled.
public struct UseCaseStatistics: Sendable {
  /// Requests per second in each hour of the week, before noise and growth.
  public var hourlyRate: [Double]
  /// Gaps between requests as multiples of their mean; nil is exponential.
  public var gaps: QuantileTable?
  /// The gap, likewise, in which a moment chosen at random lies: long gaps hold more of time. Nil is exponential.
  let spanningGaps: GammaDistribution?
  /// Prompt lengths.
  public var inputTokens: TokenLengthTable
  /// Output lengths.
  public var outputTokens: TokenLengthTable

  /// Statistics.
  /// - Parameter burstiness: the gamma shape of the gaps; 1 is Poisson.
  public init(
    hourlyRate: [Double], burstiness: Double, inputTokens: TokenLengthTable, outputTokens: TokenLengthTable
  ) {
    precondition(hourlyRate.count == 168, "a week has 168 hours, not \(hourlyRate.count)")
    self.hourlyRate = hourlyRate
    gaps = burstiness == 1 ? nil : QuantileTable(gammaShape: burstiness, scale: 1 / burstiness)
    // Weighted with its length, a gamma of shape k is one of shape k + 1.
    spanningGaps =
      burstiness == 1 ? nil : GammaDistribution(shape: burstiness + 1, scale: 1 / burstiness)
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }
}

/// The requests of one stretch of a week, in order of arrival.
///
/// Every hour of every use case has its own stream of random numbers, so that windows that start together have the same
/// requests as far as both reach. Gaps are drawn in operational time (one unit is one mean gap), which a change of
/// rate at the hour only stretches. A window opens at any moment of a stationary process (an equilibrium renewal
/// process; D. R. Cox, Renewal Theory, 1962), so that the expected number of requests is rate times time however
/// bursty they are.
public struct RequestGenerator: Sendable {
  /// One use case's place in its stream.
  private struct Source {
    var stream: CounterRandom
    /// The hour of the week it is in.
    var hour: Int
    /// Requests per second in that hour.
    var rate: Double
    /// The next request's arrival.
    var next: Double
    var inputTokens: Int32
    var outputTokens: Int32
  }

  private let statistics: [UseCaseStatistics]
  private let factors: [Double]
  private let seed: UInt64
  private let draw: UInt32
  private let month: Int
  /// Start of the window, seconds into the week.
  private let start: Double
  private let length: Double
  private var sources: [Source] = []

  /// A generator for the window `[start, start + length)` of a week.
  /// - Parameters:
  ///   - statistics: one per use case; at most 64.
  ///   - scale: factor on every rate: volume and growth.
  ///   - noise: the week's noise.
  ///   - seed: the run's seed.
  ///   - draw: the draw.
  ///   - month: the month the week stands for, below 1,560.
  ///   - start: seconds from Monday 00:00 UTC.
  ///   - length: seconds.
  public init(
    _ statistics: [UseCaseStatistics], scale: Double, noise: WeekNoise, seed: UInt64, draw: UInt32,
    month: Int, start: Seconds, length: Seconds
  ) {
    precondition(statistics.count <= 64, "\(statistics.count) use cases; at most 64 are supported")
    self.statistics = statistics
    self.factors = noise.factors.map { $0 * scale }
    self.seed = seed
    self.draw = draw
    self.month = month
    self.start = start.rawValue
    self.length = length.rawValue
    for useCase in statistics.indices {
      let hour = Int(start.rawValue / 3600)
      var source = Source(
        stream: stream(useCase, hour: hour), hour: hour, rate: rate(useCase, hour: hour), next: 0,
        inputTokens: 0, outputTokens: 0)
      advance(&source, useCase, opening: true)
      sources.append(source)
    }
  }

  private func stream(_ useCase: Int, hour: Int) -> CounterRandom {
    CounterRandom(
      seed: seed, draw: draw, purpose: .requests, index: UInt32((month * 168 + hour % 168) * 64 + useCase))
  }

  private func rate(_ useCase: Int, hour: Int) -> Double {
    statistics[useCase].hourlyRate[hour % 168] * factors[hour % 168]
  }

  /// Draws a source's next request.
  /// - Parameter opening: whether the window opens here, in the midst of a gap.
  @inline(__always)
  private func advance(_ source: inout Source, _ useCase: Int, opening: Bool = false) {
    let uniforms = source.stream.nextUniforms()
    var gap: Double
    if opening, let spanning = statistics[useCase].spanningGaps {
      gap = spanning.quantile(uniforms.x) * uniforms.w
    } else {
      gap = statistics[useCase].gaps.map { $0[uniforms.x] } ?? -log(uniforms.x)
    }
    source.inputTokens = statistics[useCase].inputTokens[uniforms.y]
    source.outputTokens = statistics[useCase].outputTokens[uniforms.z]
    while true {
      if source.next >= length { return }
      let hourEnd = Double(source.hour + 1) * 3600 - start
      let next = source.next + gap / source.rate
      if next < hourEnd {
        source.next = next
        return
      }
      // Rounding must not leave less than nothing: at a rate of 0 that would be before all time.
      gap = max(0, gap - (hourEnd - source.next) * source.rate)
      source.next = hourEnd
      source.hour += 1
      source.rate = rate(useCase, hour: source.hour)
      source.stream = stream(useCase, hour: source.hour)
    }
  }

  /// Fills `buffer` from its start with the next requests; arrivals count from the window's start.
  /// - Returns: how many; fewer than the buffer holds only at the window's end.
  /// - Complexity: O(use cases) per request.
  public mutating func fill(_ buffer: inout [Request]) -> Int {
    var count = 0
    while count < buffer.count {
      var first = 0
      for index in sources.indices where sources[index].next < sources[first].next { first = index }
      if sources.isEmpty || sources[first].next >= length { break }
      buffer[count] = Request(
        arrival: sources[first].next, inputTokens: sources[first].inputTokens,
        outputTokens: sources[first].outputTokens, useCase: Int32(first))
      count += 1
      var source = sources[first]
      advance(&source, first)
      sources[first] = source
    }
    return count
  }
}
