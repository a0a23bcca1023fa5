// SPDX-License-Identifier: GPL-3.0-or-later
// A fit for the terminal: parameters with their errors, residuals, and how the errors hang together.

import Calibration
import Catalog
import CommandLineKit
import Foundation
import NumberFormatting

/// What `breakeven calibrate` prints before the block.
struct CalibrationReport {
  private let fit: EfficiencyFit
  private let engine: ServingEngine

  init(_ fit: EfficiencyFit, engine: ServingEngine) {
    self.fit = fit
    self.engine = engine
  }

  /// The report, ending in an empty line.
  var text: String {
    """
    \(fit.points.count) measurements, \(fit.free.count) parameters of \(engine.name), \(fit.iterations) iterations

    \(parameters)
    \(residuals)
    Scatter of one configuration around the fit: \(Accuracy.percent(fit.residualDeviation * 100))

    Correlation of the parameters' errors
    \(correlations)

    """
  }

  private var parameters: String {
    var table = TextTable(columns: [.left("Parameter"), .right("Fitted"), .right("±"), .right("Before")])
    let before = engine.calibration.medians
    for (index, parameter) in fit.free.enumerated() {
      let value = fit.parameters[parameter.index]
      table.add(
        parameter.rawValue, Self.digits(value, parameter),
        Accuracy.percent(fit.relativeError(index) * 100), Self.digits(before[parameter.index], parameter))
    }
    return table.rendered
  }

  private static func digits(_ value: Double, _ parameter: EfficiencyParameter) -> String {
    parameter.isShare
      ? NumberText.significant(value) : "\(String(format: "%.4g", value * 1e6)) µs"
  }

  private var residuals: String {
    var table = TextTable(columns: [
      .left("Measurement"), .left("Metric"), .right("Measured"), .right("Fitted"), .right("Error"),
    ])
    let worst = zip(zip(fit.points, fit.predictions), fit.errors).sorted { abs($0.1) > abs($1.1) }
    for ((point, prediction), error) in worst.prefix(20) {
      table.add(
        point.origin, point.metric.title, NumberText.significant(point.value),
        NumberText.significant(prediction), Accuracy.signed(error * 100))
    }
    let mean = fit.errors.reduce(0) { $0 + abs($1) } / Double(max(1, fit.errors.count))
    let rest = fit.points.count > 20 ? " (the 20 largest of \(fit.points.count))" : ""
    return "Residuals\(rest), \(Accuracy.percent(mean * 100)) on average\n" + table.rendered
  }

  private var correlations: String {
    var table = TextTable(
      columns: [.left("")] + fit.free.indices.map { .right(String($0 + 1)) })
    for (row, parameter) in fit.free.enumerated() {
      let cells = fit.free.indices.map { column -> String in
        guard column <= row else { return "" }
        let scale = fit.relativeError(row) * fit.relativeError(column)
        return String(format: "%.2f", scale > 0 ? fit.covariance[row][column] / scale : 0)
      }
      table.add(["\(row + 1) \(parameter.rawValue)"] + cells)
    }
    return table.rendered
  }
}
