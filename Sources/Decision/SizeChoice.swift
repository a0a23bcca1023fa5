// SPDX-License-Identifier: GPL-3.0-or-later
// A size that a scenario left to the program: what was chosen, and what was tried on the way.

/// A number of replicas or units that was found before the plan ran.
public struct SizeChoice: Codable, Sendable, Hashable {
  /// One size that was simulated.
  public struct Trial: Codable, Sendable, Hashable {
    /// Replicas or units.
    public var size: Int
    /// Share of requests within their objective: of the use case that fares worst where a pool is sized for its
    /// objectives, of all requests where units are sized for their cost.
    public var serviceLevel: Double
    /// Mean cost over the horizon in dollars of the first month; nil where only the objectives count.
    public var cost: Double?

    /// A size that was tried.
    public init(size: Int, serviceLevel: Double, cost: Double? = nil) {
      self.size = size
      self.serviceLevel = serviceLevel
      self.cost = cost
    }
  }

  /// The option's id.
  public var option: String
  /// The supply's name.
  public var supply: String
  /// The model's id.
  public var model: String
  /// `for-slo` or `least-cost`.
  public var rule: String
  /// The number chosen.
  public var size: Int
  /// The share of requests that has to keep its objective.
  public var requiredServiceLevel: Double
  /// The month it was sized in, YYYY-MM; nil where it was sized over the whole horizon.
  public var month: String?
  /// The demand it was sized for, as a multiple of the median future's.
  public var demandMultiple: Double
  /// What was tried, by size.
  public var trials: [Trial]
  /// The choice and its reason in a sentence.
  public var sentence: String

  /// A choice.
  public init(
    option: String, supply: String, model: String, rule: String, size: Int, requiredServiceLevel: Double,
    month: String?, demandMultiple: Double, trials: [Trial], sentence: String
  ) {
    self.option = option
    self.supply = supply
    self.model = model
    self.rule = rule
    self.size = size
    self.requiredServiceLevel = requiredServiceLevel
    self.month = month
    self.demandMultiple = demandMultiple
    self.trials = trials
    self.sentence = sentence
  }
}
