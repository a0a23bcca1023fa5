// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario as decoded from its file: what is asked, before anything is sampled or simulated.

public import Catalog
public import Quantities
public import Uncertainty

/// A scenario: demand, the options to serve it, and how to decide.
public struct ScenarioDefinition: Sendable {
  /// The scenario's id, also its report folder: letters, digits, `-`, `_`, `.`.
  public var name: String
  /// One line for people; the name where absent.
  public var title: String
  /// The demand.
  public var demand: Demand
  /// The ways to serve it, in the file's order; at least one.
  public var options: [OptionDefinition]
  /// The id of the option that is in use today ("do nothing"); the first option where absent.
  public var baseline: String
  /// The months planned for, and which of their hours are simulated.
  public var horizon: Horizon
  /// Annual discount rate, such as 0.08.
  public var discountRate: UncertainValue
  /// How many futures are sampled, and how.
  public var sampling: Sampling
  /// Pairs of uncertain inputs that move together; all others are independent.
  public var correlations: [InputCorrelation]
  /// The cost over the horizon, discounted, $, that should not be exceeded; nil where none is named.
  public var budget: Double?
  /// The catalog with the scenario's own `prices:` laid over it.
  public var reference: ReferenceData
  /// What a reader should know though nothing is wrong, each with its place.
  public var warnings: [String]
  /// SHA-256 (hexadecimal) of the scenario file's bytes, with the overrides appended.
  public var digest: String

  /// A scenario from its parts.
  public init(
    name: String, title: String, demand: Demand, options: [OptionDefinition], baseline: String,
    horizon: Horizon, discountRate: UncertainValue, sampling: Sampling,
    correlations: [InputCorrelation] = [], budget: Double? = nil, reference: ReferenceData,
    warnings: [String], digest: String
  ) {
    self.name = name
    self.title = title
    self.demand = demand
    self.options = options
    self.baseline = baseline
    self.horizon = horizon
    self.discountRate = discountRate
    self.sampling = sampling
    self.correlations = correlations
    self.budget = budget
    self.reference = reference
    self.warnings = warnings
    self.digest = digest
  }
}

/// The months planned for and how each is represented.
public struct Horizon: Sendable, Hashable {
  /// The first month.
  public var start: CalendarMonth
  /// The number of months, at least 1.
  public var months: Int
  /// Which hours of which months are simulated.
  public var represent: Representation

  /// A horizon.
  public init(start: CalendarMonth, months: Int, represent: Representation) {
    self.start = start
    self.months = months
    self.represent = represent
  }
}

/// Which part of the horizon is simulated request by request; the rest follows by scaling and interpolation.
public struct Representation: Sendable, Hashable {
  /// How many months are simulated, spread evenly from the first to the last; quantities between them are interpolated.
  public var months: Int
  /// Hours of the week's load curve that are simulated, one window each, stratified by load; nil is the whole week.
  public var windows: Int?
  /// Length of one window, seconds, at most 3600.
  public var windowSeconds: Double

  /// A representation.
  public init(months: Int, windows: Int?, windowSeconds: Double) {
    self.months = months
    self.windows = windows
    self.windowSeconds = windowSeconds
  }
}

/// One way to serve the demand: an ordered chain of supplies. A request goes to the first that admits it.
public struct OptionDefinition: Sendable, Hashable {
  /// The id, such as `self-hosted-fp8`.
  public var name: String
  /// One line for people.
  public var title: String
  /// A model id that answers every use case, instead of each use case's own.
  public var route: String?
  /// The supplies, first choice first; at least one.
  public var chain: [SupplyDefinition]
  /// Costs that no simulation yields.
  public var costs: FixedCosts

  /// An option.
  public init(name: String, title: String, route: String?, chain: [SupplyDefinition], costs: FixedCosts) {
    self.name = name
    self.title = title
    self.route = route
    self.chain = chain
    self.costs = costs
  }
}

/// Costs of an option beside its supplies, US dollars.
public struct FixedCosts: Sendable, Hashable {
  /// Operations people, $ per month.
  public var peoplePerMonth: UncertainValue
  /// Platform (load balancer, storage, egress, observability), $ per month.
  public var platformPerMonth: UncertainValue
  /// Migration and other costs of the first month, $.
  public var oneOff: UncertainValue

