// SPDX-License-Identifier: GPL-3.0-or-later
// From an option as written to one that can be simulated and priced: ids become places, prices become formulas.

import Catalog
import Economics
import Quantities
import Scenario
import Simulation
import Uncertainty

/// Gathers an option's supplies and prices. The scenario has been checked: every id it names exists.
struct OptionCompiler {
  let scenario: ScenarioDefinition
  let models: [LanguageModel]
  /// Mean tokens of a request's prompt and answer, by model.
  let meanTokens: [(input: Double, output: Double)]
  /// The records of capacity that spot fleets replay.
  let spotTraces: SpotTraces
  private(set) var lines: [CostLine] = []
  private(set) var prices: [PriceFormula] = []

  init(
    scenario: ScenarioDefinition, models: [LanguageModel],
    meanTokens: [(input: Double, output: Double)], spotTraces: SpotTraces
  ) {
    self.meanTokens = meanTokens
    self.scenario = scenario
    self.spotTraces = spotTraces
    self.models = models
  }

  /// The blueprint of an option; its uncertain inputs are registered by kind.
  mutating func blueprint(
    _ option: OptionDefinition, physical: inout UncertainInputs, price: inout UncertainInputs
  ) -> OptionBlueprint {
    lines = []
    prices = []
    let gateway = gateway(option, physical: &physical)
    let reached = gateway.routes.reduce(into: Set<Int>()) { $0.formUnion($1.reached) }
    var supplies: [SupplyBlueprint] = []
    var supplyLines: [Range<Int>] = []
    for index in option.chain.indices {
      let first = lines.count
      supplies.append(supply(index, of: option, reached: reached, physical: &physical, price: &price))
      supplyLines.append(first..<lines.count)
    }
    addCosts(of: option, supplyLines: supplyLines, price: &price)
    return OptionBlueprint(
      definition: option, schedule: CostSchedule(lines: lines), prices: prices,
      modelOfUseCase: gateway.routes.map { $0.shares[0].model },
      objectives: scenario.demand.uses.map {
        ServiceObjective(
          timeToFirstToken: min($0.timeToFirstTokenLimit, $0.longestWait),
          timePerOutputToken: $0.timePerOutputTokenLimit, deadline: $0.longestWait)
      }, supplies: supplies, models: models, gateway: gateway)
  }

  /// - Parameter term: months for which the price of signing holds.
  mutating func add(
    _ line: CostLine, _ factors: UncertainValue..., term: Int = 0, price: inout UncertainInputs
  ) {
    append(line, PriceFormula(factors: price.references(factors), termMonths: term))
  }

  mutating func append(_ line: CostLine, _ formula: PriceFormula) {
    lines.append(line)
    prices.append(formula)
  }

  /// - Parameters:
  ///   - term: months for which the price of signing holds.
  ///   - alias: another name of the price, for the path that it may follow.
  mutating func add(
    _ line: CostLine, _ unit: Price, _ factors: UncertainValue..., term: Int = 0, alias: String? = nil,
    price: inout UncertainInputs
  ) {
    append(
      line, PriceFormula(factors: price.references(unit.factors + factors, alias: alias), termMonths: term))
  }

  mutating func add(_ line: CostLine, _ amount: UncertainValue, _ price: inout UncertainInputs) {
    // A cost that is certainly zero needs no line.
    if amount.distribution == .constant(0) { return }
    add(line, amount, price: &price)
  }

  private mutating func supply(
    _ index: Int, of option: OptionDefinition, reached: Set<Int>, physical: inout UncertainInputs,
    price: inout UncertainInputs
  ) -> SupplyBlueprint {
    switch option.chain[index] {
    case .metered(let metered):
      return self.metered(metered, index, reached: reached, physical: &physical, price: &price)
    case .reserved(let reserved):
      return self.reserved(reserved, index, physical: &physical, price: &price)
    case .fleet(let fleet):
      return self.fleet(fleet, index, option: option, physical: &physical, price: &price)
    }
  }
}
