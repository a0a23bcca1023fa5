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
    let place = index
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
        meanContext: meanTokens[index].input + meanTokens[index].output / 2,
        scaling: scaling(of: pool, model: index, in: supply, at: place, of: option))
    }
    return .fleet(
      FleetBlueprint(
        accelerator: accelerator, engine: engine,
        router: Router(supply.router), queueLimit: supply.queueLimit, loadBound: supply.loadBound,
        presence: presence(of: supply, in: option, physical: &physical),
        failures: failures(of: supply, index, physical: &physical), startup: Seconds(supply.startupSeconds),
        pools: pools))
  }
}
