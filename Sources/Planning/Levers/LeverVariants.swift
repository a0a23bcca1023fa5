// SPDX-License-Identifier: GPL-3.0-or-later
// The options that an option would be without some of its levers: the same requests, the same GPUs, another way of
// serving.

import Catalog
import Decision
import Scenario
import Workload

/// An option as it is with any set of its levers.
struct LeverVariants: Sendable {
  /// The levers that there are, in the order in which they are pulled.
  let levers: [Lever]
  /// The model that answers everything before requests are routed.
  let largest: String
  /// Why levers are missing.
  let notes: [String]
  private let option: OptionDefinition
  private let fleet: FleetDefinition
  private let cache: ResponseCacheDefinition?
  private let spot: SpotDefinition?
  private let scenario: ScenarioDefinition

  /// - Returns: nil for an option without a fleet.
  init?(_ wanted: LeversDefinition, of option: OptionDefinition, in scenario: ScenarioDefinition) {
    let fleets = option.chain.compactMap { supply in
      if case .fleet(let fleet) = supply { fleet } else { nil }
    }
    guard let fleet = fleets.first else { return nil }
    self.option = option
    self.fleet = fleet
    self.scenario = scenario
    cache = option.gateway.cache ?? wanted.cache
    let spotFleet = fleets.first { $0.spot != nil }
    spot = spotFleet?.spot ?? wanted.spot
    let answering = scenario.demand.uses.flatMap { option.models(for: $0) + [$0.model] }
    let largest =
      wanted.largestModel
      ?? Set(answering).max { (size(of: $0, scenario), $1) < (size(of: $1, scenario), $0) } ?? ""
    self.largest = largest
    var (levers, notes) = ([Lever](), [String]())
    if Set(scenario.demand.uses.flatMap(option.models(for:))) == [largest] {
      notes.append("\(option.title) answers everything with \(largest): there is nothing to route")
    } else {
      levers.append(.routing)
    }
    levers += [.fp8, .continuousBatching]
    if cache != nil {
      levers.append(.cache)
    } else {
      notes.append(
        "\(option.title) has no cache of answers: with levers: {cache: {ttl_seconds: 3600}} it is looked at"
      )
    }
    let hasSpotPrice =
      scenario.reference.prices.gpuHour(of: fleet.gpu, region: fleet.region)[.spot] != nil
    if spot != nil, hasSpotPrice {
      levers.append(.spot)
    } else if spot == nil {
      notes.append(
        "\(option.title) has no spot fleet: with levers: {spot: {mean_up_hours: 12, mean_down_hours: 1}} it is "
          + "looked at")
    } else {
      notes.append("There is no spot price of \(fleet.gpu): spot is left out")
    }
    self.levers = levers
    self.notes = notes
  }

  /// Whether a lever is in a set: bit i stands for `levers[i]`.
  func has(_ lever: Lever, in taken: UInt32) -> Bool {
    levers.firstIndex(of: lever).map { taken & (1 << UInt32($0)) != 0 } ?? false
  }

  /// The set without spot, whose replicas it shares: what spot takes away, others stand in for.
  func sized(_ taken: UInt32) -> UInt32 {
    levers.firstIndex(of: .spot).map { taken & ~(1 << UInt32($0)) } ?? taken
  }

  /// The option with a set of levers, its replicas still to be found; on GPUs that stay, whatever the set says of spot.
  func unsized(_ taken: UInt32) -> OptionDefinition {
    var variant = option
    variant.name = "\(option.name)+\(taken)"
    if !has(.routing, in: taken) {
      variant.route = largest
      variant.gateway.routing = []
    }
    variant.gateway.cache = has(.cache, in: taken) ? cache : nil
    var models: [String] = []
    for model in scenario.demand.uses.flatMap(variant.models(for:)) where !models.contains(model) {
      models.append(model)
    }
    var own = fleet
    own.name = "fleet"
    own.purchase = .onDemand
    own.commitments = FleetCommitments()
    own.spot = nil
    own.standbyFor = nil
    own.pools = models.map { pool(of: $0, taken) }
    variant.chain =
      [.fleet(own)]
      + option.chain.filter { supply in
        if case .metered = supply { true } else { false }
      }
    return variant
  }

