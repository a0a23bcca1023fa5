// SPDX-License-Identifier: GPL-3.0-or-later
// An engine's efficiency from measurements: nonlinear least squares on the simulation itself.

public import Catalog
import Foundation
public import Numerics
import Simulation

/// A measurement to fit to.
public struct CalibrationPoint: Sendable, Hashable {
  /// Where it comes from, such as `sweep.json, run 3`.
  public var origin: String
  /// The server and its load.
  public var configuration: BenchmarkCase
  /// What was measured.
  public var metric: RowMetric
  /// What came out, in the metric's unit.
  public var value: Double

  /// A measurement.
  public init(origin: String, configuration: BenchmarkCase, metric: RowMetric, value: Double) {
    self.origin = origin
    self.configuration = configuration
    self.metric = metric
    self.value = value
  }

  /// What the value says about an efficiency, beside a time per token: a time to first token varies more from run to
  /// run, because it hangs on how arrivals fall.
  var weight: Double {
    if case .milliseconds(let metric) = metric, metric.quantity == .timeToFirstToken { return 0.3 }
    return 1
  }
}

/// Why measurements cannot be calibrated on.
public enum CalibrationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Fewer measurements than parameters.
  case tooFewPoints(points: Int, parameters: Int)
  /// Two measurements of the same thing that differ too much to be of the same thing.
  case contradiction(String, Double, String, Double)
  /// A measurement that no request of its load can give.
  case unservable(String)
  /// The fit failed.
  case numerics(NumericsError)

  /// What is wrong and what would be right.
  public var description: String {
    switch self {
    case .tooFewPoints(let points, let parameters):
      "\(points) measurements are fewer than the \(parameters) parameters to fit; "
        + "add runs at other concurrencies, or fit fewer with --parameters"
    case .contradiction(let first, let value, let second, let other):
      "\(first) measured \(value) and \(second) measured \(other) of the same configuration; "
        + "remove the one that is wrong"
    case .unservable(let origin):
      "\(origin): no request of this load fits the KV cache; check the model, the GPUs and the precision"
    case .numerics(let error):
      "the fit failed: \(error)"
    }
  }
}

/// An engine's efficiency fitted to measurements.
///
/// Shares are fitted as their log-odds and times as their logarithms, so that no share leaves (0, 1) and no time turns
/// negative. Residuals are logarithms of predicted over measured, and each counts by the weight of a Cauchy
/// distribution of scale `outlier` (iteratively reweighted: Holland and Welsch 1977, doi:10.1080/03610927708827533), so
/// that a run with something else in it does not bend the fit. What the measurements say nothing about stays where the
/// engine's calibration has it: each parameter has a prior there, `priorDeviation` wide, which counts as one residual.
public struct EfficiencyFit: Sendable {
  /// The parameters that were fitted.
  public var free: [EfficiencyParameter]
  /// All parameters afterwards, in the order of `EfficiencyParameter.allCases`.
  public var parameters: [Double]
  /// The covariance of the logarithms of the free parameters, in their order.
  public var covariance: [[Double]]
  /// The measurements.
  public var points: [CalibrationPoint]
  /// What the fit says of each, in its unit.
  public var predictions: [Double]
  /// Iterations of the last round.
  public var iterations: Int

  private static let outlier = 0.15
  private static let priorDeviation = 1.0
  /// The scatter of a measurement, as a logarithm, that a prior is worth one of.
  private static let scatter = 0.05

  /// The relative error of each prediction.
  public var errors: [Double] { zip(points, predictions).map { ($1 - $0.value) / $0.value } }

  /// The standard error of a free parameter, as a share of it.
  public func relativeError(_ index: Int) -> Double { covariance[index][index].squareRoot() }

  /// Standard deviation of the logarithms of predicted over measured, times to first token left out unless there is
  /// nothing else: how far one configuration lies from what the fit says.
  public var residualDeviation: Double {
    let all = zip(points, predictions).map { (point: $0, error: log($1 / $0.value)) }
    let steady = all.filter { $0.point.weight == 1 }
    let used = steady.isEmpty ? all : steady
    return (used.reduce(0) { $0 + $1.error * $1.error } / Double(used.count)).squareRoot()
  }

