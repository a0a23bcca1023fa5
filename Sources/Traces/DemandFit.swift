// SPDX-License-Identifier: GPL-3.0-or-later
// From the statistics of a trace to the parameters with which requests like its own are made.

import Foundation
public import Numerics
public import Uncertainty

/// How token lengths are written down.
public enum LengthForm: String, Sendable, Hashable, CaseIterable {
  /// A table of quantiles: spikes and clips as they are.
  case quantiles
  /// Two lognormals with a clip: smooth.
  case mixture
}

/// The demand of one use case, as a scenario's synthesizer takes it.
public struct DemandFit: Sendable {
  /// Token lengths: the distribution and the longest, and how far off they are where they are a formula.
  public struct Lengths: Sendable, Hashable {
    /// The distribution.
    public var distribution: Distribution
    /// The longest.
    public var maximum: Int
    /// The greatest distance of the cumulative distributions; nil for a table.
    public var distance: Double?

    /// The lengths in a form; nil where there are none.
    public init?(_ counts: LengthCounts, form: LengthForm) {
      guard let summary = counts.summary else { return nil }
      maximum = max(1, min(summary.max, 16_777_216))
      if form == .mixture, let mixture = LengthMixture(counts) {
        distribution = .mixture(mixture.components)
        distance = mixture.distance
      } else if let table = LengthTable(counts), table.points.last?.value != table.points.first?.value {
        distribution = .quantiles(table.points)
      } else {
        distribution = .constant(Double(maximum))
      }
    }
  }

  /// Popular prompts that requests repeat.
  public struct Repeated: Sendable, Hashable {
    /// The share of requests that repeat one.
    public var share: Double
    /// How many there are.
    public var distinct: Int
    /// Exponent of their popularity by rank.
    public var zipf: Double
  }

  /// Texts that prompts begin with.
  public struct Groups: Sendable, Hashable {
    /// How many.
    public var count: Int
    /// Exponent of their shares by rank.
    public var zipf: Double
    /// Tokens of each text.
    public var tokens: Int
  }

  /// Conversations.
  public struct Conversations: Sendable {
    /// Mean turns.
    public var turns: Double
    /// 10th and 90th percentile of the seconds between two turns.
    public var gapP10, gapP90: Double
    /// Tokens that a later turn adds.
    public var newTokens: Lengths
    /// The longest prompt with its answer.
    public var maximum: Int
  }

  /// Level, load curve and noise.
  public var shape: LoadShape
  /// Bursts; nil where the log has no single requests.
  public var bursts: BurstModel?
  /// Lengths; nil where the log does not tell them.
  public var inputTokens: Lengths?
  /// Lengths of answers.
  public var outputTokens: Lengths?
  /// Gaussian-copula correlation of the two lengths.
  public var correlation = 0.0
  /// Popular prompts.
  public var duplicates: Repeated?
  /// Shared beginnings.
  public var prefixes: Groups?
  /// Conversations.
  public var sessions: Conversations?
  /// What was assumed or could not be met, in sentences.
  public var notes: [String] = []

  /// Fits single requests.
  /// - Parameters:
  ///   - statistics: of the requests; at least two, not all at one time.
  ///   - form: how lengths are written down.
  /// - Returns: nil where there is no rate.
  public init?(_ statistics: TraceStatistics, lengths form: LengthForm = .quantiles) throws(NumericsError) {
    guard let rate = statistics.rate else { return nil }
    let summary = statistics.summary()
    let hourly = statistics.hourly
    shape = LoadShape(hourly, rate: rate)
    notes = shape.notes
    let figures = BurstFigures(statistics)
    bursts = try BurstModel.fitted(to: figures, shape.load(hourly))
    if figures.interArrivalCV == nil {
      notes.append("The clock's ticks are too coarse to tell gaps: bursts follow from counts alone.")
    }
    fitSessions(statistics, summary, form)
    inputTokens = Lengths(sessions == nil ? statistics.inputLengths : statistics.openingLengths, form: form)
    outputTokens = Lengths(statistics.outputLengths, form: form)
    if let rank = summary.rankCorrelation, abs(rank) > max(0.03, 3 / Double(statistics.requests).squareRoot())
    {
      // Spearman's correlation of a Gaussian copula is 6/π·asin(ρ/2) (Kruskal, doi:10.1080/01621459.1958.10501481).
      correlation = (2 * sin(.pi * rank / 6) * 1000).rounded() / 1000
    }
    fitDuplicates(statistics)
    fitPrefixes(statistics, summary)
    for (name, lengths) in [("Input", inputTokens), ("Output", outputTokens)] {
      guard let distance = lengths?.distance else { continue }
      notes.append(
        "\(name) lengths are within \((distance * 1000).rounded() / 1000) of the mixture (Kolmogorov-Smirnov)."
      )
    }
  }

  /// Fits usage per stretch of time.
  public init?(_ usage: TraceSummary) {
    guard let rate = usage.ratePerSecond, rate > 0 else { return nil }
    shape = LoadShape(usage.hourly, rate: rate)
    notes = shape.notes
    notes.append("The log has no single requests: bursts are those of a Poisson process.")
    func spread(_ mean: Double?) -> Lengths? {
      mean.flatMap { $0 >= 1 ? Lengths(mean: $0) : nil }
    }
    inputTokens = spread(usage.buckets?.inputTokensPerRequest)
    outputTokens = spread(usage.buckets?.outputTokensPerRequest)
    if inputTokens != nil, outputTokens != nil {
      notes.append("Only mean lengths are known: they are spread as lognormals with sigma 1.")
    }
  }

