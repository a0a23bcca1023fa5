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

  static let weightTableSize = 4096

  /// A request handed back by a replica that is gone.
  struct Handover: BitwiseCopyable {
    var sequence = Sequence()
    var identity = RequestIdentity()
    var time = 0.0
  }

  /// A stretch of a replica's life.
  struct Lifetime: BitwiseCopyable {
    var start = 0.0
    var ready = 0.0
    var drain = 0.0
    var stop = 0.0
  }

  /// The pools of an option. Pool `i` adds to the totals of supply `supplyOfPool[i]`.
  /// - Parameter keepsIdentities: whether each request's identity is remembered.
  init(
    _ configurations: [PoolConfiguration], supplyOfPool: [Int], supplies: Int, keepsIdentities: Bool
  ) {
    let replicaCount = configurations.reduce(0) { $0 + $1.schedules.count }
    let blank = Pool(
      firstReplica: 0, replicas: 0, maxSequences: 1, maxBatchedTokens: 1, queueLimit: 0, roundRobin: false,
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
    self.keepsIdentities = keepsIdentities
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
      sum + pool.schedules.reduce(0) { if case .during(let list) = $1 { $0 + list.count } else { $0 } }
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
        roundRobin: configuration.router == .roundRobin,
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
        switch schedule {
        case .always:
          replicas[replica].phase = .serving
          outstanding[replica] = 0
          loadDuration.change(supplyOfPool[index], by: configuration.gpusPerReplica, at: 0)
        case .during(let list):
          for stretch in list {
            lifetimes[lifetime] = Lifetime(
              start: stretch.start.rawValue, ready: stretch.ready.rawValue, drain: stretch.drain.rawValue,
              stop: stretch.stop.rawValue)
            lifetime += 1
          }
        }
        replica += 1
      }
    }
    lifetimeStart[replicaCount] = Int32(lifetime)
    for index in 0..<replicaCount { setNextTransition(index) }
    updateEarliestTransition()
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
    var chosen = pools[pool].roundRobin ? nextInTurn(pool, first, last) : leastOutstanding(first, last)
    if chosen >= 0 && !hasRoom(chosen, pool) { chosen = leastOutstandingWithRoom(pool, first, last) }
    guard chosen >= 0 else { return false }
    enqueue(sequence, identity: identity, on: chosen, at: now)
    return true
  }

  /// Whether a replica may take one more: its queue is short of the limit, or nothing waits in front of a free place.
  @inline(__always)
  private func hasRoom(_ replica: Int, _ pool: Int) -> Bool {
    replicas[replica].waiting < pools[pool].queueLimit
      || (!replicas[replica].blocked && outstanding[replica] < pools[pool].maxSequences)
  }

  /// The second look, when the router's first choice is full: the least busy of the replicas that are not.
  private func leastOutstandingWithRoom(_ pool: Int, _ first: Int, _ last: Int) -> Int {
    var best = Int32.max
    var chosen = -1
    for replica in first..<last where outstanding[replica] < best && hasRoom(replica, pool) {
      best = outstanding[replica]
      chosen = replica
    }
    return chosen
  }

  @inline(__always)
  private func leastOutstanding(_ first: Int, _ last: Int) -> Int {
    var best = Int32.max
    var chosen = -1
    for replica in first..<last where outstanding[replica] < best {
      best = outstanding[replica]
      chosen = replica
    }
    return chosen
  }

  @inline(__always)
  private mutating func nextInTurn(_ pool: Int, _ first: Int, _ last: Int) -> Int {
    for offset in 0..<(last - first) {
      let replica = first + (Int(pools[pool].turn) + offset) % (last - first)
      if outstanding[replica] != .max {
        pools[pool].turn = Int32(replica - first + 1)
        return replica
      }
    }
    return -1
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
