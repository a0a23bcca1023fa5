// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about a region's spot capacity: correlated zones, kills one by one and in batches, droughts, all at the
// availability that the closed form gives.

import Foundation
import Quantities
import Simulation
import Testing

private let week = SpotWeather.week

private func hours(_ number: Double) -> Seconds { Seconds(number * 3600) }

private func outages(_ up: Double, _ down: Double) -> SpotProcess.Outages {
  SpotProcess.Outages(meanUp: hours(up), meanDown: hours(down))
}

private func kills(_ up: Double, _ replacement: Double, batchShare: Double? = nil) -> SpotProcess.Kills {
  SpotProcess.Kills(meanUp: hours(up), replacement: hours(replacement), batchShare: batchShare)
}

private func region(_ process: SpotProcess, draw: Int, month: Int = 0, seed: UInt64 = 11) -> SpotRegion {
  SpotRegion(process, seed: seed, draw: UInt32(draw), month: month)
}

private func isUp(_ weather: SpotWeather, at time: Double) -> Bool {
  weather.stretches.contains { $0.up <= time && time < $0.down }
}

/// Mean and standard error.
private func estimate(_ values: [Double]) -> (mean: Double, error: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  return (mean, (variance / Double(values.count)).squareRoot())
}

@Suite("Spot regions")
struct SpotRegionTests {
  static let processes: [SpotProcess] = [
    SpotProcess(zones: 3, outages: outages(3.3, 1.85)),
    SpotProcess(zones: 3, outages: outages(20, 5), zoneCorrelation: 0.4),
    SpotProcess(zones: 2, outages: outages(20, 5), shape: 1, zoneCorrelation: 1),
    SpotProcess(zones: 2, outages: nil, kills: kills(6, 1.5)),
    SpotProcess(zones: 2, outages: nil, kills: kills(6, 1.5, batchShare: 0.8)),
    SpotProcess(zones: 2, outages: nil, kills: kills(30, 0, batchShare: 0.3)),
    SpotProcess(
      zones: 3, outages: outages(40, 6), zoneCorrelation: 0.3, kills: kills(12, 2, batchShare: 0.5)),
    SpotProcess(
      outages: outages(10, 4), droughts: SpotProcess.Droughts(meanBetween: hours(30), mean: hours(6))),
    SpotProcess(
      outages: nil, kills: kills(5, 1),
      droughts: SpotProcess.Droughts(meanBetween: hours(50), mean: hours(20))),
    SpotProcess(
      zones: 4, outages: outages(30, 3), shape: 0.8, zoneCorrelation: 0.6, kills: kills(9, 1, batchShare: 1),
      droughts: SpotProcess.Droughts(meanBetween: hours(100), mean: hours(3))),
  ]

