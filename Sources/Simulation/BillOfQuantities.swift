// SPDX-License-Identifier: GPL-3.0-or-later
// What the simulation produces: quantities, never money. Prices multiply it afterwards, so that one simulation is
// priced under thousands of futures.

/// Requests of one use case by what became of them. INV-1: arrived = served + throttled + failed + in flight.
public struct RequestTotals: Sendable, Hashable, BitwiseCopyable {
  /// Requests that arrived.
  public var arrived = 0.0
  /// Requests that got their last token.
  public var served = 0.0
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
  /// Served requests within their service-level objective.
  public var withinObjective = 0.0

  /// Nothing.
  public init() {}

  static func combine(_ left: inout RequestTotals, _ right: RequestTotals, weight: Double) {
    left.arrived += weight * right.arrived
    left.served += weight * right.served
    left.throttled += weight * right.throttled
    left.failed += weight * right.failed
    left.inFlight += weight * right.inFlight
    left.inputTokens += weight * right.inputTokens
    left.outputTokens += weight * right.outputTokens
    left.withinObjective += weight * right.withinObjective
  }
}

/// What one supply did for one use case.
public struct SupplyTotals: Sendable, Hashable, BitwiseCopyable {
  /// Requests admitted.
  public var admitted = 0.0
  /// Requests refused, which went to the next supply.
  public var refused = 0.0
  /// Requests whose last token this supply generated.
  public var served = 0.0
  /// Prompt tokens given to it: for a request taken over, its prompt and what was generated before.
  public var inputTokens = 0.0
  /// Those of them whose keys and values a fleet still had from an earlier prompt, and did not compute.
  public var cachedInputTokens = 0.0
  /// Tokens it generated. INV-2: over all supplies they sum to what was generated in all.
  public var outputTokens = 0.0
  /// Tokens it computed and then lost, to be computed again here or elsewhere.
  public var recomputedTokens = 0.0

  /// Nothing.
  public init() {}

  static func combine(_ left: inout SupplyTotals, _ right: SupplyTotals, weight: Double) {
    left.admitted += weight * right.admitted
    left.refused += weight * right.refused
    left.served += weight * right.served
    left.inputTokens += weight * right.inputTokens
    left.cachedInputTokens += weight * right.cachedInputTokens
    left.outputTokens += weight * right.outputTokens
    left.recomputedTokens += weight * right.recomputedTokens
  }
}

/// Hours of a pool of replicas, as GPU-hours, by what they were paid for.
/// INV-3: the states sum to what is paid.
public struct PoolHours: Sendable, Hashable, BitwiseCopyable {
  /// Serving, with at least one request in work.
  public var busy = 0.0
  /// Ready to serve, with nothing to do.
  public var idle = 0.0
  /// Starting up.
  public var booting = 0.0
  /// Finishing its requests, admitting none.
  public var draining = 0.0

  /// Nothing.
  public init() {}

  /// All hours paid.
  public var paid: Double { busy + idle + booting + draining }

  static func combine(_ left: inout PoolHours, _ right: PoolHours, weight: Double) {
    left.busy += weight * right.busy
    left.idle += weight * right.idle
    left.booting += weight * right.booting
    left.draining += weight * right.draining
  }
}

/// Reserved throughput of one model: what is held, and what of it was used.
public struct ReservedTotals: Sendable, Hashable, BitwiseCopyable {
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

  /// Nothing.
  public init() {}

  static func combine(_ left: inout ReservedTotals, _ right: ReservedTotals, weight: Double) {
    left.unitHours += weight * right.unitHours
    left.inputCapacity += weight * right.inputCapacity
    left.outputCapacity += weight * right.outputCapacity
    left.inputUsed += weight * right.inputUsed
    left.outputUsed += weight * right.outputUsed
  }
}

/// The quantities of one option over a stretch of time.
public struct BillOfQuantities: Sendable, Hashable {
  /// Requests by use case.
  public var requests: [RequestTotals]
  /// By supply, then use case.
  public var supplies: [[SupplyTotals]]
  /// GPU-hours by supply, then model index; empty for supplies that are no fleet.
  public var poolHours: [[PoolHours]]
  /// Reserved throughput by supply, then model index; empty for supplies that are not reserved.
  public var reserved: [[ReservedTotals]]

  /// An empty bill for a chain of supplies: `models` per supply is the number of pools or reserved models.
  public init(useCases: Int, chain: [SupplyShape]) {
    requests = Array(repeating: RequestTotals(), count: useCases)
    supplies = Array(repeating: Array(repeating: SupplyTotals(), count: useCases), count: chain.count)
    poolHours = chain.map { Array(repeating: PoolHours(), count: $0.pools) }
    reserved = chain.map { Array(repeating: ReservedTotals(), count: $0.reservedModels) }
  }

  /// An empty bill of the same shape.
  public var empty: BillOfQuantities {
    BillOfQuantities(
      useCases: requests.count,
      chain: zip(poolHours, reserved).map { SupplyShape(pools: $0.count, reservedModels: $1.count) })
  }

  /// How many pools and reserved models a supply has.
  public struct SupplyShape: Sendable, Hashable {
    /// Pools of a fleet; 0 for other supplies.
    public var pools: Int
    /// Models with reserved units; 0 for other supplies.
    public var reservedModels: Int

    /// A supply's shape.
    public init(pools: Int = 0, reservedModels: Int = 0) {
      self.pools = pools
      self.reservedModels = reservedModels
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
    }
  }

  /// The bill times a factor.
  public func scaled(by factor: Double) -> BillOfQuantities {
    var result = self
    result.add(self, weight: factor - 1)
    return result
  }
}
