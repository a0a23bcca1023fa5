// SPDX-License-Identifier: GPL-3.0-or-later
// Putting together the next step, as vLLM V1's scheduler does: running sequences first, then waiting ones first come
// first served, with chunked prefill; the newest running sequence is preempted when blocks run out.

extension ReplicaEngine {
  /// Puts together what a replica does from the step boundary `now` on.
  @inline(__always)
  mutating func schedule(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let pool = Int(replicas[replica].pool)
    if pools[pool].isStatic {
      scheduleBatch(replica, at: now, recorder: &recorder)
      return
    }
    var preempted = false
    if replicas[replica].decoding > 0 && blocksNeeded(replica, steps: 1) > replicas[replica].freeBlocks {
      preemptUntilBlocksSuffice(replica, at: now, recorder: &recorder)
      preempted = true
    }
    var prefill = PrefillWork()
    var budget = pools[pool].maxBatchedTokens - replicas[replica].decoding
    if replicas[replica].firstPrefilling != none {
      let slot = replicas[replica].firstPrefilling
      if !prefillChunk(slot, on: replica, budget: &budget, into: &prefill) {
        preempt(slot, on: replica, at: now, recorder: &recorder)
        preempted = true
      }
    }
    if !preempted {
      admitWaiting(replica, pool: pool, budget: &budget, into: &prefill, recorder: &recorder)
    }

    replicas[replica].segmentStart = now
    replicas[replica].waitingAtStart = replicas[replica].waiting
    replicas[replica].blocked = replicas[replica].waiting > 0
    let decoding = replicas[replica].decoding
    let sequences = Double(decoding)
    let context = Double(replicas[replica].context)
    let localContext = Double(replicas[replica].localContext)
    if prefill.tokens > 0 {
      let duration = pools[pool].stepTime.step(
        sequences: sequences, context: context, localContext: localContext, prefill: prefill,
        weights: weightTime(pool, tokens: Int(decoding) + Int(prefill.tokens)))
      replicas[replica].activity = .mixed
      replicas[replica].segmentSteps = 1
      nextEvents[replica] = now + duration
    } else if decoding > 0 {
      var steps = stepsToNextFinish(replica)
      if preempted { steps = 1 }
      if replicas[replica].blocked, self.sequences[Int(replicas[replica].waitingHead)].hasText {
        steps = min(steps, stepsToNextSharedBlock(replica))
      }
      if pools[pool].localChunk > 0 { steps = min(steps, stepsToNextChunk(replica)) }
      steps = stepsBlocksAllow(replica, upTo: steps)
      let segment = DecodeSegment(
        model: pools[pool].stepTime, sequences: sequences, context: context, localContext: localContext,
        weights: weightTime(pool, tokens: Int(decoding)))
      replicas[replica].activity = .decoding
      replicas[replica].segment = segment
      replicas[replica].segmentSteps = steps
      // What waits now waits for a sequence to finish; another arrival changes nothing.
      replicas[replica].settled = replicas[replica].blocked
      nextEvents[replica] = now + segment.duration(steps: Double(steps))
    } else {
      precondition(replicas[replica].waiting == 0, "a request waits in front of an idle replica")
      replicas[replica].activity = .idle
      nextEvents[replica] = .infinity
    }
  }

  /// The time to read the weights that `tokens` tokens touch.
  @inline(__always)
  func weightTime(_ pool: Int, tokens: Int) -> Double {
    tokens < Self.weightTableSize
      ? weightTimes[Int(pools[pool].weightsTable) + tokens]
      : pools[pool].stepTime.weights(tokens: Double(tokens))
  }

  // MARK: Prefill

  /// Prefills the next chunk of a sequence, as much as the step's budget allows. False where blocks lack.
  @inline(__always)
  private mutating func prefillChunk(
    _ slot: Int32, on replica: Int, budget: inout Int32, into prefill: inout PrefillWork
  ) -> Bool {
    let before = sequences[Int(slot)].prefilled
    let chunk = min(sequences[Int(slot)].prefillTarget - before, budget)
    let needed = blocks(holding: Int64(before + chunk)) - blocks(holding: Int64(before))
    let available = replicas[replica].freeBlocks - blocksNeeded(replica, steps: 1)
    if needed > available { return false }
    replicas[replica].freeBlocks -= needed
    sequences[Int(slot)].prefilled = before + chunk
    budget -= chunk
    addPrefill(of: chunk, after: before, on: replica, to: &prefill)
    if sequences[Int(slot)].hasText { writeText(slot, on: replica, computed: Int64(before + chunk)) }
    return true
  }

  /// Adds a chunk of prefill to a step's work.
  @inline(__always)
  func addPrefill(of chunk: Int32, after before: Int32, on replica: Int, to prefill: inout PrefillWork) {
    prefill.add(count: chunk, after: before)
    let localChunk = pools[Int(replicas[replica].pool)].localChunk
    if localChunk > 0 { prefill.addLocal(count: chunk, after: before, chunk: localChunk) }
  }

