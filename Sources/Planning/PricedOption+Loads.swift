// SPDX-License-Identifier: GPL-3.0-or-later
// The load-duration curves of an option's fleets, for the report.

import Catalog
import Decision
import Economics
import Scenario
import Simulation

extension PricedOption {
  /// The curve of each fleet.
  /// - Parameter bill: the option's quantities over the horizon, mean over draws.
  static func fleetLoads(of bill: BillOfQuantities, in blueprint: OptionBlueprint) -> [FleetLoad] {
    blueprint.definition.chain.enumerated().compactMap { index, definition in
      guard case .fleet(let fleet) = definition else { return nil }
      let curve = LoadDurationCurve(hours: bill.hoursByGPUs[index])
      guard curve.total > 0 else { return nil }
      let layers =
        fleet.committedLayers.filter { $0.gpus > 0 }.map {
          FleetLoad.Layer(purchase: $0.purchase.rawValue, gpus: $0.gpus)
        } + (fleet.purchaseOfRest.map { [FleetLoad.Layer(purchase: $0.rawValue, gpus: nil)] } ?? [])
      return FleetLoad(
        supply: fleet.name, gpu: fleet.gpu, layers: layers,
        hoursShareOfGPU: curve.hoursOfGPU.prefix(curve.mostGPUs).map { $0 / curve.total })
    }
  }
}
