// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a result says of an option's cost that follows from the cost matrix alone.

/// The cost of one option over the futures, summarized.
public struct OptionStatistics: Sendable, Hashable {
  /// Mean and percentiles of the cost.
  public let totalCost: Spread
  /// Mean of the worst 5 % of futures.
  public let conditionalValueAtRisk95: Double
  /// The probability of being the cheapest.
  public let probabilityCheapest: Probability
  /// Mean cost above the cheapest option of each future.
  public let expectedRegret: Double
  /// The cost's quantiles at 0 %, 1 %, … 100 %.
  public let costQuantiles: [Double]
}

extension CostMatrix {
  /// The statistics of every option, in their order.
  /// - Parameter simulations: the number of clusters; see `probabilityCheapest(simulations:)`.
  /// - Complexity: O(options × futures × log futures).
  public func statistics(simulations: Int) -> [OptionStatistics] {
    let probabilities = probabilityCheapest(simulations: simulations)
    let regrets = expectedRegret
    return (0..<options).map { option in
      let costs = row(option)
      return OptionStatistics(
        totalCost: Spread(samples: costs), conditionalValueAtRisk95: conditionalValueAtRisk(of: costs),
        probabilityCheapest: probabilities[option], expectedRegret: regrets[option],
        costQuantiles: percentileCurve(of: costs))
    }
  }
}
