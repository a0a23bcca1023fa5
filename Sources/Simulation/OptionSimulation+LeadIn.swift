// SPDX-License-Identifier: GPL-3.0-or-later
// A window that does not start from empty: what happens before it is simulated and not counted.

/// Requests and tokens count by when the request arrived, whenever it is served, so those of the lead-in are written
/// down under use cases of their own, which nobody reads. Hours and what replicas did count by when they were.
extension OptionSimulation {
  /// Ends the lead-in. Replicas, queues, caches and budgets stay as they are.
  mutating func beginCounting() {
    let now = countingFrom
    countingFrom = .infinity
    if gateway.looksAtAnswers { makeEvents(until: now) }
    makeInterrupts(until: now)
    engine.advanceAll(to: now, recorder: &recorder)
    engine.restartHours(at: now)
    recorder.pools = PoolRecorder(pools: engine.pools.count)
    reservedBefore = (0..<budgets.count).map { budgets[$0].totals(over: 0) }
    uncounted = 0
  }

  /// What one model's reserved units were and did in the window.
  func reservedTotals(_ index: Int) -> ReservedTotals {
    var totals = budgets[index].totals(over: window - leadIn)
    if !reservedBefore.isEmpty {
      ReservedTotals.combine(&totals, reservedBefore[index], weight: -1)
    }
    return totals
  }

  /// The requests that count, by the window's clock.
  var countedLog: [ServedRequest] {
    if leadIn == 0 { return recorder.log }
    return recorder.log.filter { $0.useCase < configuration.objectives.count }.map { served in
      var served = served
      served.arrival -= leadIn
      served.firstToken -= leadIn
      served.lastToken -= leadIn
      return served
    }
  }
}

extension OptionConfiguration {
  /// With every use case twice: the second time for requests that are not counted.
  var withUncountedUseCases: OptionConfiguration {
    var doubled = self
    doubled.modelOfUseCase += modelOfUseCase
    doubled.objectives += objectives
    doubled.gateway?.routing += gateway?.routing ?? []
    doubled.gateway?.offline?.deadlines += gateway?.offline?.deadlines ?? []
    return doubled
  }
}

extension ReplicaEngine {
  /// Forgets the hours so far and what was counted beside them; replicas' lives go on.
  mutating func restartHours(at now: Double) {
    for replica in 0..<replicas.count {
      account(replica, until: now)
      replicas[replica].sequenceSeconds = 0
    }
    for pool in 0..<pools.count {
      pools[pool].hours = PoolHours()
      pools[pool].preemptions = 0
      pools[pool].starts = 0
    }
    loadDuration.restart(at: now)
  }
}

extension Recorder {
  /// Requests that arrived and have not left, the uncounted among them.
  var inFlight: Int {
    var inFlight: Int64 = 0
    for useCase in 0..<useCases {
      let tally = requests[useCase]
      inFlight += tally.arrived - tally.served - tally.cached - tally.throttled - tally.failed
    }
    return Int(inFlight)
  }
}

extension ServiceQuality {
  /// Leaves out use cases beyond the first `count`.
  mutating func keep(useCases count: Int) {
    timeToFirstToken.removeLast(timeToFirstToken.count - count)
    timePerOutputToken.removeLast(timePerOutputToken.count - count)
    endToEnd.removeLast(endToEnd.count - count)
  }
}
