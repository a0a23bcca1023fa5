// SPDX-License-Identifier: GPL-3.0-or-later
// An option whose requests are a fluid: what it would use of each supply if demand had no chance in it, in
// closed form. Hundreds of times cheaper than the simulation, and wrong where chance matters;
// regressions correct it.

public import Quantities

/// A stretch of a window in which the demand is steady.
public struct FluidStretch: Sendable, Hashable {
  /// Its start, from the window's.
  public var start: Seconds
  /// Its length.
  public var length: Seconds
  /// Requests per second by use case.
  public var rates: [Double]

  /// A stretch.
  public init(start: Seconds, length: Seconds, rates: [Double]) {
    self.start = start
    self.length = length
    self.rates = rates
  }
}

/// An option as the fluid sees it.
///
/// Each supply admits what it has room for and passes the rest on: a metered one everything; reserved units
/// the share that their scarcer token budget lasts for; a pool with a limited queue what its replicas that
/// are there can finish, and a pool without one everything, of which it finishes no more than it can.
/// Replicas come and go as their schedules say, so that what is paid for them is exact.
///
/// Where chance fills a queue before the fluid would, capacity seems smaller than it is. So the bill is made
/// for several multiples of the capacity; a combination of them whose weights sum to 1 follows the true
/// overflow, and keeps every sum that all of them keep.
public struct FluidOption {
  private let configuration: OptionConfiguration
  private let tokens: [(input: Double, output: Double)]
  /// Multiples of every capacity, one per bill.
  private let capacityFactors: [Double]
  private let window: Double
  private let drainLimit: Double
  /// Starts and ends of phases of replicas' lives within the window, ascending.
  private let changes: [Double]

  /// An option over one window.
  /// - Parameters:
  ///   - configuration: the option as it would be simulated.
  ///   - tokens: mean prompt and output tokens by use case.
  ///   - capacityFactors: multiples of every capacity.
  ///   - window: length of the window.
  ///   - drainLimit: how long after it requests may still finish.
  public init(
    _ configuration: OptionConfiguration, tokens: [(input: Double, output: Double)],
    capacityFactors: [Double], window: Seconds, drainLimit: Seconds
  ) {
    precondition(tokens.count == configuration.modelOfUseCase.count, "lengths of \(tokens.count) use cases")
    self.configuration = configuration
    self.tokens = tokens
    self.capacityFactors = capacityFactors
    self.window = window.rawValue
    self.drainLimit = drainLimit.rawValue
    var changes: [Double] = []
    for case .fleet(let fleet) in configuration.chain {
      for pool in fleet.pools.compactMap(\.self) {
        for case .during(let lives) in pool.schedules {
          for life in lives {
            changes += [life.start.rawValue, life.ready.rawValue, life.drain.rawValue, life.stop.rawValue]
          }
        }
      }
    }
    self.changes = changes.filter { $0 > 0 && $0 < window.rawValue }.sorted()
  }

  /// Adds what a stretch uses to the bills, one per capacity factor, with a weight.
  /// - Complexity: O(changes in the stretch × supplies × (use cases + replicas)).
  public func add(_ stretch: FluidStretch, weight: Double, to bills: inout [BillOfQuantities]) {
    var start = stretch.start.rawValue
    let end = start + stretch.length.rawValue
    for change in changes where change > start && change < end {
      addPiece(from: start, to: change, rates: stretch.rates, weight: weight, to: &bills)
      start = change
    }
    addPiece(from: start, to: end, rates: stretch.rates, weight: weight, to: &bills)
  }

