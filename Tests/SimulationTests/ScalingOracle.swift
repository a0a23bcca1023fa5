// SPDX-License-Identifier: GPL-3.0-or-later
// The oracle of autoscaling: replicas as lists, a clock that walks from event to event, every step made by itself, and
// HPA's algorithm over the list of all recommendations ever made. Written apart from the program.

import Foundation
import Simulation
import Workload

/// An autoscaled pool of replicas whose steps all take the same time.
struct ScalingOracle {
  struct Task {
    var left: Int
  }

  enum Life: Equatable { case off, booting(until: Double), serving, draining }

  struct Machine {
    var life = Life.off
    var running: [Task] = []
    var waiting: [Task] = []
    /// When the step in progress ends; nil while idle.
    var stepEnd: Double?
    var tasks: Int { running.count + waiting.count }
  }

  let autoscaler: Autoscaler
  let places: Int
  let step: Double
  let startup: Double
  private(set) var machines: [Machine]
  private(set) var wanted: Int
  private(set) var decisions: [(time: Double, replicas: Int)] = []
  /// Replica-seconds paid for.
  private(set) var paidSeconds = 0.0
  private(set) var refused = 0
  private var now = 0.0
  private var lastUse = 0.0
  private var gateway: [Task] = []
  private var history: [(time: Double, replicas: Int)] = []

  init(_ autoscaler: Autoscaler, replicas: Int, places: Int, step: Double, startup: Double) {
    self.autoscaler = autoscaler
    self.places = places
    self.step = step
    self.startup = startup
    machines = (0..<replicas).map {
      $0 < autoscaler.initial ? Machine(life: .serving) : Machine()
    }
    wanted = autoscaler.initial
    history = [(0, autoscaler.initial)]
  }

  /// Runs requests of one prompt token until the window ends.
  mutating func run(_ requests: [Request], window: Double) {
    var arrivals = ArraySlice(requests)
    var evaluations = 1
    while true {
      let stepEnd = machines.compactMap(\.stepEnd).min() ?? .infinity
      let ready =
        machines.compactMap { if case .booting(let time) = $0.life { time } else { nil } }.min() ?? .infinity
      let evaluation = Double(evaluations) * autoscaler.period
      let arrival = arrivals.first?.arrival ?? .infinity
      let next = min(stepEnd, ready, evaluation, arrival)
      let paying = Double(machines.count { $0.life != .off })
      paidSeconds += paying * (min(next, window) - now)
      now = next
      if next > window { return }
      if stepEnd == next {
        endSteps()
      } else if ready == next {
        finishBooting()
      } else if evaluation == next {
        evaluations += 1
        evaluate()
      } else {
        arrive(Task(left: Int(arrivals.removeFirst().outputTokens)))
      }
    }
  }

  private mutating func endSteps() {
    for index in machines.indices where machines[index].stepEnd == now {
      for task in machines[index].running.indices { machines[index].running[task].left -= 1 }
      machines[index].running.removeAll { $0.left == 0 }
      beginStep(index)
      if machines[index].life == .draining, machines[index].tasks == 0 { machines[index].life = .off }
    }
  }

  private mutating func beginStep(_ index: Int) {
    while machines[index].running.count < places, !machines[index].waiting.isEmpty {
      machines[index].running.append(machines[index].waiting.removeFirst())
    }
    machines[index].stepEnd = machines[index].running.isEmpty ? nil : now + step
  }

  private mutating func arrive(_ task: Task) {
    lastUse = now
    if place(task) { return }
    if wanted == 0 {
      want(1)
      history.append((now, 1))
    }
    let isComing = machines.contains { if case .booting = $0.life { true } else { false } }
    if autoscaler.whenEmpty == .hold && isComing { gateway.append(task) } else { refused += 1 }
  }

  /// Gives a task to the serving machine with the fewest.
  private mutating func place(_ task: Task) -> Bool {
    let serving = machines.indices.filter { machines[$0].life == .serving }
    guard let best = serving.min(by: { (machines[$0].tasks, $0) < (machines[$1].tasks, $1) }) else {
      return false
    }
    machines[best].waiting.append(task)
    if machines[best].stepEnd == nil { beginStep(best) }
    return true
  }

  private mutating func finishBooting() {
    for index in machines.indices where machines[index].life == .booting(until: now) {
      machines[index].life = .serving
    }
    while let task = gateway.first, place(task) { gateway.removeFirst() }
  }

  private mutating func evaluate() {
    let serving = machines.filter { $0.life == .serving }
    if !gateway.isEmpty || serving.contains(where: { $0.tasks > 0 }) { lastUse = now }
    guard wanted > 0 else { return }
    let metric: Double =
      switch autoscaler.metric {
      case .queue: Double(serving.reduce(gateway.count) { $0 + $1.waiting.count })
      case .concurrency: Double(serving.reduce(gateway.count) { $0 + $1.tasks })
      case .utilization: serving.reduce(0) { $0 + Double($1.running.count) / Double(places) }
      }
    // ceil(current × metric / target), the metric being the mean.
    let mean = metric / Double(wanted)
    let isNear = abs(mean / autoscaler.target - 1) <= autoscaler.tolerance
    let recommended =
      isNear ? wanted : Int((Double(wanted) * mean / autoscaler.target - 1e-9).rounded(.up))
    let desired = max(max(1, autoscaler.minimum), min(recommended, autoscaler.maximum))
    history.append((now, desired))
    let upward = history.filter { now - $0.time < autoscaler.scaleUpWindow }.map(\.replicas) + [desired]
    let downward = history.filter { now - $0.time < autoscaler.scaleDownWindow }.map(\.replicas) + [desired]
    var next = wanted
    if let least = upward.min(), least > next { next = least }
    if let most = downward.max(), most < next { next = most }
    if next > wanted { next = min(next, wanted + (autoscaler.scaleUpLimit ?? max(4, wanted))) }
    if next < wanted { next = max(next, wanted - (autoscaler.scaleDownLimit ?? wanted)) }
    if autoscaler.minimum == 0 && now - lastUse >= autoscaler.cooldown { next = 0 }
    want(min(next, autoscaler.maximum))
  }

  private mutating func want(_ count: Int) {
    guard count != wanted else { return }
    wanted = count
    decisions.append((now, count))
    func isPresent(_ life: Life) -> Bool { life != .off && life != .draining }
    while machines.count(where: { isPresent($0.life) }) < count {
      if let index = machines.firstIndex(where: { $0.life == .draining }) {
        machines[index].life = .serving
      } else if let index = machines.firstIndex(where: { $0.life == .off }) {
        machines[index].life = .booting(until: now + startup)
      }
    }
    while machines.count(where: { isPresent($0.life) }) > count { stopOne() }
  }

  private mutating func stopOne() {
    var latest = -1.0
    var booting: Int?
    for index in machines.indices {
      if case .booting(let time) = machines[index].life, time >= latest { (booting, latest) = (index, time) }
    }
    if let booting {
      machines[booting].life = .off
      return
    }
    let serving = machines.indices.filter { machines[$0].life == .serving }
    guard let index = serving.min(by: { (machines[$0].tasks, -$0) < (machines[$1].tasks, -$1) }) else {
      return
    }
    machines[index].life = machines[index].tasks == 0 ? .off : .draining
  }
}
