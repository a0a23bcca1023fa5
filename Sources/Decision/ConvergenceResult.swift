// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the result document that says how many futures it took, why it ended there, and where the scatter of the
// costs comes from: what to buy more of, simulations or prices.

import Numerics
public import Uncertainty

/// How a run came to its number of futures.
public struct ConvergenceResult: Codable, Sendable, Hashable {
  /// Why a run ended.
  public enum Ending: String, Codable, Sendable, Hashable {
    /// It was asked for so many futures.
    case asAsked = "as asked"
    /// The intervals are as narrow as was asked for.
    case target
    /// The most futures allowed were priced, and the intervals are wider than asked for.
    case maximum
  }

  /// Why it ended.
  public var ending: Ending
  /// Half width asked for the mean cost, as a share of it; nil where none was.
  public var meanCostTarget: Double?
  /// Half width asked for P(cheapest); nil where none was.
  public var probabilityCheapestTarget: Double?
  /// The most futures allowed; nil where there was no target.
  public var maximumDraws: Int?
  /// The rounds, each with the futures of those before; one where there was no target.
  public var rounds: [ConvergenceRound]
  /// By option, in the scenario's order: where the variance of its cost comes from.
  public var variances: [CostVariance]

  /// An account of a run.
  public init(
    ending: Ending, meanCostTarget: Double?, probabilityCheapestTarget: Double?, maximumDraws: Int?,
    rounds: [ConvergenceRound], variances: [CostVariance]
  ) {
    self.ending = ending
    self.meanCostTarget = meanCostTarget
    self.probabilityCheapestTarget = probabilityCheapestTarget
    self.maximumDraws = maximumDraws
    self.rounds = rounds
    self.variances = variances
  }
}

/// What was known after a round.
public struct ConvergenceRound: Codable, Sendable, Hashable {
  /// Independent sets of futures so far.
  public var replicates: Int
  /// Physical draws simulated so far.
  public var simulations: Int
  /// Futures priced.
  public var draws: Int
  /// The option recommended by them.
  public var option: String
  /// Its mean cost, $ over the horizon, discounted; nil where there are too few simulations for an interval.
  public var meanCost: IntervalEstimate?
  /// The probability that it is the cheapest.
  public var probabilityCheapest: Probability

  /// A round.
  public init(
    replicates: Int, simulations: Int, draws: Int, option: String, meanCost: IntervalEstimate?,
    probabilityCheapest: Probability
  ) {
    self.replicates = replicates
    self.simulations = simulations
    self.draws = draws
    self.option = option
    self.meanCost = meanCost
    self.probabilityCheapest = probabilityCheapest
  }

  /// Half the interval of the mean cost as a share of the mean; nil without an interval, 0 where nothing costs
  /// anything.
  public var meanCostHalfWidth: Double? {
    meanCost.map { $0.value == 0 ? 0 : ($0.high - $0.low) / 2 / $0.value.magnitude }
  }

  /// Half the interval of the probability.
  public var probabilityHalfWidth: Double { (probabilityCheapest.high - probabilityCheapest.low) / 2 }
}

/// The variance of an option's cost over futures, by its origin.
public struct CostVariance: Codable, Sendable, Hashable {
  /// The option's id.
  public var option: String
  /// Variance of the cost expected of a simulation, over simulations: what more simulations average out, $².
  public var betweenSimulations: Double
  /// Variance over the prices of one simulation: what more prices average out, $².
  public var withinSimulations: Double

  /// An option's variance.
  public init(option: String, betweenSimulations: Double, withinSimulations: Double) {
    self.option = option
    self.betweenSimulations = betweenSimulations
    self.withinSimulations = withinSimulations
  }
}

extension CostVariance {
  /// The variance of costs by its origin: the one-way analysis of variance with random effects, the estimate of the
  /// part between simulations not below 0 (Searle, Casella, McCulloch: Variance Components, 1992,
  /// doi:10.1002/9780470316856).
  /// - Parameters:
  ///   - costs: by future; those of a simulation together.
  ///   - simulations: divides the number of futures.
  public init(option: String, costs: [Double], simulations: Int) {
    precondition(
      simulations >= 1 && costs.count % simulations == 0, "\(costs.count) futures of \(simulations)")
    let size = costs.count / simulations
    var (means, within) = (Moments(), 0.0)
    for simulation in 0..<simulations {
      let own = Moments(costs[simulation * size..<(simulation + 1) * size])
      means.add(own.mean)
      if size > 1 { within += own.variance / Double(simulations) }
    }
    let between = simulations > 1 ? max(0, means.variance - within / Double(size)) : 0
    self.init(option: option, betweenSimulations: between, withinSimulations: within)
  }
}