  @Test("a replica's availability is the closed form's, within four standard errors", arguments: 0..<10)
  func availability(index: Int) {
    let process = Self.processes[index]
    let (mean, error) = estimate((0..<6000).map { region(process, draw: $0).replica(7).share })
    #expect(
      abs(mean - process.availability) < 4 * error, "\(mean) ± \(error), closed form \(process.availability)")
    #expect(error < 0.01)
  }

  @Test("without droughts the closed form is a product of up / (up + down)")
  func product() {
    let process = SpotProcess(zones: 3, outages: outages(40, 10), zoneCorrelation: 0.5, kills: kills(9, 1))
    #expect(abs(process.availability - 0.8 * 0.9) < 1e-12)
  }

  @Test(
    "two zones have the correlation of availability that is asked for, within 0.04",
    arguments: [0, 0.2, 0.4, 0.59, 0.9, 1])
  func correlation(asked: Double) {
    let process = SpotProcess(zones: 3, outages: outages(10, 4), zoneCorrelation: asked)
    var (both, first, second) = (0.0, 0.0, 0.0)
    let draws = 12_000
    for draw in 0..<draws {
      let region = region(process, draw: draw)
      let (a, b) = (isUp(region.zone(0), at: week / 3), isUp(region.zone(2), at: week / 3))
      first += a ? 1 : 0
      second += b ? 1 : 0
      both += a && b ? 1 : 0
    }
    let (p, q, r) = (first / Double(draws), second / Double(draws), both / Double(draws))
    let correlation = (r - p * q) / (p * (1 - p) * q * (1 - q)).squareRoot()
    #expect(abs(correlation - asked) < 0.04, "\(correlation)")
    expectClose(p, 10.0 / 14, within: 0.03)
  }

  @Test("correlation leaves a zone's mean times up and down as they were", arguments: [0.0, 0.35, 0.8, 1])
  func correlatedTimes(asked: Double) {
    let process = SpotProcess(zones: 2, outages: outages(5, 2), shape: 0.8, zoneCorrelation: asked)
    var (lost, up) = (0.0, 0.0)
    for draw in 0..<4000 {
      let weather = region(process, draw: draw).zone(1)
      lost += Double(weather.stretches.count { $0.down >= 0 && $0.down < week })
      up += weather.share * week
    }
    // Time up over losses is the mean time up; that over availability is the whole cycle.
    expectClose(up / lost, 5 * 3600, within: 0.03)
  }

  @Test("batches take their share at once; kills one by one never do", arguments: [0.25, 0.8, 1])
  func batches(share: Double) {
    let replicas = 40
    func losses(_ batchShare: Double?) -> [Int] {
      var counts: [Double: Int] = [:]
      for draw in 0..<60 {
        let region = region(
          SpotProcess(outages: nil, kills: kills(24, 1, batchShare: batchShare)), draw: draw)
        for number in 0..<replicas {
          for stretch in region.replica(number).stretches where stretch.down >= 0 && stretch.down < week {
            counts[stretch.down + Double(draw) * 1e9, default: 0] += 1
          }
        }
      }
      return Array(counts.values)
    }
    #expect(losses(nil).allSatisfy { $0 == 1 })
    let batches = losses(share)
    // Some are still missing from the batch before, so that an event takes a little less than its share of all.
    let mean = Double(batches.reduce(0, +)) / Double(batches.count)
    #expect(mean > 0.85 * share * Double(replicas) && mean < 1.02 * share * Double(replicas), "\(mean)")
  }

  @Test("replicas taken by one event come back together, and meanwhile the others stay")
  func returns() {
    let region = region(SpotProcess(outages: nil, kills: kills(10, 2, batchShare: 0.5)), draw: 4)
    var back: [Double: Set<Double>] = [:]
    for number in 0..<30 {
      let stretches = region.replica(number).stretches
      for (before, after) in zip(stretches, stretches.dropFirst()) {
        back[before.down, default: []].insert(after.up)
      }
    }
    #expect(back.count > 5)
    #expect(back.values.allSatisfy { $0.count == 1 })
  }

  @Test("more replicas, zones or droughts change nothing for the replicas and zones that were there")
  func independence() {
    var process = SpotProcess(zones: 2, outages: outages(8, 3), zoneCorrelation: 0.3, kills: kills(9, 1))
    let before = region(process, draw: 3)
    process.zones = 5
    #expect(region(process, draw: 3).replica(1) == before.replica(1))
    #expect(region(process, draw: 3).replica(1, model: 1) != before.replica(1))
    process.zones = 2
    process.droughts = SpotProcess.Droughts(meanBetween: hours(40), mean: hours(5))
    let delayed = region(process, draw: 3).replica(1)
    #expect(delayed.share <= before.replica(1).share)
    for stretch in delayed.stretches {
      #expect(before.replica(1).stretches.contains { $0.down == stretch.down && $0.up <= stretch.up })
    }
  }

  @Test("a drought kills nobody, and holds up whoever would start in it, in all zones until the same instant")
  func droughts() {
    let dry = SpotProcess(
      zones: 2, outages: outages(4, 1),
      droughts: SpotProcess.Droughts(meanBetween: hours(20), mean: hours(10)))
    var wet = dry
    wet.droughts = nil
    var (held, together) = (0, 0)
    for draw in 0..<200 {
      var ends: [Set<Double>] = []
      for zone in 0..<2 {
        let weather = region(dry, draw: draw).zone(zone)
        let origins = region(wet, draw: draw).zone(zone).stretches
        var delayed: Set<Double> = []
        for stretch in weather.stretches {
          // Whatever runs ends only when it would have ended anyway.
          let origin = origins.first { $0.down == stretch.down }
          #expect(origin.map { $0.up <= stretch.up } ?? false)
          if let origin, origin.up < stretch.up { delayed.insert(stretch.up) }
        }
        held += delayed.count
        ends.append(delayed)
      }
      together += ends[0].intersection(ends[1]).count
    }
    #expect(held > 200 && together > 50)
  }
}
