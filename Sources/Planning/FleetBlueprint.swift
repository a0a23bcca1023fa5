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
    /// While there is spot capacity for them.
    case spot(SpotBlueprint)
    /// Standing in for a spot fleet's replicas, one for one.
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
  var failures: Failures?
  /// Time from the decision to start a replica until it serves.
  var startup: Seconds
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
    FleetConfiguration(
      pools: pools.enumerated().map { model, entry in
        entry.map { pool in
          self.scaled(
            self.pool(
              pool, physical: physical,
              schedules: schedules(
                model: model, pool, physical: physical, week: weather, window: window)), pool,
            window: window, rate: rates[model])
        }
      })
  }
}
