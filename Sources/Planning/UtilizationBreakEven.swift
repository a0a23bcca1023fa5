// SPDX-License-Identifier: GPL-3.0-or-later
// How busy a fleet must be to pay: its cost against what an API would charge for all it could do.

import Catalog
import Decision
import Economics
import NumberFormatting
import Numerics
import Quantities
import Scenario
import Simulation
import Synchronization
import Uncertainty
import Workload

extension PlanModel {
  /// The share of its saturated throughput at which an option's own GPUs cost what the baseline's API would.
  ///
  /// The replicas' throughput under a backlog of the option's own requests is simulated in every draw; over the hours
  /// in which they serve (a spot replica that is gone generates nothing, one that stands in for it does) it is worth
  /// what the baseline's API charges for its tokens. Above 1 the GPUs cannot pay at any load. Nil for an option without
  /// a fleet first in its chain, or a baseline that has no per-token price for the fleets' models.
  /// - Parameter backlogs: by draw; kept from option to option.
  func utilizationBreakEven(
    _ option: Int, against baseline: Int, priced: [PricedOption], quantities: PlanQuantities,
    prices: [[Double]], backlogs: [Backlogs], threads: Int
  ) -> BreakEven? {
    guard case .fleet? = options[option].supplies.first,
      let tokenPrices = baselinePrices(of: options[option], baseline: baseline)
    else { return nil }
    let futuresPerDraw = prices.count / quantities.draws
    // By draw, then model: tokens that the fleets could process over the horizon.
    let drawn = priced[option].drawn
    let rates = saturatedRates(option, quantities: quantities, backlogs: backlogs, threads: threads)
    let tokens = drawn.indices.map { draw in
      possibleTokens(in: drawn[draw].servingHours, option: option, rates: rates[draw])
    }
    let ownLines = ownLines(option)
    let ownQuantities = drawn.map { drawn in
      ownLines.map { line in
        stride(from: line, to: drawn.lines.count, by: options[option].prices.count)
          .reduce(0) { $0 + drawn.lines[$1] }
      }
    }
    let shares = prices.indices.map { future -> Double in
      let possible = tokens[future / futuresPerDraw]
      let worth = possible.indices.reduce(0.0) { sum, model in
        guard let price = tokenPrices[model] else { return sum }
        return sum
          + (possible[model].input * price.input.value(in: prices[future])
            + possible[model].output * price.output.value(in: prices[future])) / 1e6
      }
      let own = zip(ownLines, ownQuantities[future / futuresPerDraw]).reduce(0.0) { sum, line in
        sum + line.1 * options[option].prices[line.0].value(in: prices[future])
      }
      return worth > 0 ? own / worth : .infinity
    }
    let finite = shares.filter(\.isFinite)
    let never = Double(shares.count { $0 > 1 }) / Double(shares.count)
    let value = finite.isEmpty ? nil : Spread(samples: finite)
    return BreakEven(
      option: options[option].definition.name, against: options[baseline].definition.name,
      axis: "utilization", finding: finding(value, never: never), value: value, neverShare: never,
      alwaysShare: 0)
  }

  /// Tokens by model that an option's fleets could process in their serving hours, under a backlog.
  /// - Parameters:
  ///   - hours: GPU-hours in which replicas serve, by supply, then model.
  ///   - rates: what one replica does, likewise.
  private func possibleTokens(
    in hours: [[Double]], option: Int, rates: [[SaturatedRate]]
  ) -> [(input: Double, output: Double)] {
    modelIDs.indices.map { model in
      options[option].supplies.enumerated().reduce((0, 0)) { sum, supply in
        guard case .fleet(let fleet) = supply.element, let pool = fleet.pools[model],
          hours[supply.offset][model] > 0
        else { return sum }
        let rate = rates[supply.offset][model]
        let seconds = hours[supply.offset][model] * 3600 / Double(pool.definition.gpusPerReplica)
        return (sum.0 + rate.input * seconds, sum.1 + rate.output * seconds)
      }
    }
  }

  private func finding(_ value: Spread?, never: Double) -> String {
    guard let value else { return "never: its GPUs serve nothing" }
    let median = NumberText.percent(value.p50, digits: 0)
    if value.p50 > 1 {
      return "never: it would need \(median) of the throughput its GPUs have"
    }
    return "at \(median) of the throughput its GPUs have"
  }

  /// The lines that an option pays for its own GPUs and all that comes with them: everything but tokens and reserved
  /// units.
  private func ownLines(_ option: Int) -> [Int] {
    let blueprint = options[option]
    let lines = blueprint.schedule.lines
    return lines.indices.filter { line in
      switch lines[line].quantity {
      case .inputTokens, .cachedInputTokens, .uncachedInputTokens, .outputTokens, .spilledTokens, .unitHours:
        false
      case .committed(let supply, _): !blueprint.definition.chain[supply].isReserved
      default: true
      }
    }
  }

