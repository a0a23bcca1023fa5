// SPDX-License-Identifier: GPL-3.0-or-later
// What calibration knows of an engine's efficiency: each parameter, and how their errors hang together.

public import Uncertainty

/// A parameter of an engine's efficiency. Its raw value is its key in `engines.yaml` and in a scenario.
public enum EfficiencyParameter: String, Sendable, Hashable, CaseIterable {
  /// Share of the peak matrix rate reached (model FLOP utilization).
  case compute = "compute_efficiency"
  /// Share of the peak memory bandwidth reached while weights are read (memory bandwidth utilization).
  case bandwidth = "bandwidth_efficiency"
  /// The same while decode attention reads keys and values.
  case attentionBandwidth = "attention_bandwidth_efficiency"
  /// Time of a step beside all else, seconds.
  case stepOverhead = "step_overhead_seconds"
  /// Time per layer of the kernels that quantize activations, seconds.
  case quantizationOverhead = "quantization_overhead_seconds"
  /// Latency of an exchange between GPUs, seconds.
  case exchangeLatency = "exchange_latency_seconds"
  /// Time per decoding sequence and step, seconds.
  case sequenceOverhead = "sequence_overhead_seconds"
  /// Front-end time of a request, seconds.
  case requestOverhead = "request_overhead_seconds"
  /// By what factor the times on the GPU of one configuration differ from the calibration's.
  case stepTimeFactor = "step_time_factor"

  /// Whether the parameter is a share, which must not exceed 1.
  public var isShare: Bool {
    switch self {
    case .compute, .bandwidth, .attentionBandwidth: true
    default: false
    }
  }

  /// Its place among all.
  public var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One direction in which the parameters of a calibration err together: a principal component of its covariance.
public struct CalibrationComponent: Sendable, Hashable {
  /// A standard normal variable.
  public var factor: UncertainValue
  /// By how much the logarithm of each parameter changes per unit of the factor, in the order of
  /// `EfficiencyParameter.allCases`.
  public var loadings: [Double]

  /// A component.
  public init(factor: UncertainValue, loadings: [Double]) {
    self.factor = factor
    self.loadings = loadings
  }
}

/// The parameters of an engine's efficiency as a calibration left them.
public struct EngineCalibration: Sendable, Hashable {
  /// Each parameter, in the order of `EfficiencyParameter.allCases`.
  public var values: [UncertainValue]
  /// The directions in which they err together; empty where they err alone.
  public var components: [CalibrationComponent]

  /// A calibration with one value per parameter.
  public init(values: [UncertainValue], components: [CalibrationComponent] = []) {
    precondition(values.count == EfficiencyParameter.allCases.count, "\(values.count) efficiency parameters")
    self.values = values
    self.components = components
  }

  /// A calibration without doubt.
  public init(_ numbers: [Double]) {
    self.init(
      values: zip(EfficiencyParameter.allCases, numbers).map { UncertainValue(name: $0.rawValue, $1) })
  }

  /// The parameters of one future.
  /// - Parameters:
  ///   - values: what each of `values` is there.
  ///   - factors: what the factor of each component is there.
  /// - Returns: the values times e to the sum of their loadings; shares are cut to 1.
  public func parameters(values: [Double], factors: [Double]) -> [Double] {
    EfficiencyParameter.allCases.map { parameter in
      let index = parameter.index
      var exponent = 0.0
      for (component, factor) in zip(components, factors) { exponent += component.loadings[index] * factor }
      let value = exponent == 0 ? values[index] : values[index] * exponential(exponent)
      return parameter.isShare ? min(1, value) : value
    }
  }

  /// The parameters with everything at its median.
  public var medians: [Double] {
    parameters(
      values: values.map { $0.distribution.quantile(0.5) }, factors: components.map { _ in 0 })
  }
}
