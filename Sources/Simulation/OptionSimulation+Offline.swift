// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that can wait: they fill what fleets have to spare, and go through the chain when their deadline nears.

extension OptionSimulation {
  /// Sends a request on its way: one that can wait may be held back at the gateway, any other goes through the chain.
  mutating func submit(_ sequence: Sequence, identity: RequestIdentity, at now: Double) -> Disposition {
    if hold(sequence, identity, at: now) { return .parked }
    return dispatch(sequence, identity: identity, at: now)
  }

  /// Gives a request to a replica with room to spare, or keeps it until one has.
  /// - Returns: false where it cannot wait, or nothing would ever have room for it.
  private mutating func hold(_ sequence: Sequence, _ identity: RequestIdentity, at now: Double) -> Bool {
    guard gateway.offline.isOffline(Int(sequence.useCase)),
      gateway.offline.urgency(of: sequence, window: window) > now
    else { return false }
    let share = gateway.offline.share
    let model = Int(sequence.model)
    var couldFit = false
    for supply in 0..<supplies.count where supplies[supply].kind == .fleet {
      let pool = entries[Int(supplies[supply].table) + model]
      guard pool >= 0, engine.fits(sequence, pool: Int(pool)) else { continue }
      couldFit = true
      if let replica = engine.spareReplica(Int(pool), for: sequence, share: share) {
        fill(replica, with: sequence, identity, at: now)
        return true
      }
    }
    guard couldFit else { return false }
    let list = gateway.offline.list(useCase: Int(sequence.useCase), model: model)
    gateway.offline.append(sequence, identity)
    watch(list)
    return true
  }

  /// Looks at the first request of a list when it becomes urgent.
  private mutating func watch(_ list: Int) {
    guard let first = gateway.offline.first(list), gateway.offline.watch(list) else { return }
    timers.insert(
      .urgent, index: Int32(list), at: gateway.offline.urgency(of: first.sequence, window: window))
  }

  /// Sends the urgent requests of a list through the chain.
  mutating func releaseUrgent(_ list: Int, at now: Double) {
    gateway.offline.stopWatching(list)
    while let first = gateway.offline.first(list),
      gateway.offline.urgency(of: first.sequence, window: window) <= now
    {
      gateway.offline.removeFirst(list)
      if case .lost = dispatch(first.sequence, identity: first.identity, at: now) {
        recorder.throttled(useCase: Int(first.sequence.useCase), at: now, first.identity)
        replaceLost(useCase: Int(first.sequence.useCase), first.identity, at: now)
      }
    }
    watch(list)
  }

  /// Gives a replica the most urgent of the requests that wait, while it has room to spare.
  mutating func fillSpareRoom(of replica: Int, at now: Double) {
    guard gateway.offline.count > 0 else { return }
    let share = gateway.offline.share
    let pool = Int(engine.replicas[replica].pool)
    let model = Int(engine.pools[pool].model)
    while let list = gateway.offline.mostUrgentList(model: model),
      let first = gateway.offline.first(list),
      engine.fits(first.sequence, pool: pool),
      engine.hasSpareRoom(replica, for: first.sequence, share: share)
    {
      gateway.offline.removeFirst(list)
      fill(replica, with: first.sequence, first.identity, at: now)
    }
  }

  /// Gives every replica that has room to spare something to do.
  mutating func fillSpareRoom(at now: Double) {
    for replica in 0..<engine.replicas.count { fillSpareRoom(of: replica, at: now) }
  }

  private mutating func fill(
    _ replica: Int, with sequence: Sequence, _ identity: RequestIdentity, at now: Double
  ) {
    let supply = Int(engine.pools[Int(engine.replicas[replica].pool)].supply)
    let cell = recorder.cell(supply: supply, sequence)
    recorder.supplies[cell].admitted += 1
    recorder.supplies[cell].inputTokens += Double(sequence.prefillTarget)
    recorder.requests[Int(sequence.useCase)].filled += 1
    engine.enqueue(sequence, identity: identity, on: replica, at: now)
  }
}
