// SPDX-License-Identifier: GPL-3.0-or-later
// The highest rate of requests that one replica serves within its limits, by bisection on the simulation.

import Catalog
public import Simulation

/// What the search for the highest rate found.
public enum CapacityAnswer: Sendable, Hashable {
  /// The highest rate that meets the limits; one that is higher by the search's resolution does not.
  case sustained(CapacityPoint)
  /// Not even requests that come one at a time keep the limits; the share of them that does.
  case missedUnloaded(attainment: Double)
  /// One at a time they keep them, but no rate down to this one does.
  case missedDownTo(Double)
  /// The highest rate that was asked for keeps them.
  case notLimited(CapacityPoint)

  /// The highest rate found, requests per second; nil where none meets the limits.
  public var point: CapacityPoint? {
    switch self {
    case .sustained(let point), .notLimited(let point): point
    case .missedUnloaded, .missedDownTo: nil
    }
  }
}

/// The search for what one replica sustains.
///
/// Every rate meets the same requests with the same gaps but for their unit (common random numbers), so that answers
/// differ by the rate alone. Arrivals are Poisson.
public struct CapacitySearch: Sendable, Hashable {
  /// Ratio of the lowest rate known to fail to the highest known to hold at the end, less one.
  public static let resolution = 0.01

  /// The replica.
  public var setup: ServingSetup
  /// How near to the roofline its engine runs.
  public var efficiency: EngineEfficiency
  /// Tokens of the prompts.
  public var input: LengthRange
  /// Tokens of the answers.
  public var output: LengthRange
  /// What a request has to keep.
  public var limits: LatencyLimits
  /// Share of the requests that have to keep it, above 0 and at most 1.
  public var attainment: Double
  /// Requests of a run, at least 100. As many as fill the batch fifty times, and 10,000 at least, unless set.
  public var requests: Int
  /// The highest rate to look at, requests per second.
  public var highestRate: Double = 10_000
  /// Seed of lengths and gaps.
  public var seed: UInt64 = 0

  /// A search with the engine's efficiency at its median.
  public init(
    setup: ServingSetup, input: LengthRange, output: LengthRange, limits: LatencyLimits,
    attainment: Double = 0.99
  ) {
    self.setup = setup
    efficiency = EngineEfficiency(setup.engine, parameters: setup.engine.calibration.medians)
    self.input = input
    self.output = output
    self.limits = limits
    self.attainment = attainment
    requests = max(10_000, 50 * setup.maxSequences)
  }

  /// The replica under a rate of Poisson arrivals, requests per second.
  /// - Complexity: O(requests · log requests).
  public func point(at rate: Double) -> CapacityPoint {
    precondition(rate > 0 && rate.isFinite, "a rate of \(rate) requests per second")
    var load = ServingLoad(input: input, output: output, requests: requests, rate: rate)
    load.seed = seed
    return CapacityPoint(
      setup.serve(load, efficiency: efficiency).log, rate: rate, limits: limits)
  }

  /// The share of requests that keep the limits where each has the replica to itself.
  public func unloadedAttainment() -> Double {
    var load = ServingLoad(input: input, output: output, requests: min(requests, 1000), concurrency: 1)
    load.seed = seed
    return CapacityPoint(setup.serve(load, efficiency: efficiency).log, rate: 0, limits: limits).attainment
  }

  /// Requests per second with always more requests waiting than the batch takes: no rate above it lasts.
  public func saturatedRate() -> Double {
    var load = ServingLoad(
      input: input, output: output, requests: requests, concurrency: 2 * setup.maxSequences)
    load.seed = seed
    let outcome = setup.simulate(load, efficiency: efficiency)
    return Double(outcome.completed) / outcome.duration
  }

  /// The highest rate within the limits.
  ///
  /// From the saturated rate on the rate is doubled while it holds, or halved until it does, at most twelve times; what
  /// lies between is halved on the logarithmic scale down to `resolution`.
  /// - Complexity: about twenty runs.
  public func answer() -> CapacityAnswer {
    let unloaded = unloadedAttainment()
    guard unloaded >= attainment else { return .missedUnloaded(attainment: unloaded) }
    var failing = min(saturatedRate(), highestRate)
    var found = point(at: failing)
    if found.meets(attainment) {
      repeat {
        if found.rate >= highestRate { return .notLimited(found) }
        failing = min(found.rate * 2, highestRate)
        let next = point(at: failing)
        guard next.meets(attainment) else { break }
        found = next
      } while true
    } else {
      var halvings = 0
      repeat {
        if halvings == 12 { return .missedDownTo(found.rate) }
        failing = found.rate
        found = point(at: failing / 2)
        halvings += 1
      } while !found.meets(attainment)
    }
    while failing > found.rate * (1 + Self.resolution) {
      let middle = point(at: (failing * found.rate).squareRoot())
      if middle.meets(attainment) { found = middle } else { failing = middle.rate }
    }
    return .sustained(found)
  }
}
