// SPDX-License-Identifier: GPL-3.0-or-later
// A pool of equal replicas as the simulation needs it: step times, scheduler limits, memory, and when each is there.

public import Quantities

/// How a pool hands requests to its replicas.
public enum Router: Sendable, Hashable {
  /// To the replica with the fewest unfinished requests, the lowest number among equals.
  case leastOutstanding
  /// To each serving replica in turn.
  case roundRobin
}

/// One stretch of time in which a replica exists. It is paid for from `start` to `stop`.
public struct ReplicaLifetime: Sendable, Hashable {
  /// The start of the start-up.
  public var start: Seconds
  /// From here on it serves.
  public var ready: Seconds
  /// From here on it admits nothing and finishes what it has.
  public var drain: Seconds
  /// The end. What is unfinished is handed back.
  public var stop: Seconds

  /// A lifetime; `start ≤ ready ≤ drain ≤ stop`.
  public init(start: Seconds, ready: Seconds, drain: Seconds, stop: Seconds) {
    precondition(start <= ready && ready <= drain && drain <= stop, "a replica's lifetime runs backwards")
    self.start = start
    self.ready = ready
    self.drain = drain
    self.stop = stop
  }
}

/// When a replica is there.
public enum ReplicaSchedule: Sendable, Hashable {
  /// All the time.
  case always
  /// In these stretches, in order of time and not overlapping.
  case during([ReplicaLifetime])
}

/// A pool of equal replicas that serve one model.
public struct PoolConfiguration: Sendable, Hashable {
  /// When each replica is there; as many as there are replicas.
  public var schedules: [ReplicaSchedule]
  /// GPUs of one replica.
  public var gpusPerReplica: Int
  /// The time of a step.
  public var stepTime: StepTimeModel
  /// Most sequences running at once (`max_num_seqs`).
  public var maxSequences: Int
  /// Most tokens in a step (`max_num_batched_tokens`), at least `maxSequences`.
  public var maxBatchedTokens: Int
  /// Blocks of the KV cache, 16 tokens each.
  public var keyValueBlocks: Int
  /// Requests that may wait per replica before the next is refused; nil is no limit.
  public var queueLimit: Int?
  /// How requests are handed to replicas.
  public var router: Router
  /// Front-end time of a request outside the engine, added to its time to first token.
  public var requestOverhead: Seconds
  /// Whether blocks of the KV cache that are free keep what they hold for prompts that begin the same (vLLM's default).
  /// Of no effect on requests without a content or a prefix.
  public var prefixCaching: Bool
  /// How batches are put together.
  public var batching: Batching

  /// A pool.
  public init(
    schedules: [ReplicaSchedule], gpusPerReplica: Int, stepTime: StepTimeModel, maxSequences: Int,
    maxBatchedTokens: Int, keyValueBlocks: Int, queueLimit: Int? = nil, router: Router = .leastOutstanding,
    requestOverhead: Seconds = .zero, prefixCaching: Bool = true, batching: Batching = .continuous
  ) {
    precondition(maxSequences >= 1 && maxSequences <= 1 << 20, "\(maxSequences) sequences in a step")
    precondition(
      maxBatchedTokens >= maxSequences,
      "\(maxBatchedTokens) tokens in a step leave no token for each of \(maxSequences) sequences")
    precondition(keyValueBlocks >= 1 && keyValueBlocks <= Int(Int32.max), "\(keyValueBlocks) KV blocks")
    precondition(queueLimit ?? 0 >= 0, "a queue limit of \(queueLimit ?? 0)")
    self.schedules = schedules
    self.gpusPerReplica = gpusPerReplica
    self.stepTime = stepTime
    self.maxSequences = maxSequences
    self.maxBatchedTokens = maxBatchedTokens
    self.keyValueBlocks = keyValueBlocks
    self.queueLimit = queueLimit
    self.router = router
    self.requestOverhead = requestOverhead
    self.prefixCaching = prefixCaching
    self.batching = batching
  }

  /// Tokens in a block of the KV cache, vLLM's default.
  public static let blockSize = 16

  /// Most tokens, prompt and output together, that a request may have to be admitted.
  public var longestRequest: Int { keyValueBlocks * Self.blockSize }
}
