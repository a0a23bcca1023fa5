// SPDX-License-Identifier: GPL-3.0-or-later
// The cheapest purchase of a fleet's hours: its load-duration curve against the prices of the book.

import Catalog
import Decision
import Economics
import Foundation
import Quantities
import Scenario
import Simulation
import Uncertainty

/// Why no mix is proposed for a fleet.
struct NoPurchaseMix: Error {
  var words: String
}

extension PlanModel {
  /// The cheapest mix for a fleet of the only option, at median prices, and what it costs over the futures.
  /// - Parameter present: the option as it is, over the futures; how its hours are bought changes no simulation.
  func purchaseStudy(
    _ supply: Int, _ fleet: FleetDefinition, present: [SizingTrial], threads: Int
  ) throws(PlanningProblem) -> Result<PurchaseStudy, NoPurchaseMix> {
    if fleet.owned != nil {
      return .failure(NoPurchaseMix(words: "its GPUs are owned, so there is no hour to buy"))
    }
    if fleet.purchase == .spot {
      return .failure(NoPurchaseMix(words: "spot capacity comes and goes, so no mix is proposed for it"))
    }
    let prices = scenario.reference.prices.gpuHour(of: fleet.gpu, region: fleet.region)
    func median(_ type: PurchaseType) -> Double? {
      prices[type].map { $0.factors.reduce(1) { $0 * $1.distribution.quantile(0.5) } }
    }
    guard let hourly = median(.onDemand) else {
      return .failure(NoPurchaseMix(words: "there is no on-demand price of \(fleet.gpu) to weigh against"))
    }
    let commitments = PurchaseType.allCases.filter {
      $0.isCommitment && median($0) != nil && ($0 != .capacityBlock || fleet.commitments.blockDays != nil)
    }
    guard !commitments.isEmpty else {
      return .failure(
        NoPurchaseMix(
          words: "the price book has no committed price of \(fleet.gpu); add prices.gpu_hour.\(fleet.gpu)."
            + "committed-1-year, or capacity-block with the fleet's block_days"))
    }
    let discount = discountFactors
    let bills = Self.trials([self], in: medianFuture, threads: threads)[0].bills
    // Hours of later months count for less, as their money does.
    var (curve, plain) = (LoadDurationCurve(), LoadDurationCurve())
    for (bill, factor) in zip(bills, discount) {
      curve.add(bill.hoursByGPUs[supply], weight: factor)
      plain.add(bill.hoursByGPUs[supply], weight: 1)
    }
    let perGPU = commitments.map { type in
      hoursPaid(fleet.commitment(of: type), residual: fleet.commitments.residual?.distribution.quantile(0.5))
        * (median(type) ?? 0)
    }
    let offers = PurchaseOffers(perHour: hourly, perGPU: perGPU)
    let mix = PurchaseMix.cheapest(for: curve, offers)
    var proposed = fleet
    proposed.purchase = .onDemand
    proposed.commitments.hasRest = true
    proposed.commitments.layers = zip(commitments, mix.gpus).filter { $0.1 > 0 }.map {
      PurchaseLayer(purchase: $0.0, gpus: $0.1)
    }
    let definition = options[0].definition
    var other = definition
    other.chain[supply] = .fleet(proposed)
    let spreads = try costs(of: [(definition, present), (other, present)])
    let cheaper = zip(spreads[0], spreads[1]).count { $0.1 < $0.0 }
    var offered = zip(commitments, perGPU).map { type, cost in
      PurchaseStudy.Offer(
        purchase: type.rawValue, price: median(type) ?? 0,
        threshold: hourly * curve.total > 0 ? cost / (hourly * curve.total) : .greatestFiniteMagnitude)
    }
    offered.append(.init(purchase: PurchaseType.onDemand.rawValue, price: hourly, threshold: nil))
    return .success(
      PurchaseStudy(
        supply: fleet.name, gpu: fleet.gpu, offers: offered,
        hoursShareOfGPU: plain.hoursOfGPU.prefix(plain.mostGPUs).map { $0 / plain.total },
        present: Self.layers(of: fleet), proposed: Self.layers(of: proposed),
        presentMedianCost: try medianCost(of: definition, supply: supply, bills),
        proposedMedianCost: try medianCost(of: other, supply: supply, bills),
        presentCost: Spread(samples: spreads[0]), proposedCost: Spread(samples: spreads[1]),
        cheaperShare: Double(cheaper) / Double(spreads[0].count)))
  }

  /// The factor on money of each month, at the median discount rate.
  private var discountFactors: [Double] {
    let rate = discountRate.value(in: price.medians)
    return (0..<scenario.horizon.months).map { pow(1 + rate, -Double($0) / 12) }
  }

  /// Discounted hours that one GPU is paid for under a commitment, what is owed after the horizon among them.
  private func hoursPaid(_ commitment: Commitment, residual: Double?) -> Double {
    let horizon = scenario.horizon
    let factors = discountFactors
    let within = zip(commitment.hours(from: horizon.start, months: horizon.months), factors)
      .reduce(0) { $0 + $1.0 * $1.1 }
    let after = commitment.hoursAfter(horizon: horizon.months, from: horizon.start)
    return within + after * (1 - (residual ?? 0)) * (factors.last ?? 1)
  }

  /// Discounted cost of a fleet's hours at median prices.
  private func medianCost(
    of definition: OptionDefinition, supply: Int, _ bills: [BillOfQuantities]
  ) throws(PlanningProblem) -> Double {
    let plan = try with([definition])
    let (blueprint, factors) = (plan.options[0], discountFactors)
    let prices = blueprint.linePrices(in: plan.price.medians)
    return zip(blueprint.schedule.lines, prices).reduce(0) { sum, line in
      switch line.0.quantity {
      case .gpuHours(supply), .gpuHoursAbove(supply, _), .committed(supply, _):
        sum
          + bills.enumerated().reduce(0) {
            $0 + line.0.quantity.amount(in: $1.element, month: $1.offset) * line.1 * factors[$1.offset]
          }
      default: sum
      }
    }
  }

  private static func layers(of fleet: FleetDefinition) -> [PurchaseStudy.Layer] {
    fleet.committedLayers.filter { $0.gpus > 0 }.map { .init(purchase: $0.purchase.rawValue, gpus: $0.gpus) }
      + [fleet.purchaseOfRest].compactMap(\.self).map { .init(purchase: $0.rawValue, gpus: nil) }
  }
}
