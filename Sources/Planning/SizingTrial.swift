// SPDX-License-Identifier: GPL-3.0-or-later
// What an option would cost and how it would serve with other sizes, over the whole horizon and without the rest of a
// plan: the measure by which sizes are compared.

import Decision
import Economics
import Numerics
import Quantities
import Scenario
import Simulation

/// An option over the horizon in one physical future.
struct SizingTrial: Sendable {
  /// The bill of each month.
  var bills: [BillOfQuantities]
  /// Its refusals, service and quantities in the month of most demand, per hour.
  var peak: BillOfQuantities

  /// All months together.
  var total: BillOfQuantities {
    bills.dropFirst().reduce(into: bills[0]) { $0.add($1) }
  }
}

/// A physical future in which sizes are tried.
struct SizingFuture: Sendable {
  /// Its number, which selects its demand's noise and its spot weather.
  var draw: UInt32
  /// Its physical inputs.
  var physical: [Double]
}

extension PlanModel {
  /// The future in which every physical input is at its median.
  var medianFuture: SizingFuture { SizingFuture(draw: 0, physical: physical.medians) }

  /// Plans of one option each, tried on the same requests.
  ///
  /// Only the represented months at the planned volume are simulated; the others lie between them as in the plan itself.
  /// - Returns: one trial for each plan, in their order, whatever the number of threads.
  static func trials(_ plans: [PlanModel], in future: SizingFuture, threads: Int) -> [SizingTrial] {
    guard let first = plans.first else { return [] }
    let months = first.simulatedMonths
    let demand = first.demand.drawn(future.physical, draw: future.draw)
    let pieces = parallelMap(count: plans.count * months.count, threads: threads) { index in
      let (plan, place) = index.quotientAndRemainder(dividingBy: months.count)
      return plans[plan].simulate(
        draw: future.draw, physical: future.physical, level: DemandLevel(month: months[place], volume: 1))[0]
        .hourly
    }
    let horizon = first.scenario.horizon
    let levels = months.map { demand.level(month: $0) }
    let most = levels.indices.max { (levels[$0], -$0) < (levels[$1], -$1) } ?? 0
    return plans.indices.map { plan in
      let own = (0..<months.count).map { pieces[plan * months.count + $0] }
      let response = DemandResponse(zip(levels, own).map { ($0, $1) })
      let bills = (0..<horizon.months).map { month in
        response.hourly(at: demand.level(month: month)).scaled(by: horizon.start.advanced(by: month).hours)
      }
      return SizingTrial(bills: bills, peak: own[most])
    }
  }

  /// The discounted cost over the horizon of a plan's only option under each of some prices.
  func costs(of trial: SizingTrial, prices: [[Double]], option: Int = 0) -> [Double] {
    let lines = trial.bills.enumerated().map {
      options[option].schedule.quantities(in: $0.element, month: $0.offset)
    }
    return prices.map { draw in
      CostLedger(
        quantities: lines,
        monthlyPrices: lines.indices.map { options[option].linePrices(in: draw, month: $0) },
        discountRate: discountRate.value(in: draw)
      ).presentValue.rawValue
    }
  }
}
