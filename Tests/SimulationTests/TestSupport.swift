// SPDX-License-Identifier: GPL-3.0-or-later
// What several tests of the simulation share: random numbers, small demands, one-fleet options.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// Random choices of a test, from the program's own counter-based stream.
struct TestRandom {
  private var stream: CounterRandom
  init(seed: Int, index: UInt32 = 0) {
    stream = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing, index: index)
  }
  mutating func uniform() -> Double { stream.nextUniform() }
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }
  mutating func logUniform(_ low: Double, _ high: Double) -> Double { exp(uniform(log(low), log(high))) }
  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    min(range.upperBound, range.lowerBound + Int(uniform() * Double(range.count)))
  }
  mutating func exponential(mean: Double) -> Double { -mean * log(uniform()) }
  /// A geometric number of trials, at least 1, with the given mean.
  mutating func geometric(mean: Double) -> Int { 1 + Int(log(uniform()) / log(1 - 1 / mean)) }
  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }
}

/// An option with one fleet of one pool and one use case.
func option(_ pool: PoolConfiguration, objective: ServiceObjective = ServiceObjective())
  -> OptionConfiguration
{
  OptionConfiguration(
    modelOfUseCase: [0], objectives: [objective], chain: [.fleet(FleetConfiguration(pools: [pool]))],
    models: 1)
}

/// Runs requests through an option to the last token.
func simulate(_ option: OptionConfiguration, _ requests: [Request], window: Double? = nil, log: Bool = false)
  -> WindowResult
{
  var simulation = OptionSimulation(
    option, window: Seconds(window ?? requests.last?.arrival ?? 0), keepsLog: log)
  simulation.offer(requests.span)
  return simulation.finish()
}

/// INV-8: requests offered one by one, or in batches of any size, give the same result as all at once.
func expectBatchesToBeInvisible(
  _ option: OptionConfiguration, _ requests: [Request], window: Double, seed: Int,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let whole = simulate(option, requests, window: window)
  for largest in [1, 40] {
    var pieces = OptionSimulation(option, window: Seconds(window))
    var random = TestRandom(seed: seed)
    var start = 0
    while start < requests.count {
      let end = min(requests.count, start + random.integer(1...largest))
      pieces.offer(Array(requests[start..<end]).span)
      start = end
    }
    let result = pieces.finish()
    #expect(result.bill == whole.bill, sourceLocation: sourceLocation)
    #expect(result.quality == whole.quality, sourceLocation: sourceLocation)
  }
}
