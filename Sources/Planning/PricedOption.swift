// SPDX-License-Identifier: GPL-3.0-or-later
// One option in every future: its simulated quantities under every draw of the prices.

import Numerics
import Decision
import Economics
import Quantities
import Scenario
import Simulation

/// The costs of one option over all futures, and what its supplies did on average.
struct PricedOption: Sendable {
  /// Discounted cost by future.
  let presentValues: [Double]
  let costPerMillionOutput: Spread
  let costPerRequest: Spread
  let components: [CostComponent]
  let monthly: [MonthlyCost]
  /// Undiscounted cost by month, then future.
  let monthlyCosts: [[Double]]
  let charges: [OptionCharge]
  let supplies: [SupplyResult]
  let servedShare: Double
  /// Share of requests that were still in work when their window's drain ended.
  let unfinishedShare: Double
  let serviceLevel: Double
  let serviceLevelByUseCase: [Double]
  /// Attempts after the first over the horizon.
  let retries: Double
  let gateway: [GatewayResult]?
  let useCaseCosts: [UseCaseCost]
  let fleetLoads: [FleetLoad]
  /// By draw.
  let drawn: [DrawnQuantities]

  init(_ model: PlanModel, _ quantities: PlanQuantities, option: Int, prices: PlanPrices) {
    let blueprint = model.options[option]
    let bills = (0..<quantities.draws).map { quantities.monthlyBills(draw: $0, option: option) }
    drawn = bills.map { DrawnQuantities($0, schedule: blueprint.schedule) }
    var names: [String] = []
    for line in blueprint.schedule.lines where !names.contains(line.component) {
      names.append(line.component)
    }
    let costs = FutureCosts(
      quantities: drawn.map(\.lines), prices: prices.lines[option], discounts: prices.discounts,
      components: Array(blueprint.schedule.lines.indices))
    presentValues = costs.presentValues
    monthlyCosts = costs.monthly
    costPerMillionOutput = Self.unitCost(costs.undiscounted, drawn.map(\.outputTokens), per: 1e6)
    costPerRequest = Self.unitCost(costs.undiscounted, drawn.map(\.served), per: 1)
    (components, monthly) = Self.breakDown(
      costs, names, component: blueprint.schedule.lines.map { names.firstIndex(of: $0.component) ?? 0 },
      start: model.scenario.horizon.start)
    charges = blueprint.charges(
      reference: model.scenario.reference, quantities: drawn.map(\.lines), sums: costs.componentSums,
      futures: costs.presentValues.count)
    let whole = bills.map { months in
      months.dropFirst().reduce(into: months[0]) { $0.add($1) }
    }
    var mean = whole[0].scaled(by: 1 / Double(whole.count))
    for bill in whole.dropFirst() { mean.add(bill, weight: 1 / Double(whole.count)) }
    supplies = Self.supplies(of: mean, in: blueprint)
    func share(_ part: (RequestTotals) -> Double, of totals: [RequestTotals]) -> Double {
      let arrived = totals.reduce(0) { $0 + $1.arrived }
      return arrived > 0 ? totals.reduce(0) { $0 + part($1) } / arrived : 1
    }
    servedShare = share({ $0.served + $0.cached }, of: mean.requests)
    unfinishedShare = share(\.inFlight, of: mean.requests)
    serviceLevel = share(\.withinObjective, of: mean.requests)
    retries = mean.requests.reduce(0) { $0 + $1.retried }
    serviceLevelByUseCase = mean.requests.map { share(\.withinObjective, of: [$0]) }
    gateway = blueprint.gatewayResults(mean, useCases: model.scenario.demand.uses, model.physical.medians)
    useCaseCosts = Self.useCaseCosts(
      model, mean, option: option, quantities: drawn.map(\.lines), prices: prices)
    fleetLoads = Self.fleetLoads(of: mean, in: blueprint)
  }

