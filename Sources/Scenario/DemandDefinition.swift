// SPDX-License-Identifier: GPL-3.0-or-later
// The demand of a scenario as decoded: who asks, how often, in what bursts, how long, how alike.

public import Uncertainty
public import Workload

/// The demand of a scenario.
public struct Demand: Sendable, Hashable {
  /// Growth of every rate per month: 0.03 is 3 % a month. Physical.
  public var growthPerMonth: UncertainValue
  /// A factor on every rate. Physical.
  public var volume: UncertainValue
  /// Standard deviation of the logarithm of the day-to-day noise.
  public var dayNoise: Double
  /// Standard deviation of the logarithm of the hour-to-hour noise.
  public var hourNoise: Double
  /// Standard deviation of the logarithm of the minute-to-minute noise.
  public var minuteNoise = 0.0
  /// Days whose demand is multiplied, and steps that last from a day on.
  public var calendar = DemandCalendar()
  /// Use cases in the file's order; at least one.
  public var uses: [UseCase]

  /// A demand without minute noise, holidays and launches.
  public init(
    growthPerMonth: UncertainValue, volume: UncertainValue, dayNoise: Double, hourNoise: Double,
    uses: [UseCase]
  ) {
    self.growthPerMonth = growthPerMonth
    self.volume = volume
    self.dayNoise = dayNoise
    self.hourNoise = hourNoise
    self.uses = uses
  }
}

/// One use of language models: who asks, which model answers, how fast it must be.
public struct UseCase: Sendable, Hashable {
  /// The id, such as `classify`.
  public var name: String
  /// The catalog id of the model that answers, unless an option routes it elsewhere.
  public var model: String
  /// Where the requests come from.
  public var source: DemandSource
  /// Service-level objective: time to first token, seconds. Infinite where none is set.
  public var timeToFirstTokenLimit: Double
  /// Service-level objective: time per output token, seconds. Infinite where none is set.
  public var timePerOutputTokenLimit: Double
  /// Hours within which an answer must be there, where nobody waits for it; nil where somebody does.
  public var deadlineHours: Double?

  /// A use case.
  public init(
    name: String, model: String, source: DemandSource, timeToFirstTokenLimit: Double,
    timePerOutputTokenLimit: Double
  ) {
    self.name = name
    self.model = model
    self.source = source
    self.timeToFirstTokenLimit = timeToFirstTokenLimit
    self.timePerOutputTokenLimit = timePerOutputTokenLimit
  }
}

/// Synthesized or replayed requests.
public enum DemandSource: Sendable, Hashable {
  /// Requests made from statistics.
  case synthesized(SynthesizedDemand)
  /// Requests of a trace file.
  case replayed(ReplayedDemand)
}

/// Requests made from statistics.
public struct SynthesizedDemand: Sendable, Hashable {
  /// Mean requests per second over the week, in the first month. Physical.
  public var rate: UncertainValue
  /// 168 factors, hour of the week from Monday 00:00 UTC, mean 1.
  public var profile: [Double]
  /// Gamma shape of the gaps between requests: 1 is Poisson, below 1 is bursty (coefficient of variation 1/√burstiness).
  public var burstiness: Double
  /// Prompt lengths.
  public var inputTokens: TokenLengths
  /// Output lengths.
  public var outputTokens: TokenLengths
  /// Gaussian-copula correlation of the two lengths.
  public var lengthCorrelation = 0.0
  /// Independent sources; nil for one.
  public var clients: Clients?
  /// Periods with and without requests; nil for always on.
  public var onOff: OnOffPeriods?
  /// Standard deviation of the logarithm of the use case's own minute-to-minute noise.
  public var minuteNoise = 0.0
  /// Prompts that requests repeat; nil for none.
  public var duplicates: Duplicates?
  /// Texts that prompts begin with; nil for none.
  public var prefixGroups: SharedPrefixes?
  /// Conversations; nil where every request stands alone.
  public var sessions: Conversations?

