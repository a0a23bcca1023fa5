// SPDX-License-Identifier: GPL-3.0-or-later
// Where a function of one variable is zero: break-evens that have no closed form, and quantiles by inversion.

import CGSL

/// Finds a root of a continuous function between two arguments at which its sign differs, by Brent's method
/// (Brent: Algorithms for Minimization without Derivatives, 1973, chapter 4) as GSL has it.
///
/// - Parameters:
///   - bracket: the interval; a root at either end is found at once.
///   - absoluteTolerance: the width of the final interval that is good enough.
///   - relativeTolerance: the same, as a share of the root's magnitude.
///   - maximumIterations: the limit; bisection alone needs 53 for full precision.
///   - function: the function; a NaN or infinity from it ends the search with an error.
/// - Returns: the root.
/// - Throws: `notBracketed`, `notFinite`, `notConverged`.
public func findRoot(
  in bracket: ClosedRange<Double>, absoluteTolerance: Double = 0, relativeTolerance: Double = 1e-12,
  maximumIterations: Int = 200, of function: (Double) -> Double
) throws(NumericsError) -> Double {
  precondition(
    absoluteTolerance >= 0 && relativeTolerance >= 0 && absoluteTolerance + relativeTolerance > 0,
    "tolerances \(absoluteTolerance) and \(relativeTolerance)")
  let (low, high) = (bracket.lowerBound, bracket.upperBound)
  let valueAtLow = function(low)
  guard valueAtLow.isFinite else { throw .notFinite(argument: low, value: valueAtLow) }
  if valueAtLow == 0 { return low }
  let valueAtHigh = function(high)
  guard valueAtHigh.isFinite else { throw .notFinite(argument: high, value: valueAtHigh) }
  if valueAtHigh == 0 { return high }
  guard (valueAtLow < 0) != (valueAtHigh < 0) else {
    throw .notBracketed(low: low, high: high, valueAtLow: valueAtLow, valueAtHigh: valueAtHigh)
  }
  let outcome = withoutActuallyEscaping(function) { function in
    search(
      Objective(function), low: low, high: high, absoluteTolerance: absoluteTolerance,
      relativeTolerance: relativeTolerance, maximumIterations: maximumIterations)
  }
  return try outcome.get()
}

/// Iterates Brent's method. The result is a value because a typed error cannot pass
/// `withoutActuallyEscaping`.
private func search(
  _ function: Objective, low: Double, high: Double, absoluteTolerance: Double, relativeTolerance: Double,
  maximumIterations: Int
) -> Result<Double, NumericsError> {
  withExtendedLifetime(function) {
    var callback = unsafe gsl_function(
      function: { argument, context in
        guard let context = unsafe context else { return .nan }
        return unsafe Unmanaged<Objective>.fromOpaque(context).takeUnretainedValue().evaluate(argument)
      },
      params: Unmanaged.passUnretained(function).toOpaque())
    return unsafe withUnsafeMutablePointer(to: &callback) { callback in
      do throws(NumericsError) {
        let solver = try BrentSolver()
        unsafe try solver.start(callback, low: low, high: high)
        for _ in 0..<maximumIterations {
          let status = solver.iterate()
          if let (argument, value) = function.failure {
            return .failure(.notFinite(argument: argument, value: value))
          }
          try GSL.check(status)
          if solver.isWithin(absolute: absoluteTolerance, relative: relativeTolerance) {
            return .success(solver.root)
          }
        }
        return .failure(
          .notConverged(iterations: maximumIterations, low: solver.bracket.low, high: solver.bracket.high))
      } catch {
        return .failure(error)
      }
    }
  }
}

/// The function whose root is sought, where C can point at it. Remembers the first value that is not finite.
private final class Objective {
  private let function: (Double) -> Double
  private(set) var failure: (argument: Double, value: Double)?

  init(_ function: @escaping (Double) -> Double) { self.function = function }

  func evaluate(_ argument: Double) -> Double {
    let value = function(argument)
    if !value.isFinite && failure == nil { failure = (argument, value) }
    return value
  }
}

/// GSL's solver object, freed when it goes out of scope.
@safe
private struct BrentSolver: ~Copyable {
  private let solver: UnsafeMutablePointer<gsl_root_fsolver>

  init() throws(NumericsError) {
    GSL.ready
    guard let solver = unsafe gsl_root_fsolver_alloc(breakeven_gsl_brent()) else {
      throw GSL.error(Int32(GSL_ENOMEM))
    }
    unsafe self.solver = solver
  }

  deinit { unsafe gsl_root_fsolver_free(solver) }

  /// Sets the function, which must outlive the search, and the bracket.
  func start(
    _ function: UnsafeMutablePointer<gsl_function>, low: Double, high: Double
  ) throws(NumericsError) {
    try GSL.check(unsafe gsl_root_fsolver_set(solver, function, low, high))
  }

  /// One step; GSL's status.
  func iterate() -> Int32 { unsafe gsl_root_fsolver_iterate(solver) }

  var root: Double { unsafe gsl_root_fsolver_root(solver) }

  var bracket: (low: Double, high: Double) {
    unsafe (gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver))
  }

  func isWithin(absolute: Double, relative: Double) -> Bool {
    let (low, high) = bracket
    return gsl_root_test_interval(low, high, absolute, relative) == Int32(GSL_SUCCESS)
  }
}