  /// A piece in which nothing changes.
  private func addPiece(
    from start: Double, to end: Double, rates: [Double], weight: Double, to bills: inout [BillOfQuantities]
  ) {
    let seconds = (end - start) * weight
    guard seconds > 0 else { return }
    let middle = (start + end) / 2
    var loads = [PoolLoad?](repeating: nil, count: configuration.chain.count * configuration.models)
    for place in capacityFactors.indices {
      var offered = rates
      for useCase in rates.indices {
        let arrived = rates[useCase] * seconds
        bills[place].requests[useCase].arrived += arrived
        bills[place].requests[useCase].inputTokens += arrived * tokens[useCase].input
        bills[place].requests[useCase].outputTokens += arrived * tokens[useCase].output
      }
      for supply in configuration.chain.indices {
        for model in 0..<configuration.models {
          offer(
            &offered, to: supply, model: model, at: middle, seconds: seconds, place: place,
            load: &loads[supply * configuration.models + model], bills: &bills)
        }
      }
      for useCase in rates.indices {
        bills[place].requests[useCase].throttled += offered[useCase] * seconds
      }
      for supply in configuration.chain.indices {
        guard case .fleet(let fleet) = configuration.chain[supply] else { continue }
        let gpus = fleet.pools.reduce(0) { sum, pool in
          sum + (pool.map { Presence($0.schedules, at: middle).paid * $0.gpusPerReplica } ?? 0)
        }
        bills[place].hoursByGPUs[supply][gpus] += seconds / 3600
      }
    }
  }

  /// Offers what is left of one model's requests to a supply.
  private func offer(
    _ offered: inout [Double], to supply: Int, model: Int, at time: Double, seconds: Double, place: Int,
    load: inout PoolLoad?, bills: inout [BillOfQuantities]
  ) {
    let factor = capacityFactors[place]
    let flow = flow(of: model, offered)
    switch configuration.chain[supply] {
    case .metered(let metered):
      guard metered.serves[model] else { return }
      take(&offered, of: model, Outcome(), supply: supply, seconds: seconds, bill: &bills[place])
    case .reserved(let reserved):
      guard let units = reserved.units[model] else { return }
      let held = Double(units.units) / 60
      let (input, output) = (held * units.inputTokensPerMinute, held * units.outputTokensPerMinute)
      let wanted = (input: flow.rate * flow.inputTokens, output: flow.rate * flow.outputTokens)
      let share = min(
        1, wanted.input > 0 ? factor * input / wanted.input : 1,
        wanted.output > 0 ? factor * output / wanted.output : 1)
      bills[place].reserved[supply][model].unitHours += Double(units.units) * seconds / 3600
      bills[place].reserved[supply][model].inputCapacity += input * seconds
      bills[place].reserved[supply][model].outputCapacity += output * seconds
      bills[place].reserved[supply][model].inputUsed += min(share * wanted.input, input) * seconds
      bills[place].reserved[supply][model].outputUsed += min(share * wanted.output, output) * seconds
      take(
        &offered, of: model, Outcome(admitted: share), supply: supply, seconds: seconds, bill: &bills[place])
    case .fleet(let fleet):
      guard let pool = fleet.pools[model] else { return }
      let present = Presence(pool.schedules, at: time)
      let outcome = outcome(of: pool, replicas: present.serving, flow, factor: factor, load: &load)
      let hours = seconds / 3600 * Double(pool.gpusPerReplica)
      bills[place].poolHours[supply][model].busy += present.serving * outcome.busy * hours
      bills[place].poolHours[supply][model].idle += present.serving * (1 - outcome.busy) * hours
      bills[place].poolHours[supply][model].booting += present.booting * hours
      bills[place].poolHours[supply][model].draining += present.draining * hours
      take(&offered, of: model, outcome, supply: supply, seconds: seconds, bill: &bills[place])
    }
  }

  /// The requests of one model together.
  private func flow(of model: Int, _ offered: [Double]) -> FluidFlow {
    var flow = FluidFlow(rate: 0, inputTokens: 0, outputTokens: 0)
    for useCase in offered.indices where configuration.modelOfUseCase[useCase] == model {
      flow.rate += offered[useCase]
      flow.inputTokens += offered[useCase] * tokens[useCase].input
      flow.outputTokens += offered[useCase] * tokens[useCase].output
    }
    if flow.rate > 0 {
      flow.inputTokens /= flow.rate
      flow.outputTokens /= flow.rate
    }
    return flow
  }

  /// What becomes of the requests that a supply is offered.
  private struct Outcome {
    /// The share admitted.
    var admitted = 1.0
    /// The share of those that are finished before the drain's end.
    var served = 1.0
    /// Seconds until the first token beside the prompt's own processing, at the window's start and per second
    /// of it.
    var wait = (fixed: 0.0, growing: 0.0)
    /// Seconds per output token.
    var step = 0.0
    /// The share of time in which a replica has something in work.
    var busy = 0.0
  }

