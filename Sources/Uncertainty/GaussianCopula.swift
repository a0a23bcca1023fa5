// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs that move together, each still with its own distribution.

import Numerics

/// Turns independent uniform numbers into dependent ones: their normal scores are multivariate normal with
/// given correlations (Nelsen: An Introduction to Copulas, 2006, doi:10.1007/0-387-28678-0). A correlation ρ
/// of the normal scores is a rank correlation of 6/π · arcsin(ρ/2), within 0.02 of ρ.
///
/// Each output depends on the inputs up to its own place alone, so that the first ones can be drawn before the
/// others: physical inputs before the many prices that each of their draws is priced under.
public struct GaussianCopula: Sendable, Hashable {
  private let factor: CholeskyFactor
  /// Whether an output is its own input, unchanged.
  private let isOwn: [Bool]

  /// The copula with some correlations, which are positive definite as `CorrelationMatrix` makes them.
  public init(_ correlations: CorrelationMatrix) {
    guard let factor = correlations.matrix.choleskyFactor() else {
      preconditionFailure("correlations that are not positive definite")
    }
    self.factor = factor
    isOwn = (0..<factor.size).map { row in (0..<row).allSatisfy { factor[row, $0] == 0 } }
  }

  /// The dependent numbers of some places.
  /// - Parameters:
  ///   - places: a part of 0 ..< the number of inputs.
  ///   - independent: uniform on (0, 1), at least those up to the last place.
  /// - Returns: one number in (0, 1) for each place.
  public func dependent(_ places: Range<Int>, from independent: [Double]) -> [Double] {
    precondition(places.upperBound <= min(factor.size, independent.count), "\(places) of \(factor.size)")
    // Most inputs move alone, and their normal scores are not needed unless another depends on them.
    return places.map { row in
      if isOwn[row] { return independent[row] }
      var score = 0.0
      for column in 0...row where factor[row, column] != 0 {
        score += factor[row, column] * StandardNormal.quantile(independent[column])
      }
      // Beyond eight standard deviations, where the distribution rounds to 1.
      return min(max(StandardNormal.cumulative(score), 0x1p-53), 1 - 0x1p-53)
    }
  }
}
