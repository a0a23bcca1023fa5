// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario made ready to run: its demand, its options, and its uncertain inputs by kind.

import Catalog
import Decision
import Foundation
import NumberFormatting
import Quantities
public import Scenario
import Uncertainty
import Workload

/// A scenario ready to be drawn from, simulated and priced.
public struct PlanModel: Sendable {
  /// The scenario.
  public private(set) var scenario: ScenarioDefinition
  /// How many futures of what seed, after the command line's wishes.
  public internal(set) var sampling: Sampling
  /// The demand.
  public let demand: DemandPlan
  /// The options, in the scenario's order.
  public private(set) var options: [OptionBlueprint]
  /// Inputs that change what is simulated.
  public private(set) var physical: UncertainInputs
  /// Inputs that only change what it costs.
  public private(set) var price: UncertainInputs
  /// Which of them move together, and what to know of them.
  private(set) var dependence: InputDependence
  /// The annual discount rate.
  public let discountRate: InputReference
  /// The models that any option uses, by index.
  public let modelIDs: [String]
  /// Mean tokens of a request's prompt and answer, by model.
  private let meanTokens: [(input: Double, output: Double)]
  let spotTraces: SpotTraces
  /// The sizes that the scenario left open, as they were found.
  var sizes: [SizeChoice] = []

  /// Makes a scenario ready; sizes that it leaves open stay at one.
  /// - Parameters:
  ///   - scenario: a checked scenario.
  ///   - sampling: the futures wanted.
  /// - Throws: a trace that cannot be read, or what is not offered.
  init(unsized scenario: ScenarioDefinition, sampling: Sampling) throws(PlanningProblem) {
    self.scenario = scenario
    self.sampling = sampling
    var physical = UncertainInputs()
    var price = UncertainInputs(paths: scenario.pricePaths, months: scenario.horizon.months)
    let demand = try DemandPlan(scenario, seed: sampling.seed, physical: &physical)
    self.demand = demand
    let used = Set(
      scenario.options.flatMap { option in scenario.demand.uses.flatMap(option.models(for:)) })
    let models = used.sorted().compactMap { scenario.reference.models[$0] }
    modelIDs = models.map(\.id)
    let means = Self.meanTokens(demand)
    let meanTokens = models.map { model -> (input: Double, output: Double) in
      let own = scenario.demand.uses.indices.filter { scenario.demand.uses[$0].model == model.id }
      let considered = own.isEmpty ? Array(means.indices) : own
      let count = Double(considered.count)
      return (
        considered.reduce(0) { $0 + means[$1].input } / count,
        considered.reduce(0) { $0 + means[$1].output } / count
      )
    }
    let spotTraces = try SpotTraces(scenario.options)
    self.meanTokens = meanTokens
    self.spotTraces = spotTraces
    var compiler = OptionCompiler(
      scenario: scenario, models: models, meanTokens: meanTokens, spotTraces: spotTraces)
    options = scenario.options.map { compiler.blueprint($0, physical: &physical, price: &price) }
    discountRate = price.reference(scenario.discountRate)
    self.physical = physical
    self.price = price
    dependence = try InputDependence(
      scenario.correlations, physical: physical, price: price, method: sampling.method)
    let requests = expectedRequests
    guard requests <= Self.mostRequests else {
      throw .unsupported(
        "the plan would simulate about \(NumberText.quantity(requests)) requests, more than can be waited for "
          + "(10^12); lower rate, growth_per_month or volume, or simulate fewer or shorter windows")
    }
  }

  /// The same demand with other options; what was known of inputs and models stays as it is.
  /// - Throws: what is not offered.
  func with(_ definitions: [OptionDefinition]) throws(PlanningProblem) -> PlanModel {
    var result = self
    let models = modelIDs.compactMap { scenario.reference.models[$0] }
    var compiler = OptionCompiler(
      scenario: scenario, models: models, meanTokens: meanTokens, spotTraces: spotTraces)
    result.scenario.options = definitions
    result.options = definitions.map {
      compiler.blueprint($0, physical: &result.physical, price: &result.price)
    }
    result.dependence = try InputDependence(
      scenario.correlations, physical: result.physical, price: result.price, method: sampling.method)
    return result
  }

  /// Requests beyond which no run ends within weeks.
  static let mostRequests = 1e12

