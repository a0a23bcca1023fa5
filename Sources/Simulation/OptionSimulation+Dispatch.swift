// SPDX-License-Identifier: GPL-3.0-or-later
// A request's way through the chain: which supply takes it, and what happens when none does.

import Quantities

extension OptionSimulation {
  /// What a supply says to a request.
  enum Answer {
    /// It serves it.
    case admitted
    /// It does not; the next supply is asked.
    case refused
    /// It does not now, but may after a back-off ("too many requests", 429).
    case askAgain(RetryPolicy)
    /// It does not, and no other supply is asked.
    case rejected
  }

  /// What has become of a request that was offered to the chain.
  enum Disposition {
    /// A supply has it.
    case admitted
    /// It waits to ask again.
    case parked
    /// No supply takes it.
    case lost
  }

  /// Offers a sequence to the supplies in order.
  /// - Parameters:
  ///   - first: the supply to begin with.
  ///   - retries: retries made so far.
  @inline(__always)
  mutating func dispatch(
    _ sequence: Sequence, identity: RequestIdentity, from first: Int = 0,
    retries: RetryCounts = RetryCounts(), at now: Double
  ) -> Disposition {
    let model = Int(sequence.model)
    chain: for index in first..<supplies.count {
      let supply = supplies[index]
      let entry = entries[Int(supply.table) + model]
      if entry < 0 { continue }
      let cell = recorder.cell(supply: index, sequence)
      var sequence = sequence
      sequence.generatedElsewhere = sequence.generated
      let answer: Answer
      switch supply.kind {
      case .fleet:
        answer =
          engine.admit(sequence, identity: identity, to: Int(entry), at: now, recorder: &recorder)
          ? .admitted : .refused
      case .reserved:
        answer = askReserved(
          sequence, identity: identity, supply: index, place: Int(supply.table) + model, at: now)
      case .metered:
        answer = askMetered(
          sequence, identity: identity, supply: index, place: Int(supply.table) + model, at: now)
      }
      switch answer {
      case .admitted:
        recorder.supplies[cell].admitted += 1
        recorder.supplies[cell].inputTokens += Double(sequence.prefillTarget)
        return .admitted
      case .askAgain(let policy):
        let made = index == first ? Int(retries.atSupply) : 0
        if made < policy.retries {
          recorder.supplies[cell].throttled += 1
          var counts = retries
          counts.atSupply = Int32(made + 1)
          park(sequence, identity, supply: index, counts, delay: made + 1, policy, at: now)
          return .parked
        }
        recorder.supplies[cell].refused += 1
      case .refused: recorder.supplies[cell].refused += 1
      case .rejected:
        recorder.supplies[cell].refused += 1
        break chain
      }
    }
    guard let policy = configuration.retry, retries.ofChain < policy.retries else { return .lost }
    var counts = retries
    counts.atSupply = 0
    counts.ofChain += 1
    park(sequence, identity, supply: 0, counts, delay: Int(counts.ofChain), policy, at: now)
    return .parked
  }

  /// Puts a request aside until its back-off is over.
  /// - Parameters:
  ///   - retries: retries made, with this one.
  ///   - number: which retry of the policy's this is, from 1.
  private mutating func park(
    _ sequence: Sequence, _ identity: RequestIdentity, supply: Int, _ retries: RetryCounts, delay number: Int,
    _ policy: RetryPolicy, at now: Double
  ) {
    recorder.requests[Int(sequence.useCase)].retried += 1
    // One block of four numbers a request: its retries use them in turn.
    let drawn = Int(retries.all)
    let words = retryStream.block(UInt64(UInt32(bitPattern: identity.number)) << 16 | UInt64(drawn >> 2))
    let uniform = (Double(words[drawn & 3]) + 0.5) * 0x1p-32
    var counts = retries
    counts.all += 1
    let place = parked.park(
      ParkedRequest(sequence: sequence, identity: identity, supply: Int32(supply), retries: counts))
    timers.insert(.retry, index: place, at: now + policy.delay(retry: number, uniform: uniform))
  }

  /// When something is next due that no arrival brings about: a change of a replica's life, or a timer.
  @inline(__always)
  var earliestInterrupt: Double { min(engine.earliestTransition, timers.earliest) }

  /// Makes what is due by `time`, in order of time: replicas' lives, then timers. Requests handed back go through the
  /// chain again.
  mutating func makeInterrupts(until time: Double) {
    while earliestInterrupt <= time {
      if engine.earliestTransition <= timers.earliest {
        makeTransition()
      } else {
        let timer = timers.removeFirst()
        switch timer.kind {
        case .retry: retry(parked.take(timer.index), at: timer.time)
        case .settlement: settle(place: Int(timer.index), unused: timer.amount, at: timer.time)
        case .evaluation: evaluate(Int(timer.index), at: timer.time)
        case .schedule: makeScheduled(Int(timer.index), at: timer.time)
        case .urgent: releaseUrgent(Int(timer.index), at: timer.time)
        case .answer: look(at: gateway.answers.take(timer.index))
        }
      }
    }
  }

  /// Makes the earliest change of a replica's life.
  private mutating func makeTransition() {
    engine.applyTransition(recorder: &recorder)
    offerHandedBack()
  }

  /// Offers the requests that replicas have handed back to the chain.
  mutating func offerHandedBack() {
    let count = engine.handedBackCount
    engine.handedBackCount = 0
    for index in 0..<count {
      let handover = engine.handedBack[index]
      if readmit(handover) { continue }
      if case .lost = dispatch(handover.sequence, identity: handover.identity, at: handover.time) {
        recorder.failed(useCase: Int(handover.sequence.useCase), at: handover.time, handover.identity)
        replaceLost(useCase: Int(handover.sequence.useCase), handover.identity, at: handover.time)
      }
    }
  }

  /// Gives a request to another replica of the pool that had it, before the chain is asked: there it need not leave the
  /// supply that it came to. Where that supply is the chain's first, asking the chain is the same.
  private mutating func readmit(_ handover: ReplicaEngine.Handover) -> Bool {
    let home = Int(handover.supply)
    guard home > 0 else { return false }
    var sequence = handover.sequence
    sequence.generatedElsewhere = sequence.generated
    let pool = Int(entries[Int(supplies[home].table) + Int(sequence.model)])
    guard
      engine.admit(
        sequence, identity: handover.identity, to: pool, at: handover.time, recorder: &recorder)
    else { return false }
    let cell = recorder.cell(supply: home, sequence)
    recorder.supplies[cell].admitted += 1
    recorder.supplies[cell].inputTokens += Double(sequence.prefillTarget)
    return true
  }

  /// Offers a parked request again. One that had begun to be answered has failed where it finds nobody; any other was
  /// throttled.
  private mutating func retry(_ request: ParkedRequest, at now: Double) {
    let disposition = dispatch(
      request.sequence, identity: request.identity, from: Int(request.supply), retries: request.retries,
      at: now)
    guard case .lost = disposition else { return }
    if request.sequence.generated > 0 {
      recorder.failed(useCase: Int(request.sequence.useCase), at: now, request.identity)
    } else {
      recorder.throttled(useCase: Int(request.sequence.useCase), at: now, request.identity)
    }
    replaceLost(useCase: Int(request.sequence.useCase), request.identity, at: now)
  }
}
