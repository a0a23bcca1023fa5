// SPDX-License-Identifier: GPL-3.0-or-later
// The result document of a sensitivity study: what a cost hangs on, with everything that moves together with what.

public import Uncertainty

/// How much of the variance of a cost, or of the difference of two, each uncertain input has: alone, and with all its
/// interactions. Money is $ of the first month over the whole horizon.
public struct TotalIndicesResult: Codable, Sendable, Hashable {
  /// The version of this document's form.
  public var schemaVersion = 1
  /// The scenario's name.
  public var scenario: String
  /// The option whose cost it is.
  public var option: String
  /// The option whose cost is subtracted; nil where the cost itself is studied.
  public var against: String?
  /// The seed of all random numbers.
  public var seed: UInt64
  /// Points of each of the two sets.
  public var points: Int
  /// Draws of the prices under which each simulation is priced.
  public var pricesPerPoint: Int
  /// Independent sets of points from whose scatter the intervals come.
  public var replicates: Int
  /// Simulations of the horizon.
  public var simulations: Int
  /// The mean cost.
  public var mean: IntervalEstimate
  /// Standard deviation of the cost over futures; 0 where nothing changes it.
  public var standardDeviation: Double
  /// What varies, the largest total index first.
  public var indices: [TotalIndex]
  /// Inputs that are written as distributions but have one value only. Their indices are 0.
  public var constantInputs: [String]
  /// What a reader should know.
  public var warnings: [String]

  /// A study's result.
  public init(
    scenario: String, option: String, against: String?, seed: UInt64, points: Int, pricesPerPoint: Int,
    replicates: Int, simulations: Int, mean: IntervalEstimate, standardDeviation: Double,
    indices: [TotalIndex], constantInputs: [String], warnings: [String]
  ) {
    self.scenario = scenario
    self.option = option
    self.against = against
    self.seed = seed
    self.points = points
    self.pricesPerPoint = pricesPerPoint
    self.replicates = replicates
    self.simulations = simulations
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.indices = indices
    self.constantInputs = constantInputs
    self.warnings = warnings
  }
}

/// What one independent source of uncertainty does: an input, inputs that are correlated, or chance without a name.
public struct TotalIndex: Codable, Sendable, Hashable {
  /// What kind of source it is.
  public enum Kind: String, Codable, Sendable, Hashable {
    /// An input that the simulation reads.
    case physical
    /// An input that only prices are made of.
    case price
    /// Inputs that are correlated with each other: only together are they independent of the others.
    case correlated
    /// Arrivals, lengths, interruptions: what differs between two simulations of the same inputs.
    case chance
  }

  /// The input's path; of several all of them, ` + ` between; `chance` for what has no name.
  public var name: String
  /// What kind of source it is.
  public var kind: Kind
  /// Its inputs' effects on the mean; none for chance.
  public var swings: [InputSwing]
  /// The share of the variance that knowing it alone removes.
  public var firstOrder: IntervalEstimate
  /// The share of the variance that is left when everything else is known.
  public var total: IntervalEstimate

  /// A source's indices.
  public init(
    name: String, kind: Kind, swings: [InputSwing], firstOrder: IntervalEstimate, total: IntervalEstimate
  ) {
    self.name = name
    self.kind = kind
    self.swings = swings
    self.firstOrder = firstOrder
    self.total = total
  }
}

/// One bar of a tornado.
public struct InputSwing: Codable, Sendable, Hashable {
  /// The input's path.
  public var input: String
  /// Its 10th percentile.
  public var p10: Double
  /// Its 90th percentile.
  public var p90: Double
  /// The mean cost where the input is at its 10th percentile, $; nil where the points are too few to tell.
  public var costAtP10: Double?
  /// The mean cost where it is at its 90th percentile, $; nil where the points are too few to tell.
  public var costAtP90: Double?

  /// A bar.
  public init(input: String, p10: Double, p90: Double, costAtP10: Double?, costAtP90: Double?) {
    self.input = input
    self.p10 = p10
    self.p90 = p90
    self.costAtP10 = costAtP10
    self.costAtP90 = costAtP90
  }
}
