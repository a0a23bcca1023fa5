// SPDX-License-Identifier: GPL-3.0-or-later
// Low-discrepancy points, with the two traps of GSL's generator closed: it skips the zero point, and beyond
// 40 dimensions it returns zeros and says success.

import CGSL

/// The Sobol' sequence in base 2, from the zero point on, in Gray-code order (Bratley, Fox: Algorithm 659,
/// ACM Transactions on Mathematical Software 14(1), 1988, doi:10.1145/42288.214372).
///
/// The first 2^m points hit each interval [k/2^m, (k+1)/2^m) of each dimension exactly once. They hold the
/// zero point, so that they must be scrambled before an unbounded quantile function sees them.
///
/// Not Sendable: one thread at a time.
@safe
public struct SobolSequence: ~Copyable {
  /// The dimensions GSL has direction numbers for.
  public static let supportedDimensions = 1...40
  /// Binary digits of a coordinate: each is a multiple of 2^-30.
  public static let digits = 30

  /// The number of dimensions of a point.
  public let dimensions: Int
  private let generator: UnsafeMutablePointer<gsl_qrng>
  private var drawn = 0

  /// The sequence in `dimensions` dimensions, before its first point.
  /// - Throws: `unsupportedDimensions` unless 1 to 40.
  public init(dimensions: Int) throws(NumericsError) {
    guard Self.supportedDimensions.contains(dimensions) else {
      throw .unsupportedDimensions(dimensions, supported: Self.supportedDimensions)
    }
    GSL.ready
    guard let generator = unsafe gsl_qrng_alloc(breakeven_gsl_sobol(), UInt32(dimensions)) else {
      throw GSL.error(Int32(GSL_ENOMEM))
    }
    self.dimensions = dimensions
    unsafe self.generator = generator
  }

  deinit { unsafe gsl_qrng_free(generator) }

  /// Writes the next point's coordinates, each in [0, 1), over the first `dimensions` elements of `point`.
  /// - Throws: `sequenceExhausted` after 2^30 points.
  /// - Complexity: O(dimensions).
  public mutating func next(into point: inout [Double]) throws(NumericsError) {
    precondition(point.count >= dimensions, "\(point.count) elements for \(dimensions) dimensions")
    guard drawn < 1 << Self.digits else { throw .sequenceExhausted(points: drawn) }
    defer { drawn += 1 }
    guard drawn > 0 else {
      for dimension in 0..<dimensions { point[dimension] = 0 }
      return
    }
    let status = unsafe point.withUnsafeMutableBufferPointer { buffer in
      unsafe gsl_qrng_get(generator, buffer.baseAddress)
    }
    try GSL.check(status)
  }
}