  /// The option with a set of levers, on spot where the set has it.
  /// - Parameter sized: the set's option with its replicas found.
  func option(_ taken: UInt32, sized: OptionDefinition) -> OptionDefinition {
    guard has(.spot, in: taken), let spot, case .fleet(let fleet) = sized.chain[0] else {
      return sized
    }
    var variant = sized
    variant.name = "\(option.name)+\(taken)"
    var (first, standIn) = (fleet, fleet)
    first.purchase = .spot
    first.spot = spot
    first.name = "spot"
    standIn.name = "standby"
    standIn.standbyFor = first.name
    variant.chain.replaceSubrange(0..<1, with: [.fleet(first), .fleet(standIn)])
    return variant
  }

  private func pool(of model: String, _ taken: UInt32) -> PoolDefinition {
    let own = option.chain.lazy.compactMap { supply -> PoolDefinition? in
      if case .fleet(let fleet) = supply { fleet.pools.first { $0.model == model } } else { nil }
    }.first
    let isSmall = has(.fp8, in: taken)
    // Weights of fewer bits than eight stay what the option says.
    let small =
      own.flatMap { $0.weights == .bf16 ? nil : ($0.weights, $0.keyValueCache) } ?? (.fp8, .fp8)
    let (weights, cache) = isSmall ? small : (.bf16, .bf16)
    let isBatched = has(.continuousBatching, in: taken)
    let most = isBatched ? own?.maxSequences : 1
    var pool = PoolDefinition(
      model: model, replicas: 1, tensorParallel: 1, pipelineParallel: 1, weights: weights,
      keyValueCache: cache, maxSequences: most, maxBatchedTokens: own?.maxBatchedTokens,
      prefixCaching: own?.prefixCaching ?? true, batching: .continuous, throughput: nil,
      location: own?.location ?? option.name)
    if let own, own.weights == weights, own.keyValueCache == cache {
      (pool.tensorParallel, pool.pipelineParallel) = (own.tensorParallel, own.pipelineParallel)
      pool.calibration = own.calibration
      if isBatched {
        pool.throughput = own.throughput
        pool.printedCache = own.printedCache
      }
    } else if let shape = smallestShape(of: model, pool) {
      (pool.tensorParallel, pool.pipelineParallel) = shape
    }
    pool.sizing = ObjectiveSizing()
    pool.startupSeconds = own?.startupSeconds
    return pool
  }

  /// The fewest GPUs that hold a model and its longest request; nil where none of the usual shapes does.
  private func smallestShape(of model: String, _ pool: PoolDefinition) -> (Int, Int)? {
    guard let entry = scenario.reference.models[model],
      let accelerator = scenario.reference.accelerators[fleet.gpu],
      let engine = scenario.reference.engines[fleet.engine]
    else { return nil }
    let shape = MemoryFit.smallest(
      model: entry, accelerator: accelerator, engine: engine, weights: pool.weights,
      keyValueCache: pool.keyValueCache,
      tokens: max(MemoryFit.leastContext, longestRequest(of: entry)),
      maxSequences: pool.maxSequences ?? engine.maxSequences,
      maxBatchedTokens: pool.maxBatchedTokens ?? engine.maxBatchedTokens)
    return shape.map { ($0.tensorParallel, $0.pipelineParallel) }
  }

  /// Tokens of the longest prompt and answer; of a log, whose requests are not looked at here, a common limit.
  private func longestRequest(of model: LanguageModel) -> Int {
    let longest = scenario.demand.uses.map { use in
      switch use.source {
      case .synthesized(let demand): demand.inputTokens.maximum + demand.outputTokens.maximum
      case .replayed: 32_768
      }
    }.max()
    return min(longest ?? 0, model.contextLength)
  }
}

/// Parameters of a model, for telling the largest.
private func size(of model: String, _ scenario: ScenarioDefinition) -> Double {
  scenario.reference.models[model]?.totalParameters ?? 0
}
