// SPDX-License-Identifier: GPL-3.0-or-later
// Requests and the cache before the chain: who is answered from it, who waits for an equal request, who goes on.

extension OptionSimulation {
  /// The key under which a request's answer is held; nil where it is like no other, or there is no cache.
  private func cacheKey(useCase: Int, identity: RequestIdentity) -> UInt64? {
    guard gateway.cache.isPresent, identity.content != 0 else { return nil }
    let model = gateway.routes.first(useCase: useCase, number: identity.number)
    return ResponseCache.key(model: model, content: identity.content)
  }

  /// Answers a request from the cache, or lets it wait for an equal one in work.
  /// - Returns: false where it goes on to the chain.
  mutating func answerFromCache(_ sequence: Sequence, _ identity: RequestIdentity, at now: Double) -> Bool {
    guard let key = cacheKey(useCase: Int(sequence.useCase), identity: identity) else { return false }
    switch gateway.cache.look(up: key, at: now) {
    case .hit:
      let time = now + gateway.cache.latency
      recorder.cached(sequence, at: time, hasWaited: false, identity: identity)
      return true
    case .inWork:
      gateway.cache.wait(sequence, identity, for: key)
      return true
    case .miss: return false
    }
  }

  /// Holds a request's answer, and gives it to those that waited for it.
  mutating func holdAnswer(of sequence: Sequence, _ identity: RequestIdentity, at now: Double) {
    guard let key = cacheKey(useCase: Int(sequence.useCase), identity: identity) else { return }
    let latency = gateway.cache.latency
    while let follower = gateway.cache.nextFollower(of: key) {
      let time = max(now, follower.sequence.arrival + latency)
      recorder.cached(follower.sequence, at: time, hasWaited: true, identity: follower.identity)
    }
    gateway.cache.complete(key, at: now)
  }

  /// Lets the next of those that waited for a request that was lost go through the chain in its place.
  mutating func replaceLost(useCase: Int, _ identity: RequestIdentity, at now: Double) {
    guard let key = cacheKey(useCase: useCase, identity: identity) else { return }
    while let follower = gateway.cache.nextFollower(of: key) {
      switch submit(follower.sequence, identity: follower.identity, at: now) {
      case .admitted, .parked: return
      case .lost:
        recorder.throttled(useCase: Int(follower.sequence.useCase), at: now, follower.identity)
      }
    }
    gateway.cache.abandon(key)
  }
}
