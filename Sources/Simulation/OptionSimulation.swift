// SPDX-License-Identifier: GPL-3.0-or-later
// The discrete-event simulation of one option over one stretch of time: requests in, quantities out.

public import Quantities
public import Workload

/// The simulation of one option over one window.
///
/// Offer the requests in order of arrival, in as many batches as is convenient, then `finish`. A request goes to the
/// first supply of the chain that admits it. After the window's end arrivals stop, hours are no longer counted, and
/// what is in work is finished.
///
/// - Complexity: about constant time per request, whatever its length; memory for the requests in work only.
public struct OptionSimulation: ~Copyable {
  let configuration: OptionConfiguration
  /// The window's end, its lead-in included; a closed loop sets it when it has ended.
  var window: Double
  var engine: ReplicaEngine
  var recorder: Recorder
  var supplies: Storage<Supply>
  var budgets: Storage<TokenBudget>
  var quotas: Storage<QuotaLevel>
  var promptCache = ProviderPromptCache()
  var timers = TimerQueue()
  var parked = Places(blank: ParkedRequest())
  var gateway: Gateway
  let retryStream: CounterRandom
  let latencyStream: CounterRandom
  /// The steps of all pools' schedules.
  var scheduledSteps: [ScheduledStep] = []
  /// Seconds simulated before what counts.
  let leadIn: Double
  /// When counting begins; infinite once it has.
  var countingFrom: Double
  /// What is added to the use case of a request that does not count, so that it is written down apart.
  var uncounted: Int
  /// What reserved units had been used for before counting began; empty without a lead-in.
  var reservedBefore: [ReservedTotals] = []
  private var clock = 0.0
  /// Requests offered so far.
  private var offered: Int32 = 0

