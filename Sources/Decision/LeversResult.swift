// SPDX-License-Identifier: GPL-3.0-or-later
// What each measure saves, from everything on the largest model one by one to the option as it is.

/// A measure that makes serving cheaper.
public enum Lever: String, Codable, Sendable, Hashable, CaseIterable {
  /// Requests go to the model that is large enough for them, instead of all to the largest.
  case routing
  /// Weights and KV cache in eight bits instead of sixteen.
  case fp8
  /// Requests join and leave a replica's batch at every step, instead of being served one by one.
  case continuousBatching = "continuous-batching"
  /// An answer to a prompt that was asked before is given again.
  case cache
  /// GPUs that can be taken away, with others on demand that stand in for them.
  case spot

  /// The lever in words.
  public var title: String {
    switch self {
    case .routing: "Routing"
    case .fp8: "FP8"
    case .continuousBatching: "Continuous batching"
    case .cache: "Caching answers"
    case .spot: "Spot"
    }
  }
}

/// The levers of an option in the median future. Money is $ of today over the horizon.
///
/// Each set of levers is an option of its own: simulated on the same requests, its replicas as many as it needs for its
/// objectives in the month of most demand, and priced under the prices of every future.
public struct LeversResult: Codable, Sendable, Hashable {
  /// The option with all levers pulled.
  public var option: String
  /// Its title.
  public var title: String
  /// The model that answers everything before requests are routed.
  public var largestModel: String
  /// Futures of the prices.
  public var futures: Int
  /// Before any lever: everything on the largest model, one by one.
  public var start: LeverState
  /// The levers one after another.
  public var steps: [LeverStep]
  /// Measures beside them, each by itself on top of all levers.
  public var besides: [LeverBeside]
  /// Sets of levers that were simulated.
  public var simulatedSets: Int
  /// What a reader should know, such as why a lever is missing.
  public var notes: [String]

  /// A result.
  public init(
    option: String, title: String, largestModel: String, futures: Int, start: LeverState,
    steps: [LeverStep],
    besides: [LeverBeside], simulatedSets: Int, notes: [String]
  ) {
    self.option = option
    self.title = title
    self.largestModel = largestModel
    self.futures = futures
    self.start = start
    self.steps = steps
    self.besides = besides
    self.simulatedSets = simulatedSets
    self.notes = notes
  }
}

/// A way of serving with some of the levers pulled.
public struct LeverState: Codable, Sendable, Hashable {
  /// Cost over the horizon, $ discounted, over the prices of every future.
  public var cost: Spread
  /// GPUs of all replicas.
  public var gpus: Int
  /// Replicas in words, such as "2 × llama-3.1-8b on 1 GPU".
  public var replicas: String
  /// Share of requests within their objective, over the horizon.
  public var serviceLevel: Double

  /// A state.
  public init(cost: Spread, gpus: Int, replicas: String, serviceLevel: Double) {
    self.cost = cost
    self.gpus = gpus
    self.replicas = replicas
    self.serviceLevel = serviceLevel
  }
}

/// A lever as it is pulled after those before it.
public struct LeverStep: Codable, Sendable, Hashable {
  /// The lever.
  public var lever: Lever
  /// What it saves where those before it are pulled already, $; below 0 where it costs.
  public var saving: Spread
  /// Its mean saving over all orders in which the levers may be pulled, $: its Shapley share.
  public var shapleyShare: Double
  /// What is left after it.
  public var state: LeverState

  /// A step.
  public init(lever: Lever, saving: Spread, shapleyShare: Double, state: LeverState) {
    self.lever = lever
    self.saving = saving
    self.shapleyShare = shapleyShare
    self.state = state
  }
}

/// A measure that asks something of the requests rather than of the serving.
public struct LeverBeside: Codable, Sendable, Hashable {
  /// `cap-output-tokens` or `trim-input`.
  public var name: String
  /// In words, such as "answers of at most 256 tokens".
  public var title: String
  /// What it saves on top of all levers, $.
  public var saving: Spread
  /// What is left after it.
  public var state: LeverState

  /// A measure.
  public init(name: String, title: String, saving: Spread, state: LeverState) {
    self.name = name
    self.title = title
    self.saving = saving
    self.state = state
  }
}
