// SPDX-License-Identifier: GPL-3.0-or-later
// An engine's calibration among the uncertain inputs of a plan: every parameter, and every direction in which they err
// together, is one input.

import Catalog

/// The uncertain inputs behind an engine's efficiency.
struct EfficiencyInputs: Sendable {
  private let calibration: EngineCalibration
  private let values: [InputReference]
  private let factors: [InputReference]

  /// Registers the parameters of a calibration; the same calibration read twice is one set of inputs.
  init(_ calibration: EngineCalibration, physical: inout UncertainInputs) {
    self.calibration = calibration
    values = calibration.values.map { physical.reference($0) }
    factors = calibration.components.map { physical.reference($0.factor) }
  }

  /// The parameters in one future, in the order of `EfficiencyParameter.allCases`.
  func parameters(in physical: [Double]) -> [Double] {
    calibration.parameters(
      values: values.map { $0.value(in: physical) }, factors: factors.map { $0.value(in: physical) })
  }
}
