// SPDX-License-Identifier: GPL-3.0-or-later
// What the simulation produces: quantities, never money. Prices multiply it afterwards, so that one simulation is
// priced under thousands of futures.

/// Requests of one use case by what became of them. INV-1: arrived = cached + served + throttled + failed + in flight.
public struct RequestTotals: Sendable, Hashable, Codable, BitwiseCopyable {
  /// Requests that arrived.
  public var arrived = 0.0
  /// Requests that got their last token from a supply.
  public var served = 0.0
  /// Requests answered with the answer of an equal one, by the idempotent cache.
  public var cached = 0.0
  /// Those of them that waited for an equal request in work.
  public var coalesced = 0.0
  /// Served requests whose first answer was not good enough, and was given again by a larger model.
  public var escalated = 0.0
  /// Attempts after the first, at whatever supply.
  public var retried = 0.0
  /// Requests that no supply of the chain admitted.
  public var throttled = 0.0
  /// Requests admitted and then lost: interrupted with no supply left to take them over.
  public var failed = 0.0
  /// Requests still in work when the simulated window and its drain ended.
  public var inFlight = 0.0
  /// Prompt tokens of the requests that arrived.
  public var inputTokens = 0.0
  /// Tokens asked for by the requests that arrived.
  public var outputTokens = 0.0
  /// Served and cached requests within their service-level objective.
  public var withinObjective = 0.0
  /// Requests that could wait and were given to a replica with room to spare.
  public var filled = 0.0
  /// Served and cached requests whose last token came after their deadline.
  public var late = 0.0

  /// Nothing.
  public init() {}

  static func combine(_ left: inout RequestTotals, _ right: RequestTotals, weight: Double) {
    left.arrived += weight * right.arrived
    left.served += weight * right.served
    left.cached += weight * right.cached
    left.coalesced += weight * right.coalesced
    left.escalated += weight * right.escalated
    left.retried += weight * right.retried
    left.throttled += weight * right.throttled
    left.failed += weight * right.failed
    left.inFlight += weight * right.inFlight
    left.inputTokens += weight * right.inputTokens
    left.outputTokens += weight * right.outputTokens
    left.withinObjective += weight * right.withinObjective
    left.filled += weight * right.filled
    left.late += weight * right.late
  }
}

/// What one supply did for one use case with one model.
public struct SupplyTotals: Sendable, Hashable, BitwiseCopyable, Codable {
  /// Requests admitted.
  public var admitted = 0.0
  /// Requests refused, which went to the next supply.
  public var refused = 0.0
  /// Answers "too many requests" (429) after which it was asked again.
  public var throttled = 0.0
  /// Requests whose last token this supply generated.
  public var served = 0.0
  /// Prompt tokens given to it: for a request taken over, its prompt and what was generated before.
  public var inputTokens = 0.0
  /// Those of them that a fleet's KV cache or a provider's prompt cache still held, and that were not computed.
  public var cachedInputTokens = 0.0
  /// Tokens it generated. INV-2: over all supplies they sum to what was generated in all.
  public var outputTokens = 0.0
  /// Tokens it computed and then lost, to be computed again here or elsewhere.
  public var recomputedTokens = 0.0
  /// Times that a request was taken from it unfinished, because its replica was gone.
  public var interrupted = 0.0

  /// Nothing.
  public init() {}

  static func combine(_ left: inout SupplyTotals, _ right: SupplyTotals, weight: Double) {
    left.admitted += weight * right.admitted
    left.refused += weight * right.refused
    left.throttled += weight * right.throttled
    left.served += weight * right.served
    left.inputTokens += weight * right.inputTokens
    left.cachedInputTokens += weight * right.cachedInputTokens
    left.outputTokens += weight * right.outputTokens
    left.recomputedTokens += weight * right.recomputedTokens
    left.interrupted += weight * right.interrupted
  }
}

/// Hours of a pool of replicas, as GPU-hours, by what they were paid for.
/// INV-3: the states sum to what is paid.
public struct PoolHours: Sendable, Hashable, BitwiseCopyable, Codable {
  /// Serving, with at least one request in work.
  public var busy = 0.0
  /// Ready to serve, with nothing to do.
  public var idle = 0.0
  /// Starting up.
  public var booting = 0.0
  /// Finishing its requests, admitting none.
  public var draining = 0.0
  /// Ready to serve, and held back until another replica is lost.
  public var spare = 0.0

  /// Nothing.
  public init() {}

  /// All hours paid.
  public var paid: Double { busy + idle + booting + draining + spare }

  static func combine(_ left: inout PoolHours, _ right: PoolHours, weight: Double) {
    left.busy += weight * right.busy
    left.idle += weight * right.idle
    left.booting += weight * right.booting
    left.draining += weight * right.draining
    left.spare += weight * right.spare
  }
}

/// Reserved throughput of one model: what is held, and what of it was used.
public struct ReservedTotals: Sendable, Hashable, Codable, BitwiseCopyable {
  /// Unit-hours held, used or not.
  public var unitHours = 0.0
  /// Input tokens the units could have taken.
  public var inputCapacity = 0.0
  /// Output tokens the units could have generated.
  public var outputCapacity = 0.0
  /// Input tokens they took.
  public var inputUsed = 0.0
  /// Output tokens they generated.
  public var outputUsed = 0.0
  /// Where one budget holds for all tokens, what they could have served, in input tokens; the two capacities are 0 then.
  public var weightedCapacity = 0.0
  /// What of it was used.
  public var weightedUsed = 0.0
  /// Requests beyond the budgets that the provider served at its prices per token.
  public var spilledRequests = 0.0
  /// Their prompt tokens.
  public var spilledInput = 0.0
  /// Those of them that the provider's prompt cache held.
  public var spilledCachedInput = 0.0
  /// Tokens generated for them.
  public var spilledOutput = 0.0

