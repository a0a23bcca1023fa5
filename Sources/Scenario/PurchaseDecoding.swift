// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes how a fleet's GPU-hours are bought, and checks the layers against the fleet.

import Catalog
import Quantities
import YAMLDocument

extension ScenarioKeys {
  /// The keys of a fleet that say how its hours are bought.
  static let purchaseKeys: [Key] = [
    .optional(
      "purchase",
      .anyOf([.choice(PurchaseType.allCases.map(\.rawValue) + ["owned"]), .mapping(purchaseMix)]),
      absent: "on-demand",
      "how its hours are bought: one way, or GPUs by commitment, paid in every hour, and `on-demand: rest`; `owned` "
        + "GPUs are bought once"),
    .optional("owned", .mapping(owned), "what owned GPUs cost; required with `purchase: owned`"),
    .optional(
      "block_days", .integer(1...366), "days of one capacity block; required with `capacity-block`"),
    .optional(
      "term_residual", .uncertain(.from(0, to: 1)), absent: "0",
      "share of what a commitment still costs after the horizon that is used or sold on"),
  ]

  static let purchaseMix = KeyTable(
    "a purchase mix",
    keys: PurchaseType.allCases.map { type in
      .optional(
        type.rawValue, .anyOf([.integer(0...1_000_000), .choice(["rest"])]),
        type.isCommitment
          ? "GPUs paid for in every hour"
          : type == .onDemand ? "`rest`: the hours above all layers" : "not part of a mix")
    })
}

extension ScenarioDecoder {
  /// What `purchase` and its companions say.
  struct Purchase {
    /// How the hours are bought, or those above all layers.
    var type: PurchaseType
    var commitments = FleetCommitments()
    /// Every purchase type that needs a price, and where it is named.
    var named: [(type: PurchaseType, position: SourcePosition)]
    /// Whether the GPUs are bought, so that no hour is paid for.
    var isOwned = false
  }

  /// How a fleet's hours are bought; nil where that cannot be read.
  func purchase(_ view: MappingView) -> Purchase? {
    let days = view.integer("block_days")
    let residual = view.uncertain("term_residual")
    guard let node = view["purchase"] else {
      checkBlocks(days, isBought: false, view)
      checkResidual([.onDemand], view)
      return Purchase(type: .onDemand, named: [(.onDemand, view.position(of: "gpu"))])
    }
    var purchase: Purchase?
    if node.text == "owned" {
      purchase = Purchase(type: .onDemand, named: [], isOwned: true)
    } else if node.entries == nil {
      purchase = view.choice("purchase", as: PurchaseType.self).map {
        Purchase(type: $0, named: [($0, node.position)])
      }
    } else {
      purchase = view.mapping("purchase").flatMap { mix($0) }
    }
    guard var purchase else { return nil }
    let types = purchase.named.map(\.type)
    checkBlocks(days, isBought: types.contains(.capacityBlock), view)
    checkResidual(types, view)
    purchase.commitments.blockDays = days
    purchase.commitments.residual = residual
    return purchase
  }

