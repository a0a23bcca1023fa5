// SPDX-License-Identifier: GPL-3.0-or-later
// How a fleet's pools scale in a window: schedules by the window's clock, autoscalers with a number to begin with.

import Catalog
import Quantities
import Scenario
import Simulation
import Workload

/// A pool's scaling and spares, before a window.
struct FleetScaling: Sendable {
  var definition: ScalingDefinition?
  var startup: Seconds
  var notice: Seconds
  var drainLimit: Seconds
  var whenEmpty: EmptyPoolPolicy
  /// Whether requests come to it first, so that the load it begins with is known.
  var isFirst: Bool
  /// Mean tokens of a request's prompt and answer.
  var meanTokens: (input: Double, output: Double)
}

extension OptionCompiler {
  /// How a pool of a fleet scales.
  func scaling(
    of pool: PoolDefinition, model: Int, in fleet: FleetDefinition, at index: Int, of option: OptionDefinition
  ) -> FleetScaling {
    let name = models[model].id
    let isLast = !option.chain.dropFirst(index + 1).contains { serves($0, name) }
    var whenEmpty = isLast ? EmptyPoolPolicy.hold : .overflow
    if case .autoscale(let autoscale) = pool.scaling, let chosen = autoscale.whenEmpty {
      whenEmpty = chosen == .hold ? .hold : .overflow
    }
    return FleetScaling(
      definition: pool.scaling, startup: Seconds(pool.startupSeconds ?? fleet.startupSeconds),
      notice: Seconds(fleet.spot?.noticeSeconds ?? 0), drainLimit: Seconds(fleet.drainSeconds),
      whenEmpty: whenEmpty, isFirst: !option.chain[..<index].contains { serves($0, name) },
      meanTokens: meanTokens[model])
  }

  private func serves(_ supply: SupplyDefinition, _ model: String) -> Bool {
    switch supply {
    case .metered(let part): scenario.reference.prices.metered[part.provider]?.models[model] != nil
    case .reserved(let part): part.units.contains { $0.model == model }
    case .fleet(let part): part.pools.contains { $0.model == model }
    }
  }
}

extension FleetBlueprint {
  /// A pool with its spares and its scaling over a window.
  /// - Parameter rate: requests per second for its model as the window begins.
  func scaled(
    _ configuration: PoolConfiguration, _ pool: Pool, window: SimulatedWindow, rate: Double
  ) -> PoolConfiguration {
    var configuration = configuration
    configuration.spares = pool.definition.spares
    guard let scaling = pool.scaling, let definition = scaling.definition else { return configuration }
    configuration.schedules = configuration.schedules.map { $0.capacity(startup: scaling.startup) }
    configuration.startup = scaling.startup
    configuration.notice = scaling.notice
    configuration.drainLimit = scaling.drainLimit
    switch definition {
    case .schedule(let hours): configuration.scaling = .schedule(Self.steps(hours, window: window))
    case .autoscale(let autoscale):
      var autoscaler = Autoscaler(autoscale, whenEmpty: scaling.whenEmpty)
      if scaling.isFirst {
        let needed = configuration.replicas(
          holding: autoscaler, rate: rate, inputTokens: scaling.meanTokens.input,
          outputTokens: scaling.meanTokens.output)
        autoscaler.initial = min(max(needed, autoscaler.minimum), autoscaler.maximum)
      }
      configuration.scaling = .autoscale(autoscaler)
    }
    return configuration
  }

  /// A schedule by hour of the week as steps from a window's start on.
  private static func steps(_ hours: [Int], window: SimulatedWindow) -> [ScheduledReplicas] {
    var hour = Int(window.start.rawValue / 3600)
    var steps = [ScheduledReplicas(start: .zero, replicas: hours[hour % 168])]
    while true {
      hour += 1
      let start = Seconds(Double(hour) * 3600) - window.start
      if start >= window.length { return steps }
      if hours[hour % 168] != steps[steps.count - 1].replicas {
        steps.append(ScheduledReplicas(start: start, replicas: hours[hour % 168]))
      }
    }
  }
}

extension ReplicaSchedule {
  /// The capacity in which a replica lives that is there whenever it can be.
  func capacity(startup: Seconds) -> ReplicaSchedule {
    guard case .during(let lives) = self else { return self }
    return .capacity(
      lives.map { life in
        // A life that began before the window is cut at its start.
        let up = life.start > .zero ? life.start : life.ready - startup
        return CapacityStretch(up: up, down: max(up, life.stop))
      })
  }
}

extension Autoscaler {
  /// An autoscaler as a scenario describes it, beginning with its minimum.
  init(_ definition: AutoscaleDefinition, whenEmpty: EmptyPoolPolicy) {
    let metric: ScalingMetric =
      switch definition.metric {
      case .queue: .queue
      case .concurrency: .concurrency
      case .utilization: .utilization
      }
    self.init(
      metric: metric, target: definition.target, minimum: definition.minimum, maximum: definition.maximum,
      initial: definition.minimum, period: Seconds(definition.evaluationSeconds),
      tolerance: definition.tolerance, scaleUpWindow: Seconds(definition.scaleUpWindowSeconds),
      scaleDownWindow: Seconds(definition.scaleDownWindowSeconds),
      cooldown: Seconds(definition.cooldownSeconds), scaleUpLimit: definition.scaleUpLimit,
      scaleDownLimit: definition.scaleDownLimit, whenEmpty: whenEmpty)
  }
}

extension Router {
  /// A router as a scenario names it.
  init(_ policy: RouterPolicy) {
    self =
      switch policy {
      case .leastOutstanding: .leastOutstanding
      case .roundRobin: .roundRobin
      case .powerOfTwo: .powerOfTwo
      case .prefixAffine: .prefixAffine
      }
  }
}

extension DrawnDemand {
  /// Requests per second of each use case at a time of the week, before noise.
  func rates(at time: Seconds, level: Double) -> [Double] {
    let hour = Int(time.rawValue / 3600) % 168
    return sources.map { $0.hourlyRate[hour] * volume * level }
  }
}
