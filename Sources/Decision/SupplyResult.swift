// SPDX-License-Identifier: GPL-3.0-or-later
// What each supply of an option's chain did, in the result document.

/// What one supply of a chain did over the horizon (means over futures).
public struct SupplyResult: Codable, Sendable, Hashable {
  /// The supply's name.
  public var name: String
  /// `metered`, `reserved` or `fleet`.
  public var kind: String
  /// Requests it finished.
  public var requests: Double
  /// Prompt tokens it was given.
  public var inputTokens: Double
  /// Prompt tokens that a fleet's prefix cache or a provider's prompt cache still held, so that they were not computed;
  /// nil where there is no cache.
  public var cachedInputTokens: Double?
  /// Tokens it generated.
  public var outputTokens: Double
  /// Tokens computed again after a preemption or an interruption.
  public var recomputedTokens: Double
  /// GPU-hours paid, by state; empty for other supplies. States: busy, idle, booting, draining.
  public var gpuHours: [StateHours]
  /// Reserved unit-hours paid; 0 for other supplies.
  public var unitHours: Double
  /// Share of what is paid for that is used: busy over paid hours, or the tokens used over the tokens reserved. Nil for metered.
  public var utilization: Double?
  /// Answers "too many requests" (429) after which it was asked again; nil for fleets.
  public var throttled: Double?
  /// Requests beyond a reserved supply's units that its provider served by the token; nil for other supplies.
  public var payAsYouGoRequests: Double?
  /// Times that a request was taken from a fleet unfinished, because its replica was gone; nil for other supplies.
  public var interruptedRequests: Double?
  /// What is committed of a fleet; nil where nothing is.
  public var commitment: CommitmentResult?

  /// A supply's result.
  public init(
    name: String, kind: String, requests: Double, inputTokens: Double, cachedInputTokens: Double? = nil,
    outputTokens: Double, recomputedTokens: Double, gpuHours: [StateHours], unitHours: Double,
    utilization: Double?, interruptedRequests: Double? = nil, commitment: CommitmentResult? = nil
  ) {
    self.commitment = commitment
    self.name = name
    self.kind = kind
    self.requests = requests
    self.inputTokens = inputTokens
    self.cachedInputTokens = cachedInputTokens
    self.outputTokens = outputTokens
    self.recomputedTokens = recomputedTokens
    self.gpuHours = gpuHours
    self.unitHours = unitHours
    self.utilization = utilization
    self.interruptedRequests = interruptedRequests
  }
}

/// GPU-hours in one state.
public struct StateHours: Codable, Sendable, Hashable {
  /// busy, idle, booting or draining.
  public var state: String
  /// GPU-hours.
  public var hours: Double

  /// GPU-hours in a state.
  public init(state: String, hours: Double) {
    self.state = state
    self.hours = hours
  }
}
