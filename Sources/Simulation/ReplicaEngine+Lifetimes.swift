// SPDX-License-Identifier: GPL-3.0-or-later
// Replicas that come and go: start-up, notice, interruption, and the hours each phase is paid for.

extension ReplicaEngine {
  /// Makes every change of a replica's life due by `time`, in order of time. Requests of replicas that are gone are
  /// left in `handedBack`.
  mutating func applyTransition(recorder: inout Recorder) {
    let now = earliestTransition
    for replica in 0..<replicas.count where nextTransitions[replica] == now {
      advance(replica, to: now, recorder: &recorder)
      if pools[Int(replicas[replica].pool)].isScaled {
        changeScaled(replica, at: now, recorder: &recorder)
      } else {
        change(replica, at: now, recorder: &recorder)
      }
      setNextTransition(replica)
    }
    updateEarliestTransition()
  }

  /// Ends the accounting of hours at `time`; no replica's life changes after.
  mutating func closeHours(at time: Double) {
    for replica in 0..<replicas.count {
      account(replica, until: time)
      // What waits at a gateway is served by the replicas that are starting up for it.
      let isAwaited = replicas[replica].phase == .booting && pools[Int(replicas[replica].pool)].isScaled
      nextTransitions[replica] = isAwaited ? deadlines[replica].time : .infinity
    }
    isClosed = true
    updateEarliestTransition()
    loadDuration.close(at: time)
  }

  /// The time of the replica's next change: the start, readiness, draining or stop of its present or next lifetime.
  mutating func setNextTransition(_ replica: Int) {
    if pools[Int(replicas[replica].pool)].isScaled {
      setNextScaledTransition(replica)
      return
    }
    let index = Int(replicas[replica].lifetime)
    guard index < Int(lifetimeStart[replica + 1]) else {
      nextTransitions[replica] = .infinity
      return
    }
    nextTransitions[replica] =
      switch replicas[replica].phase {
      case .off: lifetimes[index].start
      case .booting: lifetimes[index].ready
      case .serving, .spare: lifetimes[index].drain
      case .draining: lifetimes[index].stop
      }
  }

  mutating func updateEarliestTransition() {
    earliestTransition = .infinity
    for replica in 0..<replicas.count {
      earliestTransition = min(earliestTransition, nextTransitions[replica])
    }
  }

  /// Moves a replica to the next phase of its life.
  private mutating func change(_ replica: Int, at now: Double, recorder: inout Recorder) {
    account(replica, until: now)
    switch replicas[replica].phase {
    case .off:
      replicas[replica].phase = .booting
      changePaidGPUs(replica, by: 1, at: now)
    case .booting: becomeReady(replica)
    case .serving, .spare:
      replicas[replica].phase = .draining
      outstanding[replica] = .max
      promoteSpares(Int(replicas[replica].pool), at: now)
    case .draining:
      replicas[replica].phase = .off
      replicas[replica].lifetime += 1
      changePaidGPUs(replica, by: -1, at: now)
      handBackAll(replica, at: now, recorder: &recorder)
    }
  }

  /// Adds a replica's GPUs to those paid for, or takes them away.
  mutating func changePaidGPUs(_ replica: Int, by sign: Int, at now: Double) {
    let pool = pools[Int(replicas[replica].pool)]
    loadDuration.change(Int(pool.supply), by: sign * Int(pool.gpusPerReplica), at: now)
  }

  /// Adds the time since the present phase began, or was last accounted, to the pool's hours.
  mutating func account(_ replica: Int, until now: Double) {
    if isClosed { return }
    let pool = Int(replicas[replica].pool)
    let elapsed = now - replicas[replica].phaseStart
    let scale = pools[pool].gpusPerReplica / 3600
    let busyNow = busySeconds(replica, until: now)
    switch replicas[replica].phase {
    case .off: break
    case .booting: pools[pool].hours.booting += elapsed * scale
    case .draining: pools[pool].hours.draining += elapsed * scale
    case .spare: pools[pool].hours.spare += elapsed * scale
    case .serving:
      let busy = min(elapsed, busyNow - replicas[replica].busyAtPhaseStart)
      pools[pool].hours.busy += busy * scale
      pools[pool].hours.idle += (elapsed - busy) * scale
    }
    replicas[replica].phaseStart = now
    replicas[replica].busyAtPhaseStart = busyNow
  }

