// SPDX-License-Identifier: GPL-3.0-or-later
// The result document of a run: what `--json` prints, the store keeps and the report draws. It holds everything
// a report shows, so that a report is a pure function of it.

/// The result of one `plan` run.
///
/// Money is US dollars of today (discounted to the first month) over the whole horizon unless a name says otherwise.
public struct PlanResult: Codable, Sendable, Hashable {
  /// The layout of this document; raised when a reader of an older one would misread it.
  public static let currentSchemaVersion = 1

  /// Version of the layout.
  public var schemaVersion: Int
  /// What was run.
  public var run: RunDescription
  /// The answer.
  public var decision: DecisionSummary
  /// One per option, in the scenario's order.
  public var options: [OptionResult]
  /// Where one option starts to pay against another.
  public var breakEvens: [BreakEven]
  /// P(cheapest) of each option along demand volume.
  public var alongVolume: [VolumePoint]
  /// The demand that was served.
  public var demand: DemandSummary
  /// Every input that was uncertain, and every price used, with its source.
  public var assumptions: [Assumption]
  /// What a reader should know before believing the rest.
  public var warnings: [String]
  /// How sure the numbers are and what they hang on; nil where there were too few simulations to say.
  public var uncertainty: UncertaintyResult?
  /// How the run came to its number of futures; nil in documents of before.
  public var convergence: ConvergenceResult?
  /// What was predicted instead of simulated; nil where every draw was simulated as asked.
  public var fidelity: FidelitySummary?
  /// Sizes that the scenario left open, as they were found; nil where it left none.
  public var sizes: [SizeChoice]?

  /// A result document.
  public init(
    run: RunDescription, decision: DecisionSummary, options: [OptionResult], breakEvens: [BreakEven],
    alongVolume: [VolumePoint], demand: DemandSummary, assumptions: [Assumption], warnings: [String],
    uncertainty: UncertaintyResult? = nil, convergence: ConvergenceResult? = nil
  ) {
    self.schemaVersion = Self.currentSchemaVersion
    self.run = run
    self.decision = decision
    self.options = options
    self.breakEvens = breakEvens
    self.alongVolume = alongVolume
    self.demand = demand
    self.assumptions = assumptions
    self.warnings = warnings
    self.uncertainty = uncertainty
    self.convergence = convergence
  }
}

/// What was run: enough to run it again.
public struct RunDescription: Codable, Sendable, Hashable {
  /// The program's version.
  public var version: String
  /// The scenario's id.
  public var scenario: String
  /// The scenario's title.
  public var title: String
  /// SHA-256 of the scenario file and its overrides, hexadecimal.
  public var scenarioDigest: String
  /// SHA-256 of the catalog and price book, hexadecimal.
  public var catalogDigest: String
  /// The command that gives this document again.
  public var command: String
  /// The seed.
  public var seed: UInt64
  /// Futures priced.
  public var draws: Int
  /// Draws of the physical inputs that were simulated.
  public var simulations: Int
  /// First month, `YYYY-MM`.
  public var startMonth: String
  /// Months planned for.
  public var months: Int
  /// In words: which hours were simulated.
  public var representation: String
  /// Requests simulated, over all options and draws.
  public var simulatedRequests: Int
  /// The records of spot capacity that were replayed; nil where there are none.
  public var availabilityTraces: [TraceDigest]?

  /// A description of a run.
  public init(
    version: String, scenario: String, title: String, scenarioDigest: String, catalogDigest: String,
    command: String, seed: UInt64, draws: Int, simulations: Int, startMonth: String, months: Int,
    representation: String,
    simulatedRequests: Int, availabilityTraces: [TraceDigest]? = nil
  ) {
    self.version = version
    self.scenario = scenario
    self.title = title
    self.scenarioDigest = scenarioDigest
    self.catalogDigest = catalogDigest
    self.command = command
    self.seed = seed
    self.draws = draws
    self.simulations = simulations
    self.startMonth = startMonth
    self.months = months
    self.representation = representation
    self.simulatedRequests = simulatedRequests
    self.availabilityTraces = availabilityTraces
  }
}

