// SPDX-License-Identifier: GPL-3.0-or-later
// Where the event loop writes down what happened: integer counts per use case and supply, latency bins.

/// A use case's service-level objective, seconds.
public struct ServiceObjective: Sendable, Hashable, BitwiseCopyable {
  /// Longest time to first token.
  public var timeToFirstToken: Double
  /// Longest time per output token after the first.
  public var timePerOutputToken: Double
  /// Longest time from arrival to last token; a request that takes longer is late.
  public var deadline: Double

  /// An objective; infinite where none is set.
  public init(
    timeToFirstToken: Double = .infinity, timePerOutputToken: Double = .infinity,
    deadline: Double = .infinity
  ) {
    self.timeToFirstToken = timeToFirstToken
    self.timePerOutputToken = timePerOutputToken
    self.deadline = deadline
  }
}

/// A served request with its times, seconds from the start of the window.
public struct ServedRequest: Sendable, Hashable {
  /// When it came to the gateway.
  public var arrival: Double
  /// When its first token came out.
  public var firstToken: Double
  /// When its last token came out.
  public var lastToken: Double
  /// Tokens of its prompt.
  public var inputTokens: Int32
  /// Tokens generated for it.
  public var outputTokens: Int32
  /// Its use case's index.
  public var useCase: Int32
  /// The index of the supply that finished it; -1 for the cache.
  public var supply: Int32
  /// Its number in the order in which requests were offered, from 0.
  public var number: Int32
}

/// The tallies of one window, per use case and per supply.
struct Recorder: ~Copyable {
  let useCases: Int
  let models: Int
  var requests: Storage<UseCaseTally>
  /// By supply, then use case, then model.
  var supplies: Storage<SupplyTotals>
  /// Counts by use case, then measure (time to first token, per output token, end to end), then bin.
  private var bins: Storage<UInt32>
  /// Sums by use case, then measure.
  private var sums: Storage<Double>
  /// Whether every served request is kept in `log`.
  let keepsLog: Bool
  private(set) var log: [ServedRequest] = []
  /// Whether a closed loop waits for `departures`.
  let keepsDepartures: Bool
  /// Users whose request was finished or lost, and when; emptied by the closed loop.
  var departures: [Departure] = []
  /// Whether finished requests are left in `answers` instead of being recorded: the gateway looks at them first.
  let keepsAnswers: Bool
  /// What supplies have finished, at times that may lie ahead; emptied by the gateway.
  var answers: [CompleteAnswer] = []
  private var objectives: Storage<ServiceObjective>
  var pools: PoolRecorder

  /// A request that left: its user can go on.
  struct Departure {
    var user: Int32
    var time: Double
  }

  /// Counts of one use case.
  struct UseCaseTally: BitwiseCopyable {
    var arrived: Int64 = 0
    var served: Int64 = 0
    var throttled: Int64 = 0
    var failed: Int64 = 0
    var withinObjective: Int64 = 0
    var retried: Int64 = 0
    var cached: Int64 = 0
    var coalesced: Int64 = 0
    var escalated: Int64 = 0
    var filled: Int64 = 0
    var late: Int64 = 0
    var inputTokens: Int64 = 0
    var outputTokens: Int64 = 0
  }

  init(
    objectives: [ServiceObjective], models: Int, supplies supplyCount: Int, pools poolCount: Int,
    keepsLog: Bool, keepsDepartures: Bool, keepsAnswers: Bool
  ) {
    self.keepsLog = keepsLog
    self.keepsDepartures = keepsDepartures
    self.keepsAnswers = keepsAnswers
    useCases = objectives.count
    self.models = models
    requests = Storage(repeating: UseCaseTally(), count: useCases)
    supplies = Storage(repeating: SupplyTotals(), count: useCases * models * supplyCount)
    bins = Storage(repeating: 0, count: useCases * 3 * LatencyHistogram.binCount)
    sums = Storage(repeating: 0, count: useCases * 3)
    pools = PoolRecorder(pools: poolCount)
    self.objectives = Storage(repeating: ServiceObjective(), count: useCases)
    for (index, objective) in objectives.enumerated() { self.objectives[index] = objective }
  }

  /// Where `supplies` keeps what a supply did for a sequence's use case with its model.
  @inline(__always)
  func cell(supply: Int, _ sequence: Sequence) -> Int {
    (supply * useCases + Int(sequence.useCase)) * models + Int(sequence.model)
  }

  /// Takes note of the last token of a request, for the gateway or for good.
  @inline(__always)
  mutating func served(
    _ sequence: Sequence, supply: Int, firstToken: Double, end: Double, identity: RequestIdentity
  ) {
    if keepsAnswers {
      answers.append(
        CompleteAnswer(
          sequence: sequence, identity: identity, supply: Int32(supply), firstToken: firstToken, end: end))
    } else {
      finished(sequence, supply: supply, firstToken: firstToken, end: end, identity: identity)
    }
  }

  /// Records the last token of a request.
  /// - Parameters:
  ///   - sequence: the request.
  ///   - supply: who finished it.
  ///   - firstToken: when its first token came out.
  ///   - end: when its last token came out.
  ///   - identity: who it is, for the log and the closed loop.
  @inline(__always)
  mutating func finished(
    _ sequence: Sequence, supply: Int, firstToken: Double, end: Double, identity: RequestIdentity
  ) {
    requests[Int(sequence.useCase)].served += 1
    recordTimes(sequence, firstToken: firstToken, end: end)
    supplies[cell(supply: supply, sequence)].served += 1
    noteDeparture(sequence, supply: Int32(supply), firstToken: firstToken, end: end, identity: identity)
  }

