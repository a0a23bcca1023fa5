// SPDX-License-Identifier: GPL-3.0-or-later
// What only the whole scenario can tell: that every option can serve every use case, and which prices a
// reader should look at again.

import Catalog
import Quantities
import YAMLDocument

extension ScenarioDecoder {
  /// Days after which a price should be looked at again.
  static let priceAgeLimit = 90

  /// Refuses options in which nothing serves some use case; warns of supplies that serve none.
  func checkCoverage(_ options: [DecodedOption], _ demand: Demand) {
    for option in options where option.isWhole {
      checkRules(option, demand)
      let definition = option.definition
      var models: [String] = []
      for (use, model) in demand.uses.flatMap({ use in definition.models(for: use).map { (use, $0) } }) {
        if !models.contains(model) { models.append(model) }
        if !definition.chain.contains(where: { serves($0, model) && $0.admits(use) }) {
          context.report(
            option.position, "option `\(definition.name)` has nothing that serves \(model) for \(use.name)",
            remedy: "add a pool or units for it, or a provider that prices it")
        }
      }
      guard !models.isEmpty else { continue }
      for (supply, position) in zip(definition.chain, option.supplyPositions) {
        warnOfIdle(supply, position, option: definition.name, models)
      }
      warnOfEmptyPools(option, models)
    }
  }

  func serves(_ supply: SupplyDefinition, _ model: String) -> Bool {
    switch supply {
    case .metered(let part): part.price(of: model, in: reference.prices) != nil
    case .reserved(let part): part.units.contains { $0.model == model }
    case .fleet(let part): part.pools.contains { $0.model == model }
    }
  }

  private func warnOfIdle(
    _ supply: SupplyDefinition, _ position: SourcePosition, option: String, _ models: [String]
  ) {
    func warn(_ what: String) {
      context.warn(
        position, "\(what) in option `\(option)` never gets a request: no use case is routed to it",
        remedy: "it is still paid for; remove it")
    }
    switch supply {
    case .metered(let part):
      if !models.contains(where: { serves(supply, $0) }) {
        context.warn(
          position, "\(part.provider) prices no model of option `\(option)`", remedy: "it will serve nothing")
      }
    case .reserved(let part):
      for units in part.units where !models.contains(units.model) { warn("the units of \(units.model)") }
    case .fleet(let part):
      for pool in part.pools where !models.contains(pool.model) { warn("the pool of \(pool.model)") }
    }
  }

  /// Warns of models that a provider retires within the horizon and of prices not looked at for long, each
  /// once.
  func warnOfPrices(_ options: [DecodedOption], _ demand: Demand?, _ horizon: Horizon) {
    var seen: Set<String> = []
    for option in options {
      let definition = option.definition
      var models: [String] = []
      for model in (demand?.uses ?? []).flatMap(definition.models(for:)) where !models.contains(model) {
        models.append(model)
      }
      for (supply, position) in zip(definition.chain, option.supplyPositions) {
        for (name, price) in prices(of: supply, models) where seen.insert(name).inserted {
          warnOfAge(price, name, position, horizon)
        }
        guard case .metered(let part) = supply else { continue }
        let unseen = part.lastModels(models, reference.prices, horizon).filter {
          seen.insert("end of \(part.provider) \($0)").inserted
        }
        warnOfEnd(part.provider, unseen, position, horizon)
      }
    }
  }

  private func prices(of supply: SupplyDefinition, _ models: [String]) -> [(name: String, price: Price)] {
    switch supply {
    case .metered(let part):
      models.compactMap { model in
        part.price(of: model, in: reference.prices).map { ("\(model) at \(part.provider)", $0) }
      }
    case .reserved(let part):
      part.units.compactMap { units in
        reference.prices.reserved[part.provider]?.models[units.model]?.unitHour[part.term]
          .map { ("\(units.model) at \(part.provider)", $0) }
      }
    case .fleet(let part):
      part.purchases.compactMap { purchase in
        let hours = reference.prices.gpuHour(of: part.gpu, region: part.region)
        let place = part.region.map { " in \($0)" } ?? ""
        return hours[purchase].map { ("\(part.gpu) \(purchase.rawValue)\(place)", $0) }
      }
    }
  }

  private func warnOfAge(_ price: Price, _ name: String, _ position: SourcePosition, _ horizon: Horizon) {
    guard let verified = price.verifiedOn, let start = CalendarDay("\(horizon.start)-01") else {
      return
    }
    let age = start.daysSince1970 - verified.daysSince1970
    if age > Self.priceAgeLimit {
      context.warn(
        position, "the price of \(name) was verified on \(verified), \(age) days before the horizon begins",
        remedy: "look it up again")
    }
  }

  /// One warning for all models that a provider retires on the same day.
  private func warnOfEnd(
    _ provider: String, _ models: [String], _ position: SourcePosition, _ horizon: Horizon
  ) {
    let ends = models.map { reference.prices.metered[provider]?.models[$0]?.endOfLife }
    let last = horizon.start.advanced(by: horizon.months - 1)
    for end in Set(ends.compactMap(\.self)).sorted() {
      guard end.month < last || (end.month == last && end.day < last.days) else { continue }
      let names = zip(models, ends).filter { $0.1 == end }.map(\.0).joined(separator: ", ")
      let when =
        end.month < horizon.start
        ? "before the horizon begins" : "within the horizon, which ends with \(last)"
      context.warn(
        position, "\(provider) serves \(names) only until \(end), \(when)",
        remedy: "name a successor under `replace_with`; prices are taken to go on")
    }
  }
}