/// A file that was replayed.
public struct TraceDigest: Codable, Sendable, Hashable {
  /// The file, as the program opened it.
  public var path: String
  /// SHA-256 of its bytes, hexadecimal.
  public var digest: String

  /// A file and its digest.
  public init(path: String, digest: String) {
    self.path = path
    self.digest = digest
  }
}

/// A probability estimated from futures, with its 95 % interval.
public struct Probability: Codable, Sendable, Hashable {
  /// The share of futures.
  public var estimate: Double
  /// Lower end of the 95 % interval.
  public var low: Double
  /// Upper end of the 95 % interval.
  public var high: Double

  /// A probability with its interval.
  public init(estimate: Double, low: Double, high: Double) {
    self.estimate = estimate
    self.low = low
    self.high = high
  }
}

/// The distribution of a quantity over futures.
public struct Spread: Codable, Sendable, Hashable {
  /// The mean.
  public var mean: Double
  /// 10th percentile.
  public var p10: Double
  /// Median.
  public var p50: Double
  /// 90th percentile.
  public var p90: Double
  /// 95th percentile.
  public var p95: Double

  /// A distribution's summary.
  public init(mean: Double, p10: Double, p50: Double, p90: Double, p95: Double) {
    self.mean = mean
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.p95 = p95
  }
}

/// The answer on one line, and the numbers in it.
public struct DecisionSummary: Codable, Sendable, Hashable {
  /// The decision in one or two sentences.
  public var sentence: String
  /// The id of the recommended option: lowest expected cost among those that meet the service level.
  public var option: String
  /// The id of the option in use today.
  public var baseline: String
  /// The probability that the recommended option is the cheapest.
  public var probabilityCheapest: Probability
  /// Cost of the baseline less cost of the recommended option.
  public var savingAgainstBaseline: Spread
  /// Mean cost above the cheapest option of each future: what a wrong choice costs on average.
  public var expectedRegret: Double
  /// The share of requests that an option must serve within their objective to be recommended.
  public var requiredServiceLevel: Double

  /// A decision.
  public init(
    sentence: String, option: String, baseline: String, probabilityCheapest: Probability,
    savingAgainstBaseline: Spread, expectedRegret: Double, requiredServiceLevel: Double
  ) {
    self.sentence = sentence
    self.option = option
    self.baseline = baseline
    self.probabilityCheapest = probabilityCheapest
    self.savingAgainstBaseline = savingAgainstBaseline
    self.expectedRegret = expectedRegret
    self.requiredServiceLevel = requiredServiceLevel
  }
}

/// What one option costs and how it serves.
public struct OptionResult: Codable, Sendable, Hashable {
  /// The option's id.
  public var name: String
  /// The option's title.
  public var title: String
  /// Cost over the horizon, discounted, $.
  public var totalCost: Spread
  /// Mean of the worst 5 % of futures, $ (CVaR95).
  public var conditionalValueAtRisk95: Double
  /// The probability of being the cheapest.
  public var probabilityCheapest: Probability
  /// Mean cost above the cheapest option of each future among those that serve well enough, $; below 0 for an option
  /// that does not and is cheaper.
  public var expectedRegret: Double
  /// $ per 1M output tokens served (undiscounted cost).
  public var costPerMillionOutput: Spread
  /// $ per request served (undiscounted cost).
  public var costPerRequest: Spread
  /// Share of arrived requests that were served, whatever their latency, 0 to 1; mean over futures.
  public var servedShare: Double
  /// Share of arrived requests served within their service-level objective, 0 to 1; mean over futures.
  public var serviceLevel: Double
  /// Whether `serviceLevel` reaches what the decision requires.
  public var meetsServiceLevel: Bool
  /// 101 quantiles of the total cost, at 0 %, 1 %, … 100 %: the cumulative distribution.
  public var costQuantiles: [Double]
  /// Mean cost by component over the horizon, $ (undiscounted), largest first.
  public var components: [CostComponent]
  /// Cost month by month, $ (undiscounted).
  public var monthly: [MonthlyCost]
  /// What each supply of the chain did, over the horizon, mean over futures.
  public var supplies: [SupplyResult]
  /// Latency over all simulated requests, in the median future where a draw applies; milliseconds.
  public var latency: [LatencyResult]
  /// Attempts after a request's first, over the horizon, mean over futures; nil where no client asks again.
  public var retries: Double?
  /// By use case: what became of requests before the chain; nil where nothing stands there.
  public var gateway: [GatewayResult]?

