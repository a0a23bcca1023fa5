// SPDX-License-Identifier: GPL-3.0-or-later
// Static batching, the way of serving that continuous batching replaced: kept to show what that is worth.

/// How a pool puts its batches together.
public enum Batching: Sendable, Hashable {
  /// Sequences join and leave at every step.
  case continuous
  /// A batch is made of what waits when the last one is done. Its prompts are padded to the longest and prefilled
  /// together, every row is computed until the longest answer is done, and then all answers are returned.
  ///
  /// That is how request-level engines work (described in G.-I. Yu et al., Orca, OSDI 2022): a row that is done neither
  /// leaves nor makes room. An answer's first token is timed when its prefill has made it, its last when the batch is
  /// returned. Where the KV cache runs out, the newest row is taken out: returned if it is done, otherwise computed
  /// again in a later batch. Prefix caching and the limit of tokens in a step do not apply.
  case `static`
}

extension ReplicaEngine {
  /// Puts together what a replica with static batching does from `now` on: the prefill of a new batch, or as many
  /// steps of the present one as its blocks allow.
  mutating func scheduleBatch(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let pool = Int(replicas[replica].pool)
    if replicas[replica].running > 0 { dropRowsWithoutBlocks(replica, at: now, recorder: &recorder) }
    replicas[replica].segmentStart = now
    // Whoever comes now waits for the next batch.
    replicas[replica].settled = true
    replicas[replica].blocked = true
    let rows = Int64(replicas[replica].running)
    if rows > 0 {
      let tokens = replicas[replica].rowTokens
      var steps = replicas[replica].longestAnswer - replicas[replica].batchTokens
      steps = min(steps, pools[pool].keyValueBlocks / rows * 16 - tokens)
      let chunk = Int64(pools[pool].localChunk)
      if chunk > 0 { steps = min(steps, chunk - tokens % chunk) }
      let segment = DecodeSegment(
        model: pools[pool].stepTime, sequences: Double(rows), context: Double(rows * (tokens + 1)),
        localContext: chunk > 0 ? Double(rows * (tokens % chunk + 1)) : 0,
        weights: weightTime(pool, tokens: Int(rows)))
      replicas[replica].waitingAtStart = replicas[replica].waiting
      replicas[replica].activity = .decoding
      replicas[replica].segment = segment
      replicas[replica].segmentSteps = steps
      nextEvents[replica] = now + segment.duration(steps: Double(steps))
    } else if replicas[replica].waiting > 0 {
      let prefill = formBatch(replica)
      replicas[replica].waitingAtStart = replicas[replica].waiting
      replicas[replica].activity = .mixed
      replicas[replica].segmentSteps = 1
      nextEvents[replica] =
        now
        + pools[pool].stepTime.step(
          sequences: 0, context: 0, prefill: prefill, weights: weightTime(pool, tokens: Int(prefill.tokens)))
    } else {
      replicas[replica].blocked = false
      replicas[replica].activity = .idle
      nextEvents[replica] = .infinity
    }
  }

  /// Makes a batch of what waits, as many rows as there are places and blocks for the longest prompt in each.
  private mutating func formBatch(_ replica: Int) -> PrefillWork {
    let pool = Int(replicas[replica].pool)
    var longest: Int32 = 0
    replicas[replica].batchTokens = 0
    replicas[replica].longestAnswer = 0
    while replicas[replica].waiting > 0, replicas[replica].running < pools[pool].maxSequences {
      let slot = replicas[replica].waitingHead
      let padded = max(longest, sequences[Int(slot)].prefillTarget)
      let rows = Int64(replicas[replica].running) + 1
      if rows * blocks(holding: Int64(padded)) > pools[pool].keyValueBlocks { break }
      longest = padded
      removeFirstWaiting(replica)
      appendRunning(slot, on: replica)
    }
    replicas[replica].rowTokens = Int64(longest)
    setLongestAnswer(replica)
    takeBlocks(replica)
    var prefill = PrefillWork()
    for _ in 0..<replicas[replica].running {
      addPrefill(of: longest, after: 0, on: replica, to: &prefill)
    }
    return prefill
  }

