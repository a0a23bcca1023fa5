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
  /// Identity of the prompt: requests with the same content ask the same thing, and a later request can begin with it.
  /// 0 where the prompt is like no other.
  public var content: UInt32
  /// The content this prompt begins with: an earlier request (its prompt and answer) or a text that a group of requests
  /// shares. 0 where it begins like no other.
  public var prefix: UInt32
  /// Tokens of the prompt that are the beginning of `prefix`; 0 without one.
  public var sharedTokens: Int32

  /// A request.
  @inlinable
  public init(
    arrival: Double, inputTokens: Int32, outputTokens: Int32, useCase: Int32, content: UInt32 = 0,
    prefix: UInt32 = 0, sharedTokens: Int32 = 0
  ) {
    self.arrival = arrival
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.useCase = useCase
    self.content = content
    self.prefix = prefix
    self.sharedTokens = sharedTokens
  }

  /// The most use cases that streams of requests are kept apart for.
  public static let mostUseCases = 64
}
