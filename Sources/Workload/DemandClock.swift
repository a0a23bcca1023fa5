// SPDX-License-Identifier: GPL-3.0-or-later
// The time of a use case's demand: operational time, in which it is steady, against the seconds of a window.

import Foundation
import Numerics
import Quantities
import Uncertainty

/// A window and its weather, which all use cases share.
struct DemandWindow: Sendable, BitwiseCopyable {
  var seed: UInt64
  var draw: UInt32
  /// Index of the streams of the cycle's first hour.
  var firstStream: Int
  /// Hours after which hours have the same streams and factors again: a week, or the whole of a timeline.
  var cycleHours: Int
  /// Hour of the week of the cycle's first hour.
  var firstHourOfWeek: Int
  /// Seconds from the cycle's start to the window's.
  var start: Double
  /// Seconds.
  var length: Double
  /// Standard deviation of the logarithm of each minute's factor.
  var minuteNoise: Double

  /// The stream of one purpose in one hour of one use case.
  func stream(_ purpose: StreamPurpose, hour: Int, useCase: Int) -> CounterRandom {
    CounterRandom(
      seed: seed, draw: draw, purpose: purpose,
      index: UInt32((firstStream + hour % cycleHours) * Request.mostUseCases + useCase))
  }

  /// The factor on a use case's rate in a minute: lognormal, of mean 1, what all use cases have in common times what is
  /// its own.
  func factor(hour: Int, minute: Int, useCase: Int, ownNoise: Double) -> Double {
    let place = firstStream + hour % cycleHours
    var factor = 1.0
    if minuteNoise > 0 {
      let stream = CounterRandom(seed: seed, draw: draw, purpose: .minuteNoise, index: UInt32(place))
      factor = Self.lognormal(stream.block(UInt64(minute)), minuteNoise)
    }
    if ownNoise > 0 {
      // Blocks from 64 on, for an hour's common factors may have the same stream.
      let own = stream(.minuteNoise, hour: hour, useCase: useCase)
      factor *= Self.lognormal(own.block(UInt64(64 + minute)), ownNoise)
    }
    return factor
  }

  private static func lognormal(_ words: SIMD4<UInt32>, _ deviation: Double) -> Double {
    let uniform = (Double(UInt64(words.x) << 20 | UInt64(words.y) >> 12) + 0.5) * 0x1p-52
    return exp(deviation * LengthSampler.scores[uniform] - deviation * deviation / 2)
  }
}

/// Walks through a window piece by piece, each with one rate: hours, minutes where they have noise, on and off periods.
struct DemandClock: Sendable, BitwiseCopyable {
  /// Seconds from the window's start: the last event, or where the present piece began.
  var now = 0.0
  /// Operational time per second in this piece.
  private(set) var rate: Double
  /// Where the piece ends.
  private(set) var end: Double
  /// Hours from the cycle's start.
  private(set) var hour: Int

  private let window: DemandWindow
  private let periods: OnOffPeriods?
  private let useCase: Int
  private let ownNoise: Double
  private let hasMinutes: Bool
  private var minute: Int
  /// Operational time per second of the hour, and of the minute while the sources are on.
  private var hourRate: Double
  private var minuteRate = 0.0
  private var minuteEnd = 0.0
  private var isOn = true
  private var periodEnd = Double.infinity
  private var periodRandom: CounterRandom

  /// The clock at a window's start.
  ///
  /// Exponential periods have no memory: the window opens in one that is on with the share of time that is on, and what
  /// is left of it is as long as a whole one.
  /// - Parameters:
  ///   - rates: operational time per second in each hour of the cycle.
  ///   - periods: when requests come and do not come.
  ///   - ownNoise: the use case's own minute noise.
  init(
    _ window: DemandWindow, rates: Span<Double>, periods: OnOffPeriods? = nil, ownNoise: Double = 0,
    useCase: Int
  ) {
    self.window = window
    self.periods = periods
    self.useCase = useCase
    self.ownNoise = ownNoise
    hasMinutes = window.minuteNoise > 0 || ownNoise > 0
    hour = Int(window.start / 3600)
    minute = min(Int((window.start - Double(hour) * 3600) / 60), 59)
    periodRandom = window.stream(.onOffPeriods, hour: hour, useCase: useCase)
    hourRate = rates[hour % window.cycleHours]
    rate = 0
    end = 0
    if let periods {
      let uniforms = periodRandom.nextUniforms()
      isOn = uniforms.x < periods.onShare
      periodEnd = -log(uniforms.y) * (isOn ? periods.onSeconds : periods.offSeconds)
    }
    enterMinute()
    settle()
  }

  /// Sets the clock to the end of the present piece and enters the next.
  @inline(__always)
  mutating func step(_ rates: Span<Double>) {
    now = end
    if end >= periodEnd, let periods {
      isOn.toggle()
      let mean = isOn ? periods.onSeconds : periods.offSeconds
      periodEnd = end - log(periodRandom.nextUniform()) * mean
    }
    if end >= minuteEnd {
      minute += 1
      if !hasMinutes || hourRate == 0 || minute == 60 {
        minute = 0
        hour += 1
        hourRate = rates[hour % window.cycleHours]
      }
      enterMinute()
    }
    settle()
  }

  private mutating func enterMinute() {
    if !hasMinutes || hourRate == 0 {
      minuteRate = hourRate
      minuteEnd = Double(hour + 1) * 3600 - window.start
    } else {
      minuteRate =
        hourRate
        * window.factor(hour: hour, minute: minute, useCase: useCase, ownNoise: ownNoise)
      minuteEnd = Double(hour * 60 + minute + 1) * 60 - window.start
    }
  }

  private mutating func settle() {
    end = min(minuteEnd, periodEnd)
    guard let periods else {
      rate = minuteRate
      return
    }
    rate = isOn ? minuteRate / periods.onShare : 0
  }
}
