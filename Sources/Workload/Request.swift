// SPDX-License-Identifier: GPL-3.0-or-later
// The unit of demand.

/// One request for generation.
public struct Request: Sendable, Hashable, BitwiseCopyable {
  /// Arrival, seconds from the start of the simulated window.
  public var arrival: Double
  /// Tokens of the prompt, at least 1.
  public var inputTokens: Int32
  /// Tokens to generate, at least 1. No policy may read it: an engine learns it only as tokens come out.
  public var outputTokens: Int32
  /// Index of the use case in the scenario's order.
  public var useCase: Int32

  /// A request.
  @inlinable
  public init(arrival: Double, inputTokens: Int32, outputTokens: Int32, useCase: Int32) {
    self.arrival = arrival
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.useCase = useCase
  }

  /// The most use cases that streams of requests are kept apart for.
  public static let mostUseCases = 64
}
