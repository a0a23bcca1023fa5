// SPDX-License-Identifier: GPL-3.0-or-later
// A plan as far as its decision goes: costs in every future and who is cheapest, without break-evens, sensitivities and
// whatever else a report has and a quick question does not need.

public import Decision
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
    let set = archive.flatMap { pieceSet(program: $0.program) }
    let source = PieceSource(
      archive: archive.map { ($0.keeper, set) }, isForPrices: true, threads: threads, progress: progress)
    let last = rounds(from: source, threads: threads)
    let costs = last.priced.map(\.presentValues)
    let comparison = Comparison(
      costs: costs, serviceLevels: last.priced.map(\.serviceLevel),
      simulations: last.model.sampling.simulations)
    return PricedPlan(
      options: options.enumerated().map { option, blueprint in
        let serviceLevel = last.priced[option].serviceLevel
        return PricedPlan.Option(
          name: blueprint.definition.name, title: blueprint.definition.title,
          outlook: OptionOutlook(
            totalCost: comparison.statistics[option].totalCost,
            probabilityCheapest: comparison.probabilityCheapest[option], serviceLevel: serviceLevel,
            meetsServiceLevel: serviceLevel >= requiredServiceLevel), costs: costs[option])
      }, recommended: comparison.recommended, draws: last.model.sampling.draws,
      simulations: last.model.sampling.simulations,
      quantities: set.flatMap {
        StoredQuantities.digest(last.model, set: $0, physical: last.quantities.physical)
      })
  }
}
