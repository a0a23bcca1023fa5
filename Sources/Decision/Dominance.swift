// SPDX-License-Identifier: GPL-3.0-or-later
// Which options nobody should choose, whatever their attitude to risk.

/// How one distribution of costs compares with another (Hadar, Russell: Rules for ordering uncertain prospects,
/// American Economic Review 59, 1969; Levy: Stochastic dominance and expected utility, 1992,
/// doi:10.1287/mnsc.38.4.555).
public enum Dominance: String, Codable, Sendable, Hashable {
  /// Neither cheaper at every quantile nor in the mean of every bad end.
  case none
  /// Everybody who dislikes risk prefers it: the mean of the worst costs is no greater, whatever share of them
  /// is looked at.
  case secondOrder = "second-order"
  /// Everybody who prefers less cost to more prefers it: no quantile is greater. Implies second order.
  case firstOrder = "first-order"
}

extension CostMatrix {
  /// Whether an option's costs dominate another's in these futures; equal distributions do not.
  /// - Complexity: O(futures × log futures).
  public func dominance(of option: Int, over other: Int) -> Dominance {
    Dominance(of: row(option).sorted(by: >), over: row(other).sorted(by: >))
  }

  /// By option: the options that dominate it, each with its order.
  /// - Complexity: O(options² × futures).
  public var dominators: [[(option: Int, dominance: Dominance)]] {
    let sorted = (0..<options).map { row($0).sorted(by: >) }
    return (0..<options).map { option in
      (0..<options).compactMap { other in
        let dominance = Dominance(of: sorted[other], over: sorted[option])
        return other == option || dominance == .none ? nil : (other, dominance)
      }
    }
  }

  /// The probability that an option costs more than a budget, with its 95 % interval.
  /// - Parameter simulations: clusters; see `probabilityCheapest(simulations:)`.
  public func probabilityAbove(_ budget: Double, option: Int, simulations: Int) -> Probability {
    precondition(
      simulations >= 1 && futures % simulations == 0, "\(futures) futures in \(simulations) clusters")
    let size = futures / simulations
    let costs = row(option)
    return Probability(
      clusterMeans: (0..<simulations).map { cluster in
        Double(costs[cluster * size..<(cluster + 1) * size].count { $0 > budget }) / Double(size)
      }, clusterSize: size)
  }
}

extension Dominance {
  /// The comparison of two samples of one size, the greatest costs first.
  fileprivate init(of costs: [Double], over others: [Double]) {
    var (isFirst, isSecond, differs) = (true, true, false)
    var (sum, otherSum) = (0.0, 0.0)
    for (cost, other) in zip(costs, others) {
      if cost != other { differs = true }
      if cost > other { isFirst = false }
      sum += cost
      otherSum += other
      if sum > otherSum { isSecond = false }
    }
    // No quantile greater means no sum of them greater; rounding must not say otherwise.
    self = !differs ? .none : isFirst ? .firstOrder : isSecond ? .secondOrder : .none
  }
}
