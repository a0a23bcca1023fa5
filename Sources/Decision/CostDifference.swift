// SPDX-License-Identifier: GPL-3.0-or-later
// Options of one future meet the same demand and prices, so their difference is surer than either cost: what a
// choice is made on is the distribution of the difference, which the two distributions alone do not tell.

/// What the recommended option saves against another one, over the same futures.
public struct CostDifference: Codable, Sendable, Hashable {
  /// The recommended option's id.
  public var option: String
  /// The id of the option it is held against.
  public var against: String
  /// Cost of `against` less cost of `option`, $ of today over the horizon; below 0 where `option` costs more.
  public var saving: Spread
  /// 101 quantiles of the saving, at 0 %, 1 %, … 100 %.
  public var savingQuantiles: [Double]
  /// The share of futures in which `option` costs less.
  public var cheaperShare: Double

  /// A difference as it was found.
  public init(
    option: String, against: String, saving: Spread, savingQuantiles: [Double], cheaperShare: Double
  ) {
    self.option = option
    self.against = against
    self.saving = saving
    self.savingQuantiles = savingQuantiles
    self.cheaperShare = cheaperShare
  }

  /// The difference of two options' costs, future by future.
  /// - Parameters:
  ///   - cost: of the recommended option, by future.
  ///   - otherCost: of the other one in the same futures, at least one.
  /// - Complexity: O(futures × log futures).
  public init(option: String, cost: [Double], against: String, otherCost: [Double]) {
    precondition(
      cost.count == otherCost.count && !cost.isEmpty, "\(cost.count) futures against \(otherCost.count)")
    let savings = zip(otherCost, cost).map { $0 - $1 }
    self.init(
      option: option, against: against, saving: Spread(samples: savings),
      savingQuantiles: percentileCurve(of: savings),
      cheaperShare: Double(savings.count { $0 > 0 }) / Double(savings.count))
  }
}
