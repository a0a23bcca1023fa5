// SPDX-License-Identifier: GPL-3.0-or-later
// How near to the hardware an inference engine runs: the few numbers that calibration finds, as one future has them.

public import Catalog

/// How near to the roofline an engine runs, as numbers of one future.
///
/// The same for every model, GPU and precision: what depends on these comes from the catalog.
public struct EngineEfficiency: Sendable, Hashable {
  /// Share of the peak matrix rate reached, above 0 and at most 1.
  public var compute: Double
  /// Share of the peak memory bandwidth reached while weights are read, above 0 and at most 1.
  public var bandwidth: Double
  /// The same while decode attention reads keys and values.
  public var attentionBandwidth: Double
  /// Share of the bandwidth between GPUs reached.
  public var exchangeBandwidth: Double
  /// Time of a step beside all else: scheduling, kernel launches; seconds.
  public var stepOverhead: Double
  /// Time per layer of kernels that 8-bit and 4-bit weights need beside the products (the activations are quantized
  /// before each), seconds.
  public var quantizationOverhead: Double
  /// Latency of an exchange between GPUs, seconds: that of very many GPUs; `n` GPUs wait (n − 1)/n of it.
  public var exchangeLatency: Double
  /// By how much an exchange for many tokens starts slower than one in which each GPU reads all others, seconds.
  public var exchangeSwitch: Double
  /// Time per decoding sequence and step: sampling, bookkeeping, sending the token on; seconds.
  public var sequenceOverhead: Double
  /// Front-end time of a request, seconds.
  public var requestOverhead: Double
  /// How often the width of the residual stream is read or written between the products, per token and layer.
  public var activationVectors: Double

  /// An efficiency; what is not given costs nothing.
  public init(
    compute: Double, bandwidth: Double, attentionBandwidth: Double? = nil, exchangeBandwidth: Double = 1,
    stepOverhead: Double = 0, quantizationOverhead: Double = 0, exchangeLatency: Double = 0,
    exchangeSwitch: Double = 0, sequenceOverhead: Double = 0, requestOverhead: Double = 0,
    activationVectors: Double = 0
  ) {
    self.compute = compute
    self.bandwidth = bandwidth
    self.attentionBandwidth = attentionBandwidth ?? bandwidth
    self.exchangeBandwidth = exchangeBandwidth
    self.stepOverhead = stepOverhead
    self.quantizationOverhead = quantizationOverhead
    self.exchangeLatency = exchangeLatency
    self.exchangeSwitch = exchangeSwitch
    self.sequenceOverhead = sequenceOverhead
    self.requestOverhead = requestOverhead
    self.activationVectors = activationVectors
  }

  /// The same engine with every time on the GPU longer by a factor: how far a configuration lies from the ones that were
  /// calibrated. No share exceeds 1.
  public func slowed(by factor: Double) -> EngineEfficiency {
    var slower = self
    slower.compute = min(1, compute / factor)
    slower.bandwidth = min(1, bandwidth / factor)
    slower.attentionBandwidth = min(1, attentionBandwidth / factor)
    slower.exchangeBandwidth = min(1, exchangeBandwidth / factor)
    slower.stepOverhead *= factor
    slower.quantizationOverhead *= factor
    slower.exchangeLatency *= factor
    slower.exchangeSwitch *= factor
    slower.sequenceOverhead *= factor
    slower.activationVectors *= factor
    return slower
  }
}

extension EngineEfficiency {
  /// An engine of the catalog with the parameters that one future has.
  /// - Parameter parameters: in the order of `EfficiencyParameter.allCases`.
  public init(_ engine: ServingEngine, parameters: [Double]) {
    func value(_ parameter: EfficiencyParameter) -> Double { parameters[parameter.index] }
    let efficiency = EngineEfficiency(
      compute: value(.compute), bandwidth: value(.bandwidth), attentionBandwidth: value(.attentionBandwidth),
      exchangeBandwidth: engine.exchangeBandwidthEfficiency, stepOverhead: value(.stepOverhead),
      quantizationOverhead: value(.quantizationOverhead), exchangeLatency: value(.exchangeLatency),
      exchangeSwitch: engine.exchangeSwitch, sequenceOverhead: value(.sequenceOverhead),
      requestOverhead: value(.requestOverhead), activationVectors: engine.activationVectors)
    let factor = value(.stepTimeFactor)
    self = factor == 1 ? efficiency : efficiency.slowed(by: factor)
  }
}
