// SPDX-License-Identifier: GPL-3.0-or-later
// One option of a scenario, ready to be simulated in any future and priced in any other.

import Catalog
public import Economics
import Quantities
public import Scenario
import Simulation
import Uncertainty

/// A price as a product of inputs: a token price times its provider's factor, say.
struct PriceFormula: Sendable, Hashable {
  var factors: [InputReference]
  func value(in draw: [Double]) -> Double { factors.reduce(1) { $0 * $1.value(in: draw) } }
}

/// One option of a plan.
public struct OptionBlueprint: Sendable {
  /// As the scenario defines it.
  public let definition: OptionDefinition
  /// What it is billed for, in the order of its prices.
  public let schedule: CostSchedule
  let prices: [PriceFormula]
  let modelOfUseCase: [Int]
  let objectives: [ServiceObjective]
  let supplies: [SupplyBlueprint]
  let models: [LanguageModel]

  /// The prices of its lines in one future.
  public func linePrices(in draw: [Double]) -> [Double] { prices.map { $0.value(in: draw) } }

  /// The option in one future and window.
  /// - Parameters:
  ///   - physical: the future's physical inputs.
  ///   - weather: availability of spot zones in the week the window lies in.
  ///   - window: the window.
  func configuration(physical: [Double], weather: WeekWeather, window: SimulatedWindow) -> OptionConfiguration
  {
    OptionConfiguration(
      modelOfUseCase: modelOfUseCase, objectives: objectives,
      chain: supplies.map { supply in
        switch supply {
        case .metered(let serves, let latency):
          .metered(MeteredConfiguration(serves: serves, latency: latency))
        case .reserved(let reserved):
          .reserved(reserved.configuration(physical, simulated: window.length))
        case .fleet(let fleet):
          .fleet(fleet.configuration(physical: physical, weather: weather, window: window))
        }
      }, models: models.count)
  }
}

/// A supply of an option, ready to be drawn.
enum SupplyBlueprint: Sendable {
  case metered(serves: [Bool], latency: ServiceLatency)
  case reserved(ReservedBlueprint)
  case fleet(FleetBlueprint)
}

/// Reserved units whose throughput may be uncertain.
struct ReservedBlueprint: Sendable {
  var units: [(units: Int, input: InputReference, output: InputReference)?]
  var window: Seconds
  var latency: ServiceLatency

  /// The units in one future, over a window of a given length.
  ///
  /// A window shorter than the accounting window would have all of its tokens to itself, and one that ends within an
  /// accounting window more than its share. So the accounting window is shortened, at equal tokens per minute, until
  /// whole ones fill the simulated window; that takes from the units the chance to save up over a longer time.
  func configuration(_ physical: [Double], simulated: Seconds) -> ReservedConfiguration {
    let ratio = simulated.rawValue / window.rawValue
    let count = max(1, (ratio - 1e-9 * ratio).rounded(.up))
    let isWhole = abs(ratio - count) <= 1e-9 * count
    return ReservedConfiguration(
      units: units.map { entry in
        entry.map {
          ReservedUnits(
            units: $0.units, inputTokensPerMinute: $0.input.value(in: physical),
            outputTokensPerMinute: $0.output.value(in: physical))
        }
      }, window: isWhole ? window : Seconds(simulated.rawValue / count), latency: latency)
  }
}

/// Spot capacity whose mean times may be uncertain.
struct SpotBlueprint: Sendable, Hashable {
  var zones: Int
  var meanUpHours: InputReference
  var meanDownHours: InputReference
  var shape: Double
  var notice: Seconds
  var startup: Seconds
}

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
    /// Mean context of a sequence in the middle of its answer, tokens.
    var meanContext: Double
  }

  var accelerator: Accelerator
  var efficiency: [InputReference]
  var router: Router
  var queueLimit: Int?
  var presence: Presence
  var pools: [Pool?]

  /// The pool in one future.
  func pool(_ pool: Pool, physical: [Double], schedules: [ReplicaSchedule]) -> PoolConfiguration {
    let numbers = efficiency.map { $0.value(in: physical) }
    let engine = EngineEfficiency(
      compute: numbers[0], bandwidth: numbers[1], stepOverhead: numbers[2], layerOverhead: numbers[3],
      requestOverhead: numbers[4])
    var stepTime = StepTimeModel(
      model: pool.model, accelerator: accelerator, efficiency: engine,
      tensorParallel: pool.definition.tensorParallel, pipelineParallel: pool.definition.pipelineParallel,
      weights: pool.definition.weights, keyValueCache: pool.definition.keyValueCache)
    if let throughput = pool.throughput {
      stepTime = stepTime.affine(
        throughput: throughput.value(in: physical), sequences: pool.maxSequences,
        contextPerSequence: pool.meanContext)
    }
    return PoolConfiguration(
      schedules: schedules, gpusPerReplica: pool.definition.gpusPerReplica, stepTime: stepTime,
      maxSequences: pool.maxSequences, maxBatchedTokens: pool.maxBatchedTokens,
      keyValueBlocks: pool.keyValueBlocks, queueLimit: queueLimit, router: router,
      requestOverhead: Seconds(engine.requestOverhead), prefixCaching: pool.definition.prefixCaching,
      batching: pool.definition.batching == .static ? .static : .continuous)
  }

  func configuration(
    physical: [Double], weather: WeekWeather, window: SimulatedWindow
  ) -> FleetConfiguration {
    let zones = schedules(physical: physical, weather: weather, window: window)
    return FleetConfiguration(
      pools: pools.map { entry in
        entry.map { pool in
          self.pool(
            pool, physical: physical,
            schedules: (0..<pool.definition.replicas).map { zones[$0 % zones.count] })
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

/// The spot weather of one future's week.
struct WeekWeather: Sendable {
  var seed: UInt64
  var draw: UInt32
  var month: Int

  /// A zone's availability; the same for every option and fleet that describes spot alike.
  func zone(_ zone: Int, of spot: SpotBlueprint, physical: [Double]) -> SpotWeather {
    SpotWeather(
      meanUp: Seconds(spot.meanUpHours.value(in: physical) * 3600),
      meanDown: Seconds(spot.meanDownHours.value(in: physical) * 3600), shape: spot.shape, seed: seed,
      draw: draw, month: month, zone: zone)
  }
}
