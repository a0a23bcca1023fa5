// SPDX-License-Identifier: GPL-3.0-or-later
// A calibration as a scenario writes it: the fitted parameters, and the directions in which they err together.

public import Catalog
import Foundation
import Uncertainty

extension EfficiencyFit {
  /// The calibration: each parameter at its fitted value; the covariance of their logarithms as the columns of its
  /// Cholesky factor, one standard normal variable each; and the scatter of the residuals as the factor by which a
  /// configuration's times differ from the fit's.
  public var calibration: EngineCalibration {
    let all = EfficiencyParameter.allCases
    var values = zip(all, parameters).map { UncertainValue(name: $0.rawValue, $1) }
    if residualDeviation > 0.001 {
      let spread = exp(Self.tenthPercentile * residualDeviation)
      values[EfficiencyParameter.stepTimeFactor.index].distribution =
        .lognormal(p10: 1 / spread, p90: spread)
    }
    let columns = Self.choleskyColumns(covariance)
    let components = columns.enumerated().map { index, column -> CalibrationComponent in
      var loadings = Array(repeating: 0.0, count: all.count)
      for (parameter, loading) in zip(free, column) { loadings[parameter.index] = loading }
      return CalibrationComponent(
        factor: UncertainValue(
          name: free[index].rawValue, distribution: .normal(mean: 0, standardDeviation: 1)),
        loadings: loadings)
    }
    return EngineCalibration(values: values, components: components)
  }

  /// The 90th percentile of the standard normal distribution.
  private static let tenthPercentile = 1.2815515655446004

  /// The columns of the lower triangular factor L of a covariance L·Lᵀ.
  private static func choleskyColumns(_ matrix: [[Double]]) -> [[Double]] {
    let size = matrix.count
    var factor = Array(repeating: Array(repeating: 0.0, count: size), count: size)
    for column in 0..<size {
      var diagonal = matrix[column][column]
      for inner in 0..<column { diagonal -= factor[column][inner] * factor[column][inner] }
      factor[column][column] = max(0, diagonal).squareRoot()
      guard factor[column][column] > 0 else { continue }
      for row in (column + 1)..<max(size, column + 1) {
        var sum = matrix[row][column]
        for inner in 0..<column { sum -= factor[row][inner] * factor[column][inner] }
        factor[row][column] = sum / factor[column][column]
      }
    }
    return (0..<size).map { column in (0..<size).map { factor[$0][column] } }
  }

  /// The `throughput:` block of a pool, two spaces per level, ending in a newline.
  public var throughputBlock: String {
    let calibration = calibration
    var lines = ["throughput:", "  calibration:"]
    for (parameter, value) in zip(EfficiencyParameter.allCases, calibration.values) {
      switch value.distribution {
      case .lognormal(let p10, let p90):
        lines.append("    \(parameter.rawValue): {p10: \(Self.digits(p10)), p90: \(Self.digits(p90))}")
      default:
        lines.append("    \(parameter.rawValue): \(Self.digits(value.distribution.quantile(0.5)))")
      }
    }
    lines.append("    components:")
    for (parameter, component) in zip(free, calibration.components) {
      let loadings = zip(EfficiencyParameter.allCases, component.loadings).filter { $0.1 != 0 }
        .map { "\($0.0.rawValue): \(Self.digits($0.1))" }
      lines.append("      \(parameter.rawValue): {\(loadings.joined(separator: ", "))}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Five significant digits, without an exponent that YAML readers dislike.
  private static func digits(_ value: Double) -> String {
    if value == 0 { return "0" }
    let decimals = max(0, 4 - Int(log10(abs(value)).rounded(.down)))
    var text = String(format: "%.\(decimals)f", value)
    while text.contains("."), text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