  /// Admits waiting sequences in order while tokens, places and blocks last.
  @inline(__always)
  private mutating func admitWaiting(
    _ replica: Int, pool: Int, budget: inout Int32, into prefill: inout PrefillWork, recorder: inout Recorder
  ) {
    while budget > 0, replicas[replica].running < pools[pool].maxSequences {
      let slot = replicas[replica].waitingHead
      if slot == none || (pools[pool].reservesOutput && !canReserve(slot, on: replica, pool: pool)) { return }
      let isAdmitted =
        sequences[Int(slot)].hasText
        ? prefillText(slot, on: replica, budget: &budget, into: &prefill, recorder: &recorder)
        : prefillChunk(slot, on: replica, budget: &budget, into: &prefill)
      if !isAdmitted { return }
      removeFirstWaiting(replica)
      appendRunning(slot, on: replica)
      if replicas[replica].firstPrefilling == none { replicas[replica].firstPrefilling = slot }
    }
  }

  // MARK: Blocks of the KV cache

  /// Whether a waiting sequence's whole answer fits beside those of the running ones.
  private func canReserve(_ slot: Int32, on replica: Int, pool: Int) -> Bool {
    replicas[replica].reservedBlocks + sequences[Int(slot)].blocksAtEnd <= pools[pool].keyValueBlocks
  }

  /// The blocks that the decoding sequences begin in the next `steps` steps.
  ///
  /// A sequence begins one every 16 steps, so whole rounds need one per sequence; the rest is counted by phase.
  @inline(__always)
  func blocksNeeded(_ replica: Int, steps: Int64) -> Int64 {
    var needed = (steps >> 4) * Int64(replicas[replica].decoding)
    let start = Int(truncatingIfNeeded: replicas[replica].step)
    for offset in 0..<Int(steps & 15) {
      needed += Int64(phaseCounts[replica * 16 + (0 &- start &- offset) & 15])
    }
    return needed
  }

  /// The most steps, up to `limit`, for which the free blocks last; at least 1.
  @inline(__always)
  private func stepsBlocksAllow(_ replica: Int, upTo limit: Int64) -> Int64 {
    let free = replicas[replica].freeBlocks
    let decoding = Int64(replicas[replica].decoding)
    if ((limit >> 4) + 1) * decoding <= free { return limit }
    let rounds = free / decoding
    var left = free - rounds * decoding
    var steps = rounds * 16
    let start = Int(truncatingIfNeeded: replicas[replica].step &+ steps)
    for offset in 0..<16 {
      left -= Int64(phaseCounts[replica * 16 + (0 &- start &- offset) & 15])
      if left < 0 { break }
      steps += 1
    }
    return min(max(steps, 1), limit)
  }

  // MARK: Preemption

  /// Preempts the newest sequences until every decoding one that needs a block for the next step gets it, going over
  /// them oldest first as vLLM does.
  private mutating func preemptUntilBlocksSuffice(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let step = replicas[replica].step
    var available = replicas[replica].freeBlocks
    var slot = replicas[replica].runningHead
    while slot != none, slot != replicas[replica].firstPrefilling {
      if (sequences[Int(slot)].phase &+ Int(truncatingIfNeeded: step)) & 15 == 0 {
        while available == 0 {
          let newest = replicas[replica].runningTail
          let before = replicas[replica].freeBlocks
          preempt(newest, on: replica, at: now, recorder: &recorder)
          available += replicas[replica].freeBlocks - before
          if newest == slot { return }
        }
        available -= 1
      }
      slot = sequences[Int(slot)].next
    }
  }

  /// Takes a running sequence's blocks away and puts it at the head of the queue, to be computed again.
  private mutating func preempt(
    _ slot: Int32, on replica: Int, at now: Double, recorder: inout Recorder
  ) {
    let pool = Int(replicas[replica].pool)
    let generated = sequences[Int(slot)].generated
    let lost = stopRunning(slot, on: replica)
    // What loses its prefill before the next token keeps the time of its last.
    if sequences[Int(slot)].generated > generated { lastTokenTimes[Int(slot)] = now }
    recorder.supplies[recorder.cell(supply: Int(pools[pool].supply), sequences[Int(slot)])]
      .recomputedTokens += Double(lost)
    pools[pool].preemptions += 1
    if sequences[Int(slot)].hasText { identities[Int(slot)].resumes = true }
    prependWaiting(slot, on: replica)
  }

  /// Takes a sequence out of the running list, frees its blocks, and keeps only what it generated.
  /// - Returns: the tokens whose keys and values are lost.
  mutating func stopRunning(_ slot: Int32, on replica: Int) -> Int64 {
    let sequence = sequences[Int(slot)]
    let step = replicas[replica].step
    let lost: Int64
    if sequence.prefilled < sequence.prefillTarget || isPrefilling(slot, on: replica) {
      lost = Int64(sequence.prefilled)
      replicas[replica].freeBlocks += freeBlocks(of: slot, on: replica, holding: lost)
      if replicas[replica].firstPrefilling == slot {
        replicas[replica].firstPrefilling = sequence.next
      }
    } else {
      lost = sequence.computed(at: step)
      replicas[replica].freeBlocks += freeBlocks(of: slot, on: replica, holding: lost)
      leaveDecoding(slot, on: replica, holding: lost)
      removeFinishing(slot, on: replica)
      sequences[Int(slot)].generated = sequence.generated(at: step)
    }
    removeRunning(slot, on: replica)
    sequences[Int(slot)].prefilled = 0
    return lost
  }

  /// Whether the step in progress prefills the sequence.
  private func isPrefilling(_ slot: Int32, on replica: Int) -> Bool {
    var other = replicas[replica].firstPrefilling
    while other != none {
      if other == slot { return true }
      other = sequences[Int(other)].next
    }
    return false
  }
}
