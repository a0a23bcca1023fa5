// SPDX-License-Identifier: GPL-3.0-or-later
// The same futures at other volumes: where an option starts to pay, and who is cheapest along the way.

import Numerics
import Decision
import Economics
import NumberFormatting
import Quantities
import Scenario
import Simulation

/// Every option's cost and service at volumes from a quarter of the plan to four times it.
struct VolumeAnalysis: Sendable {
  private let model: PlanModel
  /// Multiples of the planned volume, ascending.
  let volumes: [Double]
  /// By option, volume, future: discounted cost.
  private let costs: [[[Double]]]
  /// By option, volume, draw: share of requests served within their objective.
  private let serviceLevels: [[[Double]]]
  /// Output tokens a day asked for in the first month at the planned volume, mean over draws.
  private let outputTokensPerDay: Double

  init(_ model: PlanModel, _ quantities: PlanQuantities, prices: PlanPrices, threads: Int) {
    self.model = model
    // Steps of a fourth root of two: the simulated volumes are among them, straight lines join them.
    let half = 2.0.squareRoot()
    let quarter = half.squareRoot()
    let octaves: [[Double]] = [0.25, 0.5, 1.0, 2.0].map {
      [$0, $0 * quarter, $0 * half, $0 * half * quarter]
    }
    let volumes: [Double] = octaves.joined() + [4]
    self.volumes = volumes
    let cells = parallelMap(count: model.options.count * volumes.count, threads: threads) { index in
      let (option, place) = index.quotientAndRemainder(dividingBy: volumes.count)
      let blueprint = model.options[option]
      let drawn = (0..<quantities.draws).map { draw in
        DrawnQuantities(
          quantities.monthlyBills(draw: draw, option: option, volume: volumes[place]),
          schedule: blueprint.schedule)
      }
      let costs = FutureCosts.presentValues(
        quantities: drawn.map(\.lines), prices: prices.lines[option], discounts: prices.discounts)
      return (costs, drawn.map(\.serviceLevel))
    }
    costs = model.options.indices.map { option in
      volumes.indices.map { cells[option * volumes.count + $0].0 }
    }
    serviceLevels = model.options.indices.map { option in
      volumes.indices.map { cells[option * volumes.count + $0].1 }
    }
    let days = (0..<quantities.draws).map { draw in
      quantities.firstMonthHourly(draw: draw).requests.reduce(0) { $0 + $1.outputTokens } * 24
    }
    outputTokensPerDay = days.reduce(0, +) / Double(days.count)
  }

  /// P(cheapest) and cost of every option along volume, among those that meet the service level there.
  func points(threads: Int) -> [VolumePoint] {
    parallelMap(count: volumes.count, threads: threads) { place in
      let service = model.options.indices.map { option in
        serviceLevels[option][place].reduce(0, +) / Double(serviceLevels[option][place].count)
      }
      let here = costs.map { $0[place] }
      let comparison = Comparison(
        costs: here, serviceLevels: service, simulations: model.sampling.simulations)
      return VolumePoint(
        volume: volumes[place], outputTokensPerDay: outputTokensPerDay * volumes[place],
        probabilityCheapest: comparison.probabilityCheapest.map(\.estimate),
        medianCost: comparison.statistics.map(\.totalCost.p50), serviceLevel: service)
    }
  }

  /// Where an option starts to pay against the baseline as the volume grows.
  func breakEven(_ option: Int, against baseline: Int) -> BreakEven {
    let futures = costs[option][0].count
    let futuresPerDraw = futures / serviceLevels[option][0].count
    let crossings = (0..<futures).map { future in
      Crossing(
        axis: volumes, option: volumes.indices.map { costs[option][$0][future] },
        baseline: volumes.indices.map { costs[baseline][$0][future] },
        limit: limit(option, draw: future / futuresPerDraw))
    }
    let summary = CrossingSummary(crossings)
    // An option that pays from the axis's start on may stop to: own GPUs catch up with an API as the volume grows.
    let ends = crossings.indices.filter { crossings[$0] == .always }.map { future in
      let back = Crossing(
        axis: volumes, option: volumes.indices.map { costs[baseline][$0][future] },
        baseline: volumes.indices.map { costs[option][$0][future] })
      let limit = limit(option, draw: future / futuresPerDraw)
      if case .at(let volume) = back { return min(volume, limit) }
      return limit
    }
    return BreakEven(
      option: model.options[option].definition.name, against: model.options[baseline].definition.name,
      axis: "volume", finding: finding(summary, ends: ends), value: summary.value,
      neverShare: summary.neverShare,
      alwaysShare: summary.alwaysShare)
  }

  /// The volume up to which the option serves the required share within the objective.
  private func limit(_ option: Int, draw: Int) -> Double {
    let levels = serviceLevels[option].map { $0[draw] }
    guard let last = levels.lastIndex(where: { $0 >= requiredServiceLevel }) else { return 0 }
    guard last + 1 < volumes.count else { return .infinity }
    let share = (levels[last] - requiredServiceLevel) / (levels[last] - levels[last + 1])
    return volumes[last] + share * (volumes[last + 1] - volumes[last])
  }

  /// - Parameter ends: where the option stops to pay or to serve, in each future in which it pays from the axis's
  ///   start on; infinite where it does not.
  private func finding(_ summary: CrossingSummary, ends: [Double]) -> String {
    let futures = NumberText.percent(summary.neverShare, digits: 0)
    if let value = summary.value, summary.neverShare < 0.5, summary.alwaysShare < 0.5 {
      let tokens = NumberText.quantity(outputTokensPerDay * value.p50)
      return "from \(NumberText.multiple(value.p50)) the planned demand, about \(tokens) output tokens a day"
    }
    if summary.alwaysShare >= summary.neverShare {
      let share = NumberText.percent(summary.alwaysShare, digits: 0)
      let finite = ends.filter(\.isFinite)
      if 2 * finite.count >= ends.count {
        let end = Spread(samples: finite)
        let range = "\(NumberText.multiple(end.p10)) – \(NumberText.multiple(end.p90))"
        return "up to \(NumberText.multiple(end.p50)) the planned demand (P10–P90 \(range)), about "
          + "\(NumberText.quantity(outputTokensPerDay * end.p50)) output tokens a day; it pays already at "
          + "\(NumberText.multiple(volumes[0])) in \(share) of futures"
      }
      return "always: already at \(NumberText.multiple(volumes[0])) the planned demand in \(share) of futures"
    }
    return "never: not within \(NumberText.multiple(volumes[volumes.count - 1])) the planned demand, or only "
      + "where it misses its service level, in \(futures) of futures"
  }
}
