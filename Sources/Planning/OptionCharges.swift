// SPDX-License-Identifier: GPL-3.0-or-later
// Every line of an option's ledger with its quantity: what the bills of the months to come should read.

import Catalog
import Decision
import Economics
import Scenario

extension OptionBlueprint {
  /// The lines of the schedule as charges, means over futures.
  /// - Parameters:
  ///   - reference: the catalog and price book.
  ///   - quantities: by draw, then month and line, the lines of a month together.
  ///   - sums: undiscounted cost summed over all futures, by month, then line.
  ///   - futures: how many futures that is.
  func charges(
    reference: ReferenceData, quantities: [[Double]], sums: [[Double]], futures: Int
  ) -> [OptionCharge] {
    let lines = schedule.lines
    return lines.indices.map { line in
      let (kind, unit, supply, model) = nature(of: lines[line].quantity)
      let owed = supply.map { party(to: definition.chain[$0], lines[line].quantity, reference.prices) }
      return OptionCharge(
        component: lines[line].component, supply: supply.map { definition.chain[$0].name },
        item: model.map { models[$0].id } ?? owed?.gpu, provider: owed?.provider, region: owed?.region,
        kind: kind, unit: unit,
        quantities: sums.indices.map { month in
          quantities.reduce(0) { $0 + $1[month * lines.count + line] } / Double(quantities.count)
        }, costs: sums.map { $0[line] / Double(futures) })
    }
  }

  /// How a quantity comes about, what it counts, and the supply and model that it is of.
  private func nature(
    of quantity: PricedQuantity
  ) -> (kind: OptionCharge.Kind, unit: OptionCharge.Unit, supply: Int?, model: Int?) {
    switch quantity {
    case .inputTokens(let supply, let model), .outputTokens(let supply, let model),
      .cachedInputTokens(let supply, let model), .uncachedInputTokens(let supply, let model),
      .spilledTokens(_, let supply, let model):
      return (.usage, .millionTokens, supply, model)
    case .gpuHours(let supply), .gpuHoursAbove(let supply, _):
      guard case .fleet(let fleet) = definition.chain[supply] else { return (.usage, .gpuHours, supply, nil) }
      return (fleet.purchaseOfRest == .spot ? .interruptible : .usage, .gpuHours, supply, nil)
    case .committed(let supply, _):
      return (.commitment, definition.chain[supply].isReserved ? .unitHours : .gpuHours, supply, nil)
    case .unitHours(let supply, let model):
      guard case .reserved(let reserved) = definition.chain[supply] else {
        return (.usage, .unitHours, supply, model)
      }
      return (reserved.term.months > 0 ? .commitment : .usage, .unitHours, supply, model)
    // What these count is no service of its own: electricity, storage, egress, what a missed answer costs.
    case .poolGPUHours(let supply, let model): return (.usage, .units, supply, model)
    case .busyGPUHours(let supply), .restingGPUHours(let supply, _): return (.usage, .units, supply, nil)
    case .requests, .answerTokens, .missedRequests, .serviceCredit: return (.usage, .units, nil, nil)
    case .scheduled: return (.recurring, .units, nil, nil)
    case .monthly: return (.recurring, .months, nil, nil)
    case .once: return (.once, .units, nil, nil)
    }
  }

  /// Who a supply is bought from, where, and on which GPU.
  private func party(
    to supply: SupplyDefinition, _ quantity: PricedQuantity, _ prices: PriceBook
  ) -> (provider: String?, region: String?, gpu: String?) {
    switch supply {
    case .metered(let metered):
      return (prices.metered[metered.provider]?.name ?? metered.provider, nil, nil)
    case .reserved(let reserved):
      if case .spilledTokens = quantity, let other = reserved.payAsYouGo {
        return (prices.metered[other]?.name ?? other, nil, nil)
      }
      return (prices.reserved[reserved.provider]?.name ?? reserved.provider, nil, nil)
    case .fleet(let fleet): return (nil, fleet.region, fleet.gpu)
    }
  }
}
