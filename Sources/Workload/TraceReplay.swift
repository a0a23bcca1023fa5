// SPDX-License-Identifier: GPL-3.0-or-later
// A trace as demand for any hour of any week: how it is laid on the clock, and how it is repeated where it is too short.

import Foundation

/// A trace ready to be replayed for as long as is wanted.
///
/// **A trace that spans whole weeks**, of known dates, lies on the clock of the week: the hours of a simulated week have
/// the requests of the same hours of one of the trace's weeks. A higher rate plays every five minutes faster and goes on
/// with what followed, so that hours keep their place.
///
/// **A shorter trace**, or one under a load curve, is played in operational time, one second of which is one of the trace
/// and which the load curve stretches. Its first pass is the trace as it is. After it, arrival times are a circular block
/// bootstrap in time (D. N. Politis, J. P. Romano, A circular block-resampling procedure for stationary data, 1992):
/// stretches of five minutes from anywhere in the trace follow each other, so that bursts within minutes stay as they
/// are and the mean rate is kept in every stretch. The requests themselves come in the trace's order, each pass with
/// texts of its own, so that lengths, conversations and shared beginnings stay together and no pass repeats another.
public struct TraceReplay: Sendable {
  /// The rows in use, in order of time: all of them, or those of whole weeks.
  let rows: [RequestTrace.Row]
  /// Seconds of the trace after which it begins again.
  public let period: Double
  /// Trace seconds per second, before noise and growth, in each hour of the week from Monday 00:00 UTC.
  public let hourlySpeed: [Double]
  /// Whether the trace's hours lie on the same hours of the week.
  public let isAligned: Bool
  /// Whether the first pass is the trace as it is.
  let beginsExactly: Bool
  /// Seconds from Monday 00:00 UTC to the first row; 0 where that does not count.
  let startOfWeek: Double
  /// Seconds of the trace that stay together in a repetition.
  public let blockSeconds: Double
  /// The greatest content number of the rows.
  let contentWidth: UInt32
  /// Requests per second in each hour of the week, before noise and growth.
  public let hourlyRate: [Double]

  /// Seconds that stay together in a repetition: bursts of a minute lie within, and an hour has a dozen.
  public static let blockSeconds = 300.0
  /// Seconds of a week.
  static let week = 604_800.0

  /// A replay.
  /// - Parameters:
  ///   - trace: the trace.
  ///   - speedup: factor by which time runs faster, above 0.
  ///   - profile: 168 factors of mean 1 from Monday 00:00 UTC; nil for the trace's own hours of the week where it spans a
  ///     week or more, at its own speed, with known dates; else all hours alike.
  public init(_ trace: RequestTrace, speedup: Double, profile: [Double]?) {
    precondition(speedup > 0 && speedup.isFinite, "a speed-up of \(speedup)")
    let weeks = (trace.period / Self.week).rounded(.down)
    if let start = trace.startOfWeek, profile == nil, weeks >= 1, speedup == 1 {
      isAligned = true
      beginsExactly = true
      startOfWeek = start
      let length = weeks * Self.week
      period = length
      rows = trace.rows.filter { $0.time < length }
      hourlySpeed = [Double](repeating: 1, count: 168)
      var rate = [Double](repeating: 0, count: 168)
      for row in rows { rate[Int((start + row.time) / 3600) % 168] += 1 / (weeks * 3600) }
      hourlyRate = rate
    } else {
      isAligned = false
      // A load curve replaces the trace's own, which shuffling takes away.
      beginsExactly = profile == nil || weeks < 1
      startOfWeek = 0
      period = trace.period
      rows = trace.rows
      let speed = (profile ?? [Double](repeating: 1, count: 168)).map { $0 * speedup }
      hourlySpeed = speed
      let rate = Double(trace.rows.count) / trace.period
      hourlyRate = speed.map { $0 * rate }
    }
    blockSeconds = min(Self.blockSeconds, period)
    contentWidth = rows.reduce(0) { max($0, $1.content, $1.prefix) }
  }

  /// Seconds that one pass takes at the mean speed, before noise and growth.
  public var passSeconds: Double { period / (hourlySpeed.reduce(0, +) / 168) }

  /// Whether all hours of the week are alike.
  public var isFlat: Bool { !isAligned && hourlySpeed.allSatisfy { $0 == hourlySpeed[0] } }

  /// Prompt and answer tokens of all rows, on average.
  public var meanTokens: (input: Double, output: Double) {
    let sums = rows.reduce((0.0, 0.0)) { ($0.0 + Double($1.inputTokens), $0.1 + Double($1.outputTokens)) }
    return (sums.0 / Double(rows.count), sums.1 / Double(rows.count))
  }
}
