// SPDX-License-Identifier: GPL-3.0-or-later
// One future's quantities: all options simulated on the same requests, at several levels of demand.

import Foundation
import Quantities
import Scenario
import Simulation
import Workload

/// What one option used and how it served, per hour, at one level of demand.
struct LevelOutcome: Sendable, Codable {
  /// Quantities per hour of the week, on average.
  var hourly: BillOfQuantities
  /// Latencies of requests; kept at the planned volume only.
  var quality: ServiceQuality
  /// Requests simulated.
  var requests: Int

  /// Nothing yet, of the option that a window's result is of.
  init(shapedAs result: WindowResult) {
    hourly = result.bill.empty
    quality = ServiceQuality(useCases: result.bill.requests.count)
    requests = 0
  }
}

/// A level of demand to simulate: a month as it will be, or a month at another volume.
struct DemandLevel: Sendable, Hashable {
  /// The month whose noise, weather and windows are taken.
  var month: Int
  /// Multiple of the planned volume.
  var volume: Double
}

extension PlanModel {
  /// The levels a draw is simulated at: the represented months at the planned volume, then the others, from which
  /// break-evens follow. Smaller volumes are simulated in the month of least demand and larger ones in the month of
  /// most, so that no month at any volume lies beyond what was simulated.
  /// - Parameter growth: the draw's growth per month.
  func levels(growth: Double) -> [DemandLevel] {
    let (least, most) = extremeMonths(growth: growth)
    return simulatedMonths.map { DemandLevel(month: $0, volume: 1) }
      + Self.otherVolumes.map { DemandLevel(month: $0 < 1 ? least : most, volume: $0) }
  }

  /// The months of least and of most demand: without a calendar of its own the first and the last.
  private func extremeMonths(growth: Double) -> (least: Int, most: Int) {
    let last = scenario.horizon.months - 1
    if demand.calendar.isEmpty { return growth < 0 ? (last, 0) : (0, last) }
    let levels = (0...last).map { pow(1 + growth, Double($0)) * demand.calendarLevel(month: $0) }
    let months = levels.indices.sorted { (levels[$0], $0) < (levels[$1], $1) }
    return (months[0], months[last])
  }

  /// How many levels a draw is simulated at, whatever its growth.
  var levelCount: Int { simulatedMonths.count + Self.otherVolumes.count }

  /// The volumes simulated beside the planned one.
  static let otherVolumes = [0.25, 0.5, 2.0, 4.0]

  /// Simulates every option at one level of one draw, each on the same requests.
  func simulate(draw: UInt32, physical values: [Double], level: DemandLevel) -> [LevelOutcome] {
    let demand = self.demand.drawn(values, draw: draw)
    let multiple = level.volume * demand.level(month: level.month)
    let weather = WeekWeather(seed: sampling.seed, draw: draw, month: level.month)
    var outcomes: [LevelOutcome] = []
    for window in demand.windows(month: level.month, level: multiple) {
      let results = simulate(
        demand: demand, physical: values, multiple: multiple, month: level.month, weather: weather,
        window: window, drainLimit: Self.drainLimit)
      if outcomes.isEmpty { outcomes = results.map(LevelOutcome.init(shapedAs:)) }
      let share = window.hoursOfWeek / 168
      for (index, result) in results.enumerated() {
        outcomes[index].hourly.add(result.bill, weight: share * 3600 / window.length.rawValue)
        if level.volume == 1 {
          outcomes[index].quality.add(result.quality, weight: share * 3600 / window.length.rawValue)
        }
        outcomes[index].requests += Int(result.bill.requests.reduce(0) { $0 + $1.arrived })
        // What goes on within a replica no plan reports; kept, it would be most of what is stored.
        outcomes[index].quality.pools = []
      }
    }
    return outcomes
  }

  /// How long after a window's end its requests may still finish. Hours are not counted then, so that without a limit
  /// a fleet that cannot keep up would serve its backlog for nothing.
  static let drainLimit = Seconds(120)

