// SPDX-License-Identifier: GPL-3.0-or-later
// All replicas of an option in flat memory, advanced lazily: a replica is brought up to date when the router looks
// at its pool, and between two changes of its batch nothing happens at all.

import Quantities

/// The replicas of every pool of one option.
///
/// Ties are decided so that results do not depend on rounding: what happens at a step boundary sees every arrival up
/// to and including that instant.
struct ReplicaEngine: ~Copyable {
  var pools: Storage<Pool>
  var replicas: Storage<Replica>
  /// When each replica's segment ends; infinite while idle. Apart from `replicas`, because every arrival scans it.
  var nextEvents: Storage<Double>
  /// Unfinished requests of each replica that serves; `Int32.max` for one that does not.
  var outstanding: Storage<Int32>
  var sequences: Storage<Sequence>
  /// Who each sequence is; entered where it has a text in the prefix cache, or if `keepsIdentities`.
  var identities: Storage<RequestIdentity>
  let keepsIdentities: Bool
  /// When each sequence that was preempted put out its last token.
  var lastTokenTimes: Storage<Double>
  var prefixCache: PrefixCache
  /// Whether any pool caches prefixes.
  let cachesPrefixes: Bool
  var freeSequence: Int32 = none
  /// Per replica: the first sequence to finish at each step, by step modulo the ring's size.
  var finishRing: Storage<Int32>
  /// Per replica: which places of the ring are taken.
  var finishBits: Storage<UInt64>
  var ringSize: Int
  /// Per replica: decoding sequences by the place of their block boundaries.
  var phaseCounts: Storage<Int32>
  /// Per replica with local attention: decoding sequences by the step, modulo a chunk, at which they begin a new chunk.
  var chunkCounts: Storage<Int32>
  /// Which of those counts are not 0.
  var chunkBits: Storage<UInt64>
  /// Per pool: time to read the weights touched by 0, 1, 2, … tokens.
  var weightTimes: Storage<Double>
  /// Requests to be served elsewhere, with the time at which they were handed back.
  var handedBack: Storage<Handover>
  var handedBackCount = 0
  /// Lifetimes of all replicas that are not always there, and each replica's range in them.
  var lifetimes: Storage<Lifetime>
  var lifetimeStart: Storage<Int32>
  /// When each replica's life changes next; infinite where it does not.
  var nextTransitions: Storage<Double>
  var loadDuration: LoadDuration
  /// The earliest of `nextTransitions`.
  var earliestTransition = Double.infinity
  /// When each replica's start-up or draining ends, in pools that are scaled.
  var deadlines: Storage<Deadline>
  /// What decides how many replicas of each pool are wanted.
  var scalers: Storage<AutoscalerState>
  var recommendations: Storage<AutoscalerState.Recommendation>
  /// Changes of what is wanted, where `keepsDecisions`.
  var decisions: [Decision] = []
  let keepsDecisions: Bool
  /// Whether the window has ended: no replica's life changes any more but to become ready.
  var isClosed = false
  let routerStream: CounterRandom

  static let weightTableSize = 4096

  /// A request handed back by a replica that is gone.
  struct Handover: BitwiseCopyable {
    var sequence = Sequence()
    var identity = RequestIdentity()
    var time = 0.0
    /// The supply that had it.
    var supply: Int32 = 0
  }

  /// A stretch of a replica's life.
  struct Lifetime: BitwiseCopyable {
    var start = 0.0
    var ready = 0.0
    var drain = 0.0
    var stop = 0.0
  }

