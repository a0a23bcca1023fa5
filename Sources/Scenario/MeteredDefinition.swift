// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of a pay-per-token API.

public import Uncertainty

/// How soon a pay-per-token API answers, and at which prices.
public enum MeteredTier: String, Sendable, Hashable, CaseIterable {
  /// At once.
  case onDemand = "on-demand"
  /// Within hours, for less: only for use cases that can wait.
  case batch
}

/// A pay-per-token API.
public struct MeteredDefinition: Sendable, Hashable {
  /// The supply's name, unique within its chain.
  public var name: String
  /// The price book's provider id.
  public var provider: String
  /// How soon it answers.
  public var tier = MeteredTier.onDemand
  /// Time from a request to its answer in the batch tier, hours.
  public var turnaroundHours = Self.batchWindowHours
  /// Requests per minute that it takes of each model; nil: any number. Physical.
  public var requestsPerMinute: UncertainValue?
  /// Tokens per minute that it takes of each model; nil: any number. Physical.
  public var tokensPerMinute: UncertainValue?
  /// The `max_tokens` that requests ask for and that count towards the quota; nil: what they generate.
  public var maxTokens: Int?
  /// Whether what a request asked for and did not generate is given back to the quota.
  public var returnsUnused = true
  /// What a client does when the quota is used up; nil: it goes to the next supply at once.
  public var retry: RetryDefinition?
  /// What the provider keeps of prompts; nil: nothing.
  public var promptCache: PromptCacheDefinition?
  /// How fast it answers on demand.
  public var latency = LatencyDefinition()
  /// Models that take over when the provider retires another, in the file's order.
  public var replacements: [ModelReplacement] = []

  /// The hours within which a batch is answered (Amazon Bedrock, Azure OpenAI and Vertex AI alike): a use case must be
  /// able to wait so long.
  public static let batchWindowHours = 24.0

  /// A metered supply that answers at once, without limits.
  public init(name: String, provider: String) {
    self.name = name
    self.provider = provider
  }
}

/// A model that takes over where its provider retires another.
public struct ModelReplacement: Sendable, Hashable {
  /// The model that is retired.
  public var model: String
  /// The model that answers from then on.
  public var successor: String

  /// A replacement.
  public init(model: String, successor: String) {
    self.model = model
    self.successor = successor
  }
}