  /// An option's result.
  public init(
    name: String, title: String, totalCost: Spread, conditionalValueAtRisk95: Double,
    probabilityCheapest: Probability, expectedRegret: Double, costPerMillionOutput: Spread,
    costPerRequest: Spread, servedShare: Double, serviceLevel: Double, meetsServiceLevel: Bool,
    costQuantiles: [Double], components: [CostComponent], monthly: [MonthlyCost], supplies: [SupplyResult],
    latency: [LatencyResult], retries: Double? = nil
  ) {
    self.name = name
    self.title = title
    self.totalCost = totalCost
    self.conditionalValueAtRisk95 = conditionalValueAtRisk95
    self.probabilityCheapest = probabilityCheapest
    self.expectedRegret = expectedRegret
    self.costPerMillionOutput = costPerMillionOutput
    self.costPerRequest = costPerRequest
    self.servedShare = servedShare
    self.serviceLevel = serviceLevel
    self.meetsServiceLevel = meetsServiceLevel
    self.costQuantiles = costQuantiles
    self.components = components
    self.monthly = monthly
    self.supplies = supplies
    self.latency = latency
    self.retries = retries
  }
}

/// A kind of cost and its mean amount.
public struct CostComponent: Codable, Sendable, Hashable {
  /// The component in words, such as "GPU-hours, spot".
  public var component: String
  /// Mean over futures, $ over the horizon, undiscounted.
  public var mean: Double

  /// A cost component.
  public init(component: String, mean: Double) {
    self.component = component
    self.mean = mean
  }
}

/// What one month costs.
public struct MonthlyCost: Codable, Sendable, Hashable {
  /// The month, `YYYY-MM`.
  public var month: String
  /// Cost in the month, $ undiscounted.
  public var cost: Spread
  /// Mean cost by component in the month, $, in the order of the option's `components`.
  public var components: [CostComponent]

  /// A month's cost.
  public init(month: String, cost: Spread, components: [CostComponent]) {
    self.month = month
    self.cost = cost
    self.components = components
  }
}

/// What one supply of a chain did over the horizon (means over futures).
public struct SupplyResult: Codable, Sendable, Hashable {
  /// The supply's name.
  public var name: String
  /// `metered`, `reserved` or `fleet`.
  public var kind: String
  /// Requests it finished.
  public var requests: Double
  /// Prompt tokens it was given.
  public var inputTokens: Double
  /// Prompt tokens that a fleet's prefix cache or a provider's prompt cache still held, so that they were not computed;
  /// nil where there is no cache.
  public var cachedInputTokens: Double?
  /// Tokens it generated.
  public var outputTokens: Double
  /// Tokens computed again after a preemption or an interruption.
  public var recomputedTokens: Double
  /// GPU-hours paid, by state; empty for other supplies. States: busy, idle, booting, draining.
  public var gpuHours: [StateHours]
  /// Reserved unit-hours paid; 0 for other supplies.
  public var unitHours: Double
  /// Share of what is paid for that is used: busy over paid hours, or the tokens used over the tokens reserved. Nil for metered.
  public var utilization: Double?
  /// Answers "too many requests" (429) after which it was asked again; nil for fleets.
  public var throttled: Double?
  /// Requests beyond a reserved supply's units that its provider served by the token; nil for other supplies.
  public var payAsYouGoRequests: Double?
  /// Times that a request was taken from a fleet unfinished, because its replica was gone; nil for other supplies.
  public var interruptedRequests: Double?
  /// What is committed of a fleet; nil where nothing is.
  public var commitment: CommitmentResult?

