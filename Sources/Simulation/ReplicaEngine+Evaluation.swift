// SPDX-License-Identifier: GPL-3.0-or-later
// What an autoscaler sees of its pool and does about it, and the requests that wait at the gateway for a replica.

import Quantities

extension ReplicaEngine {
  /// A change of the replicas wanted of a pool.
  struct Decision {
    var time: Double
    var pool: Int
    var replicas: Int
  }

  /// Looks at a pool and starts or stops replicas.
  mutating func evaluate(_ pool: Int, at now: Double, recorder: inout Recorder) {
    guard let autoscaler = scalers[pool].autoscaler else { return }
    var metric = autoscaler.metric == .utilization ? 0 : Double(pools[pool].held)
    var isInUse = pools[pool].held > 0
    for replica in range(of: pool) where replicas[replica].phase == .serving {
      advance(replica, to: now, recorder: &recorder)
      isInUse = isInUse || outstanding[replica] > 0
      switch autoscaler.metric {
      case .queue: metric += Double(replicas[replica].waiting)
      case .concurrency: metric += Double(outstanding[replica])
      case .utilization:
        let places = Double(replicas[replica].running) / Double(pools[pool].maxSequences)
        let blocks = 1 - Double(replicas[replica].freeBlocks) / Double(pools[pool].keyValueBlocks)
        metric += max(places, blocks)
      }
    }
    if isInUse { pools[pool].lastUse = now }
    let before = scalers[pool].wanted
    scalers[pool].evaluate(metric: metric, idle: now - pools[pool].lastUse, at: now, &recommendations)
    if scalers[pool].wanted != before { want(pool, at: now, recorder: &recorder) }
  }

  /// Sets the replicas that a schedule says.
  mutating func setWanted(_ pool: Int, to replicas: Int, at now: Double, recorder: inout Recorder) {
    guard scalers[pool].wanted != replicas else { return }
    scalers[pool].wanted = replicas
    want(pool, at: now, recorder: &recorder)
  }

  /// Does what a changed number of wanted replicas asks for.
  private mutating func want(_ pool: Int, at now: Double, recorder: inout Recorder) {
    if keepsDecisions {
      decisions.append(Decision(time: now, pool: pool, replicas: scalers[pool].wanted))
    }
    settle(pool, at: now, recorder: &recorder)
  }

  // MARK: The gateway

  /// What becomes of a request that finds no serving replica: it starts one where none is wanted, and waits for it or
  /// goes to the next supply.
  /// - Returns: whether it waits.
  mutating func awaitReplica(
    _ sequence: Sequence, _ identity: RequestIdentity, pool: Int, at now: Double, recorder: inout Recorder
  ) -> Bool {
    if !isClosed, scalers[pool].activate(at: now, &recommendations) {
      want(pool, at: now, recorder: &recorder)
    }
    guard scalers[pool].autoscaler?.whenEmpty == .hold else { return false }
    let booting = count(pool, .booting)
    guard Int(pools[pool].held) < booting * Int(pools[pool].queueLimit) else { return false }
    let slot = newSlot()
    sequences[Int(slot)] = sequence
    sequences[Int(slot)].next = none
    identities[Int(slot)] = identity
    let tail = pools[pool].heldTail
    if tail == none { pools[pool].heldHead = slot } else { sequences[Int(tail)].next = slot }
    pools[pool].heldTail = slot
    pools[pool].held += 1
    return true
  }

  /// Hands what waits at the gateway to the replicas that have begun to serve.
  mutating func admitHeld(_ pool: Int, at now: Double, recorder: inout Recorder) {
    let replicas = range(of: pool)
    for replica in replicas { advance(replica, to: now, recorder: &recorder) }
    while pools[pool].held > 0 {
      let identity = identities[Int(pools[pool].heldHead)]
      let chosen = choose(pool, replicas.lowerBound, replicas.upperBound, identity)
      // What has become ready may be a spare, or be on notice already.
      if chosen < 0 { return }
      let sequence = takeHeld(pool)
      enqueue(sequence, identity: identity, on: chosen, at: now)
    }
  }

  /// Leaves what waits at the gateway for the chain: no replica is coming.
  mutating func handBackHeld(_ pool: Int, at now: Double) {
    while pools[pool].held > 0 {
      let identity = identities[Int(pools[pool].heldHead)]
      leaveForChain(takeHeld(pool), identity, supply: 0, at: now)
    }
  }

  private mutating func takeHeld(_ pool: Int) -> Sequence {
    let slot = pools[pool].heldHead
    let sequence = sequences[Int(slot)]
    pools[pool].heldHead = sequence.next
    if pools[pool].heldHead == none { pools[pool].heldTail = none }
    pools[pool].held -= 1
    sequences[Int(slot)].next = freeSequence
    freeSequence = slot
    return sequence
  }
}
