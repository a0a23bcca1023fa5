// SPDX-License-Identifier: GPL-3.0-or-later
// One week of spot capacity in a region: which of its zones and replicas are there, the same for whoever describes it alike.

import Foundation
import Quantities

/// The weather of a region's spot capacity around one week, in its steady state throughout.
///
/// Every zone and every replica has random numbers of its own, whatever else is asked: one more replica, or one zone
/// more, changes nothing for the others.
public struct SpotRegion: Sendable {
  private let process: SpotProcess
  /// By zone: when it is up.
  private let zones: [[SpotWeather.Stretch]]
  private let droughts: [SpotWeather.Stretch]
  /// By zone: the events of batch kills.
  private let batches: [[Batch]]
  private let seed: UInt64
  private let draw: UInt32
  private let month: Int

  /// An event that takes many replicas of a zone at once.
  private struct Batch {
    var time: Double
    /// When what it took can be had again.
    var back: Double
  }

  /// Sections of the streams, beside one for each replica.
  private enum Section {
    static let zone: UInt32 = 0
    static let region: UInt32 = 1
    static let batches: UInt32 = .max
    static let droughts: UInt32 = .max - 1
  }

  /// A region's week.
  /// - Parameters:
  ///   - process: what is believed of the region.
  ///   - seed: the run's seed.
  ///   - draw: the draw.
  ///   - month: the month the week stands for.
  public init(_ process: SpotProcess, seed: UInt64, draw: UInt32, month: Int) {
    self.process = process
    self.seed = seed
    self.draw = draw
    self.month = month
    func blocks(_ purpose: StreamPurpose, zone: Int, _ section: UInt32) -> RandomBlocks {
      RandomBlocks(
        CounterRandom(seed: seed, draw: draw, purpose: purpose, index: UInt32(month * 64 + zone)),
        section: section)
    }
    let (from, until) = (SpotWeather.knownFrom, SpotWeather.knownUntil)
    let always = [SpotWeather.Stretch(up: -.infinity, down: .infinity)]
    var shared = blocks(.spot, zone: 0, Section.region)
    let region = process.region?.stretches(from: from, until: until, &shared) ?? always
    zones = (0..<process.zones).map { zone in
      var own = blocks(.spot, zone: zone, Section.zone)
      guard let local = process.local else { return region }
      return local.stretches(from: from, until: until, &own).intersected(with: region)
    }
    if let droughts = process.droughts {
      let renewal = AlternatingRenewal(
        meanUp: droughts.mean.rawValue, meanDown: droughts.meanBetween.rawValue, upShape: 1, downShape: 1)
      var random = blocks(.spotKills, zone: 0, Section.droughts)
      // One that began earlier is over with a probability of 1 − e^−30.
      self.droughts = renewal.stretches(from: from - 30 * renewal.meanUp, until: until, &random)
    } else {
      droughts = []
    }
    batches = (0..<process.zones).map { zone in
      var random = blocks(.spotKills, zone: zone, Section.batches)
      return Self.batches(process, from: from, until: until, &random)
    }
  }

  /// The events of a zone, from so long before the known time that no replica is still missing because of an earlier one.
  private static func batches(
    _ process: SpotProcess, from: Double, until: Double, _ random: inout RandomBlocks
  ) -> [Batch] {
    guard let kills = process.kills, let share = kills.batchShare, let slot = process.slot else { return [] }
    let meanGap = share * kills.meanUp.rawValue
    var events: [Batch] = []
    var now = from - warmUp * slot.meanDown
    while true {
      now -= meanGap * log(random.uniform())
      if now >= until { return events }
      events.append(Batch(time: now, back: now + slot.downTime(random.uniform())))
    }
  }

  /// Mean times down after which a process that began with all replicas up has forgotten it.
  private static let warmUp = 50.0

  /// When a zone has capacity at all, for whoever starts when it comes.
  public func zone(_ zone: Int) -> SpotWeather { SpotWeather(zones[zone].delayed(by: droughts)) }

  /// When there is capacity for a replica. It lives in zone `number mod zones`.
  /// - Parameters:
  ///   - number: its number in its pool, below 2^24.
  ///   - model: the index of its pool's model, below 256; tells the replicas of different pools apart.
  /// - Complexity: O(stretches + events).
  public func replica(_ number: Int, model: Int = 0) -> SpotWeather {
    let zone = number % process.zones
    guard let slot = process.slot else { return self.zone(zone) }
    let section = UInt32(model) << 24 | UInt32(number)
    var random = RandomBlocks(
      CounterRandom(seed: seed, draw: draw, purpose: .spotKills, index: UInt32(month * 64 + zone)),
      section: section)
    let lives: [SpotWeather.Stretch]
    if let share = process.kills?.batchShare {
      lives = Self.lives(between: batches[zone], share: share, random)
    } else {
      lives = slot.stretches(from: SpotWeather.knownFrom, until: SpotWeather.knownUntil, &random)
    }
    return SpotWeather(zones[zone].intersected(with: lives).delayed(by: droughts))
  }

  /// The lives of a replica that each event takes with a probability, if it is there.
  private static func lives(between events: [Batch], share: Double, _ random: RandomBlocks)
    -> [SpotWeather.Stretch]
  {
    var lives: [SpotWeather.Stretch] = []
    var up = -Double.infinity
    for (place, event) in events.enumerated() where event.time >= up {
      if share < 1, random.uniform(place: UInt32(truncatingIfNeeded: place)) >= share { continue }
      lives.append(SpotWeather.Stretch(up: up, down: event.time))
      up = event.back
    }
    lives.append(SpotWeather.Stretch(up: up, down: .infinity))
    return lives
  }
}
