// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about replayed capacity: tick by tick what the record says, week after week.

import Quantities
import Simulation
import Testing

@Suite("Replayed spot capacity")
struct CapacityTraceTests {
  /// A record with counts from 0 to 16 in runs.
  private static func record(ticks: Int, tick: Double, seed: Int) -> CapacityTrace {
    var random = TestRandom(seed: seed, index: 3)
    var counts: [Int32] = []
    while counts.count < ticks {
      let value = Int32(random.chance(0.5) ? random.integer(0...16) : 0)
      counts += Array(repeating: value, count: random.integer(1...30))
    }
    return CapacityTrace(tick: Seconds(tick), counts: Array(counts.prefix(ticks)))
  }

  @Test(
    "the weather is the record, tick by tick, in each of its weeks",
    arguments: [(2016, 300.0), (6200, 195.0), (3000, 300.0), (13_100, 300.0), (500, 300.0)])
  func tickByTick(ticks: Int, tick: Double) {
    let record = Self.record(ticks: ticks, tick: tick, seed: ticks)
    for (draw, month) in [(0, 0), (0, 1), (3, 2), (7, 11)] {
      for threshold in [1, 5, 16] {
        let weather = record.weather(atLeast: threshold, draw: UInt32(draw), month: month)
        let start = Double((draw + month) % record.weeks) * SpotWeather.week
        // In the middle of every tick of the week.
        let first = Int((start / tick).rounded(.up))
        let last = Int(((start + SpotWeather.week) / tick).rounded(.down))
        for place in first..<last {
          let time = (Double(place) + 0.5) * tick - start
          let isUp = weather.stretches.contains { $0.up <= time && time < $0.down }
          #expect(isUp == (Int(record.counts[place % ticks]) >= threshold), "tick \(place)")
        }
      }
    }
  }

  @Test("a record of whole weeks is replayed at its own share of capacity")
  func share() {
    let record = Self.record(ticks: 3 * 2016, tick: 300, seed: 9)
    for threshold in [1, 8, 16] {
      let shares = (0..<3).map { record.weather(atLeast: threshold, draw: 0, month: $0).share }
      #expect(abs(shares.reduce(0, +) / 3 - record.share(atLeast: threshold)) < 1e-12)
    }
  }

  @Test("capacity falls to replicas in order: the last to come are the first to go")
  func thresholds() {
    let counted = CapacityTrace(tick: Seconds(300), counts: [0, 3, 16])
    #expect((0..<4).map { counted.threshold(rank: $0, of: 4, full: nil) } == [1, 2, 3, 4])
    // 16 is all: a quarter of it for each of four, and of three the last needs all.
    #expect((0..<4).map { counted.threshold(rank: $0, of: 4, full: 16) } == [4, 8, 12, 16])
    #expect((0..<3).map { counted.threshold(rank: $0, of: 3, full: 16) } == [6, 11, 16])
    let binary = CapacityTrace(tick: Seconds(300), counts: [0, 1, 1])
    #expect((0..<4).map { binary.threshold(rank: $0, of: 4, full: nil) } == [1, 1, 1, 1])
  }
}
