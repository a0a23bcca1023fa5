// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a use case whose requests are made up: how often, in what bursts, how long, how alike.

import Foundation
import Numerics
import Quantities
public import Uncertainty

/// The statistics of one use case, ready to be sampled.
public struct UseCaseStatistics: Sendable {
  /// Requests per second in each hour of the week, before noise and growth.
  public var hourlyRate: [Double]
  /// Gaps between a client's requests as multiples of their mean; nil is exponential.
  public let gaps: QuantileTable?
  /// The gap, likewise, in which a moment chosen at random lies: long gaps hold more of time. Nil is exponential.
  let spanningGaps: GammaDistribution?
  /// Each client's share of the requests; nil where the requests come from one source. Exponential gaps superposed are
  /// exponential again, so that there nobody can tell.
  let clientShares: [Double]?
  /// Periods in which the sources are on and off; nil where they are always on.
  public let onOff: OnOffPeriods?
  /// Standard deviation of the logarithm of each minute's factor, beside what all use cases have in common.
  public let minuteNoise: Double
  /// Prompt lengths.
  public let inputTokens: TokenLengthTable
  /// Output lengths.
  public let outputTokens: TokenLengthTable
  /// Correlation of the normal scores of a request's two lengths (Gaussian copula), −1 to 1.
  public let lengthCorrelation: Double
  /// Prompts that many requests repeat.
  public let popularPrompts: PopularPrompts?
  /// Texts that prompts begin with.
  public let prefixGroups: PrefixGroups?
  /// Conversations.
  public let sessions: Sessions?
  /// Requests per conversation, on average: those that would grow too long end sooner than `sessions` says. 1 without.
  public let requestsPerSession: Double
  /// Lengths of the popular prompts, by rank.
  let popularLengths: [Lengths]
  /// Prompt and output lengths together.
  let lengthSampler: LengthSampler

  /// A prompt's and its answer's length.
  struct Lengths: Sendable, BitwiseCopyable {
    var input: Int32
    var output: Int32
  }

  /// Statistics.
  /// - Parameters:
  ///   - hourlyRate: requests per second in each of the 168 hours of a week from Monday 00:00 UTC.
  ///   - burstiness: the gamma shape of the gaps; 1 is Poisson.
  ///   - inputTokens: prompt lengths; of conversations, those of their first turn.
  ///   - outputTokens: output lengths.
  ///   - lengthCorrelation: Gaussian-copula correlation of the two.
  ///   - clients: each client's share of the requests, sum 1; nil for one source.
  ///   - onOff: on and off periods of the use case as a whole.
  ///   - minuteNoise: standard deviation of the logarithm of each minute's factor.
  ///   - popularPrompts: prompts that many requests repeat.
  ///   - prefixGroups: texts that prompts begin with.
  ///   - sessions: conversations.
  /// - Complexity: O(popular prompts); with sessions a pilot of 32,768 conversations finds their mean length.
  public init(
    hourlyRate: [Double], burstiness: Double, inputTokens: TokenLengthTable, outputTokens: TokenLengthTable,
    lengthCorrelation: Double = 0, clients: [Double]? = nil, onOff: OnOffPeriods? = nil,
    minuteNoise: Double = 0, popularPrompts: PopularPrompts? = nil, prefixGroups: PrefixGroups? = nil,
    sessions: Sessions? = nil
  ) {
    precondition(hourlyRate.count == 168, "a week has 168 hours, not \(hourlyRate.count)")
    precondition(abs(lengthCorrelation) <= 1, "a correlation of \(lengthCorrelation)")
    self.hourlyRate = hourlyRate
    gaps = burstiness == 1 ? nil : QuantileTable(gammaShape: burstiness, scale: 1 / burstiness)
    // Weighted with its length, a gamma of shape k is one of shape k + 1.
    spanningGaps =
      burstiness == 1 ? nil : GammaDistribution(shape: burstiness + 1, scale: 1 / burstiness)
    clientShares = burstiness == 1 || clients?.count == 1 ? nil : clients
    self.onOff = onOff
    self.minuteNoise = minuteNoise
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.lengthCorrelation = lengthCorrelation
    self.popularPrompts = popularPrompts
    self.prefixGroups = prefixGroups
    self.sessions = sessions
    let lengths = LengthSampler(input: inputTokens, output: outputTokens, correlation: lengthCorrelation)
    lengthSampler = lengths
    popularLengths = (0..<(popularPrompts?.ranks.count ?? 0)).map { rank in
      // The points of a two-dimensional additive recurrence fill the square evenly from the first on (M. Roberts, The
      // unreasonable effectiveness of quasirandom sequences, 2018), so that a few popular prompts have the lengths of
      // all.
      lengths.slowly(
        (0.5 + 0.754_877_666_246_692_8 * Double(rank + 1)).truncatingRemainder(dividingBy: 1),
        (0.5 + 0.569_840_290_998_053_3 * Double(rank + 1)).truncatingRemainder(dividingBy: 1))
    }
    requestsPerSession = sessions.map { $0.meanTurns(lengths, prefixGroups) } ?? 1
  }
}

