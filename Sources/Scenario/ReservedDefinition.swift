// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of reserved throughput.

public import Catalog
public import Uncertainty

/// What becomes of a request that reserved units cannot take.
public enum OverflowMode: String, Sendable, Hashable, CaseIterable {
  /// The next supply is asked.
  case next
  /// It is turned away, and no other supply is asked.
  case reject
  /// It asks again later, and goes to the next supply after the last retry.
  case retry
  /// The provider serves it at its prices per token.
  case payAsYouGo = "pay-as-you-go"
}

/// Reserved throughput.
public struct ReservedDefinition: Sendable, Hashable {
  /// The supply's name, unique within its chain.
  public var name: String
  /// The price book's provider id.
  public var provider: String
  /// The commitment.
  public var term: ReservedTerm
  /// Length of the accounting window, seconds.
  public var windowSeconds: Double
  /// Units by model id, in the file's order. A model without units is refused and overflows.
  public var units: [ModelUnits]
  /// When a budget fills up.
  public var windows = ReservedAccounting.Windows.fixed
  /// Input tokens that an output token counts as, where one budget holds for both; nil: a budget each.
  public var outputWeight: Double?
  /// What an input token counts that the prompt cache holds.
  public var cachedInputWeight = 1.0
  /// The `max_tokens` that requests are charged until they are done; nil: what they generate.
  public var maxTokens: Int?
  /// What becomes of what exceeds the units.
  public var overflow = OverflowMode.next
  /// The price book's metered provider that serves it by the token; nil unless the overflow is `payAsYouGo`.
  public var payAsYouGo: String?
  /// How a request asks again; nil unless the overflow is `retry`.
  public var retry: RetryDefinition?
  /// What the provider keeps of prompts; nil: nothing.
  public var promptCache: PromptCacheDefinition?
  /// How fast it answers.
  public var latency = LatencyDefinition()
  /// Share of what is owed after the horizon that is used or sold on. A price.
  public var residual: UncertainValue?

  /// A reserved supply with a budget each for input and output tokens, whose overflow goes to the next supply.
  public init(name: String, provider: String, term: ReservedTerm, windowSeconds: Double, units: [ModelUnits])
  {
    self.name = name
    self.provider = provider
    self.term = term
    self.windowSeconds = windowSeconds
    self.units = units
  }
}

/// Units of reserved throughput for a model.
public struct ModelUnits: Sendable, Hashable {
  /// The model id.
  public var model: String
  /// Units held; while they are to be found, one.
  public var units: Int
  /// Whether the number of least expected cost is to be found.
  public var isLeastCost: Bool

  /// Units for a model.
  public init(model: String, units: Int, isLeastCost: Bool = false) {
    self.model = model
    self.units = units
    self.isLeastCost = isLeastCost
  }
}
