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

/// What an option's own GPUs could do over the horizon if they always had more to do, and what all its own costs are.
struct SaturatedOption: Sendable {
  /// By draw, then model: tokens that the fleets could process in the hours in which their replicas serve.
  let tokens: [[(input: Double, output: Double)]]
  /// By draw: output tokens per second of one replica; over several models or fleets the mean over replica-seconds.
  let outputPerReplicaSecond: [Double]
  /// By future: what is paid for the GPUs and all that comes with them, undiscounted, $.
  let ownCosts: [Double]
}

extension PlanModel {
  /// The saturated throughput of an option's fleets under a backlog of its own requests, in every draw; nil for an option
  /// without a fleet that serves.
  ///
  /// It counts over the hours in which replicas serve: a spot replica that is gone generates nothing, one that stands in
  /// for it does.
  /// - Parameter backlogs: by draw; kept from option to option.
  func saturated(
    _ option: Int, _ priced: PricedOption, quantities: PlanQuantities, prices: [[Double]],
    backlogs: [Backlogs], threads: Int
  ) -> SaturatedOption? {
    let isFleet = options[option].supplies.contains { if case .fleet = $0 { true } else { false } }
    guard isFleet else { return nil }
    let futuresPerDraw = prices.count / quantities.draws
    let drawn = priced.drawn
    let rates = saturatedRates(option, quantities: quantities, backlogs: backlogs, threads: threads)
    let possible = drawn.indices.map { draw in
      possibleTokens(in: drawn[draw].servingHours, option: option, rates: rates[draw])
    }
    let ownLines = ownLines(option)
    let ownQuantities = drawn.map { drawn in
      ownLines.map { line in
        stride(from: line, to: drawn.lines.count, by: options[option].prices.count)
          .reduce(0) { $0 + drawn.lines[$1] }
      }
    }
    return SaturatedOption(
      tokens: possible.map(\.tokens),
      outputPerReplicaSecond: possible.map { draw in
        draw.replicaSeconds > 0 ? draw.tokens.reduce(0) { $0 + $1.output } / draw.replicaSeconds : 0
      },
      ownCosts: prices.indices.map { future in
        zip(ownLines, ownQuantities[future / futuresPerDraw]).reduce(0.0) { sum, line in
          sum + line.1 * options[option].prices[line.0].value(in: prices[future])
        }
      })
  }

  /// The share of its saturated throughput at which an option's own GPUs cost what another option's API would.
  ///
  /// What the replicas could do is worth what the API charges for its tokens. Above 1 the GPUs cannot pay at any load. Nil
  /// for an option without a fleet first in its chain, or another that has no per-token price for the fleets' models.
  func utilizationBreakEven(
    _ option: Int, against other: Int, _ saturated: SaturatedOption?, priced: PricedOption,
    prices: [[Double]]
  ) -> BreakEven? {
    guard let saturated, case .fleet? = options[option].supplies.first,
      let tokenPrices = tokenPrices(of: other, forFleetsOf: options[option])
    else { return nil }
    let futuresPerDraw = prices.count / saturated.tokens.count
    let worths = prices.indices.map { future -> Double in
      let possible = saturated.tokens[future / futuresPerDraw]
      return possible.indices.reduce(0.0) { sum, model in
        guard let price = tokenPrices[model] else { return sum }
        return sum
          + (possible[model].input * price.input.value(in: prices[future])
            + possible[model].output * price.output.value(in: prices[future])) / 1e6
      }
    }
    let shares = zip(saturated.ownCosts, worths).map { $1 > 0 ? $0 / $1 : .infinity }
    let finite = shares.filter(\.isFinite)
    let never = Double(shares.count { $0 > 1 }) / Double(shares.count)
    let value = finite.isEmpty ? nil : Spread(samples: finite)
    let worth = worths.reduce(0, +)
    let point = worth > 0 ? saturated.ownCosts.reduce(0, +) / worth : nil
    let could = saturated.tokens.reduce(0) { $0 + $1.reduce(0) { $0 + $1.output } }
    let did = priced.supplies.filter { $0.kind == "fleet" }.reduce(0) { $0 + $1.outputTokens }
    return BreakEven(
      option: options[option].definition.name, against: options[other].definition.name,
      axis: "utilization", finding: finding(point), value: value, neverShare: never,
      alwaysShare: 0, point: point, pays: .from, unit: "share of saturated throughput",
      planned: could > 0 ? did * Double(saturated.tokens.count) / could : 0)
  }

  /// Tokens by model that an option's fleets could process in their serving hours, under a backlog, and the seconds that
  /// their replicas serve.
  /// - Parameters:
  ///   - hours: GPU-hours in which replicas serve, by supply, then model.
  ///   - rates: what one replica does, likewise.
  private func possibleTokens(
    in hours: [[Double]], option: Int, rates: [[SaturatedRate]]
  ) -> (tokens: [(input: Double, output: Double)], replicaSeconds: Double) {
    var replicaSeconds = 0.0
    let tokens = modelIDs.indices.map { model -> (input: Double, output: Double) in
      options[option].supplies.enumerated().reduce((0, 0)) { sum, supply in
        guard case .fleet(let fleet) = supply.element, let pool = fleet.pools[model],
          hours[supply.offset][model] > 0
        else { return sum }
        let rate = rates[supply.offset][model]
        let seconds = hours[supply.offset][model] * 3600 / Double(pool.definition.gpusPerReplica)
        replicaSeconds += seconds
        return (sum.0 + rate.input * seconds, sum.1 + rate.output * seconds)
      }
    }
    return (tokens, replicaSeconds)
  }

  private func finding(_ point: Double?) -> String {
    guard let point else { return "never: its GPUs serve nothing" }
    let share = NumberText.percent(point, digits: 0)
    return point > 1
      ? "never: it would need \(share) of the throughput its GPUs have"
      : "at \(share) of the throughput its GPUs have"
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

  /// An option's token prices of the models that another's fleets serve, by model; nil where any has none.
  private func tokenPrices(
    of index: Int, forFleetsOf option: OptionBlueprint
  ) -> [(input: PriceFormula, output: PriceFormula)?]? {
    let blueprint = options[index]
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
