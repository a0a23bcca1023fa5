// SPDX-License-Identifier: GPL-3.0-or-later
// The same futures at other volumes: what every option costs there, and who is cheapest along the way.

import Decision
import Economics
import Numerics
import Scenario
import Simulation

/// Every option's cost and service at volumes from a quarter of the plan to four times it.
struct VolumeAnalysis: Sendable {
  let model: PlanModel
  private let quantities: PlanQuantities
  private let prices: PlanPrices
  /// Multiples of the planned volume, ascending.
  let volumes: [Double]
  /// By option, volume, future: discounted cost.
  let costs: [[[Double]]]
  /// Likewise, of it what is paid for GPU-hours; empty for an option that pays for none.
  let gpuCosts: [[[Double]]]
  /// By option, volume: mean of the discounted cost.
  let meanCosts: [[Double]]
  /// By option, volume, draw: share of requests served within their objective.
  let serviceLevels: [[[Double]]]
  /// Likewise, mean over draws.
  let meanServiceLevels: [[Double]]
  /// Output tokens a day asked for in the first month at the planned volume, mean over draws.
  let outputTokensPerDay: Double

  init(_ model: PlanModel, _ quantities: PlanQuantities, prices: PlanPrices, threads: Int) {
    self.model = model
    self.quantities = quantities
    self.prices = prices
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
      let drawn = Self.drawn(option, volume: volumes[place], of: model, quantities)
      let lines = drawn.map(\.lines)
      let costs = FutureCosts.presentValues(
        quantities: lines, prices: prices.lines[option], discounts: prices.discounts)
      let gpu = model.options[option].presentValues(
        of: .gpuHours, quantities: lines, prices: prices.lines[option], discounts: prices.discounts)
      return (costs, gpu ?? [], drawn.map(\.serviceLevel))
    }
    func byOption<Value>(_ value: (([Double], [Double], [Double])) -> Value) -> [[Value]] {
      model.options.indices.map { option in
        volumes.indices.map { value(cells[option * volumes.count + $0]) }
      }
    }
    costs = byOption(\.0)
    gpuCosts = byOption(\.1)
    serviceLevels = byOption(\.2)
    meanCosts = byOption { Self.mean($0.0) }
    meanServiceLevels = byOption { Self.mean($0.2) }
    let days = (0..<quantities.draws).map { draw in
      quantities.firstMonthHourly(draw: draw).requests.reduce(0) { $0 + $1.outputTokens } * 24
    }
    outputTokensPerDay = Self.mean(days)
  }

  /// P(cheapest) and cost of every option along volume, among those that meet the service level there.
  func points(threads: Int) -> [VolumePoint] {
    parallelMap(count: volumes.count, threads: threads) { place in
      let service = meanServiceLevels.map { $0[place] }
      let here = costs.map { $0[place] }
      let comparison = Comparison(
        costs: here, serviceLevels: service, simulations: model.sampling.simulations)
      return VolumePoint(
        volume: volumes[place], outputTokensPerDay: outputTokensPerDay * volumes[place],
        probabilityCheapest: comparison.probabilityCheapest.map(\.estimate),
        medianCost: comparison.statistics.map(\.totalCost.p50), serviceLevel: service)
    }
  }

  /// Who has the lowest mean cost among those that meet the service level, from one end of the axis to the other.
  ///
  /// Where two options change places is found between the volumes of the grid; an option that is cheapest only between two
  /// neighbouring ones, which are a fifth apart, is passed over.
  func frontier() -> [FrontierStretch] {
    let winners = volumes.indices.map { place in
      Comparison.leastMean(
        meanCosts.map { $0[place] }, serviceLevels: meanServiceLevels.map { $0[place] })
    }
    var stretches: [FrontierStretch] = []
    var start = volumes[0]
    func close(_ winner: Int, at end: Double) {
      stretches.append(
        FrontierStretch(
          option: model.options[winner].definition.name, from: start, to: end,
          outputTokensPerDayFrom: outputTokensPerDay * start, outputTokensPerDayTo: outputTokensPerDay * end))
      start = end
    }
    for place in volumes.indices.dropLast() where winners[place] != winners[place + 1] {
      close(winners[place], at: change(from: winners[place], to: winners[place + 1], after: place))
    }
    close(winners[volumes.count - 1], at: volumes[volumes.count - 1])
    return stretches
  }

  /// Where the cheapest option changes between a volume of the grid and the next.
  private func change(from old: Int, to new: Int, after place: Int) -> Double {
    // Whoever stops serving, or begins to, changes the order whatever anything costs.
    for option in [old, new] {
      let levels = (meanServiceLevels[option][place], meanServiceLevels[option][place + 1])
      if (levels.0 >= requiredServiceLevel) != (levels.1 >= requiredServiceLevel) {
        return volumes[place]
          + (volumes[place + 1] - volumes[place]) * (requiredServiceLevel - levels.0) / (levels.1 - levels.0)
      }
    }
    return equalMeans(old, new, after: place, isExact: true)
  }

  /// The volume between one of the grid and the next at which two options have the same mean cost, by Brent's method on
  /// the futures priced at each volume it tries.
  /// - Parameter isExact: false takes the costs as straight between the two volumes instead.
  func equalMeans(_ first: Int, _ second: Int, after place: Int, isExact: Bool) -> Double {
    let (low, high) = (volumes[place], volumes[place + 1])
    let excess = [place, place + 1].map { meanCosts[first][$0] - meanCosts[second][$0] }
    let straight =
      excess[0] == excess[1] ? low : low + (high - low) * excess[0] / (excess[0] - excess[1])
    guard isExact, excess[0] * excess[1] < 0 else { return straight }
    // The ends are known to differ in sign; a rounding error there leaves the straight line.
    return
      (try? findRoot(in: low...high, relativeTolerance: 1e-5) {
        meanCost(first, volume: $0) - meanCost(second, volume: $0)
      }) ?? straight
  }

  /// Mean over futures of an option's discounted cost at any volume.
  private func meanCost(_ option: Int, volume: Double) -> Double {
    Self.mean(
      FutureCosts.presentValues(
        quantities: Self.drawn(option, volume: volume, of: model, quantities).map(\.lines),
        prices: prices.lines[option], discounts: prices.discounts))
  }

  private static func drawn(
    _ option: Int, volume: Double, of model: PlanModel, _ quantities: PlanQuantities
  ) -> [DrawnQuantities] {
    (0..<quantities.draws).map { draw in
      DrawnQuantities(
        quantities.monthlyBills(draw: draw, option: option, volume: volume),
        schedule: model.options[option].schedule)
    }
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
