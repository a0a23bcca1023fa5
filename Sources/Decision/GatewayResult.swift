// SPDX-License-Identifier: GPL-3.0-or-later
// What became of a use case's requests before an option's chain, as the result document tells it.

/// Shares of a use case's arrived requests under one option, 0 to 1; mean over futures.
public struct GatewayResult: Codable, Sendable, Hashable {
  /// The use case.
  public var useCase: String
  /// The models that answer it, with their shares and escalation rates at medians where there are several.
  public var models: String
  /// Answered with the answer of an equal request.
  public var cached: Double
  /// Those of them that waited for an equal request in work.
  public var coalesced: Double
  /// Answered twice: by a small model, and again by a larger one.
  public var escalated: Double
  /// Held back until a replica had room to spare.
  public var filled: Double
  /// Answered after their deadline.
  public var late: Double

  /// A use case's shares.
  public init(
    useCase: String, models: String, cached: Double, coalesced: Double, escalated: Double, filled: Double,
    late: Double
  ) {
    self.useCase = useCase
    self.models = models
    self.cached = cached
    self.coalesced = coalesced
    self.escalated = escalated
    self.filled = filled
    self.late = late
  }
}