  /// Records a request that was answered by the cache, all at once.
  mutating func cached(_ sequence: Sequence, at time: Double, hasWaited: Bool, identity: RequestIdentity) {
    requests[Int(sequence.useCase)].cached += 1
    if hasWaited { requests[Int(sequence.useCase)].coalesced += 1 }
    recordTimes(sequence, firstToken: time, end: time)
    noteDeparture(sequence, supply: none, firstToken: time, end: time, identity: identity)
  }

  /// Records the times of a request that has its answer.
  @inline(__always)
  private mutating func recordTimes(_ sequence: Sequence, firstToken: Double, end: Double) {
    let (arrival, outputTokens) = (sequence.arrival, sequence.outputTokens)
    let useCase = Int(sequence.useCase)
    precondition(arrival <= firstToken && firstToken <= end, "INV-5: a request's clock ran back")
    let timeToFirst = firstToken - arrival
    let timePer = outputTokens > 1 ? (end - firstToken) / Double(outputTokens - 1) : 0
    record(timeToFirst, measure: useCase * 3)
    if outputTokens > 1 { record(timePer, measure: useCase * 3 + 1) }
    record(end - arrival, measure: useCase * 3 + 2)
    let objective = objectives[useCase]
    if end - arrival > objective.deadline {
      requests[useCase].late += 1
    } else if timeToFirst <= objective.timeToFirstToken && timePer <= objective.timePerOutputToken {
      requests[useCase].withinObjective += 1
    }
  }

  /// Keeps what a log or a closed loop asks for of a request that has its answer.
  @inline(__always)
  private mutating func noteDeparture(
    _ sequence: Sequence, supply: Int32, firstToken: Double, end: Double, identity: RequestIdentity
  ) {
    if keepsLog {
      log.append(
        ServedRequest(
          arrival: sequence.arrival, firstToken: firstToken, lastToken: end,
          inputTokens: sequence.inputTokens, outputTokens: sequence.outputTokens,
          useCase: Int32(sequence.useCase), supply: supply, number: identity.number))
    }
    if keepsDepartures { departures.append(Departure(user: identity.user, time: end)) }
  }

  /// Records a request that was lost on the way.
  mutating func failed(useCase: Int, at time: Double, _ identity: RequestIdentity) {
    requests[useCase].failed += 1
    if keepsDepartures { departures.append(Departure(user: identity.user, time: time)) }
  }

  /// Records a request that no supply took, however often it asked.
  mutating func throttled(useCase: Int, at time: Double, _ identity: RequestIdentity) {
    requests[useCase].throttled += 1
    if keepsDepartures { departures.append(Departure(user: identity.user, time: time)) }
  }

  @inline(__always)
  private mutating func record(_ seconds: Double, measure: Int) {
    bins[measure * LatencyHistogram.binCount + LatencyHistogram.bin(of: seconds)] &+= 1
    sums[measure] += seconds
  }

  /// The latencies recorded.
  func quality() -> ServiceQuality {
    var quality = ServiceQuality(useCases: useCases)
    for useCase in 0..<useCases {
      quality.timeToFirstToken[useCase] = histogram(measure: useCase * 3)
      quality.timePerOutputToken[useCase] = histogram(measure: useCase * 3 + 1)
      quality.endToEnd[useCase] = histogram(measure: useCase * 3 + 2)
    }
    return quality
  }

  private func histogram(measure: Int) -> LatencyHistogram {
    LatencyHistogram(counts: bins, from: measure * LatencyHistogram.binCount, sum: sums[measure])
  }
}

/// Latencies by use case, seconds.
public struct ServiceQuality: Sendable, Hashable, Codable {
  /// From arrival to first token.
  public var timeToFirstToken: [LatencyHistogram]
  /// Between tokens, on average over a request of at least two.
  public var timePerOutputToken: [LatencyHistogram]
  /// From arrival to last token.
  public var endToEnd: [LatencyHistogram]
  /// By pool of GPU replicas, in the order of the chain, then of the models.
  public var pools: [PoolQuality] = []

  /// Nothing recorded.
  public init(useCases: Int) {
    timeToFirstToken = Array(repeating: LatencyHistogram(), count: useCases)
    timePerOutputToken = Array(repeating: LatencyHistogram(), count: useCases)
    endToEnd = Array(repeating: LatencyHistogram(), count: useCases)
  }

  /// Adds `weight` times another record, which may be without pools where none was simulated.
  public mutating func add(_ other: ServiceQuality, weight: Double = 1) {
    for index in timeToFirstToken.indices {
      timeToFirstToken[index].add(other.timeToFirstToken[index], weight: weight)
      timePerOutputToken[index].add(other.timePerOutputToken[index], weight: weight)
      endToEnd[index].add(other.endToEnd[index], weight: weight)
    }
    if pools.isEmpty {
      pools = other.pools.map { PoolQuality(supply: $0.supply, model: $0.model, places: $0.places) }
    }
    for index in other.pools.indices {
      pools[index].interToken.add(other.pools[index].interToken, weight: weight)
      pools[index].batch.add(other.pools[index].batch, weight: weight)
      pools[index].queue.add(other.pools[index].queue, weight: weight)
      pools[index].starts += weight * other.pools[index].starts
    }
  }
}