  /// Synthesized demand without correlation, clients, periods, duplicates, shared beginnings and conversations.
  public init(
    rate: UncertainValue, profile: [Double], burstiness: Double, inputTokens: TokenLengths,
    outputTokens: TokenLengths
  ) {
    self.rate = rate
    self.profile = profile
    self.burstiness = burstiness
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }

  /// Independent sources of requests with Zipf shares.
  public struct Clients: Sendable, Hashable {
    /// How many.
    public var count: Int
    /// Exponent of their shares by rank.
    public var zipf: Double
  }

  /// Prompts that requests repeat.
  public struct Duplicates: Sendable, Hashable {
    /// The share of requests that repeat one.
    public var share: Double
    /// How many there are.
    public var distinct: Int
    /// Exponent of their popularity by rank.
    public var zipf: Double
  }

  /// Texts that prompts begin with.
  public struct SharedPrefixes: Sendable, Hashable {
    /// How many.
    public var count: Int
    /// Exponent of their shares by rank.
    public var zipf: Double
    /// Their lengths.
    public var tokens: TokenLengths
  }

  /// Conversations.
  public struct Conversations: Sendable, Hashable {
    /// Mean turns.
    public var turns: Double
    /// Seconds between the arrivals of two turns.
    public var gapSeconds: Distribution
    /// Tokens that a later turn adds; nil for those of a first turn.
    public var newTokens: TokenLengths?
    /// The most tokens of a turn, prompt and answer.
    public var maximumTokens: Int
  }
}

/// A distribution of token counts, rounded to whole tokens and clipped to [minimum, maximum].
public struct TokenLengths: Sendable, Hashable {
  /// The distribution before rounding and clipping.
  public var distribution: Distribution
  /// Fewest tokens, at least 1.
  public var minimum: Int
  /// Most tokens.
  public var maximum: Int

  /// Token lengths.
  public init(distribution: Distribution, minimum: Int, maximum: Int) {
    self.distribution = distribution
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The table that samples them.
  public var table: TokenLengthTable {
    TokenLengthTable(distribution, minimum: minimum, maximum: maximum)
  }
}

extension SynthesizedDemand {
  /// The statistics at one request per second on average over the week.
  public var statistics: UseCaseStatistics {
    let input = inputTokens.table
    return UseCaseStatistics(
      hourlyRate: profile, burstiness: burstiness, inputTokens: input, outputTokens: outputTokens.table,
      lengthCorrelation: lengthCorrelation,
      clients: clients.map { ZipfTable.shares(count: $0.count, exponent: $0.zipf) }, onOff: onOff,
      minuteNoise: minuteNoise,
      popularPrompts: duplicates.map {
        PopularPrompts(share: $0.share, distinct: $0.distinct, zipf: $0.zipf)
      },
      prefixGroups: prefixGroups.map {
        PrefixGroups(count: $0.count, zipf: $0.zipf, tokens: $0.tokens.table)
      },
      sessions: sessions.map {
        Sessions(
          turns: $0.turns, gapSeconds: $0.gapSeconds, newTokens: $0.newTokens?.table ?? input,
          maximumTokens: $0.maximumTokens)
      })
  }
}

/// Requests of a trace file.
public struct ReplayedDemand: Sendable, Hashable {
  /// The file as named, resolved against the scenario's folder (or, by `--set`, the working folder).
  public var path: String
  /// Where the scenario names it: `file:line:column`.
  public var location: String
  /// Factor by which time runs faster: 2 halves every gap.
  public var speedup: Double
  /// The load curve that the trace is played under, 168 factors of mean 1; nil for its own, or none.
  public var profile: [Double]?
  /// The name of its format; nil to tell it from the content.
  public var format: String?
  /// For a format whose columns have no names of their own: the file's column by field.
  public var columns: [String: String] = [:]

  /// Replayed demand at its own load curve, in a format that its content tells.
  public init(path: String, location: String, speedup: Double) {
    self.path = path
    self.location = location
    self.speedup = speedup
  }
}
