// SPDX-License-Identifier: GPL-3.0-or-later
// Pools that grow and shrink: which replicas start and stop, where capacity allows, and what that does to their lives.

import Quantities

extension ReplicaEngine {
  /// The end of a replica's start-up, or of its draining.
  struct Deadline: BitwiseCopyable {
    var time = Double.infinity
    /// Whether a draining replica goes as soon as it is empty: it was not taken away, only not wanted.
    var endsEmpty = false
  }

  /// Sets up spares and scaling, and the replicas that scaled pools begin with.
  mutating func openPools(_ configurations: [PoolConfiguration]) {
    var history = 0
    for (pool, configuration) in configurations.enumerated() {
      let replicas = configuration.schedules.count
      precondition(configuration.spares >= 0, "\(configuration.spares) spares")
      pools[pool].loadBound = configuration.loadBound
      pools[pool].spares = Int32(clamping: configuration.spares)
      var wanted = replicas
      switch configuration.scaling {
      case nil: break
      case .schedule(let list):
        wanted = min(list.last { $0.start <= .zero }?.replicas ?? 0, replicas)
      case .autoscale(let autoscaler):
        precondition(
          autoscaler.maximum <= replicas, "up to \(autoscaler.maximum) replicas of a pool of \(replicas)")
        wanted = autoscaler.initial
      }
      scalers[pool] = AutoscalerState(
        configuration, start: history, wanted: wanted, recommendations: &recommendations)
      history += AutoscalerState.historyLength(configuration)
      if configuration.scaling != nil {
        pools[pool].isScaled = true
        pools[pool].startup = configuration.startup.rawValue
        pools[pool].drainLimit = configuration.drainLimit.rawValue
        beginScaled(pool)
      }
      precondition(
        configuration.scaling != nil
          || !configuration.schedules.contains { if case .capacity = $0 { true } else { false } },
        "capacity without scaling")
      retireSurplus(pool)
    }
  }

  /// Replicas that are wanted and have capacity at the start serve from the first instant, but for those whose capacity
  /// came less than a start-up ago.
  private mutating func beginScaled(_ pool: Int) {
    var left = scalers[pool].wanted
    for replica in range(of: pool) {
      skipPastCapacity(replica, at: 0)
      guard left > 0, hasCapacity(replica, at: 0) else { continue }
      left -= 1
      let ready = lifetimes[Int(replicas[replica].lifetime)].start + pools[pool].startup
      changePaidGPUs(replica, by: 1, at: 0)
      if ready > 0 {
        replicas[replica].phase = .booting
        deadlines[replica].time = ready
      } else {
        replicas[replica].phase = .serving
        outstanding[replica] = 0
      }
    }
  }

  /// Makes spares of the serving replicas with the highest numbers, at the start.
  private mutating func retireSurplus(_ pool: Int) {
    if pools[pool].spares == 0 { return }
    var surplus = count(pool, .serving) - activeTarget(pool)
    for replica in range(of: pool).reversed() where surplus > 0 && replicas[replica].phase == .serving {
      replicas[replica].phase = .spare
      outstanding[replica] = .max
      surplus -= 1
    }
  }

  func range(of pool: Int) -> Range<Int> {
    Int(pools[pool].firstReplica)..<Int(pools[pool].firstReplica + pools[pool].replicas)
  }

  func count(_ pool: Int, _ phase: Phase) -> Int {
    var count = 0
    for replica in range(of: pool) where replicas[replica].phase == phase { count += 1 }
    return count
  }

  /// Replicas that are to serve, the others being spares.
  private func activeTarget(_ pool: Int) -> Int { scalers[pool].active(of: scalers[pool].wanted) }

  // MARK: Ready replicas

  /// A replica has started up: it serves, or is a spare where enough do.
  mutating func becomeReady(_ replica: Int) {
    let pool = Int(replicas[replica].pool)
    if pools[pool].spares > 0 && count(pool, .serving) >= activeTarget(pool) {
      replicas[replica].phase = .spare
    } else {
      serve(replica)
    }
  }

  private mutating func serve(_ replica: Int) {
    replicas[replica].phase = .serving
    outstanding[replica] = replicas[replica].running + replicas[replica].waiting
  }

  /// Lets spares serve where replicas lack.
  mutating func promoteSpares(_ pool: Int, at now: Double) {
    if pools[pool].spares == 0 { return }
    var missing = activeTarget(pool) - count(pool, .serving)
    for replica in range(of: pool) where missing > 0 && replicas[replica].phase == .spare {
      account(replica, until: now)
      replicas[replica].phase = .serving
      outstanding[replica] = 0
      missing -= 1
    }
  }

  // MARK: Capacity

  private func hasStretch(_ replica: Int) -> Bool {
    replicas[replica].lifetime < lifetimeStart[replica + 1]
  }

  /// Whether a replica may be started: its capacity is there and no notice has been given.
  private func hasCapacity(_ replica: Int, at now: Double) -> Bool {
    guard hasStretch(replica) else { return false }
    let stretch = lifetimes[Int(replicas[replica].lifetime)]
    return stretch.start <= now && now < stretch.drain
  }

  /// Leaves behind the stretches in which nothing can be started any more.
  private mutating func skipPastCapacity(_ replica: Int, at now: Double) {
    while hasStretch(replica), lifetimes[Int(replicas[replica].lifetime)].drain <= now {
      replicas[replica].lifetime += 1
    }
  }

  // MARK: Growing and shrinking

