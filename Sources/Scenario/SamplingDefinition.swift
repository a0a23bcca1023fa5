// SPDX-License-Identifier: GPL-3.0-or-later
// How a scenario wants its futures sampled.

public import Uncertainty

/// How many futures, and how they are spread over what is uncertain.
public struct Sampling: Sendable, Hashable {
  /// Futures priced (physical draws × price draws).
  public var draws: Int
  /// Draws of the physical inputs, each simulated; divides `draws`.
  public var simulations: Int
  /// The seed.
  public var seed: UInt64
  /// How the futures are spread.
  public var method: SamplingMethod
  /// Replicates asked for, each with a random scramble of its own; nil leaves it to `replicates`.
  public var wantedReplicates: Int?
  /// When to stop adding rounds of futures; nil where the first is all there is.
  public var target: SamplingTarget?
  /// Whether all physical draws are simulated.
  public var fidelity: Fidelity
  /// Of a fast run: what to simulate, and what error to put up with.
  public var fast: FastSampling

  /// A sampling plan.
  public init(
    draws: Int, simulations: Int, seed: UInt64, method: SamplingMethod = .sobol,
    wantedReplicates: Int? = nil, target: SamplingTarget? = nil, fidelity: Fidelity = .full,
    fast: FastSampling = FastSampling()
  ) {
    self.draws = draws
    self.simulations = simulations
    self.seed = seed
    self.method = method
    self.wantedReplicates = wantedReplicates
    self.target = target
    self.fidelity = fidelity
    self.fast = fast
  }

  /// Independent sets that the simulations come in: intervals are computed from their scatter. A divisor of
  /// `simulations`, and no more than asked for.
  ///
  /// Where nothing is asked for: eight, which makes Student's t 2.4, of at least four simulations each; four of as
  /// many where there are fewer; one where even points matter more than an interval of their own.
  public var replicates: Int {
    if let wantedReplicates {
      return (1...max(1, min(wantedReplicates, simulations))).last { simulations % $0 == 0 } ?? 1
    }
    return [8, 4].first { simulations % $0 == 0 && simulations >= 4 * $0 } ?? 1
  }
}

/// How precise a result should be, and what it may cost. Half widths are of 95 % intervals.
public struct SamplingTarget: Sendable, Hashable {
  /// Half width of the interval of the recommended option's mean cost, as a share of the mean; nil where it does not
  /// matter.
  public var meanCost: Double?
  /// Half width of the interval of the probability that the recommended option is the cheapest; nil where it does not
  /// matter.
  public var probabilityCheapest: Double?
  /// The most futures that may be priced; nil leaves it to `defaultMaximumFactor`.
  public var maximumDraws: Int?

  /// Where no maximum is given, the most futures as a multiple of those of the first round.
  public static let defaultMaximumFactor = 16

  /// A target.
  public init(meanCost: Double? = nil, probabilityCheapest: Double? = nil, maximumDraws: Int? = nil) {
    self.meanCost = meanCost
    self.probabilityCheapest = probabilityCheapest
    self.maximumDraws = maximumDraws
  }
}

/// Two uncertain inputs that move together.
public struct InputCorrelation: Sendable, Hashable {
  /// Path of the one, such as `prices.gpu_hour.h100-sxm.spot`.
  public var first: String
  /// Path of the other.
  public var second: String
  /// Correlation of their normal scores, from -1 to 1.
  public var value: Double
  /// Where the scenario says so, `file:line:column`.
  public var location: String

  /// A correlation.
  public init(first: String, second: String, value: Double, location: String) {
    self.first = first
    self.second = second
    self.value = value
    self.location = location
  }
}
