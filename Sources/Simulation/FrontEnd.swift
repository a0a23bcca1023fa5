// SPDX-License-Identifier: GPL-3.0-or-later
// What a request goes through before an engine's scheduler sees it: one process that takes requests in turn.

public import Quantities
import Workload

/// The front end of a closed loop: HTTP, tokenization, hand-over to the engine.
///
/// Requests queue for one process, first come first served, so that a burst of `n` requests reaches the engine spread
/// over `n` times their processing time; a fixed latency, for which nothing queues, comes on top.
public struct FrontEnd: Sendable, Hashable {
  /// Time of the process that each request takes.
  public var perRequest: Seconds
  /// Time of the process per token of the prompt.
  public var perInputToken: Seconds
  /// Time that passes beside.
  public var latency: Seconds
  /// When the process is free again.
  private var free = 0.0

  /// A front end; no time may be negative.
  public init(perRequest: Seconds = .zero, perInputToken: Seconds = .zero, latency: Seconds = .zero) {
    precondition(
      perRequest >= .zero && perInputToken >= .zero && latency >= .zero,
      "a front end that takes negative time")
    self.perRequest = perRequest
    self.perInputToken = perInputToken
    self.latency = latency
  }

  /// When a request sent at `now` reaches the engine. Ask in order of sending.
  mutating func admission(of request: Request, sentAt now: Double) -> Double {
    free =
      max(free, now) + perRequest.rawValue + perInputToken.rawValue * Double(request.inputTokens)
    return free + latency.rawValue
  }
}