  /// Starts or stops replicas until as many are there as are wanted and can be, after a change of either.
  mutating func settle(_ pool: Int, at now: Double, recorder: inout Recorder) {
    var present = count(pool, .serving) + count(pool, .spare) + count(pool, .booting)
    let wanted = scalers[pool].wanted
    while present < wanted, startOne(pool, at: now) { present += 1 }
    while present > wanted {
      stopOne(pool, at: now, recorder: &recorder)
      present -= 1
    }
    promoteSpares(pool, at: now)
    if present == 0 { handBackHeld(pool, at: now) }
    for replica in range(of: pool) { setNextTransition(replica) }
    updateEarliestTransition()
  }

  /// Takes a replica that drains back into service, or starts one. False where none has capacity.
  private mutating func startOne(_ pool: Int, at now: Double) -> Bool {
    if pools[pool].spares == 0 || count(pool, .serving) < activeTarget(pool) {
      for replica in range(of: pool) where replicas[replica].phase == .draining {
        guard deadlines[replica].endsEmpty, hasCapacity(replica, at: now) else { continue }
        account(replica, until: now)
        serve(replica)
        return true
      }
    }
    for replica in range(of: pool) where replicas[replica].phase == .off {
      skipPastCapacity(replica, at: now)
      guard hasCapacity(replica, at: now) else { continue }
      account(replica, until: now)
      replicas[replica].phase = .booting
      deadlines[replica].time = now + pools[pool].startup
      pools[pool].starts += 1
      changePaidGPUs(replica, by: 1, at: now)
      return true
    }
    return false
  }

  /// Stops the replica that is missed least: the one furthest from being ready; else, where more serve than are to, the
  /// one with the fewest requests; else a spare. The highest number among equals.
  private mutating func stopOne(_ pool: Int, at now: Double, recorder: inout Recorder) {
    var chosen = -1
    for replica in range(of: pool) where replicas[replica].phase == .booting {
      if chosen < 0 || deadlines[replica].time >= deadlines[chosen].time { chosen = replica }
    }
    let spares = count(pool, .spare)
    if chosen < 0, spares == 0 || count(pool, .serving) > activeTarget(pool) {
      for replica in range(of: pool) where replicas[replica].phase == .serving {
        advance(replica, to: now, recorder: &recorder)
        if chosen < 0 || outstanding[replica] <= outstanding[chosen] { chosen = replica }
      }
    }
    if chosen < 0 {
      for replica in range(of: pool) where replicas[replica].phase == .spare { chosen = replica }
    }
    account(chosen, until: now)
    if replicas[chosen].activity == .idle {
      turnOff(chosen, at: now, recorder: &recorder)
    } else {
      drain(chosen, until: now + pools[pool].drainLimit, endsEmpty: true)
    }
  }

  /// From now on a replica admits nothing; what it has at `time` it hands back.
  private mutating func drain(_ replica: Int, until time: Double, endsEmpty: Bool) {
    replicas[replica].phase = .draining
    outstanding[replica] = .max
    deadlines[replica] = Deadline(time: time, endsEmpty: endsEmpty)
  }

  private mutating func turnOff(_ replica: Int, at now: Double, recorder: inout Recorder) {
    replicas[replica].phase = .off
    outstanding[replica] = .max
    changePaidGPUs(replica, by: -1, at: now)
    handBackAll(replica, at: now, recorder: &recorder)
    skipPastCapacity(replica, at: now)
  }

  // MARK: The life of a replica

  /// When a replica's life changes next: its deadline, or a change of its capacity. One that drains until it is empty is
  /// looked at after every step or stretch of steps.
  mutating func setNextScaledTransition(_ replica: Int) {
    if isClosed { return }
    guard hasStretch(replica) else {
      nextTransitions[replica] = .infinity
      return
    }
    let stretch = lifetimes[Int(replicas[replica].lifetime)]
    nextTransitions[replica] =
      switch replicas[replica].phase {
      case .off: stretch.start
      case .booting: min(deadlines[replica].time, stretch.stop)
      case .serving, .spare: stretch.drain
      case .draining:
        min(
          deadlines[replica].time, stretch.stop,
          deadlines[replica].endsEmpty ? nextEvents[replica] : .infinity
        )
      }
    // Capacity that is there is no event: what could be started has been.
    if replicas[replica].phase == .off, nextTransitions[replica] <= replicas[replica].phaseStart {
      nextTransitions[replica] = .infinity
    }
  }

  /// Makes what is due in the life of a replica at `now`.
  mutating func changeScaled(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let pool = Int(replicas[replica].pool)
    if isClosed {
      replicas[replica].phase = .serving
      outstanding[replica] = 0
      nextTransitions[replica] = .infinity
      admitHeld(pool, at: now, recorder: &recorder)
      return
    }
    account(replica, until: now)
    let stretch = lifetimes[Int(replicas[replica].lifetime)]
    switch replicas[replica].phase {
    case .off: break
    case .booting:
      if now >= stretch.stop {
        turnOff(replica, at: now, recorder: &recorder)
      } else if now >= stretch.drain {
        drain(replica, until: stretch.stop, endsEmpty: false)
      } else {
        becomeReady(replica)
        admitHeld(pool, at: now, recorder: &recorder)
      }
    case .serving, .spare: drain(replica, until: stretch.stop, endsEmpty: false)
    case .draining:
      // It admits nothing, so that a step that ends at this very instant may be taken for done.
      if deadlines[replica].endsEmpty { advance(replica, to: now.nextUp, recorder: &recorder) }
      let isEmpty = deadlines[replica].endsEmpty && replicas[replica].activity == .idle
      if isEmpty || now >= min(deadlines[replica].time, stretch.stop) {
        turnOff(replica, at: now, recorder: &recorder)
      }
    }
    settle(pool, at: now, recorder: &recorder)
  }
}