  /// The pools of an option. Pool `i` adds to the totals of supply `supplyOfPool[i]`.
  /// - Parameters:
  ///   - supplies: supplies of the option in all.
  ///   - keepsIdentities: whether each request's identity is remembered; it is where a router or a gateway needs it.
  ///   - keepsDecisions: whether changes of the wanted replicas are written down.
  ///   - randomness: where routers' random choices come from.
  init(
    _ configurations: [PoolConfiguration], supplyOfPool: [Int], supplies: Int, keepsIdentities: Bool,
    keepsDecisions: Bool = false, randomness: RandomKey = RandomKey()
  ) {
    let replicaCount = configurations.reduce(0) { $0 + $1.schedules.count }
    let blank = Pool(
      firstReplica: 0, replicas: 0, maxSequences: 1, maxBatchedTokens: 1, queueLimit: 0,
      router: .leastOutstanding,
      keyValueBlocks: 1, stepTime: .constant(.zero), requestOverhead: 0, prefixCaching: false,
      isStatic: false, gpusPerReplica: 1, weightsTable: 0,
      supply: 0, localChunk: 0, chunkTable: 0, chunkBitTable: 0)
    pools = Storage(repeating: blank, count: configurations.count)
    replicas = Storage(repeating: Replica(), count: replicaCount)
    nextEvents = Storage(repeating: .infinity, count: replicaCount)
    outstanding = Storage(repeating: .max, count: replicaCount)
    sequences = Storage(repeating: Sequence(), count: 0)
    identities = Storage(repeating: RequestIdentity(), count: 0)
    lastTokenTimes = Storage(repeating: 0, count: 0)
    self.keepsIdentities =
      keepsIdentities
      || configurations.contains {
        $0.scaling != nil || $0.router == .powerOfTwo || $0.router == .prefixAffine
      }
    self.keepsDecisions = keepsDecisions
    routerStream = randomness.stream(.routers)
    deadlines = Storage(repeating: Deadline(), count: replicaCount)
    scalers = Storage(repeating: AutoscalerState(), count: configurations.count)
    recommendations = Storage(
      repeating: AutoscalerState.Recommendation(),
      count: configurations.reduce(0) { $0 + AutoscalerState.historyLength($1) })
    cachesPrefixes = configurations.contains { $0.prefixCaching && $0.batching == .continuous }
    prefixCache = PrefixCache(replicas: replicaCount)
    ringSize = 1024
    finishRing = Storage(repeating: none, count: replicaCount * ringSize)
    finishBits = Storage(repeating: 0, count: replicaCount * ringSize / 64)
    phaseCounts = Storage(repeating: 0, count: replicaCount * 16)
    let chunks = configurations.map { $0.schedules.count * Int($0.stepTime.localChunk) }
    let chunkWords = configurations.map { $0.schedules.count * Self.chunkWords($0.stepTime.localChunk) }
    chunkCounts = Storage(repeating: 0, count: chunks.reduce(0, +))
    chunkBits = Storage(repeating: 0, count: chunkWords.reduce(0, +))
    weightTimes = Storage(repeating: 0, count: configurations.count * Self.weightTableSize)
    handedBack = Storage(repeating: Handover(), count: 0)
    let lifetimeCount = configurations.reduce(0) { sum, pool in
      sum + pool.schedules.reduce(0) { $0 + Self.lifetimes(of: $1, in: pool).count }
    }
    lifetimes = Storage(repeating: Lifetime(), count: lifetimeCount)
    lifetimeStart = Storage(repeating: 0, count: replicaCount + 1)
    nextTransitions = Storage(repeating: .infinity, count: replicaCount)
    loadDuration = LoadDuration(
      mostGPUs: zip(configurations, supplyOfPool).reduce(
        into: Array(repeating: 0, count: supplies)
      ) { $0[$1.1] += $1.0.schedules.count * $1.0.gpusPerReplica })
    var replica = 0
    var lifetime = 0
    for (index, configuration) in configurations.enumerated() {
      pools[index] = Pool(
        firstReplica: Int32(replica), replicas: Int32(configuration.schedules.count),
        maxSequences: Int32(configuration.maxSequences),
        maxBatchedTokens: Int32(clamping: configuration.maxBatchedTokens),
        queueLimit: Int32(clamping: configuration.queueLimit ?? Int(Int32.max)),
        router: configuration.router,
        keyValueBlocks: Int64(configuration.keyValueBlocks), stepTime: configuration.stepTime,
        requestOverhead: configuration.requestOverhead.rawValue,
        prefixCaching: configuration.prefixCaching && configuration.batching == .continuous,
        isStatic: configuration.batching == .static,
        gpusPerReplica: Double(configuration.gpusPerReplica),
        weightsTable: Int32(index * Self.weightTableSize), supply: Int32(supplyOfPool[index]),
        localChunk: configuration.stepTime.localChunk, chunkTable: chunks[..<index].reduce(0, +),
        chunkBitTable: chunkWords[..<index].reduce(0, +))
      pools[index].reservesOutput = configuration.reservesOutput
      for tokens in 0..<Self.weightTableSize {
        weightTimes[index * Self.weightTableSize + tokens] =
          configuration.stepTime.weights(tokens: Double(tokens))
      }
      for schedule in configuration.schedules {
        replicas[replica].pool = Int32(index)
        replicas[replica].freeBlocks = Int64(configuration.keyValueBlocks)
        lifetimeStart[replica] = Int32(lifetime)
        replicas[replica].lifetime = Int32(lifetime)
        for stretch in Self.lifetimes(of: schedule, in: configuration) {
          lifetimes[lifetime] = stretch
          lifetime += 1
        }
        if configuration.scaling == nil, case .always = schedule {
          outstanding[replica] = 0
          replicas[replica].phase = .serving
          loadDuration.change(supplyOfPool[index], by: configuration.gpusPerReplica, at: 0)
        }
        replica += 1
      }
    }
    lifetimeStart[replicaCount] = Int32(lifetime)
    openPools(configurations)
    for index in 0..<replicaCount { setNextTransition(index) }
    updateEarliestTransition()
  }

