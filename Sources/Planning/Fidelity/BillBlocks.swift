// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a bill that are predicted together, because equations hold within them: what a use case's
// requests came to, a pool's hours, reserved units.

import Economics
import Simulation

/// Quantities of one option's bill that share their weights in every prediction, so that their sums stay
/// right.
struct BillBlock: Sendable {
  /// Places in the bill's row.
  var places: [Int]
  /// Where the requests that arrived stand, which the block's quantities are proportional to; nil for what
  /// does not grow with demand.
  var arrivals: Int?
  /// What a prediction has to get right, by level: weights of the block's quantities per unit of scale. The
  /// first is the share of the option's cost.
  var probes: [[[Double]]] = []
}

extension PlanModel {
  /// The blocks of an option's bill, without probes.
  func blocks(option: Int) -> [BillBlock] {
    let empty = emptyBill(option)
    var byUse = empty.requests.indices.map { _ in BillBlock(places: [], arrivals: nil) }
    var others: [BillBlock] = []
    var place = 0
    for (part, count) in empty.parts {
      let range = Array(place..<place + count)
      place += count
      switch part {
      case .requests(let useCase), .supply(_, let useCase): byUse[useCase].places += range
      case .hours, .reserved, .loadDuration: others.append(BillBlock(places: range))
      }
    }
    for useCase in byUse.indices {
      byUse[useCase].arrivals = Self.place(in: empty) { $0.requests[useCase].arrived = 1 }
    }
    return byUse + others
  }

  /// Where in a bill's row a quantity stands.
  static func place(in empty: BillOfQuantities, _ set: (inout BillOfQuantities) -> Void) -> Int {
    var bill = empty
    set(&bill)
    return bill.row.firstIndex { $0 != 0 } ?? 0
  }

  /// What one more of each quantity of an option's bill costs, $, at given prices.
  func costGradient(option: Int, prices: [Double]) -> [Double] {
    let empty = emptyBill(option)
    let linePrices = options[option].linePrices(in: prices)
    func cost(_ row: [Double]) -> Double {
      let amounts = options[option].schedule.quantities(in: empty.with(row: row), month: 1)
      // Credits come in steps: the first late request of a bill of one would count for all of them.
      return zip(options[option].schedule.lines, zip(amounts, linePrices)).reduce(0) { sum, line in
        if case .serviceCredit = line.0.quantity { return sum }
        return sum + line.1.0 * line.1.1
      }
    }
    var row = empty.row
    let nothing = cost(row)
    return row.indices.map { place in
      row[place] = 1
      defer { row[place] = 0 }
      return cost(row) - nothing
    }
  }
}
