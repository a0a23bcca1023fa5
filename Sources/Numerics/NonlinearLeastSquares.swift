// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters of a model from observations, with their covariance: what a calibration is.

import CGSL

/// The outcome of a least-squares fit.
public struct LeastSquaresFit: Sendable, Hashable {
  /// The parameters at the least sum of squares.
  public var parameters: [Double]
  /// The residuals there, in the order of the observations.
  public var residuals: [Double]
  /// The parameters' covariance, one row per parameter: (JᵀJ)⁻¹ times the residuals' variance.
  public var covariance: [[Double]]
  /// Iterations made.
  public var iterations: Int

  /// An outcome.
  public init(parameters: [Double], residuals: [Double], covariance: [[Double]], iterations: Int) {
    self.parameters = parameters
    self.residuals = residuals
    self.covariance = covariance
    self.iterations = iterations
  }

  /// The residuals' variance: their sum of squares over observations less parameters.
  public var residualVariance: Double {
    let sum = residuals.reduce(0) { $0 + $1 * $1 }
    return sum / Double(max(1, residuals.count - parameters.count))
  }

  /// The standard error of a parameter.
  public func standardError(_ parameter: Int) -> Double { covariance[parameter][parameter].squareRoot() }

  /// The correlation of two parameters; 0 where one is certain.
  public func correlation(_ first: Int, _ second: Int) -> Double {
    let scale = standardError(first) * standardError(second)
    return scale > 0 ? covariance[first][second] / scale : 0
  }
}

/// Finds the parameters with the least sum of squared residuals, by the Levenberg-Marquardt method in a trust region
/// (GSL manual, "Nonlinear Least-Squares Fitting"; Moré 1978, doi:10.1007/BFb0067700).
///
/// - Parameters:
///   - start: where the search begins; parameters are best of like magnitude.
///   - differences: the step of each parameter by which derivatives are taken (central differences), large enough for
///     a function that is not quite smooth.
///   - maximumIterations: the limit; reaching it is no error, the best point so far is the answer.
///   - residuals: the residuals of given parameters, always as many.
/// - Returns: the fit. Nothing in it is NaN or infinite.
/// - Throws: `underdetermined`, `notFinite` (with the first parameter as its argument), `indistinguishable`, `library`.
/// - Complexity: each iteration evaluates `residuals` 2·parameters + 1 times or a few more.
public func fitLeastSquares(
  from start: [Double], differences: [Double], maximumIterations: Int = 50,
  residuals: ([Double]) -> [Double]
) throws(NumericsError) -> LeastSquaresFit {
  precondition(differences.count == start.count, "\(differences.count) steps of \(start.count) parameters")
  let count = residuals(start).count
  guard count >= start.count, !start.isEmpty else {
    throw .underdetermined(observations: count, parameters: start.count)
  }
  let outcome = withoutActuallyEscaping(residuals) { residuals in
    minimize(
      ResidualFunction(residuals, differences: differences), from: start, observations: count,
      maximumIterations: maximumIterations)
  }
  return try outcome.get()
}

/// Iterates. The result is a value because a typed error cannot pass `withoutActuallyEscaping`.
private func minimize(
  _ function: ResidualFunction, from start: [Double], observations: Int, maximumIterations: Int
) -> Result<LeastSquaresFit, NumericsError> {
  withExtendedLifetime(function) {
    do throws(NumericsError) {
      let solver = try TrustRegionSolver(observations: observations, parameters: start.count)
      let status = solver.search(function, from: start, maximumIterations: maximumIterations)
      if let (argument, value) = function.failure {
        return .failure(.notFinite(argument: argument, value: value))
      }
      // No further progress is an end of the search like any other; so is its limit.
      let ends = [Int32(GSL_SUCCESS), Int32(GSL_ENOPROG), Int32(GSL_EMAXITER)]
      guard ends.contains(status) else { return .failure(GSL.error(status)) }
      var fit = LeastSquaresFit(
        parameters: solver.position, residuals: [], covariance: [], iterations: solver.iterations)
      fit.residuals = function.evaluate(fit.parameters)
      let variance = fit.residualVariance
      fit.covariance = try solver.covariance().map { row in row.map { $0 * variance } }
      guard fit.covariance.allSatisfy({ $0.allSatisfy(\.isFinite) }),
        fit.covariance.indices.allSatisfy({ fit.covariance[$0][$0] > 0 || variance == 0 })
      else { return .failure(.indistinguishable) }
      return .success(fit)
    } catch {
      return .failure(error)
    }
  }
}

/// The residuals and their derivatives, where C can point at them. Remembers the first value that is not finite.
private final class ResidualFunction {
  private let function: ([Double]) -> [Double]
  private let differences: [Double]
  private(set) var failure: (argument: Double, value: Double)?

  init(_ function: @escaping ([Double]) -> [Double], differences: [Double]) {
    self.function = function
    self.differences = differences
  }

