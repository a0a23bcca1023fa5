// SPDX-License-Identifier: GPL-3.0-or-later
// What `size` finds: how an option's cost and service follow the size of its first supply, and how its fleets' hours
// are bought cheapest.

/// The sizes and purchases proposed for one option.
public struct SizingResult: Codable, Sendable, Hashable {
  /// The scenario's id.
  public var scenario: String
  /// The option's id.
  public var option: String
  /// The option's title.
  public var title: String
  /// The seed.
  public var seed: UInt64
  /// Months of the horizon.
  public var months: Int
  /// Futures whose demand and throughput were simulated for the spreads.
  public var physicalFutures: Int
  /// Futures of the prices in all.
  public var priceFutures: Int
  /// The share of requests that has to keep its objective.
  public var requiredServiceLevel: Double
  /// Sizes that the scenario left open, as they were found.
  public var choices: [SizeChoice]
  /// Cost against size, one study for each model of the first supply that has a size.
  public var bases: [BaseStudy]
  /// How the hours of each fleet are bought cheapest.
  public var purchases: [PurchaseStudy]
  /// What a reader should know, such as why a study is missing.
  public var notes: [String]

  /// A result.
  public init(
    scenario: String, option: String, title: String, seed: UInt64, months: Int, physicalFutures: Int,
    priceFutures: Int, requiredServiceLevel: Double, choices: [SizeChoice], bases: [BaseStudy],
    purchases: [PurchaseStudy], notes: [String]
  ) {
    self.scenario = scenario
    self.option = option
    self.title = title
    self.seed = seed
    self.months = months
    self.physicalFutures = physicalFutures
    self.priceFutures = priceFutures
    self.requiredServiceLevel = requiredServiceLevel
    self.choices = choices
    self.bases = bases
    self.purchases = purchases
    self.notes = notes
  }
}

/// Total cost of an option against the size of one part of it.
public struct BaseStudy: Codable, Sendable, Hashable {
  /// A size as it was tried, in the median future.
  public struct Point: Codable, Sendable, Hashable {
    /// Replicas or units.
    public var size: Int
    /// Its GPUs; nil for units.
    public var gpus: Int?
    /// Mean discounted cost of the whole option over the horizon, under the prices of all futures, $.
    public var cost: Double
    /// Share of all requests within their objective.
    public var serviceLevel: Double
    /// Share of the requests offered to the part that it refused; 1 at size 0.
    public var refusedShare: Double

    /// A size.
    public init(size: Int, gpus: Int?, cost: Double, serviceLevel: Double, refusedShare: Double) {
      self.size = size
      self.gpus = gpus
      self.cost = cost
      self.serviceLevel = serviceLevel
      self.refusedShare = refusedShare
    }
  }

  /// The supply's name.
  public var supply: String
  /// The model's id.
  public var model: String
  /// `replicas` or `units`.
  public var unit: String
  /// The sizes tried, ascending.
  public var points: [Point]
  /// How they were chosen, in words.
  public var method: String
  /// The size that the scenario has.
  public var present: Int
  /// The size of least cost among those that serve well enough, or the one that serves best where none does.
  public var best: Int
  /// Whether the best size serves well enough.
  public var bestIsGoodEnough: Bool
  /// Cost of the present size over the futures, $.
  public var presentCost: Spread
  /// Cost of the best size over the same futures, $.
  public var bestCost: Spread

  /// A study.
  public init(
    supply: String, model: String, unit: String, points: [Point], method: String, present: Int, best: Int,
    bestIsGoodEnough: Bool, presentCost: Spread, bestCost: Spread
  ) {
    self.supply = supply
    self.model = model
    self.unit = unit
    self.points = points
    self.method = method
    self.present = present
    self.best = best
    self.bestIsGoodEnough = bestIsGoodEnough
    self.presentCost = presentCost
    self.bestCost = bestCost
  }
}

/// The cheapest way to buy the hours of a fleet as it is sized.
public struct PurchaseStudy: Codable, Sendable, Hashable {
  /// GPUs bought in one way; nil GPUs take the rest.
  public struct Layer: Codable, Sendable, Hashable {
    /// The purchase type.
    public var purchase: String
    /// GPUs paid for in every hour, or nil for the hours above.
    public var gpus: Int?

    /// A layer.
    public init(purchase: String, gpus: Int?) {
      self.purchase = purchase
      self.gpus = gpus
    }
  }

  /// One way to buy, at median prices.
  public struct Offer: Codable, Sendable, Hashable {
    /// The purchase type.
    public var purchase: String
    /// $ per GPU-hour.
    public var price: Double
    /// Share of the hours from which on it is cheaper than on demand, with what its term still costs after the horizon
    /// and the discount counted in; over 1 means never. Nil for on demand itself.
    public var threshold: Double?

    /// An offer.
    public init(purchase: String, price: Double, threshold: Double?) {
      self.purchase = purchase
      self.price = price
      self.threshold = threshold
    }
  }

  /// The supply's name.
  public var supply: String
  /// The GPU's id.
  public var gpu: String
  /// The ways to buy.
  public var offers: [Offer]
  /// Share of the hours of the horizon in which at least `k` GPUs are paid for, from k = 1: the load-duration curve in
  /// the median future.
  public var hoursShareOfGPU: [Double]
  /// As the scenario has it.
  public var present: [Layer]
  /// The cheapest mix at median prices.
  public var proposed: [Layer]
  /// Discounted cost of the fleet's hours at median prices as the scenario has it, $.
  public var presentMedianCost: Double
  /// The same under the mix proposed, $.
  public var proposedMedianCost: Double
  /// Discounted cost of the whole option over the futures as the scenario has it, $.
  public var presentCost: Spread
  /// The same under the mix proposed, $.
  public var proposedCost: Spread
  /// Share of the futures in which the mix proposed costs less.
  public var cheaperShare: Double

  /// A study.
  public init(
    supply: String, gpu: String, offers: [Offer], hoursShareOfGPU: [Double], present: [Layer],
    proposed: [Layer], presentMedianCost: Double, proposedMedianCost: Double, presentCost: Spread,
    proposedCost: Spread, cheaperShare: Double
  ) {
    self.supply = supply
    self.gpu = gpu
    self.offers = offers
    self.hoursShareOfGPU = hoursShareOfGPU
    self.present = present
    self.proposed = proposed
    self.presentMedianCost = presentMedianCost
    self.proposedMedianCost = proposedMedianCost
    self.presentCost = presentCost
    self.proposedCost = proposedCost
    self.cheaperShare = cheaperShare
  }
}
