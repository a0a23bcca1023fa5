// SPDX-License-Identifier: GPL-3.0-or-later
// Interruptions, failures and retries, from what the scenario says to what is simulated.

import Catalog
import Quantities
import Scenario
import Simulation

extension OptionCompiler {
  /// When a fleet's replicas are there.
  func presence(
    of supply: FleetDefinition, in option: OptionDefinition, physical: inout UncertainInputs
  ) -> FleetBlueprint.Presence {
    if let spot = supply.spot { return .spot(blueprint(of: spot, fleet: supply, physical: &physical)) }
    for other in option.chain {
      if case .fleet(let fleet) = other, fleet.name == supply.standbyFor, let spot = fleet.spot {
        return .standby(
          blueprint(of: spot, fleet: fleet, physical: &physical), startup: Seconds(supply.startupSeconds))
      }
    }
    return .always
  }

  /// The failures of a fleet's nodes; nil where it has none.
  func failures(
    of supply: FleetDefinition, _ index: Int, physical: inout UncertainInputs
  ) -> FleetBlueprint.Failures? {
    supply.failures.map {
      FleetBlueprint.Failures(
        perGPUYear: physical.reference($0.perGPUYear), repairHours: physical.reference($0.repairHours),
        supply: index)
    }
  }

  private func blueprint(
    of spot: SpotDefinition, fleet: FleetDefinition, physical: inout UncertainInputs
  ) -> SpotBlueprint {
    let source: SpotBlueprint.Source
    switch spot.source {
    case .trace(let definition):
      source = .traces(spotTraces[definition], full: definition.fullCapacity)
    case .process(let process):
      var outages: (up: InputReference, down: InputReference)?
      if let up = process.meanUpHours, let down = process.meanDownHours {
        outages = (physical.reference(up), physical.reference(down))
      }
      source = .process(
        SpotBlueprint.Process(
          zones: spot.zones, outages: outages, shape: process.shape,
          zoneCorrelation: process.zoneCorrelation,
          kills: process.kills.map {
            (physical.reference($0.meanUpHours), physical.reference($0.replacementHours), $0.batchShare)
          },
          droughts: process.droughts.map {
            (physical.reference($0.meanBetweenHours), physical.reference($0.meanHours))
          }))
    }
    return SpotBlueprint(
      source: source, notice: Seconds(spot.noticeSeconds), startup: Seconds(fleet.startupSeconds),
      replicas: models.map { model in fleet.pools.first { $0.model == model.id }?.replicas ?? 0 })
  }
}
