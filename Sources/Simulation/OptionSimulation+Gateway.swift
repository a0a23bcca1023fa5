// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when an answer has come: it is the user's, or a larger model gives it again.

import Quantities

extension OptionSimulation {
  /// Makes everything that happens before `time`, and what is due at it, in order of time.
  ///
  /// Where nothing looks at answers a replica is brought up to date when a request comes to it, and this is not needed.
  /// Ties are decided as everywhere: what is due comes before steps, and a step that is put together at an instant sees
  /// every request that comes at it.
  ///
  /// - Complexity: O(replicas) an event.
  mutating func makeEvents(until time: Double) {
    while true {
      takeAnswers()
      let interrupt = earliestInterrupt
      let replica = engine.earliestReplica
      let step = engine.nextEvents.count > 0 ? engine.nextEvents[replica] : .infinity
      if interrupt <= step {
        guard interrupt <= time, interrupt < .infinity else { return }
        let isTransition = engine.earliestTransition == interrupt
        makeInterrupts(until: interrupt)
        if isTransition, gateway.offline.isPresent { fillSpareRoom(at: interrupt) }
      } else {
        guard step < time else { return }
        engine.makeNextHalfEvent(replica, recorder: &recorder)
        // Between a step and the next, when its places are known to be free.
        if gateway.offline.isPresent, engine.replicas[replica].activity == .scheduling {
          fillSpareRoom(of: replica, at: step)
        }
      }
    }
  }

  /// Notes when the answers that supplies have finished are complete.
  mutating func takeAnswers() {
    if recorder.answers.isEmpty { return }
    for answer in recorder.answers {
      timers.insert(.answer, index: gateway.answers.park(answer), at: answer.end)
    }
    recorder.answers.removeAll(keepingCapacity: true)
  }

  /// Looks at an answer when its last token has come: what is not good enough goes through the chain again, with the
  /// same prompt to the larger model.
  mutating func look(at answer: CompleteAnswer) {
    let useCase = Int(answer.sequence.useCase)
    let number = answer.identity.number
    if let larger = gateway.routes.next(after: answer.sequence.model, useCase: useCase, number: number) {
      recorder.supplies[recorder.cell(supply: Int(answer.supply), answer.sequence)].served += 1
      let again = Sequence(
        arrival: answer.sequence.arrival, inputTokens: answer.sequence.inputTokens,
        outputTokens: answer.sequence.outputTokens, useCase: answer.sequence.useCase, model: larger)
      let identity = RequestIdentity(
        number: number, user: answer.identity.user, content: answer.identity.content,
        prefix: answer.identity.prefix, sharedTokens: answer.identity.sharedTokens)
      if case .lost = submit(again, identity: identity, at: answer.end) {
        recorder.throttled(useCase: useCase, at: answer.end, identity)
        replaceLost(useCase: useCase, identity, at: answer.end)
      }
      return
    }
    recorder.finished(
      answer.sequence, supply: Int(answer.supply), firstToken: answer.firstToken, end: answer.end,
      identity: answer.identity)
    if answer.sequence.model != gateway.routes.first(useCase: useCase, number: number) {
      recorder.requests[useCase].escalated += 1
    }
    gateway.offline.learn(useCase: useCase, generationSeconds: answer.end - answer.firstToken)
    holdAnswer(of: answer.sequence, answer.identity, at: answer.end)
  }
}
