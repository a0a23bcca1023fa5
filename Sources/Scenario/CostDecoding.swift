// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes costs beside the supplies: an option's own, owned hardware, and what missed objectives cost.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  /// The costs of an option.
  func costs(_ option: MappingView) -> FixedCosts {
    let view = option.mapping("costs")
    let path = option.path(of: "costs")
    var costs = FixedCosts(
      peoplePerMonth: uncertain(view, "people_per_month", path, default: 0),
      platformPerMonth: uncertain(view, "platform_per_month", path, default: 0),
      oneOff: uncertain(view, "one_off", path, default: 0))
    guard let view else { return costs }
    costs.roles = roles(view)
    costs.services = services(view)
    costs.loadBalancer = monthlyUse(view.mapping("load_balancer"))
    costs.observability = monthlyUse(view.mapping("observability"))
    if let part = view.mapping("storage"), let price = price(part, "per_gigabyte_month", .gigabyteMonth) {
      costs.storage = FixedCosts.Storage(
        gigabytes: uncertain(part, "gigabytes", part.path, default: 0),
        weightCopies: uncertain(part, "weight_copies", part.path, default: 0),
        hasReplicaDisks: part.boolean("replica_disks") ?? false, perGigabyteMonth: price)
    }
    if let part = view.mapping("egress"), let price = price(part, "per_gigabyte", .gigabyte) {
      costs.egress = FixedCosts.Egress(
        perGigabyte: price, bytesPerRequest: uncertain(part, "bytes_per_request", part.path, default: 0),
        bytesPerOutputToken: uncertain(part, "bytes_per_output_token", part.path, default: 4))
    }
    costs.redundancyShare = view.uncertain("redundancy_share")
    costs.supportShare = view.uncertain("support_share")
    costs.taxShare = view.uncertain("tax_share")
    return costs
  }

  private func roles(_ costs: MappingView) -> [FixedCosts.Share] {
    guard let view = costs.mapping("people") else { return [] }
    let names = reference.prices.people.keys.sorted()
    return view.namedEntries.compactMap { entry in
      let count = view.uncertain(entry.key)
      guard names.contains(entry.key), let price = reference.prices.people[entry.key] else {
        context.report(
          entry.keyPosition, "there is no role `\(entry.key)`",
          remedy: NearestName.remedy(for: entry.key, among: names, all: "the price book has")
            + "; or state its cost under prices.people, $ per month")
        return nil
      }
      return count.map { FixedCosts.Share(price: price, count: $0) }
    }
  }

  private func services(_ costs: MappingView) -> [FixedCosts.Share] {
    guard let view = costs.mapping("platform") else { return [] }
    return view.namedEntries.compactMap { entry in
      let count = view.uncertain(entry.key)
      let price = service(entry.key, .month, entry.keyPosition)
      guard let count, let price else { return nil }
      return FixedCosts.Share(price: price, count: count)
    }
  }

  private func monthlyUse(_ view: MappingView?) -> FixedCosts.MonthlyUse {
    guard let view else { return FixedCosts.MonthlyUse() }
    return FixedCosts.MonthlyUse(
      perMonth: price(view, "per_month", .month, isRequired: false),
      perMillionRequests: price(view, "per_million_requests", .millionRequests, isRequired: false))
  }

  /// A price that is a number, a distribution, or named in the price book.
  private func price(
    _ view: MappingView, _ key: String, _ unit: PlatformUnit, isRequired: Bool = true
  ) -> Price? {
    guard let node = view[key] else {
      if isRequired, view.node[key] == nil {
        context.report(
          view.position, "`\(key)` is missing from \(view.path)",
          remedy: "add it: $ per \(unit.rawValue), or the id of a price under prices.platform")
      }
      return nil
    }
    if let text = node.text, DecodingContext.isIdentifier(text), text.first?.isLetter == true {
      return service(text, unit, node.position)
    }
    return context.uncertain(node, key, path: view.path(of: key), in: .notNegative).map {
      Price(amount: $0, provenance: nil)
    }
  }

  /// A service's price per unit; one by the hour is also one by the month.
  private func service(_ id: String, _ unit: PlatformUnit, _ position: SourcePosition) -> Price? {
    let book = reference.prices.platform
    guard let id = known(id, among: book.keys.sorted(), "platform price", "the price book has", position),
      let service = book[id]
    else { return nil }
    if service.unit == unit { return service.price }
    if service.unit == .hour, unit == .month {
      return service.price.scaled(by: 730, name: "\(service.price.amount.name).month")
    }
    context.report(
      position, "`\(id)` is priced per \(service.unit.rawValue)",
      remedy: "name a price per \(unit.rawValue), or write a number")
    return nil
  }

  /// What a fleet with `purchase: owned` is made of.
  func owned(_ fleet: MappingView, gpu: String?, isBought: Bool) -> OwnedHardware? {
    guard let view = fleet.mapping("owned") else {
      if isBought, fleet.node["owned"] == nil {
        context.report(
          fleet.position(of: "purchase"), "owned GPUs need their capex",
          remedy: "add owned: {capex_per_gpu: …}, $ per GPU with its share of the server")
      }
      return nil
    }
    if !isBought {
      context.report(
        fleet.position(of: "owned"), "`owned` means nothing where the hours are paid for",
        remedy: "write purchase: owned, or remove it")
    }
    var residual = view.uncertain("residual_share")
    let life = view.integer("life_months")
    if let life {
      if view["residual_share"] != nil {
        context.report(
          view.position(of: "life_months"), "`residual_share` and `life_months` both say what is left",
          remedy: "keep one of them")
      }
      let left = max(0, 1 - Double(horizonMonths) / Double(life))
      residual = UncertainValue(name: view.path(of: "residual_share"), left)
    }
    let power = view.mapping("power").flatMap { self.power($0, gpu: gpu) }
    guard let capex = view.uncertain("capex_per_gpu") else { return nil }
    return OwnedHardware(
      gpus: view.integer("gpus"), capexPerGPU: capex, residualShare: residual,
      colocationPerGPU: view.uncertain("colocation_per_gpu_month"),
      maintenancePerGPU: view.uncertain("maintenance_per_gpu_month"), power: power)
  }

  private func power(_ view: MappingView, gpu: String?) -> OwnedHardware.Power? {
    let price = price(view, "per_kwh", .kilowattHour)
    let effectiveness = uncertain(view, "pue", view.path, default: 1)
    let rated = gpu.flatMap { reference.accelerators[$0]?.thermalDesignPower }
    let stated = view.uncertain("busy_kw")
    if view["busy_kw"] == nil, rated == nil, let gpu {
      context.report(
        view.position, "the catalog does not know what power \(gpu) draws", remedy: "add busy_kw, kW per GPU")
      return nil
    }
    let busy = stated ?? UncertainValue(name: view.path(of: "busy_kw"), (rated ?? 0) / 1000)
    guard let price else { return nil }
    return OwnedHardware.Power(
      perKilowattHour: price, busyKilowatts: busy, idleKilowatts: view.uncertain("idle_kw") ?? busy,
      usageEffectiveness: effectiveness)
  }

  /// Refuses fewer GPUs than the fleet may have.
  func checkOwned(_ fleet: FleetDefinition, _ view: MappingView) {
    guard let gpus = fleet.owned?.gpus, gpus < fleet.mostGPUs else { return }
    context.report(
      view.mapping("owned")?.position(of: "gpus") ?? view.position,
      "the fleet has up to \(fleet.mostGPUs) GPUs, of which \(gpus) are bought",
      remedy: "buy as many, or let another supply take what overflows")
  }

  /// What missed objectives cost.
  func penalties(_ root: MappingView, _ demand: Demand?) -> [ServicePenalty] {
    guard let view = root.mapping("penalties") else { return [] }
    var result: [ServicePenalty] = []
    for entry in view.namedEntries {
      guard let part = view.mapping(entry.key) else { continue }
      let missed = part.uncertain("per_thousand_missed")
      let credits = credits(part)
      let bill = part.uncertain("bill_per_month")
      if part["credits"] != nil, part["bill_per_month"] == nil {
        context.report(
          part.position(of: "credits"), "`credits` are shares of a bill that is not known",
          remedy: "add bill_per_month, what the use case's users are billed")
      } else if part["credits"] == nil, part["bill_per_month"] != nil {
        context.report(
          part.position(of: "bill_per_month"), "`bill_per_month` means nothing without `credits`",
          remedy: "add credits: {0.99: 0.1}, or remove it")
      }
      guard let demand,
        let use = known(
          entry.key, among: demand.uses.map(\.name), "use case", "the use cases are", entry.keyPosition),
        let place = demand.uses.firstIndex(where: { $0.name == use })
      else { continue }
      warnOfUnlimited(demand.uses[place], entry.keyPosition)
      result.append(
        ServicePenalty(
          useCase: place, perThousandMissed: missed, credits: credits, billPerMonth: bill))
    }
    return result.sorted { $0.useCase < $1.useCase }
  }

  private func warnOfUnlimited(_ use: UseCase, _ position: SourcePosition) {
    let hasLimit =
      use.timeToFirstTokenLimit.isFinite || use.timePerOutputTokenLimit.isFinite || use.deadlineHours != nil
    if !hasLimit {
      context.warn(
        position, "\(use.name) has no objective, so only requests that are not served at all are missed",
        remedy: "add `slo` to the use case")
    }
  }

  private func credits(_ penalty: MappingView) -> [ServicePenalty.Credit] {
    guard let view = penalty.mapping("credits") else { return [] }
    var result: [ServicePenalty.Credit] = []
    for entry in view.namedEntries {
      guard let below = Double(entry.key), below > 0, below <= 1 else {
        context.report(
          entry.keyPosition, "`\(entry.key)` is no attainment", remedy: "write a share above 0, 0.99 for 99 %"
        )
        continue
      }
      guard let share = view.number(entry.key) else { continue }
      result.append(ServicePenalty.Credit(below: below, share: share))
    }
    result.sort { $0.below > $1.below }
    for (milder, harder) in zip(result, result.dropFirst()) where harder.share < milder.share {
      context.report(
        view.position,
        "below \(plain(harder.below)) less is given back than below \(plain(milder.below)): "
          + "\(plain(harder.share)), not \(plain(milder.share))",
        remedy: "let the shares rise as the attainment falls")
    }
    return result
  }
}