  /// Fixed costs.
  public init(peoplePerMonth: UncertainValue, platformPerMonth: UncertainValue, oneOff: UncertainValue) {
    self.peoplePerMonth = peoplePerMonth
    self.platformPerMonth = platformPerMonth
    self.oneOff = oneOff
  }
}

/// One supply of a chain.
public enum SupplyDefinition: Sendable, Hashable {
  /// A pay-per-token API.
  case metered(MeteredDefinition)
  /// Reserved throughput: units × hours, used or not.
  case reserved(ReservedDefinition)
  /// GPU replicas.
  case fleet(FleetDefinition)

  /// The supply's name, unique within its chain.
  public var name: String {
    switch self {
    case .metered(let supply): supply.name
    case .reserved(let supply): supply.name
    case .fleet(let supply): supply.name
    }
  }
}

/// A pay-per-token API.
public struct MeteredDefinition: Sendable, Hashable {
  /// The supply's name, unique within its chain.
  public var name: String
  /// The price book's provider id.
  public var provider: String

  /// A metered supply.
  public init(name: String, provider: String) {
    self.name = name
    self.provider = provider
  }
}

/// Reserved throughput.
public struct ReservedDefinition: Sendable, Hashable {
  /// The supply's name, unique within its chain.
  public var name: String
  /// The price book's provider id.
  public var provider: String
  /// The commitment.
  public var term: ReservedTerm
  /// Length of the accounting window, seconds.
  public var windowSeconds: Double
  /// Units by model id, in the file's order. A model without units is refused and overflows.
  public var units: [ModelUnits]

  /// A reserved supply.
  public init(name: String, provider: String, term: ReservedTerm, windowSeconds: Double, units: [ModelUnits])
  {
    self.name = name
    self.provider = provider
    self.term = term
    self.windowSeconds = windowSeconds
    self.units = units
  }
}

/// Units of reserved throughput for a model.
public struct ModelUnits: Sendable, Hashable {
  /// The model id.
  public var model: String
  /// Units held.
  public var units: Int

  /// Units for a model.
  public init(model: String, units: Int) {
    self.model = model
    self.units = units
  }
}

/// How a fleet hands requests to its replicas.
public enum RouterPolicy: String, Sendable, Hashable, CaseIterable, Codable {
  /// To the replica with the fewest unfinished requests, the lowest number among equals.
  case leastOutstanding = "least-outstanding"
  /// To each in turn.
  case roundRobin = "round-robin"
}

/// How a pool puts its batches together.
public enum BatchingPolicy: String, Sendable, Hashable, CaseIterable, Codable {
  /// Requests join and leave at every step.
  case continuous
  /// A batch is served to the end of its longest answer before the next is begun.
  case `static`
}

/// GPU replicas of one purchase type.
public struct FleetDefinition: Sendable, Hashable {
  /// The supply's name, unique within its chain.
  public var name: String
  /// The GPU's catalog id.
  public var gpu: String
  /// How its hours are bought.
  public var purchase: PurchaseType
  /// The region of the price book whose price its hours have; nil for the price that holds anywhere.
  public var region: String?
  /// The engine's catalog id.
  public var engine: String
  /// How requests are handed to replicas.
  public var router: RouterPolicy
  /// Requests that may wait per replica; the next one is refused and overflows. Nil: no limit.
  public var queueLimit: Int?
  /// Time from a decision to start a replica until it serves, seconds.
  public var startupSeconds: Double
  /// Interruptions; only for `purchase: spot`, and required there.
  public var spot: SpotDefinition?
  /// The name of a spot fleet earlier in the chain whose lost replicas this fleet replaces while they are lost.
  public var standbyFor: String?
  /// One pool of replicas per model, in the file's order; at least one.
  public var pools: [PoolDefinition]

  /// A fleet.
  public init(
    name: String, gpu: String, purchase: PurchaseType, engine: String, router: RouterPolicy,
    queueLimit: Int?, startupSeconds: Double, spot: SpotDefinition?, standbyFor: String?,
    pools: [PoolDefinition]
  ) {
    self.name = name
    self.gpu = gpu
    self.purchase = purchase
    self.engine = engine
    self.router = router
    self.queueLimit = queueLimit
    self.startupSeconds = startupSeconds
    self.spot = spot
    self.standbyFor = standbyFor
    self.pools = pools
  }
}