  /// The stretches of a replica's life, or of its capacity in a pool that is scaled.
  private static func lifetimes(of schedule: ReplicaSchedule, in pool: PoolConfiguration) -> [Lifetime] {
    switch schedule {
    case .always: pool.scaling == nil ? [] : [Lifetime(start: -.infinity, drain: .infinity, stop: .infinity)]
    case .during(let list):
      list.map {
        Lifetime(
          start: $0.start.rawValue, ready: $0.ready.rawValue, drain: $0.drain.rawValue,
          stop: $0.stop.rawValue)
      }
    case .capacity(let list):
      list.map {
        Lifetime(
          start: $0.up.rawValue,
          drain: max($0.up.rawValue, $0.down.rawValue - pool.notice.rawValue), stop: $0.down.rawValue)
      }
    }
  }

  // MARK: Arrivals

  /// Offers a sequence to a pool at `now`. Refuses where no replica serves, the queue of the one that the router chooses
  /// is full, or it can never fit.
  @inline(__always)
  mutating func admit(
    _ sequence: Sequence, identity: RequestIdentity, to pool: Int, at now: Double, recorder: inout Recorder
  ) -> Bool {
    let first = Int(pools[pool].firstReplica)
    let last = first + Int(pools[pool].replicas)
    if Int64(sequence.inputTokens) + Int64(sequence.outputTokens) > pools[pool].keyValueBlocks << 4 {
      return false
    }
    for replica in first..<last where nextEvents[replica] < now {
      advance(replica, to: now, recorder: &recorder)
    }
    if pools[pool].isScaled { pools[pool].lastUse = now }
    var chosen = choose(pool, first, last, identity)
    if chosen < 0 {
      return pools[pool].isScaled
        && awaitReplica(sequence, identity, pool: pool, at: now, recorder: &recorder)
    }
    if !hasRoom(chosen, pool) { chosen = leastOutstandingWithRoom(pool, first, last) }
    guard chosen >= 0 else { return false }
    enqueue(sequence, identity: identity, on: chosen, at: now)
    return true
  }

  /// Puts a sequence at the end of a replica's queue; the replica sees it at its next step boundary.
  @inline(__always)
  mutating func enqueue(
    _ sequence: Sequence, identity: RequestIdentity, on replica: Int, at now: Double
  ) {
    let slot = newSlot()
    sequences[Int(slot)] = sequence
    let pool = Int(replicas[replica].pool)
    if cachesPrefixes {
      sequences[Int(slot)].hasText = pools[pool].prefixCaching && (identity.content | identity.prefix) != 0
    }
    if keepsIdentities || sequences[Int(slot)].hasText { identities[Int(slot)] = identity }
    outstanding[replica] += 1
    if replicas[replica].activity == .idle {
      replicas[replica].activity = .scheduling
      nextEvents[replica] = now
    } else if replicas[replica].activity == .decoding && !replicas[replica].settled
      && replicas[replica].waiting == 0 && replicas[replica].running < pools[pool].maxSequences
    {
      cutSegment(replica, at: now)
    }
    appendWaiting(slot, on: replica)
  }

  /// Ends the decode segment in progress with the step that runs at `now`.
  @inline(__always)
  private mutating func cutSegment(_ replica: Int, at now: Double) {
    replicas[replica].settled = true
    let start = replicas[replica].segmentStart
    let steps = replicas[replica].segment.steps(reaching: now - start)
    if Int64(steps) < replicas[replica].segmentSteps {
      replicas[replica].segmentSteps = Int64(steps)
      nextEvents[replica] = start + replicas[replica].segment.duration(steps: steps)
    }
  }

  // MARK: Time

  /// Brings a replica to `time`: everything that happens strictly before it has happened.
  @inline(__always)
  mutating func advance(_ replica: Int, to time: Double, recorder: inout Recorder) {
    while nextEvents[replica] < time {
      let now = nextEvents[replica]
      finishSegment(replica, at: now, recorder: &recorder)
      schedule(replica, at: now, recorder: &recorder)
    }
  }

  /// Makes the next half of a replica's next event: first the end of its step or segment, then what it does from
  /// there on. Between the two, requests that arrive at that very instant can be let in.
  mutating func makeNextHalfEvent(_ replica: Int, recorder: inout Recorder) {
    let now = nextEvents[replica]
    if replicas[replica].activity == .scheduling {
      schedule(replica, at: now, recorder: &recorder)
    } else {
      finishSegment(replica, at: now, recorder: &recorder)
      replicas[replica].activity = .scheduling
    }
  }

  /// The replica with the earliest event; the lowest number among equals.
  var earliestReplica: Int {
    var earliest = 0
    for replica in 1..<max(1, nextEvents.count) where nextEvents[replica] < nextEvents[earliest] {
      earliest = replica
    }
    return earliest
  }

  /// Brings every replica to `time`.
  mutating func advanceAll(to time: Double, recorder: inout Recorder) {
    for replica in 0..<replicas.count { advance(replica, to: time, recorder: &recorder) }
  }

  /// Whether any sequence is in work.
  var isIdle: Bool {
    for replica in 0..<replicas.count where replicas[replica].activity != .idle { return false }
    return true
  }
}
