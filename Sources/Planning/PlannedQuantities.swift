// SPDX-License-Identifier: GPL-3.0-or-later
// One draw at the planned volume alone: for who asks for nothing at other volumes, and simulates no more than that.

import Economics
import Numerics
import Quantities
import Scenario
import Simulation
import Workload

extension PlanModel {
  /// The levels whose quantities those of every month follow from: the represented months. Where other months may have
  /// more or less demand than all of these, the other volumes next to them too, as in a whole plan.
  func plannedLevels(growth: Double) -> [DemandLevel] {
    let isEnclosed = demand.calendar.isEmpty && (simulatedMonths.count > 1 || scenario.horizon.months == 1)
    return levels(growth: growth).filter { level in
      level.volume == 1 || !isEnclosed && (level.volume == 0.5 || level.volume == 2)
    }
  }

  /// What every option uses in one draw; the same as a whole plan's of the draw and its inputs.
  func plannedQuantities(draw: UInt32, physical values: [Double]) -> [DrawnQuantities] {
    let growth = demand.growth.value(in: values)
    let demand = self.demand.drawn(values, draw: draw)
    let levels = plannedLevels(growth: growth)
    let pieces = levels.map { simulate(draw: draw, physical: values, level: $0) }
    let horizon = scenario.horizon
    let months = (0..<horizon.months).map { horizon.start.advanced(by: $0) }
    let calendarLevels = months.indices.map { self.demand.calendarLevel(month: $0) }
    return options.indices.map { option in
      let response = DemandResponse(
        zip(levels, pieces).map { ($0.volume * demand.level(month: $0.month), $1[option].hourly) })
      return DrawnQuantities(
        response.monthlyBills(months, calendarLevels: calendarLevels, growth: growth, volume: 1),
        schedule: options[option].schedule)
    }
  }

  /// The option that a run of the plan with every draw simulated recommends, without break-evens or a report.
  /// - Parameters:
  ///   - threads: threads that simulate; the result does not depend on them.
  ///   - progress: called once for each of `sampling.simulations` draws, on any thread.
  /// - Returns: its place among the options.
  public func recommendedOption(threads: Int, progress: @escaping @Sendable () -> Void = {}) -> Int {
    if options.count == 1 { return 0 }
    let physical = physicalDraws()
    let quantities = parallelMap(count: physical.count, threads: threads) { draw in
      let drawn = plannedQuantities(draw: UInt32(draw), physical: physical[draw])
      progress()
      return drawn
    }
    let prices = PlanPrices(self)
    let costs = options.indices.map { option in
      FutureCosts.presentValues(
        quantities: quantities.map { $0[option].lines }, prices: prices.lines[option],
        discounts: prices.discounts)
    }
    let serviceLevels = options.indices.map { option in
      let arrived = quantities.reduce(0) { $0 + $1[option].arrived }
      return arrived > 0 ? quantities.reduce(0) { $0 + $1[option].withinObjective } / arrived : 1
    }
    return Comparison(costs: costs, serviceLevels: serviceLevels, simulations: sampling.simulations)
      .recommended
  }
}
