// SPDX-License-Identifier: GPL-3.0-or-later
// The size of a supply with which the whole chain costs least: too small, and its overflow is paid elsewhere; too large,
// and it stands idle.

import Catalog
import Decision
import Foundation
import NumberFormatting
import Quantities
import Scenario
import Simulation

extension PlanModel {
  /// Finds the units of every model of an option that are to cost least, and writes them into it.
  ///
  /// Models have budgets of their own, but what one spills may meet what another spills further down the chain, so the
  /// search goes over the models until none changes.
  /// - Returns: the choices; none where there is nothing to size.
  func sizeForCost(_ option: inout OptionDefinition) throws(PlanningProblem) -> [SizeChoice] {
    var parts: [SizedPart] = []
    for (index, supply) in option.chain.enumerated() {
      guard case .reserved(let reserved) = supply else { continue }
      parts += reserved.units.filter(\.isLeastCost).map { SizedPart(supply: index, model: $0.model) }
    }
    guard !parts.isEmpty else { return [] }
    var searches: [SizedPart: SizingSearch] = [:]
    for _ in 0..<(parts.count == 1 ? 1 : 3) {
      let before = option
      for part in parts {
        let search = try leastCost(of: part, in: option)
        searches[part] = search
        option = option.with(part, size: search.best.size)
      }
      if option == before { break }
    }
    return parts.compactMap { part in searches[part].map { choice($0, part, option) } }
  }

  /// The cost of an option against the size of a part of it.
  func leastCost(
    of part: SizedPart, in option: OptionDefinition,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws(PlanningProblem) -> SizingSearch {
    let prices = priceDraws()
    let ladder = ladder(of: part, in: option)
    func tried(_ rungs: [Int]) throws(PlanningProblem) -> [SizedPoint] {
      var plans: [PlanModel] = []
      for rung in rungs { plans.append(try with([option.with(part, size: ladder.size(at: rung))])) }
      let trials = Self.trials(plans, in: medianFuture, threads: threads)
      return zip(rungs, zip(plans, trials)).map { rung, tried in
        let costs = tried.0.costs(of: tried.1, prices: prices)
        return SizedPoint(
          rung: rung, size: ladder.size(at: rung), cost: costs.reduce(0, +) / Double(costs.count),
          serviceLevel: tried.1.total.serviceLevel,
          refusedShare: rung == 0 ? 1 : refusedShare(part, tried.1.total),
          refusedShareAtPeak: rung == 0 ? 1 : refusedShare(part, tried.1.peak))
      }
    }
    // The largest is the first of 1, 2, 4, … rungs that carries the month of most demand: more would stand idle.
    var known = try tried([0, 1])
    var largest = 1
    while let last = known.last, !(last.refusedShareAtPeak <= Self.carriedRefusals && last.isGoodEnough) {
      // What is refused for another reason, or late at whatever size, no size mends.
      let before = known[known.count - 2]
      let isStuck =
        known.count > 4 && before.refusedShareAtPeak - last.refusedShareAtPeak < 1e-4
        && last.serviceLevel - before.serviceLevel < 1e-4
      if isStuck || ladder.size(at: 2 * largest) > Self.mostUnits { break }
      largest *= 2
      known += try tried([largest])
    }
    return try SizingSearch(
      to: largest, known: known, include: ladder.rung(of: option.size(of: part)), trial: tried)
  }

  /// Refusals in the month of most demand up to which a size counts as carrying it.
  private static let carriedRefusals = 0.001
  /// The most units or replicas tried.
  private static let mostUnits = 8192

  /// The sizes of a part that can be had: replicas one by one, units as their provider sells them.
  private func ladder(of part: SizedPart, in option: OptionDefinition) -> SizeLadder {
    guard case .reserved(let reserved) = option.chain[part.supply],
      let accounting = scenario.reference.prices.reserved[reserved.provider]?.accounting
    else { return SizeLadder() }
    return SizeLadder(smallest: accounting.minimumUnits, step: accounting.unitIncrement)
  }

  /// Share of the requests offered to a part that it refused; 0 where none was.
  private func refusedShare(_ part: SizedPart, _ bill: BillOfQuantities) -> Double {
    guard let model = modelIDs.firstIndex(of: part.model) else { return 0 }
    let totals = bill.totals(supply: part.supply, model: model)
    let offered = totals.admitted + totals.refused
    return offered > 0 ? totals.refused / offered : 0
  }

  private func choice(_ search: SizingSearch, _ part: SizedPart, _ option: OptionDefinition) -> SizeChoice {
    let best = search.best
    let supply = option.chain[part.supply].name
    let units = "\(best.size) unit\(best.size == 1 ? "" : "s")"
    var reason = "the number of least mean cost, \(NumberText.money(best.cost))"
    let others = [best.rung - 1, best.rung + 1].compactMap { rung in
      search.points.first { $0.rung == rung }.map { "\($0.size) would cost \(NumberText.money($0.cost))" }
    }
    if !best.isGoodEnough {
      reason = "the number that serves best, \(NumberText.attainment(best.serviceLevel)) of requests in time"
    }
    return SizeChoice(
      option: option.name, supply: supply, model: part.model, rule: "least-cost", size: best.size,
      requiredServiceLevel: requiredServiceLevel, month: nil, demandMultiple: 1,
      trials: search.points.map { .init(size: $0.size, serviceLevel: $0.serviceLevel, cost: $0.cost) },
      sentence: "\(option.title): \(supply) holds \(units) of \(part.model), \(reason) over the horizon"
        + (others.isEmpty ? "" : " (\(others.joined(separator: ", ")))")
        + ", simulated in the median future under the prices of all")
  }
}