  /// Nothing.
  public init() {}

  /// The largest share of a budget that was used: the one that binds.
  public var utilization: Double {
    func share(_ used: Double, _ held: Double) -> Double { held > 0 ? used / held : 0 }
    return max(
      share(inputUsed, inputCapacity), share(outputUsed, outputCapacity),
      share(weightedUsed, weightedCapacity))
  }

  /// Adds another model's.
  public mutating func add(_ other: ReservedTotals) { Self.combine(&self, other, weight: 1) }

  static func combine(_ left: inout ReservedTotals, _ right: ReservedTotals, weight: Double) {
    left.unitHours += weight * right.unitHours
    left.inputCapacity += weight * right.inputCapacity
    left.outputCapacity += weight * right.outputCapacity
    left.inputUsed += weight * right.inputUsed
    left.outputUsed += weight * right.outputUsed
    left.weightedCapacity += weight * right.weightedCapacity
    left.weightedUsed += weight * right.weightedUsed
    left.spilledRequests += weight * right.spilledRequests
    left.spilledInput += weight * right.spilledInput
    left.spilledCachedInput += weight * right.spilledCachedInput
    left.spilledOutput += weight * right.spilledOutput
  }
}

/// The quantities of one option over a stretch of time.
public struct BillOfQuantities: Sendable, Hashable, Codable {
  /// Requests by use case.
  public var requests: [RequestTotals]
  /// Models in all.
  public let models: Int
  /// By supply, then use case and model: see `stream(useCase:model:)`.
  public var supplies: [[SupplyTotals]]
  /// GPU-hours by supply, then model index; empty for supplies that are no fleet.
  public var poolHours: [[PoolHours]]
  /// Reserved throughput by supply, then model index; empty for supplies that are not reserved.
  public var reserved: [[ReservedTotals]]
  /// The load-duration curve of each fleet, all models together: hours in which exactly `n` GPUs were paid for, by `n`
  /// from 0. Empty for supplies that are no fleet.
  public var hoursByGPUs: [[Double]]

  /// An empty bill for a chain of supplies.
  public init(useCases: Int, models: Int, chain: [SupplyShape]) {
    self.models = models
    requests = Array(repeating: RequestTotals(), count: useCases)
    supplies = Array(
      repeating: Array(repeating: SupplyTotals(), count: useCases * models), count: chain.count)
    hoursByGPUs = chain.map { Array(repeating: 0, count: $0.loadDurationLength) }
    poolHours = chain.map { Array(repeating: PoolHours(), count: $0.pools) }
    reserved = chain.map { Array(repeating: ReservedTotals(), count: $0.reservedModels) }
  }

  /// An empty bill of the same shape.
  public var empty: BillOfQuantities {
    BillOfQuantities(
      useCases: requests.count, models: models,
      chain: supplies.indices.map {
        SupplyShape(
          pools: poolHours[$0].count, reservedModels: reserved[$0].count,
          loadDurationLength: hoursByGPUs[$0].count)
      })
  }

  /// Where `supplies[…]` keeps what was done for a use case with a model.
  public func stream(useCase: Int, model: Int) -> Int { useCase * models + model }

  /// What a supply did for a use case, all models together.
  public func totals(supply: Int, useCase: Int) -> SupplyTotals {
    (0..<models).reduce(into: SupplyTotals()) {
      SupplyTotals.combine(&$0, supplies[supply][stream(useCase: useCase, model: $1)], weight: 1)
    }
  }

  /// What a supply did with a model, all use cases together.
  public func totals(supply: Int, model: Int) -> SupplyTotals {
    requests.indices.reduce(into: SupplyTotals()) {
      SupplyTotals.combine(&$0, supplies[supply][stream(useCase: $1, model: model)], weight: 1)
    }
  }

  /// How many pools and reserved models a supply has.
  public struct SupplyShape: Sendable, Hashable {
    /// Pools of a fleet; 0 for other supplies.
    public var pools: Int
    /// Models with reserved units; 0 for other supplies.
    public var reservedModels: Int
    /// One more than the most GPUs of a fleet; 0 for other supplies.
    public var loadDurationLength: Int

    /// A supply's shape.
    public init(pools: Int = 0, reservedModels: Int = 0, loadDurationLength: Int = 0) {
      self.pools = pools
      self.reservedModels = reservedModels
      self.loadDurationLength = loadDurationLength
    }
  }

  /// Adds `weight` times another bill of the same shape.
  public mutating func add(_ other: BillOfQuantities, weight: Double = 1) {
    for index in requests.indices {
      RequestTotals.combine(&requests[index], other.requests[index], weight: weight)
    }
    for supply in supplies.indices {
      for index in supplies[supply].indices {
        SupplyTotals.combine(&supplies[supply][index], other.supplies[supply][index], weight: weight)
      }
      for index in poolHours[supply].indices {
        PoolHours.combine(&poolHours[supply][index], other.poolHours[supply][index], weight: weight)
      }
      for index in reserved[supply].indices {
        ReservedTotals.combine(&reserved[supply][index], other.reserved[supply][index], weight: weight)
      }
      for index in hoursByGPUs[supply].indices {
        hoursByGPUs[supply][index] += weight * other.hoursByGPUs[supply][index]
      }
    }
  }

  /// The bill times a factor.
  public func scaled(by factor: Double) -> BillOfQuantities {
    var result = self
    result.add(self, weight: factor - 1)
    return result
  }
}
