// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of what happens to an option's requests before its chain.

public import Uncertainty

/// The models that answer a use case's requests, and which of their answers a larger one gives again.
public struct RoutingRule: Sendable, Hashable {
  /// The use case; nil for every use case without a rule of its own.
  public var useCase: String?
  /// The models that requests go to first, in the file's order; empty: the model that they would go to without a rule.
  public var shares: [ModelShare]
  /// Answers that are given again, in the file's order; no circle.
  public var escalations: [Escalation]

  /// A rule.
  public init(useCase: String?, shares: [ModelShare], escalations: [Escalation]) {
    self.useCase = useCase
    self.shares = shares
    self.escalations = escalations
  }

  /// A model's share of the requests.
  public struct ModelShare: Sendable, Hashable {
    /// The model id.
    public var model: String
    /// The share, from 0 to 1; nil for what the others leave. Physical.
    public var share: UncertainValue?

    /// A share.
    public init(model: String, share: UncertainValue?) {
      self.model = model
      self.share = share
    }
  }

  /// Answers of one model that are not good enough and that a larger one gives again; both are paid for.
  public struct Escalation: Sendable, Hashable {
    /// The id of the model whose answers are looked at.
    public var from: String
    /// The id of the larger model.
    public var to: String
    /// The share of the answers, from 0 to 1. Physical.
    public var rate: UncertainValue

    /// An escalation.
    public init(from: String, to: String, rate: UncertainValue) {
      self.from = from
      self.to = to
      self.rate = rate
    }
  }

  /// The models that `first` and the escalations after them lead to, each once, in that order.
  public func reached(from first: [String]) -> [String] {
    var models: [String] = []
    for model in first where !models.contains(model) { models.append(model) }
    var place = 0
    while place < models.count {
      for escalation in escalations
      where escalation.from == models[place] && !models.contains(escalation.to) {
        models.append(escalation.to)
      }
      place += 1
    }
    return models
  }
}

/// A cache of whole answers before the chain (an idempotent cache).
public struct ResponseCacheDefinition: Sendable, Hashable {
  /// Seconds for which an answer is given again, from when it was complete.
  public var timeToLiveSeconds: Double
  /// Answers held at most; nil for no limit.
  public var entries: Int?
  /// Milliseconds that an answer from the cache takes.
  public var latencyMilliseconds: Double

  /// A cache.
  public init(timeToLiveSeconds: Double, entries: Int?, latencyMilliseconds: Double) {
    self.timeToLiveSeconds = timeToLiveSeconds
    self.entries = entries
    self.latencyMilliseconds = latencyMilliseconds
  }
}

/// How requests with a deadline fill what fleets have to spare.
public struct OfflineDefinition: Sendable, Hashable {
  /// The share of a replica's places, and of its KV cache, up to which it takes them.
  public var share = 0.5
  /// Minutes before its deadline, beside the time its answer takes, at which a request goes through the chain like any
  /// other.
  public var marginMinutes = 15.0

  /// The defaults.
  public init() {}
}

/// What happens to an option's requests before its chain.
public struct GatewayDefinition: Sendable, Hashable {
  /// Rules by use case, in the file's order.
  public var routing: [RoutingRule] = []
  /// A cache of answers; nil for none.
  public var cache: ResponseCacheDefinition?
  /// How requests with a deadline are held back.
  public var offline = OfflineDefinition()

  /// Every request goes to its use case's model.
  public init() {}
}

extension OptionDefinition {
  /// The rule that holds for a use case; nil where its own model, or the option's, answers it.
  public func rule(for use: UseCase) -> RoutingRule? {
    gateway.routing.first { $0.useCase == use.name } ?? gateway.routing.first { $0.useCase == nil }
  }

  /// The models that a use case's requests go to first, in the file's order.
  public func firstModels(for use: UseCase) -> [RoutingRule.ModelShare] {
    if let rule = rule(for: use), !rule.shares.isEmpty { return rule.shares }
    return [RoutingRule.ModelShare(model: route ?? use.model, share: nil)]
  }

  /// Every model that a use case's requests may come to, the first choices first.
  public func models(for use: UseCase) -> [String] {
    let first = firstModels(for: use).map(\.model)
    return rule(for: use)?.reached(from: first) ?? first
  }

  /// Whether requests of a use case can wait for room in a fleet: it has a deadline, and a model it may come to has a
  /// pool.
  public func canFill(_ use: UseCase) -> Bool {
    guard use.deadlineHours != nil else { return false }
    let models = models(for: use)
    return chain.contains { supply in
      if case .fleet(let fleet) = supply {
        fleet.pools.contains { models.contains($0.model) }
      } else {
        false
      }
    }
  }
}
