// SPDX-License-Identifier: GPL-3.0-or-later
// A plan as far as its decision goes: costs in every future and who is cheapest, without break-evens, sensitivities and
// whatever else a report has and a quick question does not need.

public import Decision
import Numerics
import Scenario

/// What every option of a plan costs in every future.
public struct PricedPlan: Sendable {
  /// One option.
  public struct Option: Sendable {
    /// The option's id.
    public let name: String
    /// Its title.
    public let title: String
    /// Its cost and service.
    public let outlook: OptionOutlook
    /// Discounted cost by future, $.
    public let costs: [Double]
  }

  /// The options, in the scenario's order.
  public let options: [Option]
  /// The place of the one to take.
  public let recommended: Int
  /// Futures priced.
  public let draws: Int
  /// Physical draws.
  public let simulations: Int
  /// A digest of all that its quantities follow from: plans that agree in it differ in prices alone. Nil where nothing
  /// can be kept.
  public let quantities: String?
}

extension PlanModel {
  /// Prices the plan: the costs are those of `run`, to the last bit.
  ///
  /// Where the archive has the summary of the plan's pieces, no piece is read and nothing is simulated.
  /// - Parameters:
  ///   - threads: threads that simulate and price; the result does not depend on them.
  ///   - archive: where pieces and summaries are looked for and kept, with the name of the program that simulates; nil
  ///     keeps none.
  ///   - progress: called once for each piece that is simulated, on any thread.
  /// - Complexity: with a summary O(futures × months × lines) for each option.
  public func priced(
    threads: Int, archive: (keeper: any PieceArchive, program: String)? = nil,
    progress: @escaping @Sendable () -> Void = {}
  ) -> PricedPlan {
    if let archive, let plan = pricedFromSummary(threads: threads, archive: archive) { return plan }
    let set = archive.flatMap { pieceSet(program: $0.program) }
    let source = PieceSource(
      archive: archive.map { ($0.keeper, set) }, isForPrices: true, threads: threads, progress: progress)
    let last = rounds(from: source, threads: threads)
    return PricedPlan(last.model, last.priced, last.quantities, set: set)
  }

  /// Prices the plan where the archive has the summary of its pieces; nothing is simulated, and no progress made.
  ///
  /// Several plans can be priced from one archive at the same time.
  /// - Returns: what `priced` returns; nil where there is no summary, where more futures may be asked for until a target
  ///   is reached, and where quantities are predicted.
  /// - Complexity: O(futures × months × lines) for each option.
  public func pricedFromSummary(
    threads: Int, archive: (keeper: any PieceArchive, program: String)
  ) -> PricedPlan? {
    guard sampling.target == nil, let set = pieceSet(program: archive.program) else { return nil }
    let source = PieceSource(archive: (archive.keeper, set), isForPrices: true, threads: threads) {}
    guard let quantities = source.summarized(self) else { return nil }
    let prices = PlanPrices(self)
    let priced = parallelMap(count: options.count, threads: threads) { option in
      PricedOption(self, quantities, option: option, prices: prices)
    }
    return PricedPlan(self, priced, quantities, set: set)
  }
}

extension PricedPlan {
  /// The plan from its priced options.
  fileprivate init(
    _ model: PlanModel, _ priced: [PricedOption], _ quantities: PlanQuantities, set: String?
  ) {
    let costs = priced.map(\.presentValues)
    let comparison = Comparison(
      costs: costs, serviceLevels: priced.map(\.serviceLevel), simulations: model.sampling.simulations)
    options = model.options.enumerated().map { option, blueprint in
      let serviceLevel = priced[option].serviceLevel
      return Option(
        name: blueprint.definition.name, title: blueprint.definition.title,
        outlook: OptionOutlook(
          totalCost: comparison.statistics[option].totalCost,
          probabilityCheapest: comparison.probabilityCheapest[option], serviceLevel: serviceLevel,
          meetsServiceLevel: serviceLevel >= requiredServiceLevel), costs: costs[option])
    }
    recommended = comparison.recommended
    draws = model.sampling.draws
    simulations = model.sampling.simulations
    self.quantities = set.flatMap {
      StoredQuantities.digest(model, set: $0, physical: quantities.physical)
    }
  }
}
