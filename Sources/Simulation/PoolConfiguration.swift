// SPDX-License-Identifier: GPL-3.0-or-later
// A pool of equal replicas as the simulation needs it: step times, scheduler limits, memory, and when each is there.

public import Quantities

/// How a pool hands requests to its replicas.
public enum Router: Sendable, Hashable, BitwiseCopyable {
  /// To the replica with the fewest unfinished requests, the lowest number among equals.
  case leastOutstanding
  /// To each serving replica in turn.
  case roundRobin
  /// To the one with fewer unfinished requests of two serving replicas that are chosen at random ("power of two
  /// choices", M. Mitzenmacher, IEEE Trans. Parallel Distrib. Syst. 12(10), 2001, doi:10.1109/71.963420).
  case powerOfTwo
  /// To the replica that the beginning of the prompt is hashed to, so that what begins alike meets its own cache; where
  /// that replica has more than its share, as `PoolConfiguration.loadBound` says, to the one with the fewest.
  case prefixAffine
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
  /// When the pool's scaling wants it, and only where there is capacity for it: in these stretches, in order of time
  /// and not overlapping. Only for pools that scale.
  case capacity([CapacityStretch])
}

/// A stretch of time in which capacity for a replica is to be had.
public struct CapacityStretch: Sendable, Hashable {
  /// From here on a replica can be started.
  public var up: Seconds
  /// Here it is taken away; `PoolConfiguration.notice` before, it begins to drain.
  public var down: Seconds

  /// A stretch; `up ≤ down`.
  public init(up: Seconds, down: Seconds) {
    precondition(up <= down, "a stretch of capacity that runs backwards")
    self.up = up
    self.down = down
  }
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
  /// Whether a request is let in only when the blocks of its prompt and its longest answer are free, so that nothing is
  /// ever preempted (TensorRT-LLM's `GUARANTEED_NO_EVICT`); otherwise blocks are taken as tokens come, as vLLM does. The
  /// longest answer is the request's `max_tokens`, which a simulated request uses up.
  public var reservesOutput: Bool
  /// Front-end time of a request outside the engine, added to its time to first token.
  public var requestOverhead: Seconds
  /// Whether blocks of the KV cache that are free keep what they hold for prompts that begin the same (vLLM's default).
  /// Of no effect on requests without a content or a prefix.
  public var prefixCaching: Bool
  /// How batches are put together.
  public var batching: Batching
  /// How many of the replicas that are there are kept ready without requests, until another is lost or more are wanted.
  /// At least one replica serves, whatever this says.
  public var spares = 0
  /// What decides how many replicas are there; nil: their schedules alone.
  public var scaling: PoolScaling?
  /// With `scaling`: time from the decision to start a replica until it serves.
  public var startup: Seconds = .zero
  /// With `scaling`: how long before the end of a stretch of capacity its replica begins to drain.
  public var notice: Seconds = .zero
  /// With `scaling`: how long a replica that is no longer wanted may take to finish what it has. What is left then goes
  /// through the chain again.
  public var drainLimit: Seconds = Seconds(120)
  /// The most unfinished requests of a replica that a prefix is hashed to, as a multiple of the mean over the serving
  /// replicas, the new request included (V. Mirrokni, M. Thorup, M. Zadimoghaddam: Consistent Hashing with Bounded
  /// Loads, SODA 2018, doi:10.1137/1.9781611975031.39).
  public var loadBound = 1.5

  /// A pool.
  public init(
    schedules: [ReplicaSchedule], gpusPerReplica: Int, stepTime: StepTimeModel, maxSequences: Int,
    maxBatchedTokens: Int, keyValueBlocks: Int, queueLimit: Int? = nil, router: Router = .leastOutstanding,
    requestOverhead: Seconds = .zero, prefixCaching: Bool = true, batching: Batching = .continuous,
    reservesOutput: Bool = false
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
    self.reservesOutput = reservesOutput
  }

  /// Tokens in a block of the KV cache, vLLM's default.
  public static let blockSize = 16

  /// Most tokens, prompt and output together, that a request may have to be admitted.
  public var longestRequest: Int { keyValueBlocks * Self.blockSize }
}
