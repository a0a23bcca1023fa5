// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to requests before the chain of supplies, as the simulation needs it.

public import Quantities

/// Which model a use case's requests go to first, and which of the answers a larger model gives again.
public struct UseCaseRouting: Sendable, Hashable {
  /// The share of the requests that goes first to each model, by model index; they sum to 1.
  public var shares: [Double]
  /// What becomes of answers that are not good enough, by the index of the model that gave them; nil where all are.
  public var escalations: [Escalation?]

  /// Answers that a larger model gives again.
  public struct Escalation: Sendable, Hashable {
    /// The index of the larger model.
    public var to: Int
    /// The share of the answers, from 0 to 1.
    public var rate: Double

    /// An escalation.
    public init(to: Int, rate: Double) {
      precondition((0...1).contains(rate), "an escalation rate of \(rate)")
      self.to = to
      self.rate = rate
    }
  }

  /// A routing; both lists have an element per model, and no escalation leads back to where it began.
  public init(shares: [Double], escalations: [Escalation?]) {
    precondition(shares.count == escalations.count, "shares and escalations of different models")
    precondition(shares.allSatisfy { $0 >= 0 }, "a share below 0: \(shares)")
    let sum = shares.reduce(0, +)
    precondition(abs(sum - 1) < 1e-9, "shares that sum to \(sum)")
    for first in escalations.indices {
      var (model, length) = (first, 0)
      while let next = escalations[model] {
        precondition(escalations.indices.contains(next.to), "an escalation to model \(next.to)")
        (model, length) = (next.to, length + 1)
        precondition(length < escalations.count, "escalations from model \(first) run in a circle")
      }
    }
    self.shares = shares
    self.escalations = escalations
  }

  /// Every request goes to one model, and every answer is good enough.
  public init(model: Int, models: Int) {
    self.init(
      shares: (0..<models).map { $0 == model ? 1 : 0 }, escalations: Array(repeating: nil, count: models))
  }
}

/// A cache of whole answers before the chain, keyed by the model asked first and the request's `content`: in real life a
/// hash of model, prompt and parameters.
public struct ResponseCacheConfiguration: Sendable, Hashable {
  /// How long an answer is given again, counted from when it was complete.
  public var timeToLive: Seconds
  /// Answers held at most; the one least recently given makes room.
  public var entries: Int
  /// How long the cache takes to answer.
  public var latency: Seconds

  /// A cache.
  public init(timeToLive: Seconds, entries: Int = .max, latency: Seconds = .zero) {
    precondition(timeToLive.rawValue > 0, "a time to live of \(timeToLive.rawValue) s")
    precondition(entries >= 1, "a cache of \(entries) entries")
    precondition(latency >= .zero, "a cache that answers in \(latency.rawValue) s")
    self.timeToLive = timeToLive
    self.entries = entries
    self.latency = latency
  }
}

/// How requests that may wait fill what a fleet has to spare.
public struct OfflineConfiguration: Sendable, Hashable {
  /// How long a request of each use case may take, from its arrival to its last token; nil where it cannot wait.
  public var deadlines: [Seconds?]
  /// The share of a replica's places, and of its KV cache, up to which it takes requests that can wait.
  public var share: Double
  /// How long before its deadline, beside the time that its answer takes, a request goes through the chain like any
  /// other.
  public var margin: Seconds

  /// Work that can wait.
  public init(deadlines: [Seconds?], share: Double, margin: Seconds) {
    precondition(deadlines.allSatisfy { $0.map { $0 > .zero } ?? true }, "a deadline that has passed")
    precondition(share > 0 && share <= 1, "a share of \(share) of a replica's places")
    precondition(margin >= .zero, "a margin of \(margin.rawValue) s")
    self.deadlines = deadlines
    self.share = share
    self.margin = margin
  }
}

/// What happens to requests before the chain.
public struct GatewayConfiguration: Sendable, Hashable {
  /// By use case; empty where every request goes to its use case's model and no answer is given again.
  public var routing: [UseCaseRouting]
  /// A cache of answers; nil for none.
  public var cache: ResponseCacheConfiguration?
  /// Requests that can wait; nil where none can.
  public var offline: OfflineConfiguration?

  /// A gateway.
  public init(
    routing: [UseCaseRouting] = [], cache: ResponseCacheConfiguration? = nil,
    offline: OfflineConfiguration? = nil
  ) {
    self.routing = routing
    self.cache = cache
    self.offline = offline
  }
}
