// SPDX-License-Identifier: GPL-3.0-or-later
// What `size` finds out about an option: the cost of its first supply's size, and of the way its hours are bought.

public import Decision
import NumberFormatting
import Quantities
import Scenario
import Simulation

/// A stage of a sizing, for whoever waits.
public enum SizingStage: Sendable, Hashable {
  /// Cost against the size of one model's part.
  case base(supply: String, model: String)
  /// The purchase of one fleet's hours.
  case purchase(supply: String)
}

extension PlanModel {
  /// Futures simulated for the spread of the costs: few, as each is a simulation of the whole horizon.
  static let sizingFutures = 8

  /// Proposes sizes and purchases for an option.
  /// - Parameters:
  ///   - option: its place among the options.
  ///   - threads: threads that simulate; the result does not depend on them.
  ///   - progress: called as each stage begins.
  /// - Throws: what is not offered.
  public func sizing(
    option: Int, threads: Int, progress: (SizingStage) -> Void = { _ in }
  ) throws(PlanningProblem) -> SizingResult {
    let definition = options[option].definition
    let plan = try with([definition])
    var notes: [String] = []
    let parts = Self.baseParts(of: definition)
    if parts.isEmpty {
      notes.append("No supply of \(definition.title) has a size: an API is paid by the token")
    }
    let present = try plan.futureTrials(of: definition, threads: threads)
    var bases: [BaseStudy] = []
    for part in parts {
      progress(.base(supply: definition.chain[part.supply].name, model: part.model))
      bases.append(try plan.baseStudy(part, present: present, threads: threads))
    }
    var purchases: [PurchaseStudy] = []
    for index in definition.chain.indices {
      guard case .fleet(let fleet) = definition.chain[index] else { continue }
      progress(.purchase(supply: fleet.name))
      switch try plan.purchaseStudy(index, fleet, present: present, threads: threads) {
      case .success(let study): purchases.append(study)
      case .failure(let reason): notes.append("\(fleet.name): \(reason.words)")
      }
    }
    return SizingResult(
      scenario: scenario.name, option: definition.name, title: definition.title, seed: sampling.seed,
      months: scenario.horizon.months, physicalFutures: futures.count,
      priceFutures: futures.count * (sampling.draws / sampling.simulations),
      requiredServiceLevel: requiredServiceLevel, choices: sizes(of: option) ?? [], bases: bases,
      purchases: purchases, notes: notes)
  }

  /// Whether an option has a supply whose size can be chosen.
  public func hasSize(option: Int) -> Bool { !Self.baseParts(of: options[option].definition).isEmpty }

  /// The parts of the first supply that has a size.
  private static func baseParts(of option: OptionDefinition) -> [SizedPart] {
    for (index, supply) in option.chain.enumerated() {
      switch supply {
      case .metered: continue
      case .reserved(let reserved):
        return reserved.units.map { SizedPart(supply: index, model: $0.model) }
      case .fleet(let fleet): return fleet.pools.map { SizedPart(supply: index, model: $0.model) }
      }
    }
    return []
  }

  /// The first of the plan's physical futures.
  var futures: [SizingFuture] {
    physicalDraws().prefix(Self.sizingFutures).enumerated().map {
      SizingFuture(draw: UInt32($0.offset), physical: $0.element)
    }
  }

  /// A definition tried in each of `futures`.
  func futureTrials(
    of definition: OptionDefinition, threads: Int
  ) throws(PlanningProblem) -> [SizingTrial] {
    let plan = try with([definition])
    return futures.map { Self.trials([plan], in: $0, threads: threads)[0] }
  }

  /// Discounted costs of tried definitions over the prices of `futures`, all under the same ones.
  /// - Returns: by definition, then future.
  func costs(
    of tried: [(definition: OptionDefinition, trials: [SizingTrial])]
  ) throws(PlanningProblem) -> [[Double]] {
    // All in one plan, so that a price one of them brings in has the same value for all.
    let together = try with(tried.map(\.definition))
    let prices = together.priceDraws()
    let perDraw = sampling.draws / sampling.simulations
    return tried.indices.map { index in
      tried[index].trials.enumerated().flatMap { draw, trial in
        together.costs(
          of: trial, prices: Array(prices[draw * perDraw..<(draw + 1) * perDraw]), option: index)
      }
    }
  }

  /// Cost against the size of a part of the only option.
  /// - Parameter present: the option as it is, over the futures.
  private func baseStudy(
    _ part: SizedPart, present trials: [SizingTrial], threads: Int
  ) throws(PlanningProblem) -> BaseStudy {
    let definition = options[0].definition
    let search = try leastCost(of: part, in: definition, threads: threads)
    let present = definition.size(of: part)
    let best = search.best
    let other = definition.with(part, size: best.size)
    let spreads = try costs(of: [
      (definition, trials),
      (other, best.size == present ? trials : try futureTrials(of: other, threads: threads)),
    ])
    let gpus = definition.gpusPerReplica(of: part)
    let largest = search.points.last?.size ?? 0
    let method =
      search.points.count == search.largest + 1
      ? "every size from 0 to \(largest), which carries the month of most demand"
      : "\(search.points.count) sizes from 0 to \(largest), which carries the month of most demand: a grid, "
        + "then the neighborhoods of its two deepest valleys"
    return BaseStudy(
      supply: definition.chain[part.supply].name, model: part.model, unit: gpus == nil ? "units" : "replicas",
      points: search.points.map { point in
        .init(
          size: point.size, gpus: gpus.map { $0 * point.size }, cost: point.cost,
          serviceLevel: point.serviceLevel, refusedShare: point.refusedShare)
      }, method: method, present: present, best: best.size, bestIsGoodEnough: best.isGoodEnough,
      presentCost: Spread(samples: spreads[0]), bestCost: Spread(samples: spreads[1]))
  }
}
