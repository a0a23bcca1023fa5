// SPDX-License-Identifier: GPL-3.0-or-later
// Cubic B-splines: the flexible curves of a regression whose shape nobody knows.

import CGSL

/// The cubic B-splines on equal pieces of an interval (de Boor: A Practical Guide to Splines, 1978,
/// doi:10.1007/978-1-4612-6333-3). They are 0 or more, add up to 1, and span all twice continuously
/// differentiable curves that are cubic on each piece.
///
/// Not Sendable: one thread at a time.
@safe
public struct BSplineBasis: ~Copyable {
  /// The number of functions: pieces + 3.
  public let count: Int
  /// Where they are defined.
  public let interval: ClosedRange<Double>
  private let workspace: UnsafeMutablePointer<gsl_bspline_workspace>
  private let values: UnsafeMutablePointer<gsl_vector>

  /// The basis.
  /// - Parameters:
  ///   - pieces: equal pieces of the interval, at least 1.
  ///   - interval: not empty, finite.
  /// - Throws: `library` where there is no memory.
  public init(pieces: Int, on interval: ClosedRange<Double>) throws(NumericsError) {
    precondition(pieces >= 1, "\(pieces) pieces")
    precondition(interval.lowerBound < interval.upperBound, "splines on the point \(interval.lowerBound)")
    GSL.ready
    guard let workspace = unsafe gsl_bspline_alloc(4, pieces + 1),
      let values = unsafe gsl_vector_alloc(pieces + 3)
    else { throw GSL.error(Int32(GSL_ENOMEM)) }
    count = pieces + 3
    self.interval = interval
    unsafe self.workspace = workspace
    unsafe self.values = values
    let status = unsafe gsl_bspline_knots_uniform(interval.lowerBound, interval.upperBound, workspace)
    // It can only fail for sizes that do not fit each other.
    precondition(status == Int32(GSL_SUCCESS), "GSL refuses \(pieces) pieces on \(interval)")
  }

  deinit {
    unsafe gsl_vector_free(values)
    unsafe gsl_bspline_free(workspace)
  }

  /// The `count` functions at an argument inside the interval.
  public func values(at argument: Double) throws(NumericsError) -> [Double] {
    precondition(interval.contains(argument), "\(argument) lies outside \(interval)")
    try GSL.check(unsafe gsl_bspline_eval(argument, values, workspace))
    return (0..<count).map { unsafe gsl_vector_get(values, $0) }
  }
}
