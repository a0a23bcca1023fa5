// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the result document that says how sure its numbers are, what they hang on, and what finding out is
// worth.

public import Uncertainty

/// How sure a result is and what would change it. Money is $ of today over the whole horizon.
public struct UncertaintyResult: Codable, Sendable, Hashable {
  /// How the futures are spread: `sobol`, `latin-hypercube` or `plain`.
  public var method: String
  /// Independent sets of futures from whose scatter the intervals come.
  public var replicates: Int
  /// The scenario's budget, $; nil where it names none.
  public var budget: Double?
  /// By option, in the scenario's order.
  public var options: [OptionUncertainty]
  /// What deciding with foresight would save over deciding now, $ (EVPI).
  public var perfectInformation: IntervalEstimate
  /// The uncertain inputs, what is worth most to find out first.
  public var inputs: [InputSensitivity]
  /// Inputs that may be found out together, in the same order.
  public var groups: [GroupSensitivity]

  /// An uncertainty analysis.
  public init(
    method: String, replicates: Int, budget: Double?, options: [OptionUncertainty],
    perfectInformation: IntervalEstimate, inputs: [InputSensitivity], groups: [GroupSensitivity]
  ) {
    self.method = method
    self.replicates = replicates
    self.budget = budget
    self.options = options
    self.perfectInformation = perfectInformation
    self.inputs = inputs
    self.groups = groups
  }
}

/// How well one option's cost is known.
public struct OptionUncertainty: Codable, Sendable, Hashable {
  /// The option's id.
  public var option: String
  /// Its cost's statistics with their intervals.
  public var cost: CostIntervals
  /// The probability of costing more than the budget; nil without one.
  public var probabilityAboveBudget: Probability?
  /// The options that dominate it in these futures.
  public var dominatedBy: [Dominator]

  /// What is known of an option's cost.
  public init(
    option: String, cost: CostIntervals, probabilityAboveBudget: Probability?, dominatedBy: [Dominator]
  ) {
    self.option = option
    self.cost = cost
    self.probabilityAboveBudget = probabilityAboveBudget
    self.dominatedBy = dominatedBy
  }
}

/// An option that leaves no reason of cost to choose another.
public struct Dominator: Codable, Sendable, Hashable {
  /// Its id.
  public var option: String
  /// First order (for everybody) or second order (for everybody who dislikes risk).
  public var order: Dominance

  /// A dominating option.
  public init(option: String, order: Dominance) {
    self.option = option
    self.order = order
  }
}

/// What hangs on one uncertain input.
public struct InputSensitivity: Codable, Sendable, Hashable {
  /// The input's path, as among the assumptions.
  public var name: String
  /// `physical` or `price`.
  public var kind: String
  /// The input's 10th percentile.
  public var p10: Double
  /// The input's 90th percentile.
  public var p90: Double
  /// What knowing it exactly before deciding is worth, $ (EVPPI).
  public var information: IntervalEstimate
  /// By option, in the scenario's order.
  public var effects: [InputEffect]

  /// An input's sensitivity.
  public init(
    name: String, kind: String, p10: Double, p90: Double, information: IntervalEstimate,
    effects: [InputEffect]
  ) {
    self.name = name
    self.kind = kind
    self.p10 = p10
    self.p90 = p90
    self.information = information
    self.effects = effects
  }
}

/// What one input does to one option's cost.
public struct InputEffect: Codable, Sendable, Hashable {
  /// The option's id.
  public var option: String
  /// Expected cost where the input is at its 10th percentile and all else is as uncertain as ever, $.
  public var costAtP10: Double
  /// Expected cost where the input is at its 90th percentile, $.
  public var costAtP90: Double
  /// Share of the cost's variance that knowing the input alone removes (first-order Sobol' index).
  public var firstOrderIndex: IntervalEstimate

  /// An effect.
  public init(option: String, costAtP10: Double, costAtP90: Double, firstOrderIndex: IntervalEstimate) {
    self.option = option
    self.costAtP10 = costAtP10
    self.costAtP90 = costAtP90
    self.firstOrderIndex = firstOrderIndex
  }
}

/// What knowing several inputs together is worth.
public struct GroupSensitivity: Codable, Sendable, Hashable {
  /// The paths' common beginning, such as `prices.gpu_hour`.
  public var name: String
  /// The inputs' paths.
  public var inputs: [String]
  /// What knowing all of them exactly before deciding is worth, $ (EVPPI).
  public var information: IntervalEstimate

  /// A group.
  public init(name: String, inputs: [String], information: IntervalEstimate) {
    self.name = name
    self.inputs = inputs
    self.information = information
  }
}