  private mutating func fitSessions(
    _ statistics: TraceStatistics, _ summary: TraceSummary, _ form: LengthForm
  ) {
    guard let known = summary.sessions, known.meanTurns > 1.02, let low = known.gapSecondsP10,
      let high = known.gapSecondsP90
    else { return }
    guard let growing = known.growingShare, growing >= 0.8,
      let newTokens = Lengths(statistics.turnGrowth, form: form)
    else {
      notes.append(
        "Conversations are left out: their later prompts do not hold what was said before.")
      return
    }
    let longest = (summary.inputTokens?.max ?? 0) + (summary.outputTokens?.max ?? 0)
    sessions = Conversations(
      turns: known.meanTurns, gapP10: max(0.001, low), gapP90: max(high, low * 1.01 + 0.001),
      newTokens: newTokens, maximum: max(2, min(longest, 16_777_216)))
  }

  private mutating func fitDuplicates(_ statistics: TraceStatistics) {
    guard let repetitions = statistics.contentRepetitions, repetitions.duplicateShare >= 0.005 else { return }
    let repeated = Array(repetitions.repeated.prefix(1_000_000))
    var share = repetitions.repeatingShare
    // Beside conversations only first turns repeat a prompt.
    if let turns = sessions?.turns { share = min(share, 1 / turns) }
    duplicates = Repeated(
      share: share, distinct: repeated.count, zipf: ZipfFit.exponent(ofCounts: repeated))
  }

  private mutating func fitPrefixes(_ statistics: TraceStatistics, _ summary: TraceSummary) {
    guard let known = summary.prefixShare, known.shareOfTokens > 0.005, !known.groupSizes.isEmpty,
      let median = summary.inputTokens?.p50, median > 2
    else { return }
    let entries = statistics.inputLengths.entries
    let total = entries.reduce(0.0) { $0 + Double($1.length) * Double($1.count) }
    let groups = known.groupSizes.count
    // The first request of a group finds nothing.
    let repeating = max(0, 1 - Double(groups) / Double(statistics.requests))
    func found(_ tokens: Double) -> Double {
      repeating * entries.reduce(0.0) { $0 + min(Double($1.length), tokens) * Double($1.count) } / total
    }
    // Prompts are longer than what they begin with: a text longer than many prompts would make them longer. The mean may
    // rise by 1 %.
    func raised(_ tokens: Double) -> Double {
      entries.reduce(0.0) { $0 + max(0, tokens - Double($1.length)) * Double($1.count) } / total
    }
    func greatest(below limit: Double, _ function: (Double) -> Double) -> Double {
      if function(Double(median)) <= limit { return Double(median) }
      return (try? findRoot(in: 0...Double(median), relativeTolerance: 1e-4) { function($0) - limit }) ?? 0
    }
    let tokens = min(greatest(below: 0.01, raised), greatest(below: known.shareOfTokens, found))
    guard tokens >= 1 else { return }
    prefixes = Groups(
      count: min(groups, 1_000_000), zipf: ZipfFit.exponent(ofCounts: known.groupSizes), tokens: Int(tokens))
    let reached = found(tokens)
    if reached < 0.9 * known.shareOfTokens, sessions == nil {
      let percent = [known.shareOfTokens, reached].map { Int(($0 * 100).rounded()) }
      notes.append(
        "Endless prefix caching finds \(percent[0]) % of the input tokens in the trace and \(percent[1]) % here."
      )
    }
  }
}

extension DemandFit.Lengths {
  /// A lognormal with sigma 1, as the lengths of public traces have (0.85 to 1.4), of some mean.
  fileprivate init(mean: Double) {
    let median = mean * exp(-0.5)
    let spread = exp(StandardNormal.quantile(0.9))
    distribution = .lognormal(p10: median / spread, p90: median * spread)
    maximum = 131_072
  }
}

/// The exponent of a popularity by rank.
enum ZipfFit {
  /// The most likely exponent, from 0 to 5, for the counts of ranks in descending order: where the mean of the logarithm of
  /// the rank is that of the law (Clauset, Shalizi, Newman, doi:10.1137/070710111).
  static func exponent(ofCounts counts: [Int]) -> Double {
    guard counts.count > 1 else { return 0 }
    let total = counts.reduce(0) { $0 + Double($1) }
    let logs = counts.indices.map { log(Double($0 + 1)) }
    let observed = zip(counts, logs).reduce(0) { $0 + Double($1.0) * $1.1 } / total
    func expected(_ exponent: Double) -> Double {
      var (weights, sum) = (0.0, 0.0)
      for rank in logs {
        let weight = exp(-exponent * rank)
        weights += weight
        sum += weight * rank
      }
      return sum / weights
    }
    if observed >= expected(0) { return 0 }
    if observed <= expected(5) { return 5 }
    let exponent = try? findRoot(in: 0...5, relativeTolerance: 1e-4) { expected($0) - observed }
    return ((exponent ?? 0) * 1000).rounded() / 1000
  }
}
