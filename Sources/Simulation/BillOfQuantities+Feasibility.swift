// SPDX-License-Identifier: GPL-3.0-or-later
// A bill that was computed rather than counted may break by a little what no counted one can break.

extension BillOfQuantities {
  /// The nearest bill, or one about as near, in which nothing is negative and the invariants hold: requests
  /// add up by use case and over supplies (INV-1, INV-2), the states of a pool to what was paid before
  /// (INV-3).
  public var madeFeasible: BillOfQuantities {
    var bill = with(row: row.map { max($0, 0) })
    for useCase in bill.requests.indices {
      let totals = bill.requests[useCase]
      let sum =
        totals.served + totals.cached + totals.throttled + totals.failed + totals.inFlight
      // What nobody accounts for is taken to be served.
      let share = sum > 0 ? totals.arrived / sum : 0
      bill.requests[useCase].served = sum > 0 ? totals.served * share : totals.arrived
      bill.requests[useCase].cached *= share
      bill.requests[useCase].coalesced = min(totals.coalesced, totals.cached) * share
      bill.requests[useCase].throttled *= share
      bill.requests[useCase].failed *= share
      bill.requests[useCase].inFlight *= share
      let served = bill.requests[useCase].served
      bill.requests[useCase].withinObjective = min(
        totals.withinObjective, served + bill.requests[useCase].cached)
      // An escalated request is served twice.
      let answers = served + bill.requests[useCase].escalated
      let streams = bill.stream(useCase: useCase, model: 0)..<bill.stream(useCase: useCase + 1, model: 0)
      let bySupplies = bill.supplies.reduce(0) { $0 + $1[streams].reduce(0) { $0 + $1.served } }
      for supply in bill.supplies.indices {
        for stream in streams {
          bill.supplies[supply][stream].served *= bySupplies > 0 ? answers / bySupplies : 0
          let input = bill.supplies[supply][stream].inputTokens
          bill.supplies[supply][stream].cachedInputTokens = min(
            bill.supplies[supply][stream].cachedInputTokens, input)
        }
      }
    }
    for supply in bill.poolHours.indices {
      for model in bill.poolHours[supply].indices {
        let paid = max(poolHours[supply][model].paid, 0)
        let sum = bill.poolHours[supply][model].paid
        let share = sum > 0 ? paid / sum : 0
        bill.poolHours[supply][model].busy *= share
        bill.poolHours[supply][model].idle *= share
        bill.poolHours[supply][model].booting *= share
        bill.poolHours[supply][model].draining *= share
        bill.poolHours[supply][model].spare *= share
      }
      let hours = hoursByGPUs[supply].reduce(0, +)
      let sum = bill.hoursByGPUs[supply].reduce(0, +)
      for gpus in bill.hoursByGPUs[supply].indices {
        bill.hoursByGPUs[supply][gpus] *= sum > 0 ? max(hours, 0) / sum : 0
      }
    }
    return bill
  }
}