  /// Takes the newest rows out of the batch until each of the others can hold one token more.
  private mutating func dropRowsWithoutBlocks(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let pool = Int(replicas[replica].pool)
    let perRow = blocks(holding: replicas[replica].rowTokens + 1)
    while Int64(replicas[replica].running) * perRow > pools[pool].keyValueBlocks {
      let slot = replicas[replica].runningTail
      let produced = Int64(sequences[Int(slot)].generated) + replicas[replica].batchTokens
      if produced >= Int64(sequences[Int(slot)].outputTokens) {
        retire(slot, on: replica, holding: 0, at: now, recorder: &recorder)
      } else {
        let lost = stopRow(slot, on: replica)
        recorder.supplies[recorder.cell(supply: Int(pools[pool].supply), sequences[Int(slot)])]
          .recomputedTokens += Double(lost)
        pools[pool].preemptions += 1
        prependWaiting(slot, on: replica)
      }
    }
    setLongestAnswer(replica)
    // The rows that are left may all have been done.
    returnFinishedBatch(replica, at: now, recorder: &recorder)
  }

  /// Returns all answers of a batch whose longest is done.
  private mutating func returnFinishedBatch(_ replica: Int, at now: Double, recorder: inout Recorder) {
    if replicas[replica].batchTokens >= replicas[replica].longestAnswer {
      while replicas[replica].runningHead != none {
        retire(replicas[replica].runningHead, on: replica, holding: 0, at: now, recorder: &recorder)
      }
    }
    takeBlocks(replica)
  }

  /// The tokens after which the whole batch is done.
  private mutating func setLongestAnswer(_ replica: Int) {
    var longest: Int32 = 0
    var slot = replicas[replica].runningHead
    while slot != none {
      longest = max(longest, sequences[Int(slot)].outputTokens - sequences[Int(slot)].generated)
      slot = sequences[Int(slot)].next
    }
    replicas[replica].longestAnswer = Int64(longest)
  }

  private mutating func takeBlocks(_ replica: Int) {
    let rows = Int64(replicas[replica].running)
    replicas[replica].freeBlocks =
      pools[Int(replicas[replica].pool)].keyValueBlocks
      - rows * blocks(holding: replicas[replica].rowTokens)
    precondition(replicas[replica].freeBlocks >= 0, "INV-4: the KV cache holds more than it can")
  }

  /// Accounts for the prefill or the steps that end at `now`; the batch is returned when its longest answer is done.
  mutating func finishBatchSteps(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let isPrefill = replicas[replica].activity == .mixed
    makeRowSteps(replica, count: replicas[replica].segmentSteps, prefill: isPrefill)
    var slot = replicas[replica].runningHead
    if isPrefill {
      while slot != none {
        if sequences[Int(slot)].firstToken < 0 { sequences[Int(slot)].firstToken = now }
        slot = sequences[Int(slot)].next
      }
    }
    returnFinishedBatch(replica, at: now, recorder: &recorder)
  }

  /// Lets every row of the batch put out `count` tokens; those of the prefill are in the cache already.
  mutating func makeRowSteps(_ replica: Int, count: Int64, prefill: Bool) {
    if !prefill { replicas[replica].rowTokens += count }
    replicas[replica].batchTokens += count
    takeBlocks(replica)
  }

  /// Takes a row out of the batch that is not returned; only what it generated is kept. The last token of an answer
  /// leaves with its batch, so that at least one is left to generate.
  /// - Returns: the tokens of its own, without padding, whose keys and values are lost.
  mutating func stopRow(_ slot: Int32, on replica: Int) -> Int64 {
    let sequence = sequences[Int(slot)]
    let produced = min(
      replicas[replica].batchTokens, Int64(sequence.outputTokens - sequence.generated) - 1)
    removeRunning(slot, on: replica)
    sequences[Int(slot)].generated += Int32(truncatingIfNeeded: produced)
    return produced > 0 ? Int64(sequence.prefillTarget) + produced - 1 : 0
  }
}
