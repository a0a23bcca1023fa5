// SPDX-License-Identifier: GPL-3.0-or-later
// The scheduler's dealings with the prefix cache: what a sequence need not compute, what it leaves to others.

extension ReplicaEngine {
  /// Admits the first waiting sequence with the longest beginning of its prompt that is cached, in whole blocks, and
  /// prefills what follows, as much as the step's budget allows. At least one token is always computed, for the next
  /// one comes of it. False, and nothing is changed, where blocks lack.
  mutating func prefillText(
    _ slot: Int32, on replica: Int, budget: inout Int32, into prefill: inout PrefillWork,
    recorder: inout Recorder
  ) -> Bool {
    // As in every step, the blocks that decoding sequences begin are theirs before anyone is admitted.
    let available = replicas[replica].freeBlocks - blocksNeeded(replica, steps: 1)
    prefixCache.activate(replica, free: replicas[replica].freeBlocks)
    prefixCache.settle(replica, free: available)
    let leaf = findText(slot, on: replica)
    enterWrittenBlocks(leaf, on: replica)

    let sequence = sequences[Int(slot)]
    let limit = min((sequence.prefillTarget - 1) >> 4, identities[Int(slot)].sharableBlocks)
    let cached = prefixCache.cachedBlocks(leaf, limit: limit)
    let chunk = min(sequence.prefillTarget - cached << 4, budget)
    let needed = blocks(holding: Int64(cached << 4 + chunk)) - Int64(cached)
    let unheld = Int64(prefixCache.unheldBlocks(leaf, count: cached))
    if needed + unheld > available { return false }

    replicas[replica].freeBlocks -= needed + unheld
    identities[Int(slot)].held = cached
    identities[Int(slot)].writes =
      cached < identities[Int(slot)].sharableBlocks && prefixCache.mayWrite(leaf, after: cached)
    prefixCache.hold(leaf, count: cached, on: replica)
    if identities[Int(slot)].writes && identities[Int(slot)].content != 0 {
      prefixCache.nodes[Int(leaf)].writer = slot
    }
    sequences[Int(slot)].prefilled = cached << 4 + chunk
    // Until it decodes, what it has written is what it has prefilled.
    sequences[Int(slot)].joinStep = Self.notJoined
    writeText(slot, on: replica, computed: Int64(cached << 4 + chunk))
    budget -= chunk
    addPrefill(of: chunk, after: cached << 4, on: replica, to: &prefill)

    let cell = recorder.cell(supply: Int(pools[Int(replicas[replica].pool)].supply), sequence)
    if identities[Int(slot)].resumes {
      recorder.supplies[cell].recomputedTokens -= Double(cached << 4)
    } else {
      recorder.supplies[cell].cachedInputTokens += Double(cached << 4)
    }
    return true
  }

  /// The step at which a sequence that has not finished its prefill joined the decoding ones.
  static let notJoined = Int64.max

  /// The node in which a waiting sequence's text ends, which stays as long as the sequence.
  private mutating func findText(_ slot: Int32, on replica: Int) -> Int32 {
    let known = identities[Int(slot)].leaf
    if known != none { return known }
    let identity = identities[Int(slot)]
    let leaf =
      identity.content != 0
      ? prefixCache.node(
        of: identity.content, prefix: identity.prefix, sharedTokens: identity.sharedTokens, on: replica)
      : prefixCache.node(sharing: identity.prefix, sharedTokens: identity.sharedTokens, on: replica)
    identities[Int(slot)].leaf = leaf
    if leaf != none { prefixCache.nodes[Int(leaf)].users += 1 }
    return leaf
  }

  /// Enters into the cache what decoding sequences have written of a text since anyone asked, this step's token
  /// included, for running sequences are scheduled first.
  private mutating func enterWrittenBlocks(_ leaf: Int32, on replica: Int) {
    var node = leaf
    while node != none {
      let writer = prefixCache.nodes[Int(node)].writer
      if writer != none, sequences[Int(writer)].joinStep != Self.notJoined {
        let computed = sequences[Int(writer)].computed(at: replicas[replica].step)
        writeText(writer, on: replica, computed: computed + 1)
      }
      node = prefixCache.nodes[Int(node)].parent
    }
  }

  /// Steps until a sequence whose text the first in the queue begins with has filled its next block: then the one that
  /// waits for blocks needs one less.
  func stepsToNextSharedBlock(_ replica: Int) -> Int64 {
    var steps = Int64.max
    let waiting = Int(replicas[replica].waitingHead)
    var node = identities[waiting].leaf
    while node != none {
      let writer = prefixCache.nodes[Int(node)].writer
      if writer != none {
        let left = 15 - sequences[Int(writer)].computed(at: replicas[replica].step) & 15
        steps = min(steps, left > 0 ? left : 16)
      }
      node = prefixCache.nodes[Int(node)].parent
    }
    return steps
  }

  /// Enters the whole blocks among a sequence's first `computed` tokens into the cache, if it writes there.
  mutating func writeText(_ slot: Int32, on replica: Int, computed: Int64) {
    guard identities[Int(slot)].writes else { return }
    let end = min(Int32(truncatingIfNeeded: computed >> 4), identities[Int(slot)].sharableBlocks)
    if end <= identities[Int(slot)].held { return }
    prefixCache.write(identities[Int(slot)].leaf, from: identities[Int(slot)].held, to: end)
    identities[Int(slot)].held = end
  }

  /// Lets a sequence that holds `computed` tokens go of its blocks.
  /// - Returns: how many of them are free now; the others are held by others too.
  @inline(__always)
  mutating func freeBlocks(of slot: Int32, on replica: Int, holding computed: Int64) -> Int64 {
    if !cachesPrefixes || !prefixCache.queues[replica].isActive { return blocks(holding: computed) }
    return releaseText(slot, on: replica, holding: computed)
  }

  private mutating func releaseText(_ slot: Int32, on replica: Int, holding computed: Int64) -> Int64 {
    let count = blocks(holding: computed)
    if !sequences[Int(slot)].hasText {
      prefixCache.appendBlank(count, on: replica)
      return count
    }
    writeText(slot, on: replica, computed: computed)
    let (leaf, held) = (identities[Int(slot)].leaf, identities[Int(slot)].held)
    let freed = prefixCache.release(leaf, count: held, blank: count - Int64(held), on: replica)
    forgetText(slot)
    return freed
  }

  /// Ends a sequence's claim on the node of its text.
  mutating func forgetText(_ slot: Int32) {
    let leaf = identities[Int(slot)].leaf
    identities[Int(slot)].leaf = none
    identities[Int(slot)].held = 0
    identities[Int(slot)].writes = false
    if leaf == none { return }
    if prefixCache.nodes[Int(leaf)].writer == slot { prefixCache.nodes[Int(leaf)].writer = none }
    prefixCache.nodes[Int(leaf)].users -= 1
    prefixCache.removeIfUnused(leaf)
  }
}
