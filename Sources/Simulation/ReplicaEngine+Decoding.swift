// SPDX-License-Identifier: GPL-3.0-or-later
// The sums over a replica's decoding sequences that a step's time and its KV blocks follow from, kept up to date as
// sequences come and go, so that no step ever looks at the sequences themselves.

extension ReplicaEngine {
  /// Adds a sequence that holds `computed` tokens to the decoding ones.
  @inline(__always)
  mutating func joinDecoding(_ slot: Int32, on replica: Int, holding computed: Int64) {
    replicas[replica].decoding += 1
    replicas[replica].context += computed + 1
    phaseCounts[replica * 16 + sequences[Int(slot)].phase] += 1
    let chunk = pools[Int(replicas[replica].pool)].localChunk
    if chunk > 0 { countChunk(slot, on: replica, holding: computed, chunk: chunk, change: 1) }
  }

  /// Takes a sequence that holds `computed` tokens from the decoding ones.
  @inline(__always)
  mutating func leaveDecoding(_ slot: Int32, on replica: Int, holding computed: Int64) {
    replicas[replica].decoding -= 1
    replicas[replica].context -= computed + 1
    phaseCounts[replica * 16 + sequences[Int(slot)].phase] -= 1
    let chunk = pools[Int(replicas[replica].pool)].localChunk
    if chunk > 0 { countChunk(slot, on: replica, holding: computed, chunk: chunk, change: -1) }
  }

  /// Makes `count` decode steps: each sequence holds that many tokens more.
  @inline(__always)
  mutating func makeSteps(_ replica: Int, count: Int64) {
    replicas[replica].freeBlocks -= blocksNeeded(replica, steps: count)
    precondition(replicas[replica].freeBlocks >= 0, "INV-4: the KV cache holds more than it can")
    replicas[replica].step += count
    replicas[replica].context += count * Int64(replicas[replica].decoding)
    let chunk = pools[Int(replicas[replica].pool)].localChunk
    if chunk > 0 { beginChunks(replica, after: count, chunk: chunk) }
  }

  // MARK: Chunked local attention

  /// Words of bits for a chunk of local attention.
  static func chunkWords(_ chunk: Int32) -> Int { (Int(chunk) + 63) >> 6 }

  /// The first of a replica's counts by chunk phase, and of its bits.
  private func chunkTables(_ replica: Int, chunk: Int32) -> (counts: Int, bits: Int) {
    let pool = Int(replicas[replica].pool)
    let place = replica - Int(pools[pool].firstReplica)
    return (
      pools[pool].chunkTable + place * Int(chunk),
      pools[pool].chunkBitTable + place * Self.chunkWords(chunk)
    )
  }

  /// Enters a sequence into the sums of local attention, or with `change` -1 takes it out.
  private mutating func countChunk(
    _ slot: Int32, on replica: Int, holding computed: Int64, chunk: Int32, change: Int32
  ) {
    replicas[replica].localContext += Int64(change) * (computed % Int64(chunk) + 1)
    let (counts, bits) = chunkTables(replica, chunk: chunk)
    let phase = sequences[Int(slot)].chunkPhase(chunk)
    chunkCounts[counts + phase] += change
    if chunkCounts[counts + phase] == 0 {
      chunkBits[bits + phase >> 6] &= ~(1 << UInt64(phase & 63))
    } else {
      chunkBits[bits + phase >> 6] |= 1 << UInt64(phase & 63)
    }
  }

  /// Lets the local context grow by `steps` steps; sequences that then begin a chunk see nothing of the last.
  private mutating func beginChunks(_ replica: Int, after steps: Int64, chunk: Int32) {
    let (counts, _) = chunkTables(replica, chunk: chunk)
    let phase = Int(replicas[replica].step % Int64(chunk))
    replicas[replica].localContext +=
      steps * Int64(replicas[replica].decoding) - Int64(chunkCounts[counts + phase]) * Int64(chunk)
  }

  /// Steps until the next decoding sequence begins a chunk; at least one must be decoding.
  func stepsToNextChunk(_ replica: Int) -> Int64 {
    let chunk = pools[Int(replicas[replica].pool)].localChunk
    let (_, first) = chunkTables(replica, chunk: chunk)
    let words = Self.chunkWords(chunk)
    let now = Int(replicas[replica].step % Int64(chunk))
    let start = now + 1 == Int(chunk) ? 0 : now + 1
    var word = start >> 6
    var bits = chunkBits[first + word] & (~0 << UInt64(start & 63))
    for _ in 0...words {
      if bits != 0 {
        let place = word << 6 + bits.trailingZeroBitCount
        return Int64(place > now ? place - now : place - now + Int(chunk))
      }
      word = word + 1 == words ? 0 : word + 1
      bits = chunkBits[first + word]
    }
    preconditionFailure("a decoding sequence never begins a chunk")
  }
}
