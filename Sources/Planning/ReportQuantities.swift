// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of the result document that only a report reads: the difference a choice is made on, and the engines behind it.

import Catalog
import Decision
import Quantities
import Scenario
import Uncertainty

extension PlanModel {
  /// The recommended option against today's, and against the next best of those that may be chosen.
  func differences(
    _ priced: [PricedOption], comparison: Comparison, baseline: Int
  ) -> [CostDifference]? {
    let chosen = comparison.recommended
    let runnerUp = comparison.candidates.filter { $0 != chosen }.min {
      (comparison.statistics[$0].totalCost.mean, $0) < (comparison.statistics[$1].totalCost.mean, $1)
    }
    var others = baseline == chosen ? [] : [baseline]
    if let runnerUp, runnerUp != baseline { others.append(runnerUp) }
    guard !others.isEmpty else { return nil }
    return others.map { other in
      CostDifference(
        option: options[chosen].definition.name, cost: priced[chosen].presentValues,
        against: options[other].definition.name, otherCost: priced[other].presentValues)
    }
  }

  /// The engines of all fleets, in the order in which options name them; nil where there are none.
  var engineFits: [EngineFit]? {
    var ids: [String] = []
    for option in scenario.options {
      for case .fleet(let fleet) in option.chain where !ids.contains(fleet.engine) {
        ids.append(fleet.engine)
      }
    }
    let fits = ids.compactMap { scenario.reference.engines[$0].map(EngineFit.init) }
    return fits.isEmpty ? nil : fits
  }
}

extension EngineFit {
  /// What the catalog says of an engine.
  fileprivate init(_ engine: ServingEngine) {
    self.init(
      engine: engine.id, source: engine.provenance.source,
      verifiedOn: engine.provenance.verifiedOn.description,
      coefficients: EfficiencyParameter.allCases.map { parameter in
        let value = engine.calibration.values[parameter.index]
        let loadings = engine.calibration.components.map { $0.loadings[parameter.index] }
        let own = value.distribution
        // A calibrated coefficient is constant and errs through the components; a stated one errs alone.
        let spread =
          loadings.isEmpty && own.quantile(0.1) > 0
          ? (own.quantile(0.9) / own.quantile(0.1) - 1) / 2.563
          : loadings.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return Coefficient(name: parameter.rawValue, value: own.quantile(0.5), relativeError: spread)
      })
  }
}
