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
  /// What missed objectives cost, by use case.
  public var penalties: [ServicePenalty] = []
  /// How prices move over the horizon, in the file's order.
  public var pricePaths: [PricePath] = []
  /// The levers to be looked at; nil for none.
  public var levers: LeversDefinition?
  /// The catalog with the scenario's own `prices:` laid over it.
  public var reference: ReferenceData
  /// What a reader should know though nothing is wrong, each with its place.
  public var warnings: [String]
  /// SHA-256 (hexadecimal) of the scenario file's bytes, with the overrides appended.
  public var digest: String
  /// When a nightly run speaks up.
  public var alert = AlertThresholds()
  /// What a nightly run reads beside the scenario.
  public var nightly = NightlyInputs()

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
  /// Time simulated before each window and not counted, so that it does not start from empty, seconds.
  public var warmUpSeconds = 0.0

  /// A representation.
  public init(months: Int, windows: Int?, windowSeconds: Double) {
    self.months = months
    self.windows = windows
    self.windowSeconds = windowSeconds
  }
}