  /// The baseline's token prices of the models that an option's fleets serve, by model; nil where any has none.
  private func baselinePrices(
    of option: OptionBlueprint, baseline: Int
  ) -> [(input: PriceFormula, output: PriceFormula)?]? {
    let blueprint = options[baseline]
    var result: [(input: PriceFormula, output: PriceFormula)?] = []
    for model in modelIDs.indices {
      let isServed = option.supplies.contains { supply in
        if case .fleet(let fleet) = supply { fleet.pools[model] != nil } else { false }
      }
      guard isServed else {
        result.append(nil)
        continue
      }
      var input: PriceFormula?
      var output: PriceFormula?
      for (line, price) in zip(blueprint.schedule.lines, blueprint.prices) {
        switch line.quantity {
        case .inputTokens(_, let priced) where priced == model: input = input ?? price
        case .outputTokens(_, let priced) where priced == model: output = output ?? price
        default: break
        }
      }
      guard let input, let output else { return nil }
      result.append((input, output))
    }
    return result
  }

  /// What one replica of a pool does per second when there is always more to do.
  func saturated(
    _ fleet: FleetBlueprint, _ pool: FleetBlueprint.Pool, model: Int, option: Int, physical: [Double],
    backlogs: Backlogs
  ) -> (input: Double, output: Double) {
    let routes = options[option].gateway.routes
    let useCases = routes.indices.filter { routes[$0].reached.contains(model) }
    let configuration = fleet.pool(pool, physical: physical, schedules: [.always])
    let backlog = backlogs.sample(
      useCases: useCases, count: 6 * pool.maxSequences, longest: configuration.longestRequest)
    return configuration.saturatedThroughput(backlog: backlog)
  }
}

/// The backlogs of one draw. Options differ in what they pay for replicas more often than in the replicas, and drawing
/// a backlog takes longer than serving it.
final class Backlogs: Sendable {
  private struct Key: Hashable {
    var useCases: [Int]
    var count: Int
    var longest: Int
  }

  private let demand: DrawnDemand
  private let drawn = Mutex<[Key: [Request]]>([:])

  init(_ demand: DrawnDemand) { self.demand = demand }

  /// As `DrawnDemand.sample`.
  func sample(useCases: [Int], count: Int, longest: Int) -> [Request] {
    let key = Key(useCases: useCases, count: count, longest: longest)
    if let known = drawn.withLock({ $0[key] }) { return known }
    let sample = demand.sample(useCases: useCases, count: count, longest: longest)
    drawn.withLock { $0[key] = sample }
    return sample
  }
}

extension DrawnDemand {
  /// Requests of some use cases in their mix, for a backlog; requests that could never fit are left out.
  ///
  /// Where the planned demand is too little for it, more of the same is taken: the mix does not depend on the level.
  /// - Returns: `count` requests; none where none fits.
  func sample(useCases: [Int], count: Int, longest: Int) -> [Request] {
    var sample: [Request] = []
    var level = 1.0
    let most = plan.isUniformReplay ? level : 0x1p60
    while sample.count < count, level <= most {
      sample = self.sample(useCases: useCases, count: count, longest: longest, level: level)
      level *= 64
    }
    // A trace has no more than it has.
    let distinct = sample.count
    while distinct > 0 && sample.count < count { sample.append(sample[sample.count - distinct]) }
    return sample
  }

  private func sample(useCases: [Int], count: Int, longest: Int, level: Double) -> [Request] {
    var sample: [Request] = []
    var seen = 0
    let week = windows(month: 0, level: level)
    // As much from each window, so that the mix is that of the whole week.
    for (place, window) in week.enumerated() {
      let wanted = count * (place + 1) / week.count
      // Requests of other use cases, or too long ones, may be all there is.
      let limit = 64 * count * (place + 1) / week.count
      forEachBatch(
        month: 0, level: level, window: window, while: { sample.count < wanted && seen < limit }
      ) { batch in
        seen += batch.count
        for index in batch.indices where sample.count < wanted {
          let request = batch[index]
          if useCases.contains(Int(request.useCase)),
            Int(request.inputTokens) + Int(request.outputTokens) <= longest
          {
            sample.append(request)
          }
        }
      }
    }
    return sample
  }
}

extension RequestGenerator {
  /// The first requests, at most `count`.
  consuming func sample(count: Int) -> [Request] {
    var sample: [Request] = []
    var generator = self
    generator.forEachBatch(while: { sample.count < count }) { batch in
      for index in batch.indices where sample.count < count { sample.append(batch[index]) }
    }
    return sample
  }
}
