// SPDX-License-Identifier: GPL-3.0-or-later
// Room for requests that can wait, where nobody else wants it.

extension ReplicaEngine {
  /// Whether a replica has room for a request that can wait: it serves, nothing waits on it, and with the request no
  /// more than `share` of its places and of its KV cache are taken. What its cache holds is what its scheduler knew when
  /// it put the present step together.
  func hasSpareRoom(_ replica: Int, for sequence: Sequence, share: Double) -> Bool {
    let pool = Int(replicas[replica].pool)
    guard outstanding[replica] != .max, replicas[replica].waiting == 0 else { return false }
    let places = max(1, (share * Double(pools[pool].maxSequences)).rounded(.down))
    guard Double(outstanding[replica]) < places else { return false }
    if outstanding[replica] == 0 { return true }
    let taken = pools[pool].keyValueBlocks - replicas[replica].freeBlocks
    let needed = blocks(holding: Int64(sequence.prefillTarget))
    return Double(taken + needed) <= share * Double(pools[pool].keyValueBlocks)
  }

  /// The replica of a pool with spare room that has the least to do; nil where none has.
  func spareReplica(_ pool: Int, for sequence: Sequence, share: Double) -> Int? {
    let first = Int(pools[pool].firstReplica)
    var chosen: Int?
    var least = Int32.max
    for replica in first..<first + Int(pools[pool].replicas)
    where outstanding[replica] < least && hasSpareRoom(replica, for: sequence, share: share) {
      (chosen, least) = (replica, outstanding[replica])
    }
    return chosen
  }

  /// Whether a request fits an empty replica of a pool.
  func fits(_ sequence: Sequence, pool: Int) -> Bool {
    Int64(sequence.inputTokens) + Int64(sequence.outputTokens) <= pools[pool].keyValueBlocks << 4
  }
}
