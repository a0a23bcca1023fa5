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
  /// Mean context of a sequence halfway through its answer, by model.
  let meanContext: [Double]
  private(set) var lines: [CostLine] = []
  private(set) var prices: [PriceFormula] = []

  init(scenario: ScenarioDefinition, models: [LanguageModel], meanContext: [Double]) {
    self.scenario = scenario
    self.models = models
    self.meanContext = meanContext
  }

  /// The blueprint of an option; its uncertain inputs are registered by kind.
  mutating func blueprint(
    _ option: OptionDefinition, physical: inout UncertainInputs, price: inout UncertainInputs
  ) -> OptionBlueprint {
    lines = []
    prices = []
    let modelOfUseCase = scenario.demand.uses.map { use in
      models.firstIndex { $0.id == option.route ?? use.model } ?? 0
    }
    let supplies = option.chain.indices.map { index in
      supply(index, of: option, modelOfUseCase: modelOfUseCase, physical: &physical, price: &price)
    }
    add(CostLine(component: "People", quantity: .monthly), option.costs.peoplePerMonth, &price)
    add(CostLine(component: "Platform", quantity: .monthly), option.costs.platformPerMonth, &price)
    add(CostLine(component: "One-off", quantity: .once), option.costs.oneOff, &price)
    return OptionBlueprint(
      definition: option, schedule: CostSchedule(lines: lines), prices: prices,
      modelOfUseCase: modelOfUseCase,
      objectives: scenario.demand.uses.map {
        ServiceObjective(
          timeToFirstToken: $0.timeToFirstTokenLimit, timePerOutputToken: $0.timePerOutputTokenLimit)
      }, supplies: supplies, models: models)
  }

  private mutating func add(_ line: CostLine, _ factors: UncertainValue..., price: inout UncertainInputs) {
    lines.append(line)
    prices.append(PriceFormula(factors: factors.map { price.reference($0) }))
  }

  private mutating func add(
    _ line: CostLine, _ unit: Price, _ factors: UncertainValue..., price: inout UncertainInputs
  ) {
    lines.append(line)
    prices.append(PriceFormula(factors: (unit.factors + factors).map { price.reference($0) }))
  }

  private mutating func add(_ line: CostLine, _ amount: UncertainValue, _ price: inout UncertainInputs) {
    // A cost that is certainly zero needs no line.
    if amount.distribution == .constant(0) { return }
    add(line, amount, price: &price)
  }

  private mutating func supply(
    _ index: Int, of option: OptionDefinition, modelOfUseCase: [Int], physical: inout UncertainInputs,
    price: inout UncertainInputs
  ) -> SupplyBlueprint {
    switch option.chain[index] {
    case .metered(let metered):
      return self.metered(metered, index, modelOfUseCase: modelOfUseCase, price: &price)
    case .reserved(let reserved):
      return self.reserved(reserved, index, physical: &physical, price: &price)
    case .fleet(let fleet):
      return self.fleet(fleet, index, option: option, physical: &physical, price: &price)
    }
  }

  private mutating func metered(
    _ supply: MeteredDefinition, _ index: Int, modelOfUseCase: [Int], price: inout UncertainInputs
  ) -> SupplyBlueprint {
    let provider = scenario.reference.prices.metered[supply.provider]
    for (model, entry) in models.enumerated() {
      let useCases = modelOfUseCase.indices.filter { modelOfUseCase[$0] == model }
      guard let provider, let tokens = provider.models[entry.id], !useCases.isEmpty else { continue }
      add(
        CostLine(
          component: "API input tokens", quantity: .inputTokens(supply: index, useCases: useCases)),
        tokens.input, provider.priceFactor, price: &price)
      add(
        CostLine(
          component: "API output tokens", quantity: .outputTokens(supply: index, useCases: useCases)),
        tokens.output, provider.priceFactor, price: &price)
    }
    return .metered(
      serves: models.map { provider?.models[$0.id] != nil },
      latency: ServiceLatency(
        firstToken: Seconds(provider?.firstTokenLatency ?? 0),
        perOutputToken: Seconds(provider?.timePerOutputToken ?? 0)))
  }

  private mutating func reserved(
    _ supply: ReservedDefinition, _ index: Int, physical: inout UncertainInputs,
    price: inout UncertainInputs
  ) -> SupplyBlueprint {
    let provider = scenario.reference.prices.reserved[supply.provider]
    var units: [(units: Int, input: InputReference, output: InputReference)?] = []
    for (model, entry) in models.enumerated() {
      guard let held = supply.units.first(where: { $0.model == entry.id }),
        let offer = provider?.models[entry.id], let unitHour = offer.unitHour[supply.term]
      else {
        units.append(nil)
        continue
      }
      units.append(
        (
          held.units, physical.reference(offer.inputTokensPerMinute),
          physical.reference(offer.outputTokensPerMinute)
        ))
      add(
        CostLine(component: "Reserved units", quantity: .unitHours(supply: index, model: model)),
        unitHour, price: &price)
    }
    return .reserved(
      ReservedBlueprint(
        units: units, window: Seconds(supply.windowSeconds),
        latency: ServiceLatency(
          firstToken: Seconds(provider?.firstTokenLatency ?? 0),
          perOutputToken: Seconds(provider?.timePerOutputToken ?? 0))))
  }

  private mutating func fleet(
    _ supply: FleetDefinition, _ index: Int, option: OptionDefinition, physical: inout UncertainInputs,
    price: inout UncertainInputs
  ) -> SupplyBlueprint {
    guard let accelerator = scenario.reference.accelerators[supply.gpu],
      let engine = scenario.reference.engines[supply.engine],
      let hour = scenario.reference.prices.gpuHour(of: supply.gpu, region: supply.region)[supply.purchase]
    else { preconditionFailure("an unchecked scenario: \(supply.gpu), \(supply.engine)") }
    add(
      CostLine(
        component: "GPU-hours, \(supply.purchase.rawValue)", quantity: .gpuHours(supply: index)),
      hour, price: &price)
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
