// SPDX-License-Identifier: GPL-3.0-or-later
// Spot capacity as it was seen: a count per tick, laid on the simulated weeks.

import Foundation
public import Quantities

/// A record of the capacity of one zone, one count per tick.
///
/// Its first tick lies at Monday 00:00 UTC. A record of several weeks gives each month of each draw one of its whole
/// weeks, in turn; a shorter one is repeated from its beginning.
public struct CapacityTrace: Sendable, Hashable {
  /// The time from one count to the next.
  public let tick: Seconds
  /// What capacity there was: a number of instances, or 1 and 0 for "there is" and "there is none".
  public let counts: [Int32]

  /// A record; the tick must be positive, and there must be a count.
  public init(tick: Seconds, counts: [Int32]) {
    precondition(tick > .zero && !counts.isEmpty, "a record of no time")
    self.tick = tick
    self.counts = counts
  }

  /// How long the record is.
  public var length: Seconds { Seconds(tick.rawValue * Double(counts.count)) }

  /// Whether it says only whether there is capacity.
  public var isBinary: Bool { counts.allSatisfy { $0 <= 1 } }

  /// Whole weeks that it has, at least 1.
  public var weeks: Int { max(1, Int(length.rawValue / SpotWeather.week)) }

  /// The count that a zone's replica needs to be there: the last to come are the first to go.
  /// - Parameters:
  ///   - rank: how many of the zone's replicas come before it.
  ///   - replicas: the zone's replicas.
  ///   - full: the count at which all of them are there; nil: a count is one replica each, but 1 is all where the record
  ///     says no more than that.
  public func threshold(rank: Int, of replicas: Int, full: Int?) -> Int {
    if let full { return ((rank + 1) * full + replicas - 1) / replicas }
    return isBinary ? 1 : rank + 1
  }

  /// The share of ticks with at least so much capacity.
  public func share(atLeast threshold: Int) -> Double {
    Double(counts.count { Int($0) >= threshold }) / Double(counts.count)
  }

  /// When there is at least so much capacity, around the week of a draw and month.
  /// - Complexity: O(ticks in eleven days).
  public func weather(atLeast threshold: Int, draw: UInt32, month: Int) -> SpotWeather {
    let offset = Double((Int(draw) + month) % weeks) * SpotWeather.week
    var tick = Int(((offset + SpotWeather.knownFrom) / self.tick.rawValue).rounded(.down))
    var stretches: [SpotWeather.Stretch] = []
    var up: Double?
    while true {
      let time = Double(tick) * self.tick.rawValue - offset
      if time >= SpotWeather.knownUntil { break }
      let place = (tick % counts.count + counts.count) % counts.count
      let isUp = Int(counts[place]) >= threshold
      if isUp, up == nil { up = time }
      if !isUp, let start = up {
        stretches.append(SpotWeather.Stretch(up: start, down: time))
        up = nil
      }
      tick += 1
    }
    if let up { stretches.append(SpotWeather.Stretch(up: up, down: .infinity)) }
    return SpotWeather(stretches)
  }
}
