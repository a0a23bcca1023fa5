// SPDX-License-Identifier: GPL-3.0-or-later
// How a fleet's hours are bought, as lines of the ledger: layers that are paid for used or not, and the rest.

import Catalog
import Decision
import Economics
import Quantities
import Scenario
import Uncertainty

extension OptionCompiler {
  /// The lines of a fleet's GPU-hours.
  mutating func addHours(of supply: FleetDefinition, _ index: Int, price: inout UncertainInputs) {
    let horizon = scenario.horizon
    var committed = 0
    for layer in supply.committedLayers where layer.gpus > 0 {
      let hour = gpuHour(of: supply, layer.purchase)
      let commitment = supply.commitment(of: layer.purchase)
      add(
        CostLine(
          component: "GPU-hours, \(layer.purchase.rawValue)",
          quantity: .committed(
            supply: index,
            hours: commitment.hours(from: horizon.start, months: horizon.months).map {
              $0 * Double(layer.gpus)
            })), hour, term: layer.purchase.termMonths, price: &price)
      addOwed(
        commitment, supply: index, units: layer.gpus, hour, supply.commitments.residual, price: &price)
      committed += layer.gpus
    }
    guard let rest = supply.purchaseOfRest else { return }
    add(
      CostLine(
        component: "GPU-hours, \(rest.rawValue)",
        quantity: committed == 0
          ? .gpuHours(supply: index) : .gpuHoursAbove(supply: index, gpus: committed)),
      gpuHour(of: supply, rest), price: &price)
  }

  /// The line of what a commitment still costs after the horizon, billed with its last month, and of what of it is used
  /// or sold on.
  mutating func addOwed(
    _ commitment: Commitment, supply: Int, units: Int, _ hour: Price, _ residual: UncertainValue?,
    price: inout UncertainInputs
  ) {
    let horizon = scenario.horizon
    let owed = commitment.hoursAfter(horizon: horizon.months, from: horizon.start) * Double(units)
    guard owed > 0 else { return }
    func line(_ component: String, _ hours: Double) -> CostLine {
      let before = Array(repeating: 0.0, count: horizon.months - 1)
      return CostLine(component: component, quantity: .committed(supply: supply, hours: before + [hours]))
    }
    add(line("Commitments after the horizon", owed), hour, term: commitment.termMonths, price: &price)
    if let residual {
      add(
        line("Commitments used or sold on", -owed), hour, residual, term: commitment.termMonths,
        price: &price)
    }
  }

  /// The scenario has been checked: there is such a price.
  private func gpuHour(of supply: FleetDefinition, _ purchase: PurchaseType) -> Price {
    guard let price = scenario.reference.prices.gpuHour(of: supply.gpu, region: supply.region)[purchase]
    else {
      preconditionFailure("an unchecked scenario: no \(purchase.rawValue) price of \(supply.gpu)")
    }
    return price
  }
}

extension FleetDefinition {
  /// What a purchase type binds to.
  func commitment(of purchase: PurchaseType) -> Commitment {
    guard purchase == .capacityBlock else { return .term(months: purchase.termMonths) }
    guard let days = commitments.blockDays else {
      preconditionFailure("an unchecked scenario: a capacity block without its days")
    }
    return .blocks(days: days)
  }
}

extension Commitment {
  /// Months for which the price of signing holds; a block of days is bought at the price of its month.
  fileprivate var termMonths: Int { if case .term(let months) = self { months } else { 0 } }
}

extension PricedOption {
  /// What is committed of a supply, and how much of it is used over a bill's time; nil where nothing is committed.
  /// - Parameter hours: hours in which exactly so many GPUs were paid for.
  static func commitment(of supply: SupplyDefinition, hours: [Double]) -> CommitmentResult? {
    guard case .fleet(let fleet) = supply else { return nil }
    let gpus = fleet.committedLayers.reduce(0) { $0 + $1.gpus }
    guard gpus > 0 else { return nil }
    let curve = LoadDurationCurve(hours: hours)
    let used = curve.hours(within: gpus)
    return CommitmentResult(
      gpus: gpus, usedHours: used, unusedHours: Double(gpus) * curve.total - used,
      hoursAbove: curve.hours(above: gpus))
  }
}

extension SupplyDefinition {
  /// Whether it is reserved throughput.
  var isReserved: Bool { if case .reserved = self { true } else { false } }
}
