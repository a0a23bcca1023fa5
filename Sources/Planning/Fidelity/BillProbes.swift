// SPDX-License-Identifier: GPL-3.0-or-later
// What a prediction of bills has to get right: the money first, then how many are served, and in time.

import Economics
import Quantities
import Scenario
import Simulation

extension PlanModel {
  /// The blocks of an option's bill, each with what matters of it at every level.
  ///
  /// Of a use case: its cost as a share of the option's, and the shares of its requests that are served, and
  /// within their objective. Of hours and units: their cost likewise, and each of them as a share of the most
  /// seen.
  func probedBlocks(option: Int, training: [TrainingDraw], prices: [Double]) -> [BillBlock] {
    let gradient = costGradient(option: option, prices: prices)
    let empty = emptyBill(option)
    let byLevel = training[0].fluid.indices.map { level in training.filter { $0.has(level) } }
    let costs = byLevel.enumerated().map { level, draws -> Double in
      let sum = draws.reduce(0.0) { sum, draw in
        sum + zip(gradient, draw.truth[level][option]).reduce(0) { $0 + abs($1.0 * $1.1) }
      }
      return sum / Double(draws.count)
    }
    return blocks(option: option).map { block in
      var block = block
      block.probes = byLevel.enumerated().map { level, draws in
        let scale = draws.reduce(0.0) {
          $0 + BillSurrogate.scale(of: block, $1.fluid[level], option: option) / Double(draws.count)
        }
        var probes = [block.places.map { costs[level] > 0 ? gradient[$0] * scale / costs[level] : 0 }]
        if block.arrivals != nil {
          for useCase in empty.requests.indices {
            for quantity in [\RequestTotals.served, \.withinObjective] {
              let place = Self.place(in: empty) { $0.requests[useCase][keyPath: quantity] = 1 }
              guard block.places.contains(place) else { continue }
              probes.append(block.places.map { $0 == place ? 1 : 0 })
            }
          }
        } else {
          let most = block.places.reduce(0.0) { most, place in
            draws.reduce(most) { max($0, $1.truth[level][option][place]) }
          }
          // Money decides; the split into busy and idle only has to be plausible.
          for place in block.places where most > 0 {
            probes.append(block.places.map { $0 == place ? 0.1 / most : 0 })
          }
        }
        return probes
      }
      return block
    }
  }

  /// Discounted cost of an option at median prices, from the rows of its bills per hour at the levels of a
  /// draw.
  func presentValue(option: Int, rows: [[Double]], levels: [DemandLevel], demand: DrawnDemand) -> Double {
    let empty = emptyBill(option)
    let response = DemandResponse(
      zip(levels, rows).map { level, row in
        (level.volume * demand.level(month: level.month), empty.with(row: row))
      })
    let schedule = options[option].schedule
    let quantities = (0..<scenario.horizon.months).map { month in
      let hours = scenario.horizon.start.advanced(by: month).hours
      return schedule.quantities(
        in: response.hourly(at: demand.level(month: month)).scaled(by: hours), month: month)
    }
    return CostLedger(
      quantities: quantities,
      monthlyPrices: quantities.indices.map { options[option].linePrices(in: price.medians, month: $0) },
      discountRate: discountRate.value(in: price.medians)
    ).presentValue.rawValue
  }
}
