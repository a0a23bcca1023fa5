// SPDX-License-Identifier: GPL-3.0-or-later
// A request's two lengths from two uniform numbers, correlated by a Gaussian copula where that is asked for.

import Foundation
import Numerics
import Uncertainty

/// Draws prompt and output lengths together.
///
/// With correlation ρ, the second normal score is ρ·z₁ + √(1 − ρ²)·z₂, so that both lengths keep their distribution and
/// their rank correlation is 6/π·asin(ρ/2) (W. H. Kruskal, Ordinal measures of association, 1958,
/// doi:10.1080/01621459.1958.10501481). Normal quantile and cumulative distribution are read from tables.
struct LengthSampler: Sendable {
  let input: TokenLengthTable
  let output: TokenLengthTable
  let copula: Copula

  init(input: TokenLengthTable, output: TokenLengthTable, correlation: Double) {
    self.input = input
    self.output = output
    copula = Copula(
      correlation: correlation, rest: (1 - correlation * correlation).squareRoot(),
      layout: Self.scores.layout)
  }

  /// The standard normal quantile.
  static let scores = QuantileTable(size: 4096, quantile: StandardNormal.quantile)
  /// Cells of `cumulative` per unit.
  static let cellsPerUnit = 256.0
  /// The lower half of the standard normal's cumulative distribution, from 0 down to −9.
  static let cumulative: [Double] = (0...Int(9 * cellsPerUnit) + 1).map {
    StandardNormal.cumulative(-Double($0) / cellsPerUnit)
  }

  /// What the copula needs beside the tables.
  struct Copula: Sendable, BitwiseCopyable {
    let correlation: Double
    /// √(1 − correlation²).
    let rest: Double
    let layout: QuantileTable.Layout

    /// The number uniform on (0, 1) that goes with `second`, correlated with `first`.
    @inline(__always)
    func correlated(
      _ first: Double, _ second: Double, scores: Span<Double>, cumulative: Span<Double>
    ) -> Double {
      if correlation == 0 { return second }
      let score =
        correlation * layout.quantile(first, in: scores) + rest * layout.quantile(second, in: scores)
      let position = min(abs(score), 9) * LengthSampler.cellsPerUnit
      let index = Int(position)
      let above = cumulative[index]
      let tail = above + (cumulative[index + 1] - above) * (position - Double(index))
      return score < 0 ? tail : 1 - tail
    }
  }

  /// Both lengths, outside of inner loops.
  func slowly(_ first: Double, _ second: Double) -> UseCaseStatistics.Lengths {
    let (table, lowerHalf) = (Self.scores, Self.cumulative)
    let paired = copula.correlated(first, second, scores: table.values.span, cumulative: lowerHalf.span)
    return UseCaseStatistics.Lengths(input: input[first], output: output[paired])
  }
}