  /// How a pool is loaded, which several capacity factors mostly have in common.
  private struct PoolLoad {
    var flow: FluidFlow
    /// Requests per second that a replica is given, and that it could finish.
    var rate: Double
    var capacity: Double
    var busy: Double
    var step: Double

    init(_ pool: PoolConfiguration, _ flow: FluidFlow, rate: Double, capacity: Double) {
      self.flow = flow
      self.rate = rate
      self.capacity = capacity
      let occupancy = pool.fluidOccupancy(flow, rate: rate)
      busy = 1 - power(0.367_879_441_171_442_3, occupancy)
      step = pool.fluidStep(flow, sequences: occupancy)
    }
  }

  private func outcome(
    of pool: PoolConfiguration, replicas: Double, _ flow: FluidFlow, factor: Double, load: inout PoolLoad?
  ) -> Outcome {
    guard replicas > 0 else { return Outcome(admitted: 0) }
    guard flow.rate > 0 else { return Outcome() }
    var outcome = Outcome()
    let known = load.flatMap { $0.flow == flow ? $0 : nil }
    let single = known?.capacity ?? pool.fluidCapacity(flow)
    let capacity = factor * replicas * single
    let rate = min(flow.rate, capacity) / replicas
    let present =
      known.flatMap { $0.rate == rate ? $0 : nil } ?? PoolLoad(pool, flow, rate: rate, capacity: single)
    load = present
    outcome.busy = present.busy
    outcome.step = present.step
    guard flow.rate > capacity else { return outcome }
    if let limit = pool.queueLimit {
      outcome.admitted = capacity / flow.rate
      outcome.wait.fixed = Double(limit) * replicas / capacity
    } else {
      outcome.served = min(1, capacity * (window + drainLimit) / (flow.rate * window))
      outcome.wait.growing = flow.rate / capacity - 1
    }
    return outcome
  }

  /// Books what a supply takes of one model's requests; what it refuses stays offered.
  private func take(
    _ offered: inout [Double], of model: Int, _ outcome: Outcome, supply: Int, seconds: Double,
    bill: inout BillOfQuantities
  ) {
    for useCase in offered.indices where configuration.modelOfUseCase[useCase] == model {
      let all = offered[useCase] * seconds
      let admitted = all * outcome.admitted
      let served = admitted * outcome.served
      offered[useCase] *= 1 - outcome.admitted
      let stream = bill.stream(useCase: useCase, model: model)
      bill.supplies[supply][stream].admitted += admitted
      bill.supplies[supply][stream].refused += all - admitted
      bill.supplies[supply][stream].served += served
      bill.supplies[supply][stream].inputTokens += admitted * tokens[useCase].input
      bill.supplies[supply][stream].outputTokens += served * tokens[useCase].output
      bill.requests[useCase].served += served
      bill.requests[useCase].inFlight += admitted - served
      let objective = configuration.objectives[useCase]
      let spare = objective.timeToFirstToken - outcome.wait.fixed
      let soon =
        outcome.wait.growing > 0
        ? min(1, max(0, spare) / (outcome.wait.growing * window)) : (spare >= 0 ? 1 : 0)
      // Near the objective some requests are faster than the mean and some slower.
      let slack = outcome.step > 0 ? objective.timePerOutputToken / outcome.step : .infinity
      bill.requests[useCase].withinObjective += served * soon * min(1, max(0, 2 * slack - 1))
    }
  }

  /// How many replicas are in each phase of their lives.
  private struct Presence {
    var serving = 0.0
    var booting = 0.0
    var draining = 0.0

    /// Replicas paid for.
    var paid: Int { Int(serving + booting + draining) }

    init(_ schedules: [ReplicaSchedule], at time: Double) {
      for schedule in schedules {
        guard case .during(let lives) = schedule else {
          serving += 1
          continue
        }
        for life in lives where life.start.rawValue <= time && time < life.stop.rawValue {
          if time < life.ready.rawValue {
            booting += 1
          } else if time < life.drain.rawValue {
            serving += 1
          } else {
            draining += 1
          }
        }
      }
    }
  }
}
