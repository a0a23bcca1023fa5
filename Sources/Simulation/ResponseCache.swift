// SPDX-License-Identifier: GPL-3.0-or-later
// The idempotent cache: whole answers, given again to requests that ask the same of the same model.

import Quantities

/// Answers by key: those that are complete and not too old, and those still being worked on, for which equal requests
/// wait.
///
/// An answer is held from when it is complete for the time to live; being given again does not renew it, as in a
/// key-value store with expiry. Where there are more than fit, the one least recently given or completed makes room.
/// Answers in work take no room yet.
struct ResponseCache: ~Copyable {
  /// An answer.
  // Not private, like every type within `Storage`: see `OptionSimulation.Supply`.
  struct Entry: BitwiseCopyable {
    var key: UInt64 = 0
    /// The last time at which it is given; infinite while it is worked on.
    var expiry = Double.infinity
    /// Neighbours by when it was last given, among those complete.
    var older: Int32 = none
    var newer: Int32 = none
    /// The next to expire after it; the previous.
    var later: Int32 = none
    var earlier: Int32 = none
    /// Those that wait for it, in order of arrival.
    var firstFollower: Int32 = none
    var lastFollower: Int32 = none
  }

  /// A request that waits for an equal one's answer.
  struct Follower: BitwiseCopyable {
    var sequence = Sequence()
    var identity = RequestIdentity()
    var next: Int32 = none
  }

  /// What the cache knows of a key.
  enum Finding {
    /// It has the answer.
    case hit
    /// An equal request is in work.
    case inWork
    /// Nothing: the request is now in work.
    case miss
  }

  private let timeToLive: Double
  private let capacity: Int
  let latency: Double
  private var entries = Places(blank: Entry())
  private var followers = Places(blank: Follower())
  private var table = IndexTable()
  private var oldest: Int32 = none
  private var newest: Int32 = none
  private var firstToExpire: Int32 = none
  private var lastToExpire: Int32 = none
  /// Complete answers held.
  private(set) var held = 0

  /// Whether there is a cache at all.
  let isPresent: Bool

  /// - Parameter configuration: nil for no cache.
  init(_ configuration: ResponseCacheConfiguration?) {
    isPresent = configuration != nil
    timeToLive = configuration?.timeToLive.rawValue ?? 0
    capacity = configuration?.entries ?? 0
    latency = configuration?.latency.rawValue ?? 0
  }

  /// The key of a request's answer.
  static func key(model: UInt8, content: UInt32) -> UInt64 { UInt64(content) << 8 | UInt64(model) }

  /// Requests that wait for an equal one's answer.
  var waiting: Int { followers.count }

  /// Looks a key up; where nothing is known, the request that asks is in work from now on.
  /// - Complexity: O(1) on average.
  mutating func look(up key: UInt64, at now: Double) -> Finding {
    dropExpired(before: now)
    let place = table.find(key)
    if place == none {
      var entry = Entry()
      entry.key = key
      table.insert(key, index: entries.park(entry))
      return .miss
    }
    if entries[place].expiry == .infinity { return .inWork }
    unlinkFromUse(place)
    linkAsNewest(place)
    return .hit
  }

  /// Lets a request wait for the answer of a key that is in work.
  mutating func wait(_ sequence: Sequence, _ identity: RequestIdentity, for key: UInt64) {
    let entry = table.find(key)
    let place = followers.park(Follower(sequence: sequence, identity: identity))
    let last = entries[entry].lastFollower
    if last == none {
      entries[entry].firstFollower = place
    } else {
      followers[last].next = place
    }
    entries[entry].lastFollower = place
  }

  /// The request that has waited longest for a key in work, which waits no more; nil where none does.
  mutating func nextFollower(of key: UInt64) -> Follower? {
    let entry = table.find(key)
    let place = entries[entry].firstFollower
    if place == none { return nil }
    let follower = followers.take(place)
    entries[entry].firstFollower = follower.next
    if follower.next == none { entries[entry].lastFollower = none }
    return follower
  }

  /// Holds the answer of a key in work, for which nobody waits any more.
  mutating func complete(_ key: UInt64, at now: Double) {
    dropExpired(before: now)
    let place = table.find(key)
    precondition(
      entries[place].expiry == .infinity && entries[place].firstFollower == none,
      "an answer that is complete already, or that somebody waits for")
    if held == capacity { remove(oldest) }
    entries[place].expiry = now + timeToLive
    entries[place].earlier = lastToExpire
    if lastToExpire == none { firstToExpire = place } else { entries[lastToExpire].later = place }
    lastToExpire = place
    linkAsNewest(place)
    held += 1
  }

  /// Forgets a key in work, for which nobody waits any more.
  mutating func abandon(_ key: UInt64) {
    let entry = entries.take(table.find(key))
    precondition(
      entry.expiry == .infinity && entry.firstFollower == none, "a request that others wait for is given up")
    table.remove(key)
  }

  /// Forgets the answers that are too old at `now`.
  private mutating func dropExpired(before now: Double) {
    while firstToExpire != none, entries[firstToExpire].expiry < now { remove(firstToExpire) }
  }

  /// Forgets a complete answer.
  private mutating func remove(_ place: Int32) {
    unlinkFromUse(place)
    let entry = entries.take(place)
    if entry.earlier == none {
      firstToExpire = entry.later
    } else {
      entries[entry.earlier].later = entry.later
    }
    if entry.later == none {
      lastToExpire = entry.earlier
    } else {
      entries[entry.later].earlier = entry.earlier
    }
    table.remove(entry.key)
    held -= 1
  }

  private mutating func linkAsNewest(_ place: Int32) {
    entries[place].older = newest
    entries[place].newer = none
    if newest == none { oldest = place } else { entries[newest].newer = place }
    newest = place
  }

  private mutating func unlinkFromUse(_ place: Int32) {
    let (older, newer) = (entries[place].older, entries[place].newer)
    if older == none { oldest = newer } else { entries[older].newer = newer }
    if newer == none { newest = older } else { entries[newer].older = older }
  }
}
