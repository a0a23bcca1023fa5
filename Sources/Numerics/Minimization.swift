// SPDX-License-Identifier: GPL-3.0-or-later
// Where a function of a few variables is least: fits whose errors have no derivative at hand.

import CGSL

/// Finds a local minimum of a function of several variables by the simplex method of Nelder and Mead
/// (doi:10.1093/comjnl/7.4.308) as GSL has it (`nmsimplex2`).
///
/// - Parameters:
///   - start: where to begin, at least one variable.
///   - step: how far the first simplex reaches along each variable, above 0.
///   - tolerance: the size of the final simplex.
///   - maximumIterations: the limit; what was found until then is returned.
///   - function: the function; where it is not finite it counts as very high.
/// - Returns: the arguments and the value there.
/// - Throws: `library` where GSL cannot allocate or go on.
public func findMinimum(
  from start: [Double], step: Double = 0.5, tolerance: Double = 1e-6, maximumIterations: Int = 2000,
  of function: ([Double]) -> Double
) throws(NumericsError) -> (arguments: [Double], value: Double) {
  precondition(!start.isEmpty && step > 0, "\(start.count) variables and a step of \(step)")
  let outcome = withoutActuallyEscaping(function) { function in
    descend(
      Goal(function), from: start, step: step, tolerance: tolerance, maximumIterations: maximumIterations)
  }
  return try outcome.get()
}

/// Iterates the method. The result is a value because a typed error cannot pass `withoutActuallyEscaping`.
private func descend(
  _ function: Goal, from start: [Double], step: Double, tolerance: Double, maximumIterations: Int
) -> Result<(arguments: [Double], value: Double), NumericsError> {
  withExtendedLifetime(function) {
    var callback = unsafe gsl_multimin_function(
      f: { arguments, context in
        guard let context = unsafe context, let arguments = unsafe arguments else { return .nan }
        let count = unsafe arguments.pointee.size
        let values = (0..<count).map { unsafe gsl_vector_get(arguments, $0) }
        return unsafe Unmanaged<Goal>.fromOpaque(context).takeUnretainedValue().evaluate(values)
      },
      n: start.count, params: Unmanaged.passUnretained(function).toOpaque())
    return unsafe withUnsafeMutablePointer(to: &callback) { callback in
      do throws(NumericsError) {
        let simplex = try Simplex(variables: start.count)
        unsafe try simplex.start(callback, at: start, step: step)
        for _ in 0..<maximumIterations {
          // GSL reports no progress as an error; then the simplex is as small as it gets.
          if simplex.iterate() != Int32(GSL_SUCCESS) || simplex.size < tolerance { break }
        }
        return .success((simplex.arguments, simplex.value))
      } catch {
        return .failure(error)
      }
    }
  }
}

/// The function whose minimum is sought, where C can point at it.
private final class Goal {
  private let function: ([Double]) -> Double

  init(_ function: @escaping ([Double]) -> Double) { self.function = function }

  func evaluate(_ arguments: [Double]) -> Double {
    let value = function(arguments)
    return value.isFinite ? value : 1e300
  }
}

/// GSL's minimizer with its vectors, freed when it goes out of scope.
@safe
private struct Simplex: ~Copyable {
  private let minimizer: UnsafeMutablePointer<gsl_multimin_fminimizer>
  private let point: UnsafeMutablePointer<gsl_vector>
  private let steps: UnsafeMutablePointer<gsl_vector>
  private let count: Int

  init(variables count: Int) throws(NumericsError) {
    GSL.ready
    guard let point = unsafe gsl_vector_alloc(count) else { throw GSL.error(Int32(GSL_ENOMEM)) }
    guard let steps = unsafe gsl_vector_alloc(count) else {
      unsafe gsl_vector_free(point)
      throw GSL.error(Int32(GSL_ENOMEM))
    }
    guard let minimizer = unsafe gsl_multimin_fminimizer_alloc(breakeven_gsl_simplex(), count) else {
      unsafe gsl_vector_free(point)
      unsafe gsl_vector_free(steps)
      throw GSL.error(Int32(GSL_ENOMEM))
    }
    unsafe (self.minimizer, self.point, self.steps) = (minimizer, point, steps)
    self.count = count
  }

  deinit {
    unsafe gsl_multimin_fminimizer_free(minimizer)
    unsafe gsl_vector_free(point)
    unsafe gsl_vector_free(steps)
  }

  /// Sets the function, which must outlive the search, and where it begins.
  func start(
    _ function: UnsafeMutablePointer<gsl_multimin_function>, at arguments: [Double], step: Double
  ) throws(NumericsError) {
    for (index, argument) in arguments.enumerated() {
      unsafe gsl_vector_set(point, index, argument)
      unsafe gsl_vector_set(steps, index, step)
    }
    try GSL.check(unsafe gsl_multimin_fminimizer_set(minimizer, function, point, steps))
  }

  /// One step; GSL's status.
  func iterate() -> Int32 { unsafe gsl_multimin_fminimizer_iterate(minimizer) }

  var size: Double { unsafe gsl_multimin_fminimizer_size(minimizer) }

  var value: Double { unsafe gsl_multimin_fminimizer_minimum(minimizer) }

  var arguments: [Double] {
    let best = unsafe gsl_multimin_fminimizer_x(minimizer)
    return (0..<count).map { unsafe gsl_vector_get(best, $0) }
  }
}