  /// Simulates every option over one window.
  func simulate(
    demand: DrawnDemand, physical: [Double], multiple: Double, month: Int, weather: WeekWeather,
    window: SimulatedWindow, drainLimit: Seconds, only chosen: Int? = nil
  ) -> [WindowResult] {
    let simulated = chosen.map { [options[$0]] } ?? options
    let rates = demand.rates(at: window.withLeadIn.start, level: multiple)
    let running = simulated.map { option in
      RunningOption(
        OptionSimulation(
          option.configuration(physical: physical, weather: weather, window: window, rates: rates),
          window: window.length, leadIn: window.leadIn))
    }
    demand.forEachBatch(month: month, level: multiple, window: window) { batch in
      for option in running { option.simulation?.offer(batch) }
    }
    return running.compactMap { $0.finish(drainLimit: drainLimit) }
  }
}

/// Holds a simulation, which cannot be copied, in a list.
private final class RunningOption {
  var simulation: OptionSimulation?

  init(_ simulation: consuming OptionSimulation) { self.simulation = consume simulation }

  func finish(drainLimit: Seconds) -> WindowResult? {
    guard let simulation = simulation.take() else { return nil }
    return simulation.finish(drainLimit: drainLimit)
  }
}

/// The quantities of one option in one future as functions of the level of demand.
struct DemandResponse: Sendable {
  /// Levels of demand, multiples of the first month's, ascending and distinct.
  private let levels: [Double]
  /// Quantities per hour at each level.
  private let bills: [BillOfQuantities]

  init(_ points: [(level: Double, bill: BillOfQuantities)]) {
    let sorted = points.sorted { $0.level < $1.level }
    var levels: [Double] = []
    var bills: [BillOfQuantities] = []
    for point in sorted {
      // Without growth, months are repetitions of one level: their average is the level's.
      if let last = levels.last, point.level - last <= 1e-9 * last {
        let equal = sorted.count { abs($0.level - last) <= 1e-9 * last }
        bills[bills.count - 1].add(point.bill, weight: 1 / Double(equal))
        continue
      }
      let equal = sorted.count { abs($0.level - point.level) <= 1e-9 * point.level }
      levels.append(point.level)
      bills.append(point.bill.scaled(by: 1 / Double(equal)))
    }
    self.levels = levels
    self.bills = bills
  }

  /// A response of levels that are ascending and distinct already.
  init(levels: [Double], bills: [BillOfQuantities]) {
    self.levels = levels
    self.bills = bills
  }

  /// The place of the simulated level at or above a level, from 1: between it and the one before lies the line.
  private func upper(at level: Double) -> Int {
    var upper = 1
    while upper < levels.count - 1 && levels[upper] < level { upper += 1 }
    return upper
  }

  /// The simulated levels that quantities at some levels depend on, ascending, each with its bill. Made of these alone,
  /// a response gives the same quantities there, to the last bit.
  func points(around wanted: [Double]) -> [(level: Double, bill: BillOfQuantities)] {
    guard levels.count > 1 else { return [(levels[0], bills[0])] }
    let places = Set(wanted.map(upper(at:)).flatMap { [$0 - 1, $0] })
    return places.sorted().map { (levels[$0], bills[$0]) }
  }

  /// Quantities per hour at a level: on the straight line between the two simulated levels around it. Beyond them,
  /// which only rounding can be, the nearest.
  func hourly(at level: Double) -> BillOfQuantities {
    guard levels.count > 1 else { return bills[0] }
    let upper = upper(at: level)
    let share = (level - levels[upper - 1]) / (levels[upper] - levels[upper - 1])
    let held = min(max(share, 0), 1)
    var bill = bills[upper - 1].scaled(by: 1 - held)
    bill.add(bills[upper], weight: held)
    return bill
  }

  /// Quantities of each month of a horizon.
  /// - Parameters:
  ///   - months: the months.
  ///   - calendarLevels: by month, the calendar's factor on its demand.
  ///   - growth: of the demand per month.
  ///   - volume: multiple of the planned volume.
  func monthlyBills(
    _ months: [CalendarMonth], calendarLevels: [Double], growth: Double, volume: Double
  ) -> [BillOfQuantities] {
    var level = volume
    return zip(months, calendarLevels).map { month, calendarLevel in
      let bill = hourly(at: level * calendarLevel).scaled(by: month.hours)
      level *= 1 + growth
      return bill
    }
  }
}
