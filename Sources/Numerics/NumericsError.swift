// SPDX-License-Identifier: GPL-3.0-or-later
// What can go wrong in a numerical method and is not the caller's mistake, as one typed error.

/// A numerical method that could not do what was asked.
public enum NumericsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The number of dimensions is not one the Sobol' generator has direction numbers for.
  case unsupportedDimensions(Int, supported: ClosedRange<Int>)
  /// The Sobol' generator has no further points: it counts with a fixed number of binary digits.
  case sequenceExhausted(points: Int)
  /// The function has the same sign at both ends of the bracket, so that it need not have a root inside.
  case notBracketed(low: Double, high: Double, valueAtLow: Double, valueAtHigh: Double)
  /// The function is infinite or not a number at `argument`.
  case notFinite(argument: Double, value: Double)
  /// The iteration limit came before the tolerance; the root lies in [low, high].
  case notConverged(iterations: Int, low: Double, high: Double)
  /// A fit has fewer observations than parameters.
  case underdetermined(observations: Int, parameters: Int)
  /// A fit's observations do not tell its parameters apart: its covariance is not finite.
  case indistinguishable
  /// GSL could not allocate, or reports a failure under its own code.
  case library(code: Int32, message: String)

  /// What went wrong, in words.
  public var description: String {
    switch self {
    case .unsupportedDimensions(let dimensions, let supported):
      "a Sobol' sequence has \(supported.lowerBound) to \(supported.upperBound) dimensions, not \(dimensions)"
    case .sequenceExhausted(let points):
      "the Sobol' sequence ends after \(points) points"
    case .notBracketed(let low, let high, let valueAtLow, let valueAtHigh):
      "no change of sign between \(low) (value \(valueAtLow)) and \(high) (value \(valueAtHigh))"
    case .notFinite(let argument, let value):
      "the function is \(value) at \(argument)"
    case .notConverged(let iterations, let low, let high):
      "no convergence in \(iterations) iterations; the root lies between \(low) and \(high)"
    case .underdetermined(let observations, let parameters):
      "\(observations) observations do not determine \(parameters) parameters"
    case .indistinguishable:
      "the observations do not tell the parameters apart"
    case .library(let code, let message):
      "GSL error \(code): \(message)"
    }
  }
}