/// Alternating periods in which requests come and do not come, both exponentially long (an interrupted process; W.
/// Fischer, K. Meier-Hellstern, The Markov-modulated Poisson process cookbook, 1993, doi:10.1016/0166-5316(93)90035-S).
public struct OnOffPeriods: Sendable, Hashable, BitwiseCopyable {
  /// Mean seconds of a period with requests.
  public let onSeconds: Double
  /// Mean seconds of a period without.
  public let offSeconds: Double

  /// Periods, both above 0.
  public init(onSeconds: Double, offSeconds: Double) {
    precondition(onSeconds > 0 && offSeconds > 0, "on for \(onSeconds) s, off for \(offSeconds) s")
    self.onSeconds = onSeconds
    self.offSeconds = offSeconds
  }

  /// The share of time with requests.
  public var onShare: Double { onSeconds / (onSeconds + offSeconds) }
}

/// Prompts that many requests repeat to the letter.
public struct PopularPrompts: Sendable {
  /// The share of requests that repeat one of them.
  public let share: Double
  /// Their popularity.
  let ranks: ZipfTable

  /// Popular prompts.
  /// - Parameters:
  ///   - share: the share of requests that repeat one, 0 to 1.
  ///   - distinct: how many there are, 1 to 1,000,000.
  ///   - zipf: exponent of their popularity by rank.
  public init(share: Double, distinct: Int, zipf: Double) {
    precondition(share >= 0 && share <= 1, "a share of \(share)")
    self.share = share
    ranks = ZipfTable(count: distinct, exponent: zipf)
  }

  /// What decides the group of a popular prompt: one prompt is always of one group.
  @inline(__always)
  static func groupUniform(_ rank: Int) -> Double {
    (0.5 + 0.414_213_562_373_095_1 * Double(rank + 1)).truncatingRemainder(dividingBy: 1)
  }
}

/// Texts, such as system prompts, that the prompts of a group begin with.
public struct PrefixGroups: Sendable {
  /// The groups' shares of the requests.
  let ranks: ZipfTable
  /// Tokens of each group's text.
  public let tokens: [Int32]

  /// Groups.
  /// - Parameters:
  ///   - count: how many, 1 to 1,000,000.
  ///   - zipf: exponent of their popularity by rank.
  ///   - tokens: the lengths of the texts, spread evenly over the groups.
  public init(count: Int, zipf: Double, tokens: TokenLengthTable) {
    ranks = ZipfTable(count: count, exponent: zipf)
    // The golden ratio's multiples are evenly spread from the first on.
    self.tokens = (1...count).map {
      tokens[(0.5 + 0.618_033_988_749_894_9 * Double($0)).truncatingRemainder(dividingBy: 1)]
    }
  }
}
