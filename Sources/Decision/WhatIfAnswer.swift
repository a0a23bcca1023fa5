// SPDX-License-Identifier: GPL-3.0-or-later
// What a change would do: the same futures before and after it, option by option, and whether the decision changes.

/// The answer to "what if".
public struct WhatIfAnswer: Codable, Sendable, Hashable {
  /// The version of this document's layout.
  public var schemaVersion = 1
  /// The scenario's id.
  public var scenario: String
  /// Its title.
  public var title: String
  /// What is compared with: a scenario file, or a stored run.
  public var base: String
  /// The changes, as `path=value`, in order.
  public var changes: [String]
  /// Whether nothing had to be simulated that the base has not simulated, because only prices change.
  public var isPriceOnly: Bool
  /// Futures priced after the change.
  public var draws: Int
  /// Physical draws of them.
  public var simulations: Int
  /// The recommended option before.
  public var before: String
  /// The recommended option after.
  public var after: String
  /// Whether these differ.
  public var decisionFlips: Bool
  /// What the change does to the decision, in words.
  public var sentence: String
  /// Every option, in the order of the scenario after the change; those that only the base has come last.
  public var options: [OptionChange]

  /// An answer.
  public init(
    scenario: String, title: String, base: String, changes: [String], isPriceOnly: Bool, draws: Int,
    simulations: Int, before: String, after: String, sentence: String, options: [OptionChange]
  ) {
    self.scenario = scenario
    self.title = title
    self.base = base
    self.changes = changes
    self.isPriceOnly = isPriceOnly
    self.draws = draws
    self.simulations = simulations
    self.before = before
    self.after = after
    decisionFlips = before != after
    self.sentence = sentence
    self.options = options
  }

  /// One option before and after.
  public struct OptionChange: Codable, Sendable, Hashable {
    /// The option's id.
    public var name: String
    /// Its title.
    public var title: String
    /// Before the change; nil where there was no such option.
    public var before: OptionOutlook?
    /// After it; nil where there is none any more.
    public var after: OptionOutlook?
    /// What its cost changes by, future by future, $; nil where the futures are not the same, or the option is only on
    /// one side.
    public var difference: Spread?

    /// A change.
    public init(
      name: String, title: String, before: OptionOutlook?, after: OptionOutlook?, difference: Spread?
    ) {
      self.name = name
      self.title = title
      self.before = before
      self.after = after
      self.difference = difference
    }

    /// What its mean cost changes by, $; nil where it is only on one side.
    public var meanChange: Double? {
      guard let before, let after else { return nil }
      return after.totalCost.mean - before.totalCost.mean
    }

    /// That as a share of the mean before; nil where there is none.
    public var relativeChange: Double? {
      guard let meanChange, let mean = before?.totalCost.mean, mean != 0 else { return nil }
      return meanChange / abs(mean)
    }
  }
}

/// What an option costs and how it serves: the figures that a decision looks at.
public struct OptionOutlook: Codable, Sendable, Hashable {
  /// Cost over the horizon, discounted, $.
  public var totalCost: Spread
  /// The probability of being the cheapest of those that serve well enough.
  public var probabilityCheapest: Probability
  /// Share of requests served within their objective.
  public var serviceLevel: Double
  /// Whether that is enough to be recommended.
  public var meetsServiceLevel: Bool

  /// An outlook.
  public init(
    totalCost: Spread, probabilityCheapest: Probability, serviceLevel: Double, meetsServiceLevel: Bool
  ) {
    self.totalCost = totalCost
    self.probabilityCheapest = probabilityCheapest
    self.serviceLevel = serviceLevel
    self.meetsServiceLevel = meetsServiceLevel
  }
}
