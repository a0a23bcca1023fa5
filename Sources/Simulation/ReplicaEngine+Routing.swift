// SPDX-License-Identifier: GPL-3.0-or-later
// Which replica of a pool a request goes to.

import Quantities

extension ReplicaEngine {
  /// The replica that the pool's router chooses; -1 where none serves.
  @inline(__always)
  mutating func choose(_ pool: Int, _ first: Int, _ last: Int, _ identity: RequestIdentity) -> Int {
    switch pools[pool].router {
    case .leastOutstanding: leastOutstanding(first, last)
    case .roundRobin: nextInTurn(pool, first, last)
    case .powerOfTwo: lessBusyOfTwo(first, last, request: identity.number)
    case .prefixAffine: hashed(pool, first, last, identity)
    }
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

  /// Whether a replica may take one more: its queue is short of the limit, or nothing waits in front of a free place.
  @inline(__always)
  func hasRoom(_ replica: Int, _ pool: Int) -> Bool {
    replicas[replica].waiting < pools[pool].queueLimit
      || (!replicas[replica].blocked && outstanding[replica] < pools[pool].maxSequences)
  }

  /// The second look, when the router's first choice is full: the least busy of the replicas that are not.
  func leastOutstandingWithRoom(_ pool: Int, _ first: Int, _ last: Int) -> Int {
    var best = Int32.max
    var chosen = -1
    for replica in first..<last where outstanding[replica] < best && hasRoom(replica, pool) {
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

  /// Of two serving replicas drawn without replacement the one with fewer unfinished requests, the first drawn among
  /// equals. A request's draw depends on its number alone.
  private func lessBusyOfTwo(_ first: Int, _ last: Int, request: Int32) -> Int {
    var serving = 0
    for replica in first..<last where outstanding[replica] != .max { serving += 1 }
    if serving == 0 { return -1 }
    let words = routerStream.block(UInt64(UInt32(bitPattern: request)))
    let one = Int((UInt64(words.x) * UInt64(serving)) >> 32)
    if serving == 1 { return servingReplica(one, first, last) }
    var other = Int((UInt64(words.y) * UInt64(serving - 1)) >> 32)
    if other >= one { other += 1 }
    let candidates = (servingReplica(one, first, last), servingReplica(other, first, last))
    return outstanding[candidates.1] < outstanding[candidates.0] ? candidates.1 : candidates.0
  }

  /// The serving replica of that place among the serving ones.
  private func servingReplica(_ place: Int, _ first: Int, _ last: Int) -> Int {
    var left = place
    for replica in first..<last where outstanding[replica] != .max {
      if left == 0 { return replica }
      left -= 1
    }
    preconditionFailure("serving replica \(place) of \(last - first) replicas")
  }

  /// Rendezvous hashing: of the serving replicas the one with the greatest hash of the prompt's beginning and its own
  /// number (D. Thaler, C. Ravishankar, IEEE/ACM Trans. Networking 6(1), 1998, doi:10.1109/90.663936), so that a replica
  /// that comes or goes moves no other prompt. Where that one has more than its share, the least busy.
  private mutating func hashed(_ pool: Int, _ first: Int, _ last: Int, _ identity: RequestIdentity) -> Int {
    let key = beginning(identity)
    if key == 0 { return leastOutstanding(first, last) }
    var chosen = -1
    var greatest: UInt64 = 0
    var serving = 0.0
    var unfinished = 1.0
    for replica in first..<last where outstanding[replica] != .max {
      serving += 1
      unfinished += Double(outstanding[replica])
      let hash = Self.mixed(UInt64(key) << 32 | UInt64(replica - first))
      if chosen < 0 || hash > greatest {
        greatest = hash
        chosen = replica
      }
    }
    if chosen < 0 { return -1 }
    let bound = (pools[pool].loadBound * unfinished / serving).rounded(.up)
    return Double(outstanding[chosen]) + 1 > bound ? leastOutstanding(first, last) : chosen
  }

  /// What a prompt begins with, as far as it can find it cached: the first request of its conversation; for a prompt
  /// that continues no other, its own content, or the text it shares with a group; 0 for none.
  private mutating func beginning(_ identity: RequestIdentity) -> UInt32 {
    if identity.prefix == 0 || !cachesPrefixes { return identity.content | identity.prefix }
    guard var link = prefixCache.links.find(identity.prefix) else {
      return identity.content != 0 ? identity.content : identity.prefix
    }
    var content = identity.prefix
    // A group's text is nobody's request, so nothing is known of it: the walk ends before it.
    for _ in 0..<1024 {
      guard link.prefix != 0, let earlier = prefixCache.links.find(link.prefix) else { break }
      content = link.prefix
      link = earlier
    }
    return content
  }

  /// A 64-bit number's hash: the finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014,
  /// doi:10.1145/2660193.2660195).
  private static func mixed(_ number: UInt64) -> UInt64 {
    var hash = number &+ 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
    return hash ^ hash >> 31
  }
}