  /// A supply's result.
  public init(
    name: String, kind: String, requests: Double, inputTokens: Double, cachedInputTokens: Double? = nil,
    outputTokens: Double, recomputedTokens: Double, gpuHours: [StateHours], unitHours: Double,
    utilization: Double?, interruptedRequests: Double? = nil, commitment: CommitmentResult? = nil
  ) {
    self.commitment = commitment
    self.name = name
    self.kind = kind
    self.requests = requests
    self.inputTokens = inputTokens
    self.cachedInputTokens = cachedInputTokens
    self.outputTokens = outputTokens
    self.recomputedTokens = recomputedTokens
    self.gpuHours = gpuHours
    self.unitHours = unitHours
    self.utilization = utilization
    self.interruptedRequests = interruptedRequests
  }
}

/// GPU-hours in one state.
public struct StateHours: Codable, Sendable, Hashable {
  /// busy, idle, booting or draining.
  public var state: String
  /// GPU-hours.
  public var hours: Double

  /// GPU-hours in a state.
  public init(state: String, hours: Double) {
    self.state = state
    self.hours = hours
  }
}

/// Latency of one use case under one option, milliseconds.
public struct LatencyResult: Codable, Sendable, Hashable {
  /// The use case.
  public var useCase: String
  /// Time to first token: median, 90th, 99th percentile.
  public var timeToFirstToken: Percentiles
  /// Time per output token after the first.
  public var timePerOutputToken: Percentiles
  /// From arrival to the last token.
  public var endToEnd: Percentiles
  /// The objective for the time to first token, where one is set.
  public var timeToFirstTokenLimit: Double?
  /// The objective for the time per output token, where one is set.
  public var timePerOutputTokenLimit: Double?
  /// Share of the use case's arrived requests served within both, 0 to 1.
  public var serviceLevel: Double

  /// A use case's latency.
  public init(
    useCase: String, timeToFirstToken: Percentiles, timePerOutputToken: Percentiles, endToEnd: Percentiles,
    timeToFirstTokenLimit: Double?, timePerOutputTokenLimit: Double?, serviceLevel: Double
  ) {
    self.useCase = useCase
    self.timeToFirstToken = timeToFirstToken
    self.timePerOutputToken = timePerOutputToken
    self.endToEnd = endToEnd
    self.timeToFirstTokenLimit = timeToFirstTokenLimit
    self.timePerOutputTokenLimit = timePerOutputTokenLimit
    self.serviceLevel = serviceLevel
  }
}

/// Three percentiles of a latency, milliseconds.
public struct Percentiles: Codable, Sendable, Hashable {
  /// Median.
  public var p50: Double
  /// 90th percentile.
  public var p90: Double
  /// 99th percentile.
  public var p99: Double

  /// Percentiles.
  public init(p50: Double, p90: Double, p99: Double) {
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
  }
}

/// The value of an axis at which an option costs the same as the baseline.
public struct BreakEven: Codable, Sendable, Hashable {
  /// The option that may start to pay.
  public var option: String
  /// The option it is held against.
  public var against: String
  /// `volume` (multiple of the planned demand) or `utilization` (share of the fleet's saturated throughput, may exceed 1).
  public var axis: String
  /// In words, with numbers: "from 1.8× the planned demand", "up to 2.1× …", "never: …", "always: …".
  public var finding: String
  /// Break-even over the futures that have one; nil where fewer than 10 % do.
  public var value: Spread?
  /// Share of futures in which the option never pays on the axis.
  public var neverShare: Double
  /// Share of futures in which it pays from the axis's start.
  public var alwaysShare: Double

  /// A break-even.
  public init(
    option: String, against: String, axis: String, finding: String, value: Spread?, neverShare: Double,
    alwaysShare: Double
  ) {
    self.option = option
    self.against = against
    self.axis = axis
    self.finding = finding
    self.value = value
    self.neverShare = neverShare
    self.alwaysShare = alwaysShare
  }
}

