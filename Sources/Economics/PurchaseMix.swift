// SPDX-License-Identifier: GPL-3.0-or-later
// The cheapest way to buy the hours of a load-duration curve: reserve the GPUs that are needed most, rent the rest.

/// What one GPU costs over a horizon under each way to buy it.
public struct PurchaseOffers: Sendable, Hashable {
  /// $ for each hour in which it is used, from whoever sells by the hour.
  public var perHour: Double
  /// $ for one GPU over the whole horizon, used or not, by commitment on offer.
  public var perGPU: [Double]

  /// Offers; no price is negative.
  public init(perHour: Double, perGPU: [Double]) {
    precondition(perHour >= 0 && perGPU.allSatisfy { $0 >= 0 }, "a negative price: \(perHour), \(perGPU)")
    self.perHour = perHour
    self.perGPU = perGPU
  }
}

/// How many GPUs are bought under each commitment; hours above all of them are bought by the hour.
public struct PurchaseMix: Sendable, Hashable {
  /// GPUs by commitment, in the order of the offers.
  public var gpus: [Int]

  /// A mix; no count is negative.
  public init(gpus: [Int]) {
    precondition(gpus.allSatisfy { $0 >= 0 }, "a negative number of GPUs: \(gpus)")
    self.gpus = gpus
  }

  /// GPUs committed in all.
  public var committed: Int { gpus.reduce(0, +) }

  /// What a curve's hours cost under the mix, $.
  public func cost(of curve: LoadDurationCurve, _ offers: PurchaseOffers) -> Double {
    precondition(gpus.count == offers.perGPU.count, "\(gpus.count) counts for \(offers.perGPU.count) offers")
    let reserved = zip(gpus, offers.perGPU).reduce(0) { $0 + Double($1.0) * $1.1 }
    return reserved + offers.perHour * curve.hours(above: committed)
  }

  /// The mix of least cost: the k-th GPU is reserved where its hours at the hourly price cost more than it costs
  /// reserved, that is where it is needed in more than (reserved price / hourly price) of the hours.
  ///
  /// This is exact. A mix that commits K GPUs in all pays the hourly price for the hours of GPU K + 1 and up, and for
  /// each of the K at least the least commitment's price; the terms of that sum do not depend on each other, and as a
  /// GPU's hours never rise with its number, those worth reserving are the first ones. Among commitments that cost the
  /// same the first is taken, and by the hour what costs the same either way. (The rule of screening curves in
  /// generation planning: Phillips, Jenkin, Pritchard, Rybicki, A mathematical model for determining generating plant
  /// mix, 1969.)
  /// - Complexity: O(length of the curve + offers).
  public static func cheapest(for curve: LoadDurationCurve, _ offers: PurchaseOffers) -> PurchaseMix {
    var mix = PurchaseMix(gpus: offers.perGPU.map { _ in 0 })
    guard let least = offers.perGPU.min(), let offer = offers.perGPU.firstIndex(of: least) else { return mix }
    mix.gpus[offer] = curve.hoursOfGPU.prefix { $0 * offers.perHour > least }.count
    return mix
  }
}