/// Interruptions of a spot fleet: each zone is available in turns, and takes its replicas with it when it goes.
public struct SpotDefinition: Sendable, Hashable {
  /// Zones the replicas are spread over.
  public var zones: Int
  /// Mean time a zone stays available, hours. Physical.
  public var meanUpHours: UncertainValue
  /// Mean time until a zone is available again, hours. Physical.
  public var meanDownHours: UncertainValue
  /// Weibull shape of both times; below 1 is heavy-tailed.
  public var shape: Double
  /// Warning before an interruption, seconds.
  public var noticeSeconds: Double

  /// Interruptions.
  public init(
    zones: Int, meanUpHours: UncertainValue, meanDownHours: UncertainValue, shape: Double,
    noticeSeconds: Double
  ) {
    self.zones = zones
    self.meanUpHours = meanUpHours
    self.meanDownHours = meanDownHours
    self.shape = shape
    self.noticeSeconds = noticeSeconds
  }
}

/// Equal replicas serving one model.
public struct PoolDefinition: Sendable, Hashable {
  /// The model id.
  public var model: String
  /// Replicas.
  public var replicas: Int
  /// GPUs that split each layer of a replica.
  public var tensorParallel: Int
  /// Groups of GPUs that split the layers of a replica among them.
  public var pipelineParallel: Int
  /// Format of the weights.
  public var weights: Precision
  /// Format of the KV cache.
  public var keyValueCache: Precision
  /// Most sequences in a step; the engine's where absent.
  public var maxSequences: Int?
  /// Most tokens in a step; the engine's where absent.
  public var maxBatchedTokens: Int?
  /// What the engine printed of its KV cache, instead of what the memory model computes.
  public var printedCache: PrintedCache?
  /// Whether prompts that begin alike share what the KV cache still holds.
  public var prefixCaching: Bool
  /// How batches are put together.
  public var batching: BatchingPolicy
  /// A measured aggregate throughput, output tokens per second of one replica with its batch full, instead of the
  /// roofline. Physical.
  public var throughput: UncertainValue?
  /// The engine's efficiency as calibrated for this pool, instead of the catalog's. Physical.
  public var calibration: EngineCalibration?
  /// `file:line:column` of the pool, for what only the catalog can tell is wrong.
  public var location: String

  /// A pool.
  public init(
    model: String, replicas: Int, tensorParallel: Int, pipelineParallel: Int, weights: Precision,
    keyValueCache: Precision, maxSequences: Int?, maxBatchedTokens: Int?, printedCache: PrintedCache? = nil,
    prefixCaching: Bool, batching: BatchingPolicy, throughput: UncertainValue?,
    calibration: EngineCalibration? = nil, location: String
  ) {
    self.model = model
    self.replicas = replicas
    self.tensorParallel = tensorParallel
    self.pipelineParallel = pipelineParallel
    self.weights = weights
    self.keyValueCache = keyValueCache
    self.maxSequences = maxSequences
    self.maxBatchedTokens = maxBatchedTokens
    self.printedCache = printedCache
    self.prefixCaching = prefixCaching
    self.batching = batching
    self.throughput = throughput
    self.calibration = calibration
    self.location = location
  }

  /// GPUs of one replica.
  public var gpusPerReplica: Int { tensorParallel * pipelineParallel }

  /// What a replica's memory holds under the limits of its scheduler: the one answer for the check of a scenario and
  /// for the simulation.
  public func memory(
    model: LanguageModel, accelerator: Accelerator, engine: ServingEngine
  ) -> MemoryFit {
    MemoryFit(
      model: model, accelerator: accelerator, engine: engine, weights: weights,
      keyValueCache: keyValueCache, tensorParallel: tensorParallel, pipelineParallel: pipelineParallel,
      maxSequences: maxSequences ?? engine.maxSequences,
      maxBatchedTokens: maxBatchedTokens ?? engine.maxBatchedTokens, printedCache: printedCache)
  }
}