  /// Requests that a run will simulate, over all options, levels and draws, if every draw is like the median.
  var expectedRequests: Double {
    let demand = self.demand.drawn(physical.medians, draw: 0)
    let perDraw = levels(growth: demand.growth).reduce(0.0) { sum, level in
      sum
        + demand.expectedRequests(month: level.month, level: level.volume * demand.level(month: level.month))
    }
    return perDraw * Double(sampling.simulations * options.count)
  }

  /// Tokens of the prompt and the answer, on average, of each use case.
  private static func meanTokens(_ demand: DemandPlan) -> [(input: Double, output: Double)] {
    demand.sources.map { source in
      switch source {
      case .replayed(let replay): return replay.meanTokens
      case .synthesized(_, let statistics): return meanTokens(statistics)
      }
    }
  }

  private static func meanTokens(_ statistics: UseCaseStatistics) -> (input: Double, output: Double) {
    guard statistics.sessions == nil, statistics.prefixGroups == nil else {
      // What a conversation has grown to, and what stands before a prompt, only the requests themselves tell.
      let sample = RequestGenerator(
        [.synthesized(statistics)], scale: 1,
        noise: DemandNoise(day: 0, hour: 0, seed: 0, draw: 0, month: 0), seed: 0, draw: 0, month: 0,
        start: .zero, length: Seconds(168 * 3600)
      ).sample(count: 20_000)
      let count = Double(max(sample.count, 1))
      return (
        sample.reduce(0) { $0 + Double($1.inputTokens) } / count,
        sample.reduce(0) { $0 + Double($1.outputTokens) } / count
      )
    }
    let points = (0..<256).map { (Double($0) + 0.5) / 256 }
    return (
      points.reduce(0) { $0 + Double(statistics.inputTokens[$1]) } / 256,
      points.reduce(0) { $0 + Double(statistics.outputTokens[$1]) } / 256
    )
  }

  /// The months (from 0) that are simulated: spread evenly, the first and the last among them.
  var simulatedMonths: [Int] {
    let (months, wanted) = (scenario.horizon.months, scenario.horizon.represent.months)
    guard wanted > 1, months > 1 else { return [0] }
    let picked = (0..<wanted).map { Int((Double($0) * Double(months - 1) / Double(wanted - 1)).rounded()) }
    return picked.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }
}

extension Sampling {
  /// The plan with a seed and a number of futures from the command line, where given. Simulations stay a divisor of
  /// the futures, as near to the scenario's as there is one.
  /// - Parameters:
  ///   - seed: the seed.
  ///   - draws: futures; those of the first round where there is a target.
  ///   - target: half width of the mean cost's interval, as a share of the mean; replaces the scenario's.
  ///   - maximumDraws: the most futures on the way to a target.
  ///   - fidelity: whether every draw is simulated.
  /// - Throws: `unsupported` where no divisor is at least half of what the scenario asks for, a maximum has no
  ///   target, or a target is to be reached with predicted draws.
  public func with(
    seed: UInt64?, draws: Int?, target: Double? = nil, maximumDraws: Int? = nil, fidelity: Fidelity? = nil
  ) throws(PlanningProblem) -> Sampling {
    var result = self
    result.fidelity = fidelity ?? result.fidelity
    if let target {
      result.target = result.target ?? SamplingTarget()
      result.target?.meanCost = target
    }
    if let maximumDraws {
      guard result.target != nil else {
        throw .unsupported("a maximum of futures means nothing without a target: add --target 0.01")
      }
      result.target?.maximumDraws = maximumDraws
    }
    if result.target != nil, result.fidelity == .fast {
      throw .unsupported(
        "a target is reached by simulating, not by predicting: use fidelity full, or no target")
    }
    result.seed = seed ?? result.seed
    result.draws = draws ?? result.draws
    let wanted = min(result.simulations, result.draws)
    result.simulations = wanted
    while result.draws % result.simulations != 0 { result.simulations -= 1 }
    if result.simulations * 2 < wanted {
      // A number without a fitting divisor: simulate each future where they are few, else ask for another number.
      guard result.draws <= 4 * wanted else {
        let next = (result.draws / wanted + 1) * wanted
        throw .unsupported(
          "\(result.draws) futures cannot be shared equally among about \(wanted) simulations; ask for \(next)"
        )
      }
      result.simulations = result.draws
    }
    return result
  }
}