  /// A supply as the dispatch loop sees it. For model `m` its pool is `pools[table + m]`, its budget `budgets[…]`, its
  /// quota `quotas[…]`.
  // Not private: other modules that hold a simulation need the type inside `Storage<Supply>`, and in a debug build the
  // compiler (6.3.1) then emits a reference to a private descriptor, which its own verifier refuses.
  struct Supply: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable { case metered, reserved, fleet }
    var kind = Kind.metered
    var table: Int32 = 0
    var service = RemoteService()
  }

  /// For each supply and model: its pool, 0 for "serves it" or -1 for "does not".
  var entries: Storage<Int32>

  /// An option's simulation over a window.
  /// - Parameters:
  ///   - configuration: the option.
  ///   - window: length of the window.
  ///   - leadIn: time simulated before the window, from which requests, replicas and queues reach into it. Requests
  ///     arrive, and pools are scheduled, from the lead-in's start on. What arrives in it, its hours and its latencies
  ///     do not count; what is then in work stays in work.
  ///   - keepsLog: whether every served request is kept, for tests and inspection; memory then grows with requests.
  public init(
    _ configuration: OptionConfiguration, window: Seconds, leadIn: Seconds = .zero, keepsLog: Bool = false
  ) {
    self.init(
      configuration, window: window.rawValue, leadIn: leadIn.rawValue, keepsLog: keepsLog, closedLoop: false)
  }

  /// - Parameter closedLoop: whether users wait for their requests.
  init(
    _ configuration: OptionConfiguration, window: Double, leadIn: Double = 0, keepsLog: Bool,
    closedLoop: Bool
  ) {
    precondition(leadIn >= 0, "a lead-in of \(leadIn) s")
    self.configuration = configuration
    self.window = leadIn + window
    self.leadIn = leadIn
    countingFrom = leadIn > 0 ? leadIn : .infinity
    uncounted = leadIn > 0 ? configuration.objectives.count : 0
    let models = configuration.models
    gateway = Gateway(leadIn > 0 ? configuration.withUncountedUseCases : configuration)
    var pools: [PoolConfiguration] = []
    var supplyOfPool: [Int] = []
    supplies = Storage(repeating: Supply(), count: configuration.chain.count)
    entries = Storage(repeating: -1, count: configuration.chain.count * models)
    budgets = Storage(repeating: TokenBudget(), count: configuration.chain.count * models)
    quotas = Storage(repeating: QuotaLevel(), count: configuration.chain.count * models)
    for (index, supply) in configuration.chain.enumerated() {
      let table = index * models
      switch supply {
      case .metered(let metered):
        supplies[index] = Supply(kind: .metered, table: Int32(table), service: RemoteService(metered))
        for model in 0..<models where metered.serves[model] {
          entries[table + model] = 0
          if let quota = metered.quota { quotas[table + model] = QuotaLevel(quota) }
        }
      case .reserved(let reserved):
        supplies[index] = Supply(kind: .reserved, table: Int32(table), service: RemoteService(reserved))
        for model in 0..<models {
          guard let units = reserved.units[model] else { continue }
          entries[table + model] = 0
          budgets[table + model] = TokenBudget(
            units, window: reserved.window.rawValue, accounting: reserved.accounting)
        }
      case .fleet(let fleet):
        supplies[index] = Supply(kind: .fleet, table: Int32(table))
        for model in 0..<models {
          guard let pool = fleet.pools[model] else { continue }
          entries[table + model] = Int32(pools.count)
          pools.append(pool)
          supplyOfPool.append(index)
        }
      }
    }
    // Not within the call: in an optimized build the compiler (6.3.1) destroys what it is about to initialize where the
    // right-hand side of `||` reads a part of `self`.
    let looksAtAnswers = gateway.looksAtAnswers
    let isAskedFor = keepsLog || closedLoop || configuration.retry != nil || configuration.asksForIdentity
    engine = ReplicaEngine(
      pools, supplyOfPool: supplyOfPool, supplies: configuration.chain.count,
      keepsIdentities: isAskedFor || looksAtAnswers, keepsDecisions: keepsLog,
      randomness: configuration.randomness)
    recorder = Recorder(
      objectives: configuration.objectives + (leadIn > 0 ? configuration.objectives : []), models: models,
      supplies: configuration.chain.count,
      pools: pools.count, keepsLog: keepsLog, keepsDepartures: closedLoop,
      keepsAnswers: looksAtAnswers)
    retryStream = configuration.randomness.stream(.retries)
    latencyStream = configuration.randomness.stream(.serviceLatency)
    for supply in 0..<supplies.count where supplies[supply].kind == .fleet {
      for model in 0..<models where entries[supply * models + model] >= 0 {
        engine.pools[Int(entries[supply * models + model])].model = Int32(model)
      }
    }
    precondition(
      !closedLoop || pools.allSatisfy { $0.scaling == nil }, "a closed loop has no pools that scale")
    startScaling(pools)
  }

  /// Takes requests in order of arrival, none earlier than those taken before nor later than the window's end.
  public mutating func offer(_ requests: borrowing Span<Request>) {
    for index in requests.indices { offer(requests[index], at: requests[index].arrival, user: 0) }
  }

  /// Takes one request, which reaches the chain at `now`, its front end behind it.
  /// - Returns: whether a supply admitted it, or may yet.
  @inline(__always) @discardableResult
  mutating func offer(_ request: Request, at now: Double, user: Int32) -> Bool {
    precondition(now >= clock && now <= window, "INV-5: a request arrives out of order or after the window")
    if now >= countingFrom { beginCounting() }
    if gateway.looksAtAnswers {
      makeEvents(until: now)
    } else if earliestInterrupt <= now {
      makeInterrupts(until: now)
    }
    clock = now
    let useCase = Int(request.useCase) + uncounted
    recorder.requests[useCase].arrived += 1
    recorder.requests[useCase].inputTokens += Int64(request.inputTokens)
    recorder.requests[useCase].outputTokens += Int64(request.outputTokens)
    let sequence = Sequence(
      arrival: request.arrival, inputTokens: request.inputTokens, outputTokens: request.outputTokens,
      useCase: Int16(useCase), model: gateway.routes.first(useCase: useCase, number: offered))
    let identity = RequestIdentity(
      number: offered, user: user, content: request.content, prefix: request.prefix,
      sharedTokens: min(request.sharedTokens, request.inputTokens))
    if engine.cachesPrefixes && request.content != 0 {
      engine.prefixCache.links.remember(
        request.content, prefix: identity.prefix, sharedTokens: identity.sharedTokens)
    }
    offered &+= 1
    if gateway.looksAtAnswers {
      if answerFromCache(sequence, identity, at: now) { return true }
      if case .lost = submit(sequence, identity: identity, at: now) {
        recorder.requests[useCase].throttled += 1
        replaceLost(useCase: useCase, identity, at: now)
        return false
      }
    } else if case .lost = dispatch(sequence, identity: identity, at: now) {
      recorder.requests[useCase].throttled += 1
      return false
    }
    return true
  }

  /// Ends the window, finishes what is in work (for at most `drainLimit` longer), and gives the quantities.
  public consuming func finish(drainLimit: Seconds = Seconds(.infinity)) -> WindowResult {
    if countingFrom < .infinity { beginCounting() }
    if gateway.looksAtAnswers { makeEvents(until: window) }
    if earliestInterrupt <= window { makeInterrupts(until: window) }
    engine.advanceAll(to: window, recorder: &recorder)
    engine.closeHours(at: window)
    let end = window + drainLimit.rawValue
    if gateway.looksAtAnswers { makeEvents(until: end) }
    while earliestInterrupt <= end && earliestInterrupt < .infinity {
      makeInterrupts(until: earliestInterrupt)
    }
    engine.advanceAll(to: end, recorder: &recorder)

    var bill = configuration.emptyBill()
    for useCase in bill.requests.indices {
      let tally = recorder.requests[useCase]
      bill.requests[useCase].arrived = Double(tally.arrived)
      bill.requests[useCase].served = Double(tally.served)
      bill.requests[useCase].throttled = Double(tally.throttled)
      bill.requests[useCase].retried = Double(tally.retried)
      bill.requests[useCase].cached = Double(tally.cached)
      bill.requests[useCase].coalesced = Double(tally.coalesced)
      bill.requests[useCase].escalated = Double(tally.escalated)
      bill.requests[useCase].filled = Double(tally.filled)
      bill.requests[useCase].late = Double(tally.late)
      bill.requests[useCase].failed = Double(tally.failed)
      bill.requests[useCase].inFlight = Double(
        tally.arrived - tally.served - tally.cached - tally.throttled - tally.failed)
      bill.requests[useCase].inputTokens = Double(tally.inputTokens)
      bill.requests[useCase].outputTokens = Double(tally.outputTokens)
      bill.requests[useCase].withinObjective = Double(tally.withinObjective)
    }
    for supply in 0..<supplies.count {
      let streams = bill.supplies[supply].count
      for stream in 0..<streams {
        bill.supplies[supply][stream] =
          recorder.supplies[supply * recorder.useCases * recorder.models + stream]
      }
      if supplies[supply].kind == .fleet {
        bill.hoursByGPUs[supply] = engine.loadDuration.hours(supply)
      }
      let table = Int(supplies[supply].table)
      for model in 0..<configuration.models where entries[table + model] >= 0 {
        switch supplies[supply].kind {
        case .fleet: bill.poolHours[supply][model] = engine.pools[Int(entries[table + model])].hours
        case .reserved: bill.reserved[supply][model] = reservedTotals(table + model)
        case .metered: break
        }
      }
    }
    var quality = recorder.quality()
    quality.keep(useCases: configuration.objectives.count)
    for supply in 0..<supplies.count where supplies[supply].kind == .fleet {
      for model in 0..<configuration.models where entries[Int(supplies[supply].table) + model] >= 0 {
        let pool = Int(entries[Int(supplies[supply].table) + model])
        quality.pools.append(
          recorder.pools.quality(
            pool: pool, supply: supply, model: model, places: Int(engine.pools[pool].maxSequences)))
        quality.pools[quality.pools.count - 1].starts = Double(engine.pools[pool].starts)
      }
    }
    var preemptions = 0
    for pool in 0..<engine.pools.count { preemptions += Int(engine.pools[pool].preemptions) }
    var inWork = parked.count + gateway.inWork
    var sequenceSeconds = 0.0
    for replica in 0..<engine.replicas.count {
      inWork += Int(engine.replicas[replica].running + engine.replicas[replica].waiting)
      sequenceSeconds += engine.replicas[replica].sequenceSeconds
    }
    for pool in 0..<engine.pools.count { inWork += Int(engine.pools[pool].held) }
    precondition(
      inWork == recorder.inFlight,
      "INV-1: \(inWork) requests are in work, but the books say otherwise")
    return WindowResult(
      window: window - leadIn, bill: bill, quality: quality, preemptions: preemptions,
      sequenceSeconds: sequenceSeconds,
      log: countedLog, scaling: scalingDecisions)
  }
}

/// What one window yielded.
public struct WindowResult: Sendable {
  /// Length of the window, seconds; of a closed loop, from its start until its last request left.
  public var window: Double
  /// The quantities.
  public var bill: BillOfQuantities
  /// The latencies.
  public var quality: ServiceQuality
  /// How often a sequence lost its KV blocks to an older one.
  public var preemptions: Int
  /// ∫ running sequences dt over all replicas, to the end of the drain.
  public var sequenceSeconds: Double
  /// Every served request, where the simulation keeps a log, in the order they finished on each replica.
  public var log: [ServedRequest]
  /// Changes of how many replicas each scaled pool was to have, where the simulation keeps a log.
  public var scaling: [ScalingDecision] = []
}
