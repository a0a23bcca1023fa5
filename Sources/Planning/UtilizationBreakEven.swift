// SPDX-License-Identifier: GPL-3.0-or-later
// How busy a fleet must be to pay: its cost against what an API would charge for all it could do.

import Catalog
import Decision
import Economics
import NumberFormatting
import Quantities
import Scenario
import Simulation
import Uncertainty
import Workload

extension PlanModel {
  /// The share of its saturated throughput at which an option's own GPUs cost what the baseline's API would.
  ///
  /// The replicas' throughput under a backlog of the option's own requests is simulated in every draw; it is worth what
  /// the baseline's API charges for its tokens. Above 1 the fleet cannot pay at any load. Nil for an option without
  /// a fleet first in its chain, or a baseline that has no per-token price for the fleet's models.
  func utilizationBreakEven(
    _ option: Int, against baseline: Int, priced: [PricedOption], prices: [[Double]]
  ) -> BreakEven? {
    guard case .fleet(let fleet)? = options[option].supplies.first,
      let tokenPrices = baselinePrices(of: fleet, baseline: baseline)
    else { return nil }
    let hours = (0..<scenario.horizon.months).reduce(0.0) {
      $0 + scenario.horizon.start.advanced(by: $1).hours
    }
    let physical = physicalDraws()
    let futuresPerDraw = prices.count / physical.count
    // By draw, then model: tokens a second of the whole pool under a backlog.
    let throughput = physical.enumerated().map { draw, values in
      fleet.pools.indices.map { saturated(fleet, model: $0, option: option, physical: values, draw: draw) }
    }
    let shares = prices.indices.map { future -> Double in
      let rates = throughput[future / futuresPerDraw]
      let perSecond = rates.indices.reduce(0.0) { sum, model in
        guard let price = tokenPrices[model] else { return sum }
        return sum
          + (rates[model].input * price.input.value(in: prices[future])
            + rates[model].output * price.output.value(in: prices[future])) / 1e6
      }
      return perSecond > 0
        ? ownCost(option, priced[option], prices[future], draw: future / futuresPerDraw)
          / (perSecond * 3600 * hours) : .infinity
    }
    let finite = shares.filter(\.isFinite)
    let never = Double(shares.count { $0 > 1 }) / Double(shares.count)
    let value = finite.isEmpty ? nil : Spread(samples: finite)
    return BreakEven(
      option: options[option].definition.name, against: options[baseline].definition.name,
      axis: "utilization", finding: finding(value, never: never), value: value, neverShare: never,
      alwaysShare: 0)
  }

  private func finding(_ value: Spread?, never: Double) -> String {
    guard let value else { return "never: the fleet serves nothing" }
    let median = NumberText.percent(value.p50, digits: 0)
    if value.p50 > 1 {
      return "never: it would need \(median) of the throughput its GPUs have"
    }
    return "at \(median) of the throughput its GPUs have"
  }

  /// What the option pays over the horizon for everything that is not per token.
  private func ownCost(_ option: Int, _ priced: PricedOption, _ prices: [Double], draw: Int) -> Double {
    let blueprint = options[option]
    let linePrices = blueprint.linePrices(in: prices)
    return blueprint.schedule.lines.indices.reduce(0.0) { sum, line in
      switch blueprint.schedule.lines[line].quantity {
      case .inputTokens, .outputTokens: sum
      default: sum + priced.drawn[draw].lines.reduce(0) { $0 + $1[line] } * linePrices[line]
      }
    }
  }

  /// The baseline's token prices of the models a fleet serves, by model; nil where any has none.
  private func baselinePrices(
    of fleet: FleetBlueprint, baseline: Int
  ) -> [(input: PriceFormula, output: PriceFormula)?]? {
    let blueprint = options[baseline]
    var result: [(input: PriceFormula, output: PriceFormula)?] = []
    for model in fleet.pools.indices {
      guard fleet.pools[model] != nil else {
        result.append(nil)
        continue
      }
      let useCases = blueprint.modelOfUseCase.indices.filter { blueprint.modelOfUseCase[$0] == model }
      var input: PriceFormula?
      var output: PriceFormula?
      for (line, price) in zip(blueprint.schedule.lines, blueprint.prices) {
        switch line.quantity {
        case .inputTokens(_, let priced) where priced == useCases: input = input ?? price
        case .outputTokens(_, let priced) where priced == useCases: output = output ?? price
        default: break
        }
      }
      guard let input, let output else { return nil }
      result.append((input, output))
    }
    return result
  }

  /// What all replicas of a pool do per second when there is always more to do.
  private func saturated(
    _ fleet: FleetBlueprint, model: Int, option: Int, physical: [Double], draw: Int
  ) -> (input: Double, output: Double) {
    guard let pool = fleet.pools[model] else { return (0, 0) }
    let useCases = options[option].modelOfUseCase.indices.filter {
      options[option].modelOfUseCase[$0] == model
    }
    let configuration = fleet.pool(pool, physical: physical, schedules: [.always])
    let backlog = demand.drawn(physical, draw: UInt32(draw)).sample(
      useCases: useCases, count: 6 * pool.maxSequences, longest: configuration.longestRequest)
    let one = configuration.saturatedThroughput(backlog: backlog)
    let replicas = Double(pool.definition.replicas)
    return (one.input * replicas, one.output * replicas)
  }
}

extension DrawnDemand {
  /// Requests of some use cases in their mix, for a backlog; requests that could never fit are left out.
  func sample(useCases: [Int], count: Int, longest: Int) -> [Request] {
    var sample: [Request] = []
    var week = windows(month: 0, level: 1)
    // Several windows, so that a short one is no limit.
    week.sort { ($0.hoursOfWeek, $0.start) > ($1.hoursOfWeek, $1.start) }
    for window in week where sample.count < count {
      forEachBatch(month: 0, level: 1, window: window, while: { sample.count < count }) { batch in
        for index in batch.indices where sample.count < count {
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