  /// A mix of layers.
  private func mix(_ view: MappingView) -> Purchase? {
    var purchase = Purchase(type: .onDemand, named: [])
    purchase.commitments.hasRest = false
    var isGood = true
    for entry in view.node.entries ?? [] where !entry.value.isEmpty {
      guard let type = PurchaseType(rawValue: entry.key) else {
        isGood = false
        continue
      }
      if type == .spot {
        context.report(
          entry.keyPosition, "spot capacity comes and goes, so it is no layer of a mix",
          remedy: "make it a fleet of its own, earlier in the chain")
        isGood = false
      } else if entry.value.text == "rest" {
        if type != .onDemand {
          context.report(
            entry.value.position, "`\(type.rawValue)` is paid for used or not, so it cannot take the rest",
            remedy: "give it a number of GPUs, and write on-demand: rest")
          isGood = false
        }
        purchase.commitments.hasRest = true
        purchase.named.append((type, entry.keyPosition))
      } else if type == .onDemand {
        context.report(
          entry.value.position, "on-demand takes the hours above all layers, however many they are",
          remedy: "write on-demand: rest")
        isGood = false
      } else if let gpus = context.integer(entry.value, entry.key, in: 0...1_000_000) {
        purchase.commitments.layers.append(PurchaseLayer(purchase: type, gpus: gpus))
        purchase.named.append((type, entry.keyPosition))
      } else {
        isGood = false
      }
    }
    let rests = (view.node.entries ?? []).filter { $0.value.text == "rest" }
    if rests.count > 1 {
      context.report(
        rests[1].value.position, "two purchase types take the rest", remedy: "let only on-demand take it")
      isGood = false
    }
    if isGood, purchase.commitments.layers.isEmpty {
      context.report(
        view.position, "the mix has no layer",
        remedy: "write purchase: on-demand, or add committed-1-year: 4")
      isGood = false
    }
    return isGood ? purchase : nil
  }

  private func checkBlocks(_ days: Int?, isBought: Bool, _ view: MappingView) {
    if isBought, days == nil, view["block_days"] == nil {
      context.report(
        view.position(of: "purchase"), "a capacity block needs its length", remedy: "add block_days: 14")
    } else if !isBought, view["block_days"] != nil {
      context.report(
        view.position(of: "block_days"), "`block_days` means nothing without capacity blocks",
        remedy: "write purchase: capacity-block, or remove it")
    }
  }

  private func checkResidual(_ types: [PurchaseType], _ view: MappingView) {
    guard view["term_residual"] != nil, !types.contains(where: { $0.termMonths > 0 }) else { return }
    context.report(
      view.position(of: "term_residual"), "`term_residual` means nothing without a committed term",
      remedy: "remove it")
  }

  /// Refuses a mix that leaves hours to nobody.
  func checkLayers(_ fleet: FleetDefinition, _ view: MappingView) {
    guard !fleet.commitments.layers.isEmpty, !fleet.commitments.hasRest else { return }
    let layers = fleet.commitments.layers.reduce(0) { $0 + $1.gpus }
    if fleet.pools.contains(where: { $0.sizing != nil }) {
      context.report(
        view.position(of: "purchase"), "the layers may be fewer GPUs than `for-slo` will choose",
        remedy: "add on-demand: rest")
    } else if fleet.mostGPUs > layers {
      context.report(
        view.position(of: "purchase"),
        "the fleet has up to \(fleet.mostGPUs) GPUs, of which the layers pay for \(layers)",
        remedy: "add on-demand: rest, or commit to more")
    }
  }

  /// Warns of commitments that go on after the horizon, each where it stands.
  func warnOfTerms(_ options: [DecodedOption], _ horizon: Horizon) {
    for option in options {
      for (supply, position) in zip(option.definition.chain, option.supplyPositions) {
        for (months, isCovered) in Self.terms(of: supply) {
          let after = Commitment.term(months: months).monthsAfter(horizon: horizon.months)
          guard after > 0 else { continue }
          context.warn(
            position,
            "\(supply.name) is committed for \(months) months, of which \(after) month\(after == 1 ? "" : "s") lie after the "
              + "horizon: they are owed and billed with its last month",
            remedy: isCovered
              ? nil : "plan more months, or state as term_residual which share of them is used or sold on")
        }
      }
    }
  }

  /// The terms of a supply's commitments, and whether the scenario says what becomes of them after the horizon.
  private static func terms(of supply: SupplyDefinition) -> [(months: Int, isCovered: Bool)] {
    switch supply {
    case .metered: return []
    case .reserved(let reserved): return [(reserved.term.months, reserved.residual != nil)]
    case .fleet(let fleet):
      let layers = fleet.committedLayers.filter { $0.gpus > 0 }
      return layers.map { ($0.purchase.termMonths, fleet.commitments.residual != nil) }
    }
  }
}
