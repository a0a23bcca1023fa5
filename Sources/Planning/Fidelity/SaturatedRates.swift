// SPDX-License-Identifier: GPL-3.0-or-later
// What replicas can do under a backlog in every draw: simulated in the draws that a run simulates, and in the
// others the closed form, times what it was wrong by there.

import Numerics
import Quantities
import Simulation

/// What one replica does per second when there is always more to do.
typealias SaturatedRate = (input: Double, output: Double)

extension PlanModel {
  /// What one replica of each pool of an option does under a backlog, by draw, supply and model; 0 where
  /// there is no pool.
  ///
  /// The ratio of the simulated rate to the closed form hardly depends on the draw, which the ratio estimator
  /// uses (Cochran: Sampling techniques, 3rd edition, 1977, chapter 6).
  func saturatedRates(
    _ option: Int, quantities: PlanQuantities, backlogs: [Backlogs], threads: Int
  ) -> [[[SaturatedRate]]] {
    let draws = quantities.simulatedDraws
    let simulated = parallelMap(count: draws.count, threads: threads) { place in
      saturatedRates(
        option, physical: quantities.physical[draws[place]], backlogs: backlogs[draws[place]])
    }
    guard draws.count < quantities.draws else { return simulated }
    let flows = flows(option, quantities.responses[draws[0]][option].hourly(at: 1).requests)
    let closed = parallelMap(count: quantities.draws, threads: threads) { draw in
      options[option].supplies.map { supply in
        modelIDs.indices.map { model -> Double in
          guard case .fleet(let fleet) = supply, let pool = fleet.pools[model] else { return 0 }
          return fleet.pool(pool, physical: quantities.physical[draw], schedules: []).fluidCapacity(
            flows[model])
        }
      }
    }
    let ratios = closed[0].indices.map { supply in
      closed[0][supply].indices.map { model -> SaturatedRate in
        let base = draws.reduce(0) { $0 + closed[$1][supply][model] }
        guard base > 0 else { return (0, 0) }
        return (
          simulated.reduce(0) { $0 + $1[supply][model].input } / base,
          simulated.reduce(0) { $0 + $1[supply][model].output } / base
        )
      }
    }
    var rates = closed.map { draw in
      draw.indices.map { supply in
        draw[supply].indices.map { model -> SaturatedRate in
          let ratio = ratios[supply][model]
          return (draw[supply][model] * ratio.input, draw[supply][model] * ratio.output)
        }
      }
    }
    for (draw, rate) in zip(draws, simulated) { rates[draw] = rate }
    return rates
  }

  private func saturatedRates(
    _ option: Int, physical: [Double], backlogs: Backlogs
  ) -> [[SaturatedRate]] {
    options[option].supplies.map { supply in
      modelIDs.indices.map { model in
        guard case .fleet(let fleet) = supply, let pool = fleet.pools[model] else { return (0, 0) }
        return saturated(fleet, pool, model: model, option: option, physical: physical, backlogs: backlogs)
      }
    }
  }

  /// The requests of each model, whatever their rate.
  private func flows(_ option: Int, _ requests: [RequestTotals]) -> [FluidFlow] {
    modelIDs.indices.map { model in
      let own = requests.indices.filter { options[option].gateway.routes[$0].reached.contains(model) }
        .map { requests[$0] }
      let arrived = own.reduce(0) { $0 + $1.arrived }
      guard arrived > 0 else { return FluidFlow(rate: 0, inputTokens: 1, outputTokens: 1) }
      return FluidFlow(
        rate: 0, inputTokens: own.reduce(0) { $0 + $1.inputTokens } / arrived,
        outputTokens: own.reduce(0) { $0 + $1.outputTokens } / arrived)
    }
  }
}