  /// Fits.
  /// - Parameters:
  ///   - points: the measurements, all of engines that share the calibration to start from.
  ///   - start: parameters to start from, and where the priors are.
  ///   - free: the parameters to fit.
  ///   - threads: threads to simulate on; the result does not depend on them.
  /// - Throws: too few measurements, contradictions, or what the numerical method says.
  public init(
    _ points: [CalibrationPoint], start: [Double], free: [EfficiencyParameter], threads: Int
  ) throws(CalibrationError) {
    guard points.count >= free.count else {
      throw .tooFewPoints(points: points.count, parameters: free.count)
    }
    try Self.checkForContradictions(points)
    let simulated = SimulatedPoints(points, threads: threads)
    if let lost = simulated.unservable(start) { throw .unservable(points[lost].origin) }
    let origin = free.map { Self.coordinate($0, start[$0.index]) }
    func parameters(_ position: [Double]) -> [Double] {
      var all = start
      for (parameter, value) in zip(free, position) { all[parameter.index] = Self.value(parameter, value) }
      return all
    }
    var weights = points.map(\.weight)
    var fit = LeastSquaresFit(parameters: origin, residuals: [], covariance: [], iterations: 0)
    do throws(NumericsError) {
      for _ in 0..<5 {
        fit = try fitLeastSquares(
          from: fit.parameters, differences: Array(repeating: 0.05, count: free.count), maximumIterations: 30
        ) { position in
          let logs = simulated.logarithms(parameters(position))
          let priors = zip(position, origin).map { Self.scatter * ($0 - $1) / Self.priorDeviation }
          return zip(logs, weights).map { $0 * $1 } + priors
        }
        let logs = simulated.logarithms(parameters(fit.parameters))
        weights = zip(points, logs).map { point, error in
          point.weight / (1 + (error / Self.outlier) * (error / Self.outlier)).squareRoot()
        }
      }
    } catch {
      throw .numerics(error)
    }
    self.free = free
    self.points = points
    self.parameters = parameters(fit.parameters)
    let slopes = zip(free, fit.parameters).map { Self.slope($0, $1) }
    covariance = fit.covariance.indices.map { row in
      fit.covariance.indices.map { fit.covariance[row][$0] * slopes[row] * slopes[$0] }
    }
    predictions = zip(points, simulated.logarithms(self.parameters)).map { $0.value * exp($1) }
    iterations = fit.iterations
  }

  private static func checkForContradictions(_ points: [CalibrationPoint]) throws(CalibrationError) {
    struct Key: Hashable {
      var configuration: BenchmarkCase
      var metric: RowMetric
    }
    var seen: [Key: CalibrationPoint] = [:]
    for point in points {
      let key = Key(configuration: point.configuration, metric: point.metric)
      if let other = seen[key] {
        let ratio = max(point.value, other.value) / min(point.value, other.value)
        // Runs of one configuration differ by a few percent, their first tokens by more.
        if ratio > (point.weight < 1 ? 2.5 : 1.5) {
          throw .contradiction(other.origin, other.value, point.origin, point.value)
        }
      } else {
        seen[key] = point
      }
    }
  }

  // MARK: Coordinates

  /// Times below this fit as if they were this, seconds: their logarithm needs a bound.
  private static let leastTime = 1e-8

  private static func coordinate(_ parameter: EfficiencyParameter, _ value: Double) -> Double {
    if parameter.isShare {
      let share = min(max(value, 0.001), 0.999)
      return log(share / (1 - share))
    }
    return log(max(value, leastTime))
  }

  private static func value(_ parameter: EfficiencyParameter, _ coordinate: Double) -> Double {
    parameter.isShare ? 1 / (1 + exp(-coordinate)) : exp(coordinate)
  }

  /// The derivative of the value's logarithm by its coordinate.
  private static func slope(_ parameter: EfficiencyParameter, _ coordinate: Double) -> Double {
    parameter.isShare ? 1 - value(parameter, coordinate) : 1
  }
}

/// Measurements beside the simulations that predict them, each configuration simulated once.
private struct SimulatedPoints: Sendable {
  private let points: [CalibrationPoint]
  private let cases: [BenchmarkCase]
  private let places: [Int]
  private let threads: Int

  init(_ points: [CalibrationPoint], threads: Int) {
    self.points = points
    self.threads = threads
    var known: [BenchmarkCase: Int] = [:]
    var cases: [BenchmarkCase] = []
    places = points.map { point in
      if let place = known[point.configuration] { return place }
      known[point.configuration] = cases.count
      cases.append(point.configuration)
      return cases.count - 1
    }
    self.cases = cases
  }

  private func predictions(_ parameters: [Double]) -> [Double?] {
    let cases = cases
    let outcomes = parallelMap(count: cases.count, threads: threads) { index -> ServingOutcome? in
      let setup = cases[index].setup
      return cases[index].load.map {
        setup.simulate($0, efficiency: EngineEfficiency(setup.engine, parameters: parameters))
      }
    }
    return zip(points, places).map { $0.metric.value(of: $0.configuration, outcome: outcomes[$1]) }
  }

  /// The first point of whose load nothing can be served.
  func unservable(_ parameters: [Double]) -> Int? {
    predictions(parameters).firstIndex { !(($0 ?? 0) > 0) }
  }

  /// The logarithms of predicted over measured.
  func logarithms(_ parameters: [Double]) -> [Double] {
    zip(points, predictions(parameters)).map { log(($1 ?? .nan) / $0.value) }
  }
}
