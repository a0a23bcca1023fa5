// SPDX-License-Identifier: GPL-3.0-or-later
// Total Sobol' indices of a plan's cost, which the futures at hand cannot tell: futures are made for the purpose, that
// differ in one input at a time. A new price costs no simulation, a new physical input costs one.

public import Decision
import NumberFormatting
import Numerics
import Quantities
import Scenario
import Uncertainty

/// A study of what the cost of an option, or the difference of two options' costs, hangs on.
///
/// The design is that of `SobolIndices`, with chance itself (arrivals, lengths, interruptions) as one more input: set A
/// has one run of random draws, set B another. So a future that differs from one of A in an input has the same chance,
/// and the indices add up as those of any model do.
public struct TotalIndicesStudy: Sendable {
  /// Something that is independent of everything else.
  struct Source: Sendable {
    /// Places among all inputs, physical ones first; empty for chance.
    var inputs: [Int]
    var kind: TotalIndex.Kind
    /// Whether a change of it needs a simulation.
    var isSimulated: Bool
  }

  /// The plan with the studied options only.
  let model: PlanModel
  let sources: [Source]
  private let constantInputs: [String]
  /// Points of each set.
  public let points: Int
  /// Independent sets that they come in.
  public let replicates: Int
  /// Draws of the prices for each simulation.
  public let pricesPerPoint: Int

  /// Numbers of points that a study may have: they come in 8 replicates of powers of 2.
  public static let pointLimits = 16...65_536
  /// Simulated requests beyond which a study is refused: some three quarters of an hour on two cores.
  public static let mostRequests = 2e10
  /// Futures of a set, which memory and the regressions of the tornado limit.
  private static let mostFutures = 8192
  /// Prices that are even in themselves, and many enough that simulating is all that takes time.
  private static let mostPricesPerPoint = 16

  /// Prepares a study; nothing is simulated.
  /// - Parameters:
  ///   - plan: the plan.
  ///   - option: whose cost.
  ///   - other: whose cost is subtracted, another option; nil for none.
  ///   - points: of each of the two sets; a power of 2 within `pointLimits`.
  /// - Throws: what cannot be planned, or would take too long.
  public init(_ plan: PlanModel, option: Int, against other: Int? = nil, points: Int)
    throws(PlanningProblem)
  {
    precondition(other != option, "an option against itself")
    guard Self.pointLimits.contains(points), points & (points - 1) == 0 else {
      throw .unsupported(
        "a study of \(points) points cannot be made; ask for a power of 2 from \(Self.pointLimits.lowerBound) to "
          + "\(Self.pointLimits.upperBound)")
    }
    var scenario = plan.scenario
    scenario.options = [option, other].compactMap { $0.map { plan.scenario.options[$0] } }
    let all = plan.physical.inputs + plan.price.inputs
    let free = try PlanModel(unsized: scenario.without(correlations: { _ in true }), sampling: plan.sampling)
    let names = Set((free.physical.inputs + free.price.inputs).map(\.name))
    // Correlations with inputs of other options say nothing here; names that no option has were refused before.
    let model = try PlanModel(
      unsized: scenario.without { pair in
        all.contains { $0.name == pair.first } && !(names.contains(pair.first) && names.contains(pair.second))
      }, sampling: plan.sampling)
    self.model = model
    self.points = points
    replicates = 8
    pricesPerPoint = max(1, min(Self.mostPricesPerPoint, Self.mostFutures / points))
    let inputs = model.physical.inputs + model.price.inputs
    let constant = Set(inputs.indices.filter { inputs[$0].distribution.isDegenerate })
    constantInputs = constant.sorted().map { inputs[$0].name }
    sources =
      Self.independentSets(of: inputs.count, pairs: model.dependence.pairs).compactMap { members -> Source? in
        let varying = members.filter { !constant.contains($0) }
        guard let first = varying.first else { return nil }
        let isSimulated = varying.contains { $0 < model.physical.inputs.count }
        let kind: TotalIndex.Kind =
          varying.count > 1 ? .correlated : first < model.physical.inputs.count ? .physical : .price
        return Source(inputs: varying, kind: kind, isSimulated: isSimulated)
      } + [Source(inputs: [], kind: .chance, isSimulated: true)]
    guard requests <= Self.mostRequests else {
      throw .unsupported(
        "the study would simulate about \(NumberText.quantity(requests)) requests in \(NumberText.count(Double(simulations))) simulations, more "
          + "than \(NumberText.quantity(Self.mostRequests)); ask for fewer points, or simulate fewer or shorter "
          + "windows (`--set horizon.represent.windows=4`)")
    }
  }