  /// Step time with something in work up to `time`, the open segment's share included.
  private func busySeconds(_ replica: Int, until time: Double) -> Double {
    switch replicas[replica].activity {
    case .idle, .scheduling: replicas[replica].busySeconds
    case .decoding, .mixed:
      replicas[replica].busySeconds + max(0, time - replicas[replica].segmentStart)
    }
  }

  /// Takes every request off a replica that stops. The step in progress is lost.
  mutating func handBackAll(_ replica: Int, at now: Double, recorder: inout Recorder) {
    let isStatic = pools[Int(replicas[replica].pool)].isStatic
    // Steps of the open segment that are complete have put out their tokens.
    if replicas[replica].activity == .decoding {
      let elapsed = now - replicas[replica].segmentStart
      var complete = replicas[replica].segment.steps(reaching: elapsed)
      if replicas[replica].segment.duration(steps: complete) > elapsed { complete -= 1 }
      let steps = min(Int64(complete), replicas[replica].segmentSteps - 1)
      if steps > 0 {
        recordSegment(
          replica, steps: steps, elapsed: replicas[replica].segment.duration(steps: Double(steps)),
          recorder: &recorder)
        if isStatic {
          makeRowSteps(replica, count: steps, prefill: false)
        } else {
          makeSteps(replica, count: steps)
        }
      }
    }
    replicas[replica].busySeconds = busySeconds(replica, until: now)
    replicas[replica].activity = .idle
    nextEvents[replica] = .infinity
    while replicas[replica].runningHead != none {
      let slot = replicas[replica].runningHead
      let lost = isStatic ? stopRow(slot, on: replica) : stopRunning(slot, on: replica)
      handBack(slot, on: replica, losing: lost, at: now, recorder: &recorder)
    }
    replicas[replica].firstPrefilling = none
    if isStatic { replicas[replica].freeBlocks = pools[Int(replicas[replica].pool)].keyValueBlocks }
    while replicas[replica].waitingHead != none {
      let slot = replicas[replica].waitingHead
      removeFirstWaiting(replica)
      if sequences[Int(slot)].hasText { forgetText(slot) }
      handBack(slot, on: replica, losing: 0, at: now, recorder: &recorder)
    }
    precondition(
      replicas[replica].freeBlocks == pools[Int(replicas[replica].pool)].keyValueBlocks,
      "INV-4: KV blocks are still held on an empty replica")
    if prefixCache.queues[replica].isActive { prefixCache.clear(replica) }
  }

  /// Credits what the supply generated for a request and leaves the request for the chain.
  private mutating func handBack(
    _ slot: Int32, on replica: Int, losing lost: Int64, at now: Double, recorder: inout Recorder
  ) {
    var sequence = sequences[Int(slot)]
    let pool = Int(replicas[replica].pool)
    let cell = recorder.cell(supply: Int(pools[pool].supply), sequence)
    if sequence.generated > 0 && sequence.generatedElsewhere == 0 {
      sequence.firstToken += pools[pool].requestOverhead
    }
    recorder.supplies[cell].recomputedTokens += Double(lost)
    recorder.supplies[cell].interrupted += 1
    recorder.supplies[cell].outputTokens += Double(sequence.generated - sequence.generatedElsewhere)
    leaveForChain(sequence, identity(of: slot), supply: pools[pool].supply, at: now)
    leave(slot, replica: replica)
  }

  /// Leaves a request for the chain.
  /// - Parameter supply: whose other replicas are asked first; the chain's first for none.
  mutating func leaveForChain(
    _ sequence: Sequence, _ identity: RequestIdentity, supply: Int32, at now: Double
  ) {
    if handedBackCount == handedBack.count {
      handedBack.grow(to: max(64, handedBackCount * 2), filling: Handover())
    }
    handedBack[handedBackCount] = Handover(sequence: sequence, identity: identity, time: now, supply: supply)
    handedBackCount += 1
  }
}
