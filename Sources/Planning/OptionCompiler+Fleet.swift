// SPDX-License-Identifier: GPL-3.0-or-later
// A fleet of GPU replicas, from what the scenario says to what is simulated and billed.

import Catalog
import Economics
import Quantities
import Scenario
import Simulation

extension OptionCompiler {
  mutating func fleet(
    _ supply: FleetDefinition, _ index: Int, option: OptionDefinition, physical: inout UncertainInputs,
    price: inout UncertainInputs
  ) -> SupplyBlueprint {
    guard let accelerator = scenario.reference.accelerators[supply.gpu],
      let engine = scenario.reference.engines[supply.engine]
    else { preconditionFailure("an unchecked scenario: \(supply.gpu), \(supply.engine)") }
    addHours(of: supply, index, price: &price)
    let pools = models.indices.map { index -> FleetBlueprint.Pool? in
      guard let pool = supply.pools.first(where: { $0.model == models[index].id }) else { return nil }
      let fit = pool.memory(model: models[index], accelerator: accelerator, engine: engine)
      let maxSequences = pool.maxSequences ?? engine.maxSequences
      return FleetBlueprint.Pool(
        definition: pool, model: models[index],
        keyValueBlocks: min(max(1, fit.capacityTokens / PoolConfiguration.blockSize), Int(Int32.max)),
        maxSequences: maxSequences,
        maxBatchedTokens: max(maxSequences, pool.maxBatchedTokens ?? engine.maxBatchedTokens),
        throughput: pool.throughput.map { physical.reference($0) },
        efficiency: EfficiencyInputs(pool.calibration ?? engine.calibration, physical: &physical),
        meanContext: meanContext[index])
    }
    return .fleet(
      FleetBlueprint(
        accelerator: accelerator, engine: engine,
        router: supply.router == .roundRobin ? .roundRobin : .leastOutstanding,
        queueLimit: supply.queueLimit, presence: presence(of: supply, in: option, physical: &physical),
        pools: pools))
  }

  private func presence(
    of supply: FleetDefinition, in option: OptionDefinition, physical: inout UncertainInputs
  ) -> FleetBlueprint.Presence {
    if let spot = supply.spot {
      return .spot(blueprint(of: spot, startup: supply.startupSeconds, physical: &physical))
    }
    for other in option.chain {
      if case .fleet(let fleet) = other, fleet.name == supply.standbyFor, let spot = fleet.spot {
        return .standby(
          blueprint(of: spot, startup: fleet.startupSeconds, physical: &physical),
          startup: Seconds(supply.startupSeconds))
      }
    }
    return .always
  }

  private func blueprint(
    of spot: SpotDefinition, startup: Double, physical: inout UncertainInputs
  ) -> SpotBlueprint {
    SpotBlueprint(
      zones: spot.zones, meanUpHours: physical.reference(spot.meanUpHours),
      meanDownHours: physical.reference(spot.meanDownHours), shape: spot.shape,
      notice: Seconds(spot.noticeSeconds), startup: Seconds(startup))
  }
}
