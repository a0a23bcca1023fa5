// SPDX-License-Identifier: GPL-3.0-or-later
// A fleet of an option, ready to be simulated in any future.

import Catalog
import Quantities
import Scenario
import Simulation

/// A fleet whose step times and availability are drawn.
struct FleetBlueprint: Sendable {
  /// When its replicas are there.
  enum Presence: Sendable {
    case always
    /// Interrupted with its zone.
    case spot(SpotBlueprint)
    /// Standing in for a spot fleet.
    case standby(SpotBlueprint, startup: Seconds)
  }

  /// A pool before a draw.
  struct Pool: Sendable {
    var definition: PoolDefinition
    var model: LanguageModel
    var keyValueBlocks: Int
    var maxSequences: Int
    var maxBatchedTokens: Int
    var throughput: InputReference?
    var efficiency: EfficiencyInputs
    /// Mean context of a sequence in the middle of its answer, tokens.
    var meanContext: Double
    /// How its replicas come and go; nil: as the fleet's presence says.
    var scaling: FleetScaling?
  }

  var accelerator: Accelerator
  var engine: ServingEngine
  var router: Router
  var queueLimit: Int?
  var loadBound: Double
  var presence: Presence
  var pools: [Pool?]

  /// The pool in one future.
  func pool(_ pool: Pool, physical: [Double], schedules: [ReplicaSchedule]) -> PoolConfiguration {
    let efficiency = EngineEfficiency(engine, parameters: pool.efficiency.parameters(in: physical))
    var stepTime = StepTimeModel(
      model: pool.model, accelerator: accelerator, efficiency: efficiency,
      tensorParallel: pool.definition.tensorParallel, pipelineParallel: pool.definition.pipelineParallel,
      weights: pool.definition.weights, keyValueCache: pool.definition.keyValueCache)
    if let throughput = pool.throughput {
      stepTime = stepTime.affine(
        throughput: throughput.value(in: physical), sequences: pool.maxSequences,
        contextPerSequence: pool.meanContext)
    }
    var configuration = PoolConfiguration(
      schedules: schedules, gpusPerReplica: pool.definition.gpusPerReplica, stepTime: stepTime,
      maxSequences: pool.maxSequences, maxBatchedTokens: pool.maxBatchedTokens,
      keyValueBlocks: pool.keyValueBlocks, queueLimit: queueLimit, router: router,
      requestOverhead: Seconds(efficiency.requestOverhead), prefixCaching: pool.definition.prefixCaching,
      batching: pool.definition.batching == .static ? .static : .continuous,
      reservesOutput: engine.reservesOutput)
    configuration.loadBound = loadBound
    return configuration
  }

  func configuration(
    physical: [Double], weather: WeekWeather, window: SimulatedWindow, rates: [Double]
  ) -> FleetConfiguration {
    let zones = schedules(physical: physical, weather: weather, window: window)
    return FleetConfiguration(
      pools: pools.enumerated().map { model, entry in
        entry.map { pool in
          self.scaled(
            self.pool(
              pool, physical: physical,
              schedules: (0..<pool.definition.replicas).map { zones[$0 % zones.count] }), pool,
            window: window, rate: rates[model])
        }
      })
  }

  /// When the replicas of each zone are there during a window. Replica `i` lives in zone `i mod zones`.
  private func schedules(
    physical: [Double], weather: WeekWeather, window: SimulatedWindow
  ) -> [ReplicaSchedule] {
    let (spot, lives): (SpotBlueprint, (SpotWeather) -> [ReplicaLifetime])
    switch presence {
    case .always: return [.always]
    case .spot(let blueprint):
      spot = blueprint
      lives = { $0.replicaLifetimes(startup: spot.startup, notice: spot.notice) }
    case .standby(let blueprint, let startup):
      spot = blueprint
      lives = { $0.standbyLifetimes(spotStartup: spot.startup, notice: spot.notice, startup: startup) }
    }
    let replicas = pools.reduce(1) { max($0, $1?.definition.replicas ?? 0) }
    return (0..<min(spot.zones, replicas)).map { zone in
      .during(
        lives(weather.zone(zone, of: spot, physical: physical))
          .during(start: window.start, length: window.length))
    }
  }
}
