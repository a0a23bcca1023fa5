// SPDX-License-Identifier: GPL-3.0-or-later
// Two weeks of the recommended option, hour by hour. The plan's windows are drawn hours that stand for others, so they
// make no week; these are simulated once more, one option in one future, after everything is decided.

import Decision
import Numerics
import Quantities
import Scenario
import Simulation

extension PlanModel {
  /// Hours of a week.
  private static let hours = 168
  /// The weeks may take this share of the requests that the plan simulated.
  private static let requestShare = 0.1
  /// Seconds of an hour below which its mean is mostly chance, so that no week is shown.
  private static let leastSeconds = 60.0

  /// The weeks of the recommended option, or where that has no fleet, of the cheapest that has one; nil where none has
  /// one, and where the plan is too small to make a week affordable.
  func fleetWeeks(of comparison: Comparison, _ quantities: PlanQuantities, threads: Int) -> [FleetWeek]? {
    let byCost = options.indices.sorted {
      (comparison.statistics[$0].totalCost.mean, $0) < (comparison.statistics[$1].totalCost.mean, $1)
    }
    let shown = ([comparison.recommended] + byCost).first { index in
      options[index].definition.chain.contains { if case .fleet = $0 { true } else { false } }
    }
    guard let option = shown, !demand.isUniformReplay else { return nil }
    let weeks = [
      (FleetWeek.Kind.typical, typicalWeek(quantities, option: option)),
      (.worst, worstWeek(quantities, option: option)),
    ]
    let warmUp = scenario.horizon.represent.warmUpSeconds
    var rate = 0.0
    for (_, week) in weeks {
      let drawn = demand.drawn(quantities.physical[week.draw], draw: UInt32(week.draw))
      rate += drawn.hourlyRate.reduce(0, +) * drawn.level(month: week.month)
    }
    let affordable = Self.requestShare * Double(quantities.simulatedRequests) / max(rate, 1e-9) - warmUp
    let seconds = min(affordable, scenario.horizon.represent.windowSeconds, 3600).rounded(.down)
    guard seconds >= Self.leastSeconds else { return nil }
    return weeks.map { kind, week in
      let results = parallelMap(count: Self.hours, threads: threads) { hour in
        simulate(hour: hour, seconds: seconds, draw: week.draw, month: week.month, option, quantities)
      }
      return fleetWeek(kind, option: option, month: week.month, draw: week.draw, seconds, results)
    }
  }

  /// The draw whose demand over the horizon is the median, and the month in the middle.
  private func typicalWeek(_ quantities: PlanQuantities, option: Int) -> (draw: Int, month: Int) {
    let arrived = (0..<quantities.draws).map { draw in
      quantities.monthlyBills(draw: draw, option: option).reduce(0) { sum, bill in
        sum + bill.requests.reduce(0) { $0 + $1.arrived }
      }
    }
    let byDemand = arrived.indices.sorted { (arrived[$0], $0) < (arrived[$1], $1) }
    return (byDemand[byDemand.count / 2], scenario.horizon.months / 2)
  }

  /// The draw and month of the smallest share served within the objective; of equal ones that of most demand.
  private func worstWeek(_ quantities: PlanQuantities, option: Int) -> (draw: Int, month: Int) {
    var worst: (share: Double, arrived: Double, draw: Int, month: Int)?
    for draw in 0..<quantities.draws {
      for (month, bill) in quantities.monthlyBills(draw: draw, option: option).enumerated() {
        let arrived = bill.requests.reduce(0) { $0 + $1.arrived }
        let within = bill.requests.reduce(0) { $0 + $1.withinObjective }
        let share = arrived > 0 ? within / arrived : 1
        if let worst, (worst.share, -worst.arrived) <= (share, -arrived) { continue }
        worst = (share, arrived, draw, month)
      }
    }
    return worst.map { ($0.draw, $0.month) } ?? (0, 0)
  }

  /// The beginning of one hour of the week.
  private func simulate(
    hour: Int, seconds: Double, draw: Int, month: Int, _ option: Int, _ quantities: PlanQuantities
  ) -> WindowResult {
    let start = Double(hour) * 3600
    let demand = self.demand.drawn(quantities.physical[draw], draw: UInt32(draw))
    let window = SimulatedWindow(
      start: Seconds(start), length: Seconds(seconds), hoursOfWeek: 1,
      leadIn: Seconds(min(scenario.horizon.represent.warmUpSeconds, start)))
    return simulate(
      demand: demand, physical: quantities.physical[draw], multiple: demand.level(month: month), month: month,
      weather: WeekWeather(seed: sampling.seed, draw: UInt32(draw), month: month), window: window,
      drainLimit: Self.drainLimit, only: option)[0]
  }

  private func fleetWeek(
    _ kind: FleetWeek.Kind, option: Int, month: Int, draw: Int, _ seconds: Double, _ results: [WindowResult]
  ) -> FleetWeek {
    let bills = results.map(\.bill)
    let definition = options[option].definition
    let fleets = definition.chain.enumerated().compactMap { index, supply -> FleetWeek.Fleet? in
      guard case .fleet(let fleet) = supply else { return nil }
      func mean(_ part: (PoolHours) -> Double) -> [Double] {
        bills.map { $0.poolHours[index].reduce(0) { $0 + part($1) } * 3600 / seconds }
      }
      return FleetWeek.Fleet(
        supply: fleet.name, mostGPUs: fleet.mostGPUs, busy: mean(\.busy), idle: mean(\.idle),
        booting: mean(\.booting), draining: mean { $0.draining + $0.spare },
        interrupted: bills.map { $0.supplies[index].reduce(0) { $0 + $1.interrupted } * 3600 / seconds })
    }
    return FleetWeek(
      option: definition.name, kind: kind, month: scenario.horizon.start.advanced(by: month).description,
      draw: draw, secondsPerHour: seconds,
      requestsPerSecond: bills.map { $0.requests.reduce(0) { $0 + $1.arrived } / seconds },
      serviceLevel: bills.map { bill in
        let arrived = bill.requests.reduce(0) { $0 + $1.arrived }
        return arrived > 0 ? bill.requests.reduce(0) { $0 + $1.withinObjective } / arrived : 1
      }, fleets: fleets)
  }
}