  func evaluate(_ parameters: [Double]) -> [Double] {
    let values = function(parameters)
    if failure == nil, let wrong = values.first(where: { !$0.isFinite }) {
      failure = (parameters.first ?? 0, wrong)
    }
    return values
  }

  /// The derivative by one parameter.
  func derivative(_ parameters: [Double], by index: Int) -> [Double] {
    var (low, high) = (parameters, parameters)
    low[index] -= differences[index]
    high[index] += differences[index]
    let width = high[index] - low[index]
    return zip(evaluate(high), evaluate(low)).map { ($0 - $1) / width }
  }
}

/// GSL's solver object, freed when it goes out of scope. The one place that touches its vectors and matrices.
@safe
private struct TrustRegionSolver: ~Copyable {
  private let workspace: UnsafeMutablePointer<gsl_multifit_nlinear_workspace>
  private let observations: Int
  private let parameters: Int

  init(observations: Int, parameters: Int) throws(NumericsError) {
    GSL.ready
    var options = unsafe gsl_multifit_nlinear_default_parameters()
    guard
      let workspace = unsafe gsl_multifit_nlinear_alloc(
        breakeven_gsl_trust(), &options, observations, parameters)
    else { throw GSL.error(Int32(GSL_ENOMEM)) }
    unsafe self.workspace = workspace
    self.observations = observations
    self.parameters = parameters
  }

  deinit { unsafe gsl_multifit_nlinear_free(workspace) }

  /// Searches from a point; GSL's status. The function lives at least as long as the call.
  func search(_ function: ResidualFunction, from start: [Double], maximumIterations: Int) -> Int32 {
    var system = unsafe gsl_multifit_nlinear_fdf()
    unsafe system.f = { x, context, f in
      guard let x = unsafe x, let context = unsafe context, let f = unsafe f else { return Int32(GSL_EFAULT) }
      let function = unsafe Unmanaged<ResidualFunction>.fromOpaque(context).takeUnretainedValue()
      let residuals = function.evaluate(unsafe values(x))
      for (index, value) in residuals.enumerated() {
        unsafe gsl_vector_set(f, index, value)
      }
      return function.failure == nil ? Int32(GSL_SUCCESS) : Int32(GSL_EBADFUNC)
    }
    unsafe system.df = { x, context, jacobian in
      guard let x = unsafe x, let context = unsafe context, let jacobian = unsafe jacobian else {
        return Int32(GSL_EFAULT)
      }
      let function = unsafe Unmanaged<ResidualFunction>.fromOpaque(context).takeUnretainedValue()
      let position = unsafe values(x)
      for column in position.indices {
        for (row, value) in function.derivative(position, by: column).enumerated() {
          unsafe gsl_matrix_set(jacobian, row, column, value)
        }
      }
      return function.failure == nil ? Int32(GSL_SUCCESS) : Int32(GSL_EBADFUNC)
    }
    unsafe system.n = observations
    unsafe system.p = parameters
    unsafe system.params = Unmanaged.passUnretained(function).toOpaque()
    guard let first = unsafe gsl_vector_alloc(parameters) else { return Int32(GSL_ENOMEM) }
    defer { unsafe gsl_vector_free(first) }
    for (index, value) in start.enumerated() { unsafe gsl_vector_set(first, index, value) }
    return unsafe withUnsafeMutablePointer(to: &system) { system in
      let status = unsafe gsl_multifit_nlinear_init(first, system, workspace)
      guard status == Int32(GSL_SUCCESS) else { return status }
      var reason: Int32 = 0
      return unsafe gsl_multifit_nlinear_driver(
        maximumIterations, 1e-6, 1e-6, 1e-9, nil, nil, &reason, workspace)
    }
  }

  /// Where the search stands.
  var position: [Double] {
    guard let x = unsafe gsl_multifit_nlinear_position(workspace) else { return [] }
    return unsafe values(x)
  }

  /// Iterations made.
  var iterations: Int { Int(unsafe gsl_multifit_nlinear_niter(workspace)) }

  /// (JᵀJ)⁻¹ at the position.
  func covariance() throws(NumericsError) -> [[Double]] {
    guard let jacobian = unsafe gsl_multifit_nlinear_jac(workspace),
      let result = unsafe gsl_matrix_alloc(parameters, parameters)
    else { throw GSL.error(Int32(GSL_ENOMEM)) }
    defer { unsafe gsl_matrix_free(result) }
    try GSL.check(unsafe gsl_multifit_nlinear_covar(jacobian, 0, result))
    return (0..<parameters).map { row in
      (0..<parameters).map { column in unsafe gsl_matrix_get(result, row, column) }
    }
  }
}

/// The numbers of a vector of GSL's.
private func values(_ vector: UnsafePointer<gsl_vector>) -> [Double] {
  (0..<Int(unsafe vector.pointee.size)).map { unsafe gsl_vector_get(vector, $0) }
}
