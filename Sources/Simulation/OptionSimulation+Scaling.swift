// SPDX-License-Identifier: GPL-3.0-or-later
// When autoscalers look at their pools and schedules change them.

import Quantities

extension OptionSimulation {
  /// A pool's number of replicas from a time on.
  struct ScheduledStep {
    var pool: Int
    var replicas: Int
  }

  /// Sets the timers of pools that are scaled.
  mutating func startScaling(_ pools: [PoolConfiguration]) {
    for (index, pool) in pools.enumerated() {
      switch pool.scaling {
      case nil: break
      case .autoscale:
        timers.insert(.evaluation, index: Int32(index), at: engine.scalers[index].nextEvaluation)
      case .schedule(let list):
        for step in list where step.start > .zero && step.start.rawValue <= window {
          timers.insert(.schedule, index: Int32(scheduledSteps.count), at: step.start.rawValue)
          scheduledSteps.append(
            ScheduledStep(pool: index, replicas: min(step.replicas, pool.schedules.count)))
        }
      }
    }
  }

  /// Lets a pool's autoscaler look, and sets the timer of its next look. After the window nobody looks.
  mutating func evaluate(_ pool: Int, at now: Double) {
    if engine.isClosed { return }
    engine.evaluate(pool, at: now, recorder: &recorder)
    offerHandedBack()
    timers.insert(.evaluation, index: Int32(pool), at: engine.scalers[pool].nextEvaluation)
  }

  /// Makes a step of a schedule.
  mutating func makeScheduled(_ step: Int, at now: Double) {
    if engine.isClosed { return }
    engine.setWanted(
      scheduledSteps[step].pool, to: scheduledSteps[step].replicas, at: now, recorder: &recorder)
    offerHandedBack()
  }

  /// What autoscalers and schedules decided, with the pools' places in the chain.
  var scalingDecisions: [ScalingDecision] {
    engine.decisions.filter { $0.time >= leadIn }.map { decision in
      let supply = Int(engine.pools[decision.pool].supply)
      let model = (0..<configuration.models).first {
        entries[Int(supplies[supply].table) + $0] == decision.pool
      }
      return ScalingDecision(
        time: decision.time - leadIn, supply: supply, model: model ?? 0, replicas: decision.replicas)
    }
  }
}
