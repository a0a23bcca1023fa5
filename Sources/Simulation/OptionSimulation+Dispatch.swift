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
  ///   - retries: retries made so far at that supply, or of the whole chain.
  @inline(__always)
  mutating func dispatch(
    _ sequence: Sequence, identity: RequestIdentity, from first: Int = 0, retries: Int = 0, at now: Double
  ) -> Disposition {
    let model = Int(sequence.model)
    for index in first..<supplies.count {
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
        answer =
          budgets[Int(supply.table) + model].take(sequence, at: now, window: supply.window)
          ? .admitted : .refused
        if case .admitted = answer {
          serveRemotely(sequence, identity: identity, supply: index, latency: supply.latency, at: now)
        }
      case .metered:
        answer = .admitted
        serveRemotely(sequence, identity: identity, supply: index, latency: supply.latency, at: now)
      }
      switch answer {
      case .admitted:
        recorder.supplies[cell].admitted += 1
        recorder.supplies[cell].inputTokens += Double(sequence.prefillTarget)
        return .admitted
      case .askAgain(let policy):
        if retries < policy.retries {
          recorder.supplies[cell].throttled += 1
          park(sequence, identity, supply: index, retries: retries + 1, policy, at: now)
          return .parked
        }
        recorder.supplies[cell].refused += 1
      case .refused: recorder.supplies[cell].refused += 1
      }
    }
    guard let policy = configuration.retry, retries < policy.retries else { return .lost }
    park(sequence, identity, supply: 0, retries: retries + 1, policy, at: now)
    return .parked
  }

  /// Puts a request aside until its back-off is over.
  private mutating func park(
    _ sequence: Sequence, _ identity: RequestIdentity, supply: Int, retries: Int, _ policy: RetryPolicy,
    at now: Double
  ) {
    recorder.requests[Int(sequence.useCase)].retried += 1
    // One block of four numbers a request: its retries use them in turn.
    let words = retryStream.block(UInt64(UInt32(bitPattern: identity.number)) << 8 | UInt64(retries >> 2))
    let uniform = (Double(words[retries & 3]) + 0.5) * 0x1p-32
    let place = parked.park(
      ParkedRequest(
        sequence: sequence, identity: identity, supply: Int32(supply), retries: Int32(retries)))
    timers.insert(.retry, index: place, at: now + policy.delay(retry: retries, uniform: uniform))
  }

  /// Serves a request on somebody else's machines: its times follow from the latency alone.
  @inline(__always)
  private mutating func serveRemotely(
    _ sequence: Sequence, identity: RequestIdentity, supply: Int, latency: ServiceLatency, at now: Double
  ) {
    let generated = sequence.outputTokens - sequence.generated
    let next = now + latency.firstToken
    recorder.served(
      sequence, supply: supply, firstToken: sequence.firstToken >= 0 ? sequence.firstToken : next,
      end: next + latency.perOutputToken * Double(generated - 1), identity: identity)
    recorder.supplies[recorder.cell(supply: supply, sequence)].outputTokens += Double(generated)
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
        case .urgent: releaseUrgent(Int(timer.index), at: timer.time)
        case .answer: look(at: gateway.answers.take(timer.index))
        }
      }
    }
  }

  /// Makes the earliest change of a replica's life.
  private mutating func makeTransition() {
    engine.applyTransition(recorder: &recorder)
    let count = engine.handedBackCount
    engine.handedBackCount = 0
    for index in 0..<count {
      let handover = engine.handedBack[index]
      if case .lost = dispatch(handover.sequence, identity: handover.identity, at: handover.time) {
        recorder.failed(useCase: Int(handover.sequence.useCase), at: handover.time, handover.identity)
        replaceLost(useCase: Int(handover.sequence.useCase), handover.identity, at: handover.time)
      }
    }
  }

  /// Offers a parked request again. One that had begun to be answered has failed where it finds nobody; any other was
  /// throttled.
  private mutating func retry(_ request: ParkedRequest, at now: Double) {
    let disposition = dispatch(
      request.sequence, identity: request.identity, from: Int(request.supply), retries: Int(request.retries),
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