/// P(cheapest) of every option at one volume.
public struct VolumePoint: Codable, Sendable, Hashable {
  /// Multiple of the planned demand.
  public var volume: Double
  /// Output tokens per day at that volume (first-month demand).
  public var outputTokensPerDay: Double
  /// P(cheapest) by option, in the options' order.
  public var probabilityCheapest: [Double]
  /// Median total cost by option, in the options' order, $.
  public var medianCost: [Double]
  /// Share of arrived requests served within their objective, by option.
  public var serviceLevel: [Double]

  /// A point along volume.
  public init(
    volume: Double, outputTokensPerDay: Double, probabilityCheapest: [Double], medianCost: [Double],
    serviceLevel: [Double]
  ) {
    self.volume = volume
    self.outputTokensPerDay = outputTokensPerDay
    self.probabilityCheapest = probabilityCheapest
    self.medianCost = medianCost
    self.serviceLevel = serviceLevel
  }
}

/// The demand that was served.
public struct DemandSummary: Codable, Sendable, Hashable {
  /// Requests per second by hour of the week from Monday 00:00 UTC, first month, all use cases: 168 values.
  public var hourOfWeekRate: [Double]
  /// By use case.
  public var useCases: [UseCaseDemand]
  /// Month by month, mean over futures.
  public var monthly: [MonthlyDemand]

  /// A demand summary.
  public init(hourOfWeekRate: [Double], useCases: [UseCaseDemand], monthly: [MonthlyDemand]) {
    self.hourOfWeekRate = hourOfWeekRate
    self.useCases = useCases
    self.monthly = monthly
  }
}

/// Demand of one use case in the first month, mean over futures.
public struct UseCaseDemand: Codable, Sendable, Hashable {
  /// The use case.
  public var name: String
  /// The model that answers by default.
  public var model: String
  /// `synthesized` or the trace's path as the scenario names it.
  public var source: String
  /// Requests per day.
  public var requestsPerDay: Double
  /// Mean prompt tokens.
  public var meanInputTokens: Double
  /// Mean output tokens.
  public var meanOutputTokens: Double

  /// A use case's demand.
  public init(
    name: String, model: String, source: String, requestsPerDay: Double, meanInputTokens: Double,
    meanOutputTokens: Double
  ) {
    self.name = name
    self.model = model
    self.source = source
    self.requestsPerDay = requestsPerDay
    self.meanInputTokens = meanInputTokens
    self.meanOutputTokens = meanOutputTokens
  }
}

/// Demand of one month, mean over futures.
public struct MonthlyDemand: Codable, Sendable, Hashable {
  /// The month, `YYYY-MM`.
  public var month: String
  /// Requests in the month.
  public var requests: Double
  /// Prompt tokens in the month.
  public var inputTokens: Double
  /// Output tokens in the month.
  public var outputTokens: Double

  /// A month's demand.
  public init(month: String, requests: Double, inputTokens: Double, outputTokens: Double) {
    self.month = month
    self.requests = requests
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }
}

/// An input with what is believed of it and why.
public struct Assumption: Codable, Sendable, Hashable {
  /// The path of the value, such as `prices.gpu_hour.h100-sxm.spot`.
  public var name: String
  /// `physical` (changes what is simulated) or `price`.
  public var kind: String
  /// The distribution in words, such as "PERT 1.5 … 2.4 … 4".
  public var distribution: String
  /// 10th percentile.
  public var p10: Double
  /// Median.
  public var p50: Double
  /// 90th percentile.
  public var p90: Double
  /// Unit, such as "$ per GPU-hour".
  public var unit: String
  /// Where it comes from; "scenario" where the scenario states it.
  public var source: String
  /// `YYYY-MM-DD` of the last check against the source, where there is one.
  public var verifiedOn: String?

  /// An assumption.
  public init(
    name: String, kind: String, distribution: String, p10: Double, p50: Double, p90: Double, unit: String,
    source: String, verifiedOn: String?
  ) {
    self.name = name
    self.kind = kind
    self.distribution = distribution
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.unit = unit
    self.source = source
    self.verifiedOn = verifiedOn
  }
}
