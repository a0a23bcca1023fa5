// SPDX-License-Identifier: GPL-3.0-or-later
// An option's costs beside its supplies, as lines of the ledger.

import Catalog
import Economics
import Quantities
import Scenario
import Uncertainty

extension OptionCompiler {
  /// Hours of a month by which what is kept on disks is billed.
  private static let hoursPerMonth = 730.0

  /// Adds everything that an option costs beside its supplies, whose lines are there already.
  /// - Parameter supplyLines: the places of each supply's lines.
  mutating func addCosts(
    of option: OptionDefinition, supplyLines: [Range<Int>], price: inout UncertainInputs
  ) {
    let costs = option.costs
    var (fleets, ownedLines): ([Int], [Int]) = ([], [])
    for (supply, places) in zip(option.chain, supplyLines) {
      if case .fleet = supply { fleets += places }
    }
    var bought = supplyLines.flatMap(\.self)
    addPeople(costs, price: &price)
    bought += added { $0.addServices(of: option, price: &price) }
    add(CostLine(component: "One-off", quantity: .once), costs.oneOff, &price)
    for (index, supply) in option.chain.enumerated() {
      guard case .fleet(let fleet) = supply, let owned = fleet.owned else { continue }
      ownedLines += added { $0.addOwned(owned, of: fleet, index, price: &price) }
    }
    if let share = costs.redundancyShare {
      bought += addShare(share, of: fleets, component: "Redundancy", price: &price)
      addShare(share, of: ownedLines, component: "Redundancy", price: &price)
    }
    if let share = costs.supportShare {
      bought += addShare(share, of: bought, component: "Support", price: &price)
    }
    if let share = costs.taxShare { addShare(share, of: bought, component: "Tax", price: &price) }
    addPenalties(price: &price)
  }

  /// The places of the lines that `body` adds.
  private mutating func added(_ body: (inout OptionCompiler) -> Void) -> Range<Int> {
    let first = lines.count
    body(&self)
    return first..<lines.count
  }

  private mutating func addPeople(_ costs: FixedCosts, price: inout UncertainInputs) {
    add(CostLine(component: "People", quantity: .monthly), costs.peoplePerMonth, &price)
    for role in costs.roles {
      add(CostLine(component: "People", quantity: .monthly), role.price, role.count, price: &price)
    }
  }

  private mutating func addServices(of option: OptionDefinition, price: inout UncertainInputs) {
    let costs = option.costs
    add(CostLine(component: "Platform", quantity: .monthly), costs.platformPerMonth, &price)
    for service in costs.services {
      add(CostLine(component: "Platform", quantity: .monthly), service.price, service.count, price: &price)
    }
    for (component, use) in [("Load balancer", costs.loadBalancer), ("Observability", costs.observability)] {
      if let month = use.perMonth {
        add(CostLine(component: component, quantity: .monthly), month, price: &price)
      }
      if let requests = use.perMillionRequests {
        add(CostLine(component: component, quantity: .requests), requests, price: &price)
      }
    }
    if let egress = costs.egress {
      // Millions of requests or tokens, of so many bytes, are thousandths of 10⁹ bytes.
      let gigabytes = UncertainValue(name: "", 0.001)
      for (quantity, bytes) in [
        (PricedQuantity.requests, egress.bytesPerRequest), (.answerTokens, egress.bytesPerOutputToken),
      ] where bytes.distribution != .constant(0) {
        add(
          CostLine(component: "Egress", quantity: quantity), egress.perGigabyte, bytes, gigabytes,
          price: &price)
      }
    }
    if let storage = costs.storage { addStorage(storage, option.chain, price: &price) }
  }

