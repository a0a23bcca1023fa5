// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of any service on somebody else's machines: how fast it is, and what it keeps of prompts.

import Catalog
public import Uncertainty
import YAMLDocument

/// How fast a service answers. All of it is physical.
public struct LatencyDefinition: Sendable, Hashable {
  /// Median time to the first token of an empty prompt, seconds; nil: the price book's.
  public var firstTokenSeconds: UncertainValue?
  /// Median time per input token that is computed, seconds; nil: none.
  public var secondsPerInputToken: UncertainValue?
  /// Median time per token after the first, seconds; nil: the price book's.
  public var secondsPerOutputToken: UncertainValue?
  /// How many times the median the 99th percentile is; nil: every request is served alike.
  public var p99OverMedian: UncertainValue?

  /// The price book's latency, without noise.
  public init() {}
}

/// What a provider keeps of prompts.
public struct PromptCacheDefinition: Sendable, Hashable {
  /// How long the beginning of a prompt is kept after it was last used, seconds.
  public var ttlSeconds: Double
  /// The shortest beginning that is kept, tokens.
  public var minTokens: Int

  /// A prompt cache.
  public init(ttlSeconds: Double, minTokens: Int) {
    self.ttlSeconds = ttlSeconds
    self.minTokens = minTokens
  }
}

extension ScenarioKeys {
  /// What metered and reserved supplies alike may say of their service.
  static let remoteService: [Key] = [
    .optional("latency", .mapping(latency), absent: "the price book's, without noise", "how fast it answers"),
    .optional(
      "prompt_cache", .mapping(promptCache), absent: "no prompt is cached",
      "what the provider keeps of prompts that begin alike"),
  ]

  static let latency = KeyTable(
    "a latency",
    keys: [
      .optional(
        "first_token_seconds", .uncertain(.from(0, to: 3600)), absent: "the price book's",
        "median time to the first token of an empty prompt"),
      .optional(
        "seconds_per_input_token", .uncertain(.from(0, to: 10)), absent: "0",
        "median time per input token that no prompt cache holds"),
      .optional(
        "seconds_per_output_token", .uncertain(.from(0, to: 60)), absent: "the price book's",
        "median time per output token after the first"),
      .optional(
        "p99_over_median", .uncertain(.from(1, to: 1000)), absent: "1, every request is served alike",
        "99th percentile of both times over their median; lognormal, one number a request"),
    ])

  static let promptCache = KeyTable(
    "a prompt cache",
    keys: [
      .optional(
        "ttl_seconds", .number(.above(0, to: 86_400)), absent: "300",
        "how long the beginning of a prompt is kept after it was last used"),
      .optional(
        "min_tokens", .integer(0...1_000_000), absent: "1024", "the shortest beginning that is kept, tokens"),
    ])
}

extension ScenarioDecoder {
  func latency(_ supply: MappingView) -> LatencyDefinition {
    var latency = LatencyDefinition()
    guard let view = supply.mapping("latency") else { return latency }
    latency.firstTokenSeconds = view.uncertain("first_token_seconds")
    latency.secondsPerInputToken = view.uncertain("seconds_per_input_token")
    latency.secondsPerOutputToken = view.uncertain("seconds_per_output_token")
    latency.p99OverMedian = view.uncertain("p99_over_median")
    return latency
  }

  func promptCache(_ supply: MappingView) -> PromptCacheDefinition? {
    supply.mapping("prompt_cache").map { view in
      PromptCacheDefinition(
        ttlSeconds: view.number("ttl_seconds") ?? 300, minTokens: view.integer("min_tokens") ?? 1024)
    }
  }
}
