// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes fleets of GPU replicas.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  func fleet(_ view: MappingView, earlier: [SupplyDefinition]?) -> FleetDefinition? {
    let name = view.identifier("name") ?? "fleet"
    let purchase = purchase(view)
    let router = view.choice("router", as: RouterPolicy.self) ?? .leastOutstanding
    let queueLimit = view.integer("queue_limit")
    let startup = view.number("startup_seconds") ?? 420
    let gpu = view.text("gpu").flatMap {
      known(
        $0, among: reference.accelerators.keys.sorted(), "GPU", "the catalog has", view.position(of: "gpu"))
    }
    let engine = known(
      view.text("engine") ?? "vllm", among: reference.engines.keys.sorted(), "engine", "the catalog has",
      view.position(of: "engine"))
    // A purchase that is written but not understood says nothing about whether `spot` belongs here.
    let spot = spot(view, purchase?.type, startup: startup)
    let failures = failures(view)
    let standby = standby(view, earlier)
    let owned = owned(view, gpu: gpu, isBought: purchase?.isOwned == true)
    let region = gpu.flatMap { knownRegion(view, of: $0) }
    if let gpu, region != nil || view["region"] == nil {
      for named in purchase?.named ?? [] { checkPrice(of: gpu, named.type, region, named.position) }
    }
    var pools: [PoolDefinition] = []
    let named = view.mapping("pools")
    for entry in named?.namedEntries ?? [] {
      let part = named?.mapping(entry.key)
      guard let model = knownModel(entry.key, entry.keyPosition), let part else { continue }
      guard let pool = pool(model, part, entry.keyPosition) else { continue }
      if let gpu, let engine { checkFit(pool, gpu: gpu, engine: engine, part, entry.keyPosition) }
      pools.append(pool)
    }
    let phases = startupPhases(view)
    if let phases {
      for index in pools.indices { pools[index].startupSeconds = phases.seconds(of: pools[index], reference) }
    }
    checkScaling(view, pools)
    guard let gpu, let engine, let purchase, !pools.isEmpty, pools.count == named?.namedEntries.count
    else { return nil }
    var fleet = FleetDefinition(
      name: name, gpu: gpu, purchase: purchase.type, engine: engine, router: router,
      queueLimit: queueLimit, startupSeconds: pools.compactMap(\.startupSeconds).max() ?? startup, spot: spot,
      standbyFor: standby, pools: pools)
    fleet.region = region
    fleet.drainSeconds = view.number("drain_seconds") ?? 120
    fleet.loadBound = view.number("load_bound") ?? 1.5
    fleet.failures = failures
    fleet.commitments = purchase.commitments
    fleet.owned = owned
    checkLayers(fleet, view)
    checkOwned(fleet, view)
    return fleet
  }

  private func knownRegion(_ fleet: MappingView, of gpu: String) -> String? {
    fleet.text("region").flatMap { name in
      let regions = reference.prices.regionalGPUHour[gpu] ?? [:]
      return known(
        name, among: regions.keys.sorted(), "region with a price of \(gpu)",
        "its regions in the price book are", fleet.position(of: "region"))
    }
  }

  private func standby(_ view: MappingView, _ earlier: [SupplyDefinition]?) -> String? {
    guard let name = view.text("standby_for"), let earlier else { return nil }
    let spotFleets = earlier.filter {
      if case .fleet(let fleet) = $0 { fleet.purchase == .spot } else { false }
    }
    return known(
      name, among: spotFleets.map(\.name), "spot fleet earlier in the chain named",
      "the spot fleets before this one are", view.position(of: "standby_for"))
  }

  private func checkPrice(
    of gpu: String, _ purchase: PurchaseType, _ region: String?, _ position: SourcePosition
  ) {
    let prices = reference.prices.gpuHour(of: gpu, region: region)
    guard prices[purchase] == nil else { return }
    let others = PurchaseType.allCases.filter { prices[$0] != nil }.map(\.rawValue)
    var have = others.isEmpty ? "" : "; the price book has \(others.joined(separator: ", "))"
    let regions = (reference.prices.regionalGPUHour[gpu] ?? [:]).filter { $0.value[purchase] != nil }
    if !regions.isEmpty, region == nil {
      have += "; or name a `region`: \(regions.keys.sorted().joined(separator: ", "))"
    }
    context.report(
      position, "there is no \(purchase.rawValue) price of \(gpu)\(region.map { " in \($0)" } ?? "")",
      remedy: "add prices.gpu_hour.\(gpu).\(region.map { "regions.\($0)." } ?? "")\(purchase.rawValue)\(have)"
    )
  }
}