  private mutating func addStorage(
    _ storage: FixedCosts.Storage, _ chain: [SupplyDefinition], price: inout UncertainInputs
  ) {
    let perUnit = storage.perGigabyteMonth
    func constant(_ value: Double) -> UncertainValue { UncertainValue(name: "", value) }
    if storage.gigabytes.distribution != .constant(0) {
      add(
        CostLine(component: "Storage", quantity: .monthly), perUnit, storage.gigabytes, price: &price)
    }
    for (supply, definition) in chain.enumerated() {
      guard case .fleet(let fleet) = definition else { continue }
      for pool in fleet.pools {
        guard let model = models.firstIndex(where: { $0.id == pool.model }) else { continue }
        let gigabytes = models[model].weightBytes(precision: pool.weights) / 1e9
        if storage.weightCopies.distribution != .constant(0) {
          add(
            CostLine(component: "Storage", quantity: .monthly), perUnit, storage.weightCopies,
            constant(gigabytes), price: &price)
        }
        if storage.hasReplicaDisks {
          // A replica has one disk, however many GPUs.
          let perGPUHour = gigabytes / Double(pool.gpusPerReplica) / Self.hoursPerMonth
          add(
            CostLine(component: "Storage", quantity: .poolGPUHours(supply: supply, model: model)), perUnit,
            constant(perGPUHour), price: &price)
        }
      }
    }
  }

  /// What is owned: paid for at once, worth something at the end, and fed and housed in between.
  private mutating func addOwned(
    _ owned: OwnedHardware, of fleet: FleetDefinition, _ supply: Int, price: inout UncertainInputs
  ) {
    let months = scenario.horizon.months
    let gpus = Double(owned.gpus ?? fleet.mostGPUs)
    let everyMonth = Array(repeating: gpus, count: months)
    add(
      CostLine(
        component: "Hardware",
        quantity: .scheduled([gpus] + Array(repeating: 0, count: months - 1))), owned.capexPerGPU, &price)
    if let share = owned.residualShare, share.distribution != .constant(0) {
      add(
        CostLine(
          component: "Hardware, worth at the end",
          quantity: .scheduled(Array(repeating: 0, count: months - 1) + [-gpus])), owned.capexPerGPU, share,
        term: months, price: &price)
    }
    for (component, cost) in [
      ("Colocation", owned.colocationPerGPU), ("Maintenance", owned.maintenancePerGPU),
    ] {
      if let cost { add(CostLine(component: component, quantity: .scheduled(everyMonth)), cost, &price) }
    }
    guard let power = owned.power else { return }
    let present = (0..<months).map { gpus * scenario.horizon.start.advanced(by: $0).hours }
    add(
      CostLine(component: "Electricity", quantity: .busyGPUHours(supply: supply)), power.perKilowattHour,
      power.busyKilowatts, power.usageEffectiveness, price: &price)
    add(
      CostLine(component: "Electricity", quantity: .restingGPUHours(supply: supply, present: present)),
      power.perKilowattHour, power.idleKilowatts, power.usageEffectiveness, price: &price)
  }

  /// Adds to some lines a share of each.
  @discardableResult
  private mutating func addShare(
    _ share: UncertainValue, of places: [Int], component: String, price: inout UncertainInputs
  ) -> Range<Int> {
    let first = lines.count
    if share.distribution == .constant(0) { return first..<first }
    let factor = price.reference(share)
    for place in places {
      var formula = prices[place]
      formula.factors.append(factor)
      append(
        CostLine(
          component: component, quantity: lines[place].quantity, monthShares: lines[place].monthShares),
        formula)
    }
    return first..<lines.count
  }

  private mutating func addPenalties(price: inout UncertainInputs) {
    for penalty in scenario.penalties {
      let component = "Missed objectives"
      if let missed = penalty.perThousandMissed {
        add(
          CostLine(component: component, quantity: .missedRequests(useCase: penalty.useCase)), missed, &price)
      }
      if let bill = penalty.billPerMonth, !penalty.credits.isEmpty {
        let credits = penalty.credits.map { ServiceCredit(below: $0.below, share: $0.share) }
        add(
          CostLine(
            component: component, quantity: .serviceCredit(useCase: penalty.useCase, credits: credits)), bill,
          &price)
      }
    }
  }
}
