// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a step or of a stretch of steps: what it is written down as, who is done, who begins to decode.

extension ReplicaEngine {
  /// Accounts for the step or segment that ends at `now`.
  @inline(__always)
  mutating func finishSegment(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let activity = replicas[replica].activity
    if activity == .scheduling { return }
    let elapsed = now - replicas[replica].segmentStart
    replicas[replica].busySeconds += elapsed
    replicas[replica].sequenceSeconds += elapsed * Double(replicas[replica].running)
    recordSegment(replica, steps: replicas[replica].segmentSteps, elapsed: elapsed, recorder: &recorder)
    if pools[Int(replicas[replica].pool)].isStatic {
      finishBatchSteps(replica, at: now, recorder: &recorder)
      return
    }
    makeSteps(replica, count: replicas[replica].segmentSteps)
    completeFinished(replica, at: now, recorder: &recorder)
    if activity == .mixed { joinPrefilled(replica, at: now, recorder: &recorder) }
  }

  /// Writes down what a replica did for the first `steps` steps of its segment.
  @inline(__always)
  func recordSegment(_ replica: Int, steps: Int64, elapsed: Double, recorder: inout Recorder) {
    let pool = Int(replicas[replica].pool)
    recorder.pools.record(
      pool: pool, running: replicas[replica].running, waiting: replicas[replica].waitingAtStart,
      elapsed: elapsed)
    let sequences = Int64(
      pools[pool].isStatic && replicas[replica].activity == .decoding
        ? replicas[replica].running : replicas[replica].decoding)
    if sequences == 0 { return }
    if replicas[replica].activity == .mixed {
      recorder.pools.recordGap(pool: pool, seconds: elapsed, count: sequences)
    } else {
      recorder.pools.recordGaps(
        pool: pool, segment: replicas[replica].segment, steps: steps, elapsed: elapsed, sequences: sequences)
    }
  }

  /// Retires the sequences whose last token came with the step just made.
  @inline(__always)
  mutating func completeFinished(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let step = replicas[replica].step
    let place = replica * ringSize + Int(truncatingIfNeeded: step) & (ringSize - 1)
    var slot = finishRing[place]
    if slot == none { return }
    finishRing[place] = none
    finishBits[place >> 6] &= ~(1 << UInt64(place & 63))
    // Of those that finish together the oldest leaves first, and it was entered first.
    while sequences[Int(slot)].nextFinishing != none { slot = sequences[Int(slot)].nextFinishing }
    while slot != none {
      let following = sequences[Int(slot)].previousFinishing
      let computed = sequences[Int(slot)].computed(at: step)
      leaveDecoding(slot, on: replica, holding: computed)
      retire(slot, on: replica, holding: computed, at: now, recorder: &recorder)
      slot = following
    }
  }

  /// Turns the sequences whose prefill the step completed into decoding ones; each has its next token now.
  @inline(__always)
  mutating func joinPrefilled(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let step = replicas[replica].step
    var slot = replicas[replica].firstPrefilling
    while slot != none {
      let following = sequences[Int(slot)].next
      let target = sequences[Int(slot)].prefillTarget
      if sequences[Int(slot)].prefilled < target { return }
      if sequences[Int(slot)].generated > sequences[Int(slot)].generatedElsewhere {
        recorder.pools.recordGap(
          pool: Int(replicas[replica].pool), seconds: now - lastTokenTimes[Int(slot)], count: 1)
      }
      sequences[Int(slot)].joinStep = step
      if sequences[Int(slot)].firstToken < 0 { sequences[Int(slot)].firstToken = now }
      let finish = sequences[Int(slot)].finishStep
      if finish <= step {
        retire(slot, on: replica, holding: Int64(target), at: now, recorder: &recorder)
      } else {
        joinDecoding(slot, on: replica, holding: Int64(target))
        insertFinishing(slot, on: replica, at: finish)
      }
      slot = following
      replicas[replica].firstPrefilling = following
    }
  }

  /// Takes a finished sequence out of the running list and records it.
  @inline(__always)
  mutating func retire(
    _ slot: Int32, on replica: Int, holding computed: Int64, at now: Double, recorder: inout Recorder
  ) {
    let sequence = sequences[Int(slot)]
    let pool = Int(replicas[replica].pool)
    let supply = Int(pools[pool].supply)
    replicas[replica].freeBlocks += freeBlocks(of: slot, on: replica, holding: computed)
    removeRunning(slot, on: replica)
    recorder.served(
      sequence, supply: supply,
      // A first token that another supply put out has been through that one's front end.
      firstToken: sequence.firstToken + (sequence.generatedElsewhere > 0 ? 0 : pools[pool].requestOverhead),
      end: now + pools[pool].requestOverhead, identity: identity(of: slot))
    recorder.supplies[recorder.cell(supply: supply, sequence)].outputTokens += Double(
      sequence.outputTokens - sequence.generatedElsewhere)
    leave(slot, replica: replica)
  }

  /// Who a sequence is; nobody in particular where identities are not kept.
  @inline(__always)
  func identity(of slot: Int32) -> RequestIdentity {
    keepsIdentities || sequences[Int(slot)].hasText ? identities[Int(slot)] : RequestIdentity()
  }

  /// Frees the slot of a sequence that is in no list any more.
  @inline(__always)
  mutating func leave(_ slot: Int32, replica: Int) {
    if outstanding[replica] != .max { outstanding[replica] -= 1 }
    sequences[Int(slot)].next = freeSequence
    freeSequence = slot
  }
}
