// SPDX-License-Identifier: GPL-3.0-or-later
// Lays a scenario's own prices over the price book. They carry no source: they are the scenario's assumption.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  mutating func layPrices(_ view: MappingView) {
    if let gpus = view.mapping("gpu_hour") { layGPUHours(gpus) }
    if let providers = view.mapping("api") { layTokenPrices(providers) }
    if let providers = view.mapping("reserved") { layReserved(providers) }
    if let people = view.mapping("people") {
      for entry in people.namedEntries {
        checkName(entry, "role")
        guard let amount = people.uncertain(entry.key) else { continue }
        reference.prices.people[entry.key] = Price(amount: amount, provenance: nil)
      }
    }
    if let services = view.mapping("platform") {
      for entry in services.namedEntries {
        let ids = reference.prices.platform.keys.sorted()
        guard
          let id = known(
            entry.key, among: ids, "platform price", "the price book has", entry.keyPosition),
          let amount = services.uncertain(id)
        else { continue }
        reference.prices.platform[id]?.price = Price(amount: amount, provenance: nil)
      }
    }
  }

  private mutating func layGPUHours(_ gpus: MappingView) {
    for entry in gpus.namedEntries {
      let ids = reference.accelerators.keys.sorted()
      guard let gpu = known(entry.key, among: ids, "GPU", "the catalog has", entry.keyPosition),
        let prices = gpus.mapping(gpu)
      else { continue }
      reference.prices.gpuHour[gpu, default: [:]].merge(purchases(prices)) { _, new in new }
      guard let regions = prices.mapping("regions") else { continue }
      for region in regions.namedEntries {
        guard let part = regions.mapping(region.key) else { continue }
        reference.prices.regionalGPUHour[gpu, default: [:]][region.key, default: [:]]
          .merge(purchases(part)) { _, new in new }
      }
    }
  }

  private func purchases(_ view: MappingView) -> [PurchaseType: Price] {
    var prices: [PurchaseType: Price] = [:]
    for purchase in PurchaseType.allCases {
      prices[purchase] = view.uncertain(purchase.rawValue).map { Price(amount: $0, provenance: nil) }
    }
    return prices
  }

  private mutating func layTokenPrices(_ providers: MappingView) {
    for entry in providers.namedEntries {
      let ids = reference.prices.metered.keys.sorted()
      guard let id = known(entry.key, among: ids, "API provider", "the price book has", entry.keyPosition),
        let view = providers.mapping(id)
      else { continue }
      if let factor = view.uncertain("factor") { reference.prices.metered[id]?.priceFactor = factor }
      for model in view.namedEntries {
        let names = ["factor"] + reference.models.keys.sorted()
        guard let name = known(model.key, among: names, "model", "the catalog has", model.keyPosition),
          let prices = view.mapping(name)
        else { continue }
        layTokenPrice(id, name, prices)
      }
    }
  }

  private mutating func layTokenPrice(_ provider: String, _ model: String, _ view: MappingView) {
    let input = view.uncertain("input").map { Price(amount: $0, provenance: nil) }
    let output = view.uncertain("output").map { Price(amount: $0, provenance: nil) }
    if var price = reference.prices.metered[provider]?.models[model] {
      if let input { price.input = input }
      if let output { price.output = output }
      layTiers(view, &price)
      reference.prices.metered[provider]?.models[model] = price
    } else if let input, let output {
      var price = MeteredPrice(input: input, output: output, endOfLife: nil)
      layTiers(view, &price)
      reference.prices.metered[provider]?.models[model] = price
    } else if view["input"] == nil || view["output"] == nil {
      context.report(
        view.position, "the price book has no price of \(model) at \(provider)",
        remedy: "give both `input` and `output`")
    }
  }

  /// Prices of cached tokens and batches. A batch price that is a share of the price on demand follows that.
  private func layTiers(_ view: MappingView, _ price: inout MeteredPrice) {
    if let cached = view.uncertain("cached_input") {
      price.cachedInput = Price(amount: cached, provenance: nil)
    }
    let batch = view.mapping("batch")
    if batch != nil, view["batch_factor"] != nil {
      context.report(
        view.position(of: "batch_factor"), "\(view.path) gives `batch` and `batch_factor`",
        remedy: "keep only one of them")
    }
    let (input, output) = (batch?.uncertain("input"), batch?.uncertain("output"))
    if let input, let output {
      price.priceBatches(
        input: Price(amount: input, provenance: nil), output: Price(amount: output, provenance: nil))
    } else if let factor = view.number("batch_factor") ?? price.batchFactor {
      price.priceBatches(at: factor, path: view.path)
    }
  }

  private mutating func layReserved(_ providers: MappingView) {
    for entry in providers.namedEntries {
      let ids = reference.prices.reserved.keys.sorted()
      guard
        let id = known(entry.key, among: ids, "reserved provider", "the price book has", entry.keyPosition),
        let view = providers.mapping(id)
      else { continue }
      for model in view.namedEntries {
        guard let name = knownModel(model.key, model.keyPosition), let offer = view.mapping(name) else {
          continue
        }
        layOffer(id, name, offer)
      }
    }
  }

  private mutating func layOffer(_ provider: String, _ model: String, _ view: MappingView) {
    let input = view.uncertain("input_tokens_per_minute")
    // Where one budget holds for all tokens, nothing else limits those generated.
    let isWeighted = reference.prices.reserved[provider]?.accounting.outputWeight != nil
    let output = view.uncertain("output_tokens_per_minute") ?? (isWeighted ? input : nil)
    let unitHour = unitHour(view)
    if var offer = reference.prices.reserved[provider]?.models[model] {
      if let input { offer.inputTokensPerMinute = input }
      if let output { offer.outputTokensPerMinute = output }
      offer.unitHour.merge(unitHour) { _, new in new }
      reference.prices.reserved[provider]?.models[model] = offer
    } else if let input, let output, !unitHour.isEmpty,
      let provenance = reference.prices.reserved[provider]?.provenance
    {
      reference.prices.reserved[provider]?.models[model] = ReservedOffer(
        inputTokensPerMinute: input, outputTokensPerMinute: output, unitHour: unitHour,
        provenance: Provenance(source: "the scenario", verifiedOn: provenance.verifiedOn))
    } else if view["input_tokens_per_minute"] == nil
      || (view["output_tokens_per_minute"] == nil && !isWeighted) || view["unit_hour"] == nil
    {
      context.report(
        view.position, "the price book has no offer of \(model) by \(provider)",
        remedy: "give `unit_hour`, `input_tokens_per_minute` and `output_tokens_per_minute`")
    }
  }

  /// Prices of a unit-hour: one for every term, or by term.
  private func unitHour(_ view: MappingView) -> [ReservedTerm: Price] {
    guard let node = view["unit_hour"] else { return [:] }
    let terms = ReservedTerm.allCases
    let isDistribution = node.entries?.contains { DistributionForms.table.key($0.key) != nil } ?? true
    if isDistribution {
      let path = view.path(of: "unit_hour")
      guard let amount = context.uncertain(node, "unit_hour", path: path, in: .notNegative) else {
        return [:]
      }
      return Dictionary(uniqueKeysWithValues: terms.map { ($0, Price(amount: amount, provenance: nil)) })
    }
    var prices: [ReservedTerm: Price] = [:]
    if let byTerm = view.mapping("unit_hour") {
      for term in terms {
        prices[term] = byTerm.uncertain(term.rawValue).map { Price(amount: $0, provenance: nil) }
      }
    }
    return prices
  }
}
