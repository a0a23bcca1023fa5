// SPDX-License-Identifier: GPL-3.0-or-later
// Fills in the sizes that a scenario leaves open before anything else looks at it: from then on a plan is one with
// numbers, however they came about.

import Decision
import Foundation
public import Scenario
import Simulation

extension PlanModel {
  /// Makes a scenario ready.
  /// - Parameters:
  ///   - scenario: a checked scenario.
  ///   - sampling: the futures wanted.
  ///   - findsSizes: whether sizes that the scenario leaves open are found, by simulation; else they stay at one, which
  ///     is for those who only want the demand.
  /// - Throws: a trace that cannot be read, what is not offered, or objectives that no size meets.
  public init(
    _ scenario: ScenarioDefinition, sampling: Sampling, findsSizes: Bool = true
  ) throws(PlanningProblem) {
    try self.init(unsized: scenario, sampling: sampling)
    guard findsSizes, scenario.hasOpenSizes else { return }
    var definitions = scenario.options
    var found: [SizeChoice] = []
    for option in definitions.indices {
      // Fleets first: how many units pay depends on what comes after them.
      for supply in definitions[option].chain.indices {
        found += try sizeForObjectives(&definitions[option], supply: supply)
      }
      found += try sizeForCost(&definitions[option])
    }
    self = try with(definitions)
    sizes = found
  }
}

/// A part of an option whose size can be chosen: the replicas of a pool, or the units of a model.
struct SizedPart: Sendable, Hashable {
  /// The supply's place in the chain.
  var supply: Int
  /// The model's id.
  var model: String
}

extension OptionDefinition {
  /// The option with another size of a part. A pool without replicas is left out, units may be 0.
  func with(_ part: SizedPart, size: Int) -> OptionDefinition {
    var result = self
    switch chain[part.supply] {
    case .metered: break
    case .reserved(var reserved):
      for index in reserved.units.indices where reserved.units[index].model == part.model {
        reserved.units[index] = ModelUnits(model: part.model, units: size)
      }
      result.chain[part.supply] = .reserved(reserved)
    case .fleet(var fleet):
      for index in fleet.pools.indices where fleet.pools[index].model == part.model {
        fleet.pools[index].replicas = size
        fleet.pools[index].sizing = nil
        // A base is a number that stays.
        fleet.pools[index].scaling = nil
        fleet.pools[index].spares = 0
      }
      fleet.pools.removeAll { $0.replicas == 0 }
      result.chain[part.supply] = .fleet(fleet)
    }
    return result
  }

  /// The present size of a part; 0 where it is not there.
  func size(of part: SizedPart) -> Int {
    switch chain[part.supply] {
    case .metered: 0
    case .reserved(let reserved): reserved.units.first { $0.model == part.model }?.units ?? 0
    case .fleet(let fleet): fleet.pools.first { $0.model == part.model }?.replicas ?? 0
    }
  }

  /// GPUs of one replica of a part; nil where it is no pool.
  func gpusPerReplica(of part: SizedPart) -> Int? {
    guard case .fleet(let fleet) = chain[part.supply] else { return nil }
    return fleet.pools.first { $0.model == part.model }?.gpusPerReplica
  }
}

extension BillOfQuantities {
  /// Share of a use case's requests that were served within their objective; 1 where none arrived.
  func serviceLevel(useCase: Int) -> Double {
    requests[useCase].arrived > 0 ? requests[useCase].withinObjective / requests[useCase].arrived : 1
  }

  /// The same over all use cases.
  var serviceLevel: Double {
    let arrived = requests.reduce(0) { $0 + $1.arrived }
    return arrived > 0 ? requests.reduce(0) { $0 + $1.withinObjective } / arrived : 1
  }
}
