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
  /// What turns the answer: break-evens of all other pairs, the frontier, the map, payback; nil in documents of before.
  public var flips: FlipResult?
  /// What each measure saves on the way to an option; nil where the scenario does not ask.
  public var levers: LeversResult?
  /// The recommended option against today's and against the next best; nil in documents of before.
  public var differences: [CostDifference]?
  /// A typical and a bad week of the recommended fleets; nil where there are none, or too little was simulated.
  public var fleetWeeks: [FleetWeek]?
  /// The engines of the fleets, as they were calibrated; nil in documents of before.
  public var engines: [EngineFit]?

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