  /// Simulations of the horizon that a study needs: two sets, and one more for each source but prices.
  public var simulations: Int { points * (2 + sources.count(where: \.isSimulated)) }

  /// Requests that it will simulate, about.
  public var requests: Double {
    let medians = model.physical.medians
    let demand = model.demand.drawn(medians, draw: 0)
    let perSimulation = model.plannedLevels(growth: demand.growth).reduce(0.0) { sum, level in
      sum
        + demand.expectedRequests(month: level.month, level: level.volume * demand.level(month: level.month))
    }
    return perSimulation * Double(simulations * model.options.count)
  }

  /// Simulates, prices, and computes the indices.
  /// - Parameters:
  ///   - threads: threads that compute; the result does not depend on them.
  ///   - progress: called once for each simulation, on any thread.
  public func run(threads: Int, progress: @escaping @Sendable () -> Void = {}) -> TotalIndicesResult {
    let sample = TotalIndicesSample(self, threads: threads, progress: progress)
    let indices = SobolIndices(
      base: sample.base, other: sample.other, mixed: sample.mixed, replicates: replicates)
    let inputs = model.physical.inputs + model.price.inputs
    let swings = sample.swings(inputs, threads: threads)
    let found = sources.enumerated().map { place, source in
      TotalIndex(
        name: source.inputs.isEmpty
          ? "chance" : source.inputs.map { inputs[$0].name }.joined(separator: " + "),
        kind: source.kind, swings: source.inputs.map { swings[$0] }, firstOrder: indices.firstOrder[place],
        total: indices.total[place])
    }
    let outcomes = Moments(sample.base + sample.other)
    let means = runs(of: sample.base.count, parts: replicates).map {
      Moments(sample.base[$0] + sample.other[$0]).mean
    }
    return TotalIndicesResult(
      scenario: model.scenario.name, option: model.options[0].definition.name,
      against: model.options.count > 1 ? model.options[1].definition.name : nil, seed: model.sampling.seed,
      points: points, pricesPerPoint: pricesPerPoint, replicates: replicates, simulations: simulations,
      mean: IntervalEstimate(pooled: outcomes.mean, replicates: means),
      standardDeviation: SobolIndices.isConstant(outcomes) ? 0 : outcomes.variance.squareRoot(),
      indices: found.sorted { ($1.total.value, $0.name) < ($0.total.value, $1.name) },
      constantInputs: constantInputs, warnings: model.dependence.warnings)
  }

  /// Inputs by what moves together, in the order of the first of each.
  private static func independentSets(of count: Int, pairs: [(Int, Int)]) -> [[Int]] {
    var set = Array(0..<count)
    for (first, second) in pairs {
      let (low, high) = (min(set[first], set[second]), max(set[first], set[second]))
      for input in set.indices where set[input] == high { set[input] = low }
    }
    return (0..<count).map { number in set.indices.filter { set[$0] == number } }.filter { !$0.isEmpty }
  }
}

extension Distribution {
  /// Whether it has one value only.
  var isDegenerate: Bool { support.lowerBound == support.upperBound }
}

extension ScenarioDefinition {
  fileprivate func without(correlations isUnwanted: (InputCorrelation) -> Bool) -> ScenarioDefinition {
    var result = self
    result.correlations.removeAll(where: isUnwanted)
    return result
  }
}
