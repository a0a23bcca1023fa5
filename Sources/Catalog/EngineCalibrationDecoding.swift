// SPDX-License-Identifier: GPL-3.0-or-later
// Reads an engine's calibration: from the catalog, and from a scenario that brings its own.

import Foundation
import Uncertainty
public import YAMLDocument

/// e to the power of x. Here, because `EngineCalibration` needs nothing else of Foundation.
func exponential(_ x: Double) -> Double { exp(x) }

/// The keys of a calibration.
public enum CalibrationKeys {
  /// What each parameter may be and means.
  public static let parameters: [Key] = EfficiencyParameter.allCases.map { parameter in
    switch parameter {
    case .compute:
      .required(parameter.rawValue, .uncertain(.above(0, to: 1)), "share of the peak matrix rate reached")
    case .bandwidth:
      .required(
        parameter.rawValue, .uncertain(.above(0, to: 1)),
        "share of the peak memory bandwidth reached while weights are read")
    case .attentionBandwidth:
      .required(
        parameter.rawValue, .uncertain(.above(0, to: 1)),
        "the same while decode attention reads keys and values")
    case .stepOverhead:
      .required(
        parameter.rawValue, .uncertain(.notNegative), "time of a step beside arithmetic, memory and exchange")
    case .quantizationOverhead:
      .required(
        parameter.rawValue, .uncertain(.notNegative),
        "time per layer of the kernels that 8-bit and 4-bit products need beside")
    case .exchangeLatency:
      .required(
        parameter.rawValue, .uncertain(.notNegative),
        "latency of an exchange between very many GPUs; n GPUs wait (n − 1)/n of it")
    case .sequenceOverhead:
      .required(
        parameter.rawValue, .uncertain(.notNegative), "time of a step per decoding sequence: sampling, host")
    case .requestOverhead:
      .required(
        parameter.rawValue, .uncertain(.notNegative), "time of a request before its first step")
    case .stepTimeFactor:
      .optional(
        parameter.rawValue, .uncertain(.positive), absent: "1",
        "factor on all times on the GPU: how one configuration differs from the calibrated ones")
    }
  }

  /// Components of the covariance by name.
  public static let components = Key.optional(
    "components", .mapping(KeyTable("the components", named: .mapping(component), nameMeaning: "component")),
    absent: "parameters that err alone",
    "directions in which the parameters err together, each a standard normal variable")

  private static let component = KeyTable(
    "a component of the covariance",
    keys: EfficiencyParameter.allCases.map {
      .optional(
        $0.rawValue, .number(.any), absent: "0", "change of its natural logarithm per standard deviation")
    })

  /// A calibration as a mapping of its own.
  public static let table = KeyTable("a calibration", keys: parameters + [components])
}

extension MappingView {
  /// The calibration whose keys this mapping holds.
  public func calibration() -> EngineCalibration? {
    let values = EfficiencyParameter.allCases.map { parameter -> UncertainValue? in
      if parameter == .stepTimeFactor, self[parameter.rawValue] == nil {
        return UncertainValue(name: path(of: parameter.rawValue), 1)
      }
      return uncertain(parameter.rawValue)
    }
    var components: [CalibrationComponent] = []
    let named = mapping("components")
    for entry in named?.namedEntries ?? [] {
      guard let part = named?.mapping(entry.key) else { continue }
      components.append(
        CalibrationComponent(
          factor: UncertainValue(name: part.path, distribution: .normal(mean: 0, standardDeviation: 1)),
          loadings: EfficiencyParameter.allCases.map { part.number($0.rawValue) ?? 0 }))
    }
    let known = values.compactMap(\.self)
    guard known.count == values.count else { return nil }
    return EngineCalibration(values: known, components: components)
  }
}