  /// Cost per unit in each future; a future that served nothing costs its whole cost for the unit it did not serve.
  private static func unitCost(_ costs: [Double], _ units: [Double], per size: Double) -> Spread {
    let perDraw = costs.count / units.count
    return Spread(samples: costs.enumerated().map { $0.element / max(units[$0.offset / perDraw], 1) * size })
  }

  /// Mean cost by component, largest first, and the same month by month with the month's spread.
  /// - Parameter component: by line, the place of its component's name.
  private static func breakDown(
    _ costs: FutureCosts, _ names: [String], component: [Int], start: CalendarMonth
  ) -> ([CostComponent], [MonthlyCost]) {
    let sums = costs.componentSums.map { lines in
      zip(component, lines).reduce(into: names.map { _ in 0.0 }) { $0[$1.0] += $1.1 }
    }
    let count = Double(costs.presentValues.count)
    let totals = names.indices.map { name in sums.reduce(0) { $0 + $1[name] } / count }
    let order = names.indices.sorted { (totals[$1], $0) < (totals[$0], $1) }
    let monthly = sums.indices.map { month in
      MonthlyCost(
        month: start.advanced(by: month).description, cost: Spread(samples: costs.monthly[month]),
        components: order.map { CostComponent(component: names[$0], mean: sums[month][$0] / count) })
    }
    return (order.map { CostComponent(component: names[$0], mean: totals[$0]) }, monthly)
  }

  /// What each supply did.
  static func supplies(of bill: BillOfQuantities, in blueprint: OptionBlueprint) -> [SupplyResult] {
    blueprint.definition.chain.enumerated().map { index, definition in
      let totals = bill.supplies[index]
      let hours = bill.poolHours[index]
      let paid = hours.reduce(0) { $0 + $1.paid }
      let kind: String
      var states: [StateHours] = []
      var utilization: Double?
      switch definition {
      case .metered: kind = "metered"
      case .reserved:
        kind = "reserved"
        // Units of one model cannot take another's tokens, but the shares are of all tokens reserved.
        utilization = bill.reserved[index].reduce(into: ReservedTotals()) { $0.add($1) }.utilization
      case .fleet:
        kind = "fleet"
        states = [
          StateHours(state: "busy", hours: hours.reduce(0) { $0 + $1.busy }),
          StateHours(state: "idle", hours: hours.reduce(0) { $0 + $1.idle }),
          StateHours(state: "booting", hours: hours.reduce(0) { $0 + $1.booting }),
          StateHours(state: "draining", hours: hours.reduce(0) { $0 + $1.draining }),
        ]
        let spare = hours.reduce(0) { $0 + $1.spare }
        if spare > 0 { states.append(StateHours(state: "spare", hours: spare)) }
        utilization = paid > 0 ? (states[0].hours / paid) : 0
      }
      var result = SupplyResult(
        name: definition.name, kind: kind, requests: totals.reduce(0) { $0 + $1.served },
        inputTokens: totals.reduce(0) { $0 + $1.inputTokens },
        cachedInputTokens: definition.cachesPrompts ? totals.reduce(0) { $0 + $1.cachedInputTokens } : nil,
        outputTokens: totals.reduce(0) { $0 + $1.outputTokens },
        recomputedTokens: totals.reduce(0) { $0 + $1.recomputedTokens }, gpuHours: states,
        unitHours: bill.reserved[index].reduce(0) { $0 + $1.unitHours }, utilization: utilization,
        commitment: commitment(of: definition, hours: bill.hoursByGPUs[index]))
      if kind == "fleet" {
        result.interruptedRequests = totals.reduce(0) { $0 + $1.interrupted }
      } else {
        result.throttled = totals.reduce(0) { $0 + $1.throttled }
      }
      if kind == "reserved" {
        result.payAsYouGoRequests = bill.reserved[index].reduce(0) { $0 + $1.spilledRequests }
      }
      return result
    }
  }
}
