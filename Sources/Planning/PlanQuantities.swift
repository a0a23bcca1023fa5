// SPDX-License-Identifier: GPL-3.0-or-later
// What every option uses in every simulated draw, month by month, at any volume: everything physical, nothing priced.

import Decision
import Numerics
import Economics
import Quantities
import Scenario
import Simulation

/// The simulated half of a plan.
struct PlanQuantities: Sendable {
  /// By draw: its physical inputs.
  let physical: [[Double]]
  /// By draw: growth of the demand per month.
  let growth: [Double]
  /// By draw, then option.
  let responses: [[DemandResponse]]
  /// By option: latencies at the planned volume, all draws and months together.
  let quality: [ServiceQuality]
  /// Requests simulated over all options, draws and levels.
  let simulatedRequests: Int
  /// What was predicted instead of simulated, and how well; nil where every draw was simulated.
  let fidelity: FidelitySummary?
  /// The draws that were simulated, ascending; the quantities of the others are predicted.
  let simulatedDraws: [Int]
  private let months: [CalendarMonth]
  /// By month: the calendar's factor on its demand.
  private let calendarLevels: [Double]

  /// Draws simulated.
  var draws: Int { physical.count }

  /// Every draw at every level, from a source of simulated pieces.
  init(_ model: PlanModel, from source: PieceSource) {
    let physical = model.physicalDraws()
    let growth = physical.map { model.demand.growth.value(in: $0) }
    let levels = growth.map { model.levels(growth: $0) }
    let count = model.levelCount
    let (pieces, fidelity) = model.outcomes(
      physical: physical, levels: levels, threads: source.threads, progress: source.progress
    ) { source.outcomes($0, of: model, physical: physical, levels: levels) }
    var responses: [[DemandResponse]] = []
    var quality = model.options.map { ServiceQuality(useCases: $0.modelOfUseCase.count) }
    for draw in physical.indices {
      let demand = model.demand.drawn(physical[draw], draw: UInt32(draw))
      responses.append(
        model.options.indices.map { option in
          DemandResponse(
            levels[draw].enumerated().map { place, level in
              (level.volume * demand.level(month: level.month), pieces[draw * count + place][option].hourly)
            })
        })
      for (place, level) in levels[draw].enumerated() where level.volume == 1 {
        for option in model.options.indices {
          quality[option].add(pieces[draw * count + place][option].quality)
        }
      }
    }
    self.physical = physical
    self.growth = growth
    self.responses = responses
    self.quality = quality
    self.fidelity = fidelity
    simulatedDraws = (fidelity?.predicted ?? 0) > 0 ? model.fastPlan.draws : Array(physical.indices)
    simulatedRequests = pieces.reduce(0) { $0 + $1.reduce(0) { $0 + $1.requests } }
    let horizon = model.scenario.horizon
    months = (0..<horizon.months).map { horizon.start.advanced(by: $0) }
    calendarLevels = (0..<horizon.months).map { model.demand.calendarLevel(month: $0) }
  }

  /// Quantities that were simulated before: all that is priced at the planned volume, and nothing else.
  /// - Parameters:
  ///   - physical: by draw, then input.
  ///   - responses: by draw, then option, of the levels that the planned volume needs.
  init(_ model: PlanModel, physical: [[Double]], responses: [[DemandResponse]]) {
    self.physical = physical
    self.responses = responses
    growth = physical.map { model.demand.growth.value(in: $0) }
    quality = []
    fidelity = nil
    simulatedDraws = []
    simulatedRequests = 0
    let horizon = model.scenario.horizon
    months = (0..<horizon.months).map { horizon.start.advanced(by: $0) }
    calendarLevels = (0..<horizon.months).map { model.demand.calendarLevel(month: $0) }
  }

  /// The levels of demand of a draw's months at the planned volume, as `monthlyBills` asks for them.
  func monthlyLevels(draw: Int) -> [Double] {
    var level = 1.0
    return calendarLevels.map { calendarLevel in
      defer { level *= 1 + growth[draw] }
      return level * calendarLevel
    }
  }

  /// What the first option uses in an hour of the first month in one draw.
  func firstMonthHourly(draw: Int) -> BillOfQuantities {
    responses[draw][0].hourly(at: calendarLevels[0])
  }

  /// An option's bill of each month in one draw, at a multiple of the planned volume.
  func monthlyBills(draw: Int, option: Int, volume: Double = 1) -> [BillOfQuantities] {
    responses[draw][option].monthlyBills(
      months, calendarLevels: calendarLevels, growth: growth[draw], volume: volume)
  }
}

/// An option's quantities in one draw, ready to be priced, with the little that is not priced but reported.
struct DrawnQuantities: Sendable {
  /// By month and line of the option's schedule, the lines of a month together.
  var lines: [Double]
  /// Requests that arrived over the horizon.
  var arrived: Double
  /// Requests served, by a supply or from a cache of answers.
  var served: Double
  /// Requests served within their objective.
  var withinObjective: Double
  /// Output tokens generated.
  var outputTokens: Double
  /// GPU-hours in which replicas served, busy or idle, by supply, then model; empty for supplies that are no fleet.
  var servingHours: [[Double]]

  init(_ bills: [BillOfQuantities], schedule: CostSchedule) {
    lines = bills.enumerated().flatMap { schedule.quantities(in: $0.element, month: $0.offset) }
    arrived = bills.reduce(0) { $0 + $1.requests.reduce(0) { $0 + $1.arrived } }
    served = bills.reduce(0) { $0 + $1.requests.reduce(0) { $0 + $1.served + $1.cached } }
    withinObjective = bills.reduce(0) { $0 + $1.requests.reduce(0) { $0 + $1.withinObjective } }
    outputTokens = bills.reduce(0) { sum, bill in
      sum + bill.supplies.reduce(0) { $0 + $1.reduce(0) { $0 + $1.outputTokens } }
    }
    servingHours = bills[0].poolHours.indices.map { supply in
      bills[0].poolHours[supply].indices.map { model in
        bills.reduce(0) { $0 + $1.poolHours[supply][model].busy + $1.poolHours[supply][model].idle }
      }
    }
  }

  /// Share of the requests that were served within their objective.
  var serviceLevel: Double { arrived > 0 ? withinObjective / arrived : 1 }
}
