// SPDX-License-Identifier: GPL-3.0-or-later
// When spot capacity is there, in any future: the same for every option that describes it alike.

import Quantities
import Scenario
import Simulation

/// Spot capacity whose mean times may be uncertain.
struct SpotBlueprint: Sendable {
  /// Where the weather comes from.
  enum Source: Sendable {
    case process(Process)
    /// By zone; with the count at which all of a zone's replicas are there, where the scenario says it.
    case traces([CapacityTrace], full: Int?)
  }

  /// A random process before a draw.
  struct Process: Sendable {
    var zones: Int
    var outages: (up: InputReference, down: InputReference)?
    var shape: Double
    var zoneCorrelation: Double
    var kills: (up: InputReference, replacement: InputReference, batchShare: Double?)?
    var droughts: (between: InputReference, length: InputReference)?

    /// The process in one future.
    func drawn(_ physical: [Double]) -> SpotProcess {
      func hours(_ reference: InputReference) -> Seconds { Seconds(reference.value(in: physical) * 3600) }
      return SpotProcess(
        zones: zones,
        outages: outages.map { SpotProcess.Outages(meanUp: hours($0.up), meanDown: hours($0.down)) },
        shape: shape, zoneCorrelation: zoneCorrelation,
        kills: kills.map {
          SpotProcess.Kills(
            meanUp: hours($0.up), replacement: hours($0.replacement), batchShare: $0.batchShare)
        },
        droughts: droughts.map {
          SpotProcess.Droughts(meanBetween: hours($0.between), mean: hours($0.length))
        })
    }
  }

  var source: Source
  var notice: Seconds
  var startup: Seconds
  /// Replicas of the spot fleet by model: how the capacity that there is falls to them.
  var replicas: [Int]

  /// The share of time in which there is capacity for a replica, on average over the fleet.
  func availability(_ physical: [Double]) -> Double {
    switch source {
    case .process(let process): return process.drawn(physical).availability
    case .traces(let traces, let full):
      let places = replicas.enumerated().flatMap { model, count in
        (0..<count).map { rank($0, model: model, zones: traces.count) }
      }
      let sum = places.reduce(0) { sum, place in
        let threshold = traces[place.zone].threshold(rank: place.rank, of: place.replicas, full: full)
        return sum + traces[place.zone].share(atLeast: threshold)
      }
      return places.isEmpty ? 0 : sum / Double(places.count)
    }
  }

  /// Where a replica stands in its zone: the zones take each pool's replicas in turn, pool after pool.
  fileprivate func rank(_ replica: Int, model: Int, zones: Int) -> (zone: Int, rank: Int, replicas: Int) {
    let zone = replica % zones
    func inZone(_ count: Int) -> Int { (count - zone + zones - 1) / zones }
    let before = replicas[..<model].reduce(0) { $0 + inZone($1) }
    let all = replicas.reduce(0) { $0 + inZone($1) }
    return (zone, before + replica / zones, max(all, before + replica / zones + 1))
  }
}

/// The spot weather of one future's week.
struct WeekWeather: Sendable {
  var seed: UInt64
  var draw: UInt32
  var month: Int

  /// The weather of a region; the same for every option and fleet that describes spot alike.
  func region(of spot: SpotBlueprint, physical: [Double]) -> RegionWeather {
    switch spot.source {
    case .process(let process):
      .process(SpotRegion(process.drawn(physical), seed: seed, draw: draw, month: month))
    case .traces(let traces, let full): .traces(traces, full: full, spot, self)
    }
  }
}

/// The spot weather of one region's week.
enum RegionWeather: Sendable {
  case process(SpotRegion)
  case traces([CapacityTrace], full: Int?, SpotBlueprint, WeekWeather)

  /// When there is capacity for a replica of a model's pool.
  func replica(_ number: Int, model: Int) -> SpotWeather {
    switch self {
    case .process(let region): return region.replica(number, model: model)
    case .traces(let traces, let full, let spot, let week):
      let place = spot.rank(number, model: model, zones: traces.count)
      let trace = traces[place.zone]
      return trace.weather(
        atLeast: trace.threshold(rank: place.rank, of: place.replicas, full: full), draw: week.draw,
        month: week.month)
    }
  }
}
