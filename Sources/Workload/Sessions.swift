// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations: requests that carry all that was said before.

import Foundation
import Numerics
public import Uncertainty
import Quantities

/// Conversations whose turns follow each other after a pause, each with the earlier prompts and answers as the
/// beginning of its prompt. Their number of turns is geometric but for those that would grow too long.
public struct Sessions: Sendable {
  /// Probability that a turn is followed by another.
  public let continuation: Double
  /// Seconds from a turn's arrival to the next one's.
  let gaps: QuantileTable
  /// Mean of the gaps.
  let meanGap: Double
  /// The gap in which a moment chosen at random lies.
  let spanningGaps: QuantileTable
  /// Tokens that a later turn adds to what was said before.
  let newTokens: TokenLengthTable
  /// A turn whose prompt and answer would be more tokens than this does not come about.
  let maximumTokens: Int32

  /// Conversations.
  /// - Parameters:
  ///   - turns: mean turns, 1 or more.
  ///   - gapSeconds: seconds between the arrivals of two turns, of finite mean.
  ///   - newTokens: tokens that a later turn adds.
  ///   - maximumTokens: the most tokens of a turn, prompt and answer.
  public init(turns: Double, gapSeconds: Distribution, newTokens: TokenLengthTable, maximumTokens: Int) {
    precondition(turns >= 1 && turns.isFinite, "\(turns) turns a conversation")
    continuation = 1 - 1 / turns
    gaps = QuantileTable(size: 4096, quantile: gapSeconds.quantile)
    self.newTokens = newTokens
    self.maximumTokens = Int32(min(maximumTokens, Int(Int32.max) / 4))
    // Shares of the mean below each normal score, by trapezoids: the distribution weighted with its own length.
    let scores = (-1024...1024).map { Double($0) / 128 }
    let values = scores.map { max(0, gapSeconds.quantile(StandardNormal.cumulative($0))) }
    let densities = zip(scores, values).map { exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() * $1 }
    var shares = [0.0]
    for index in 1..<scores.count {
      shares.append(shares[index - 1] + (densities[index - 1] + densities[index]) / 256)
    }
    let mean = shares[shares.count - 1]
    meanGap = mean
    spanningGaps = QuantileTable(size: 4096) { probability in
      let wanted = probability * mean
      var (low, high) = (0, shares.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if shares[middle] <= wanted { low = middle } else { high = middle }
      }
      let width = shares[high] - shares[low]
      let share = width > 0 ? (wanted - shares[low]) / width : 0
      return values[low] + (values[high] - values[low]) * share
    }
  }

  /// Requests of a conversation on average, by a pilot of 32,768 of them: within half a percent.
  func meanTurns(_ lengths: LengthSampler, _ groups: PrefixGroups?) -> Double {
    let pilots = 32_768
    let later = LengthSampler(
      input: newTokens, output: lengths.output, correlation: lengths.copula.correlation)
    var random = CounterRandom(seed: 0, draw: 0, purpose: .sessions)
    var turns = 0
    for _ in 0..<pilots {
      var uniforms = random.nextUniforms()
      let first = lengths.slowly(uniforms.x, uniforms.y)
      var context = Int(first.input)
      if let groups { context = max(context, Int(groups.tokens[groups.ranks[uniforms.z]]) + 1) }
      context += Int(first.output)
      while true {
        turns += 1
        uniforms = random.nextUniforms()
        guard uniforms.x < continuation else { break }
        let next = later.slowly(uniforms.z, uniforms.w)
        context += Int(next.input) + Int(next.output)
        if context > Int(maximumTokens) { break }
      }
    }
    return Double(turns) / Double(pilots)
  }
}

extension Sessions {
  /// All but the tables, for the inner loop.
  struct Parameters: BitwiseCopyable {
    let continuation: Double
    let maximumTokens: Int32
    let pauseLayout: QuantileTable.Layout
    let newLayout: QuantileTable.Layout
    let bounds: TokenLengthTable.Bounds

    init(_ sessions: Sessions) {
      continuation = sessions.continuation
      maximumTokens = sessions.maximumTokens
      pauseLayout = sessions.gaps.layout
      newLayout = sessions.newTokens.table.layout
      bounds = sessions.newTokens.bounds
    }
  }
}

/// A turn of a conversation that is to come.
struct Turn: Sendable, BitwiseCopyable {
  var inputTokens: Int32
  var outputTokens: Int32
  /// The content of the turn before.
  var prefix: UInt32
  /// Tokens of the turn before, prompt and answer.
  var sharedTokens: Int32
}
