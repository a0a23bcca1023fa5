// SPDX-License-Identifier: GPL-3.0-or-later
// From a model's and a GPU's data sheets to the coefficients of the step time.

public import Catalog
import Foundation
import Quantities

/// How near to the roofline an engine runs, as numbers of one future.
public struct EngineEfficiency: Sendable, Hashable {
  /// Share of the peak matrix rate reached.
  public var compute: Double
  /// Share of the peak memory bandwidth reached.
  public var bandwidth: Double
  /// Time of a step beside arithmetic and memory, seconds.
  public var stepOverhead: Double
  /// The same per layer and doubling of the tensor-parallel group, seconds.
  public var layerOverhead: Double
  /// Front-end time of a request, seconds.
  public var requestOverhead: Double

  /// An efficiency.
  public init(
    compute: Double, bandwidth: Double, stepOverhead: Double, layerOverhead: Double, requestOverhead: Double
  ) {
    self.compute = compute
    self.bandwidth = bandwidth
    self.stepOverhead = stepOverhead
    self.layerOverhead = layerOverhead
    self.requestOverhead = requestOverhead
  }
}

extension StepTimeModel {
  /// The step time of a model on a group of GPUs.
  ///
  /// - Arithmetic: two operations per active parameter and token, and four per query head, head dimension and layer for
  ///   each token of context, over all GPUs.
  /// - Memory: weights are read by each tensor-parallel group; with `p` pipeline stages a cycle sends `p` microbatches
  ///   through every stage, which reads its share `p` times, so stages do not speed up the reading of weights. Keys and
  ///   values are read once, split over all GPUs (or copied where there are fewer heads than GPUs).
  /// - Communication: two all-reduces per layer of one activation each, ring algorithm, 2 bytes a value.
  /// - Parameters:
  ///   - model: the model.
  ///   - accelerator: the GPU.
  ///   - efficiency: the engine's.
  ///   - tensorParallel: GPUs that split each layer.
  ///   - pipelineParallel: groups of GPUs that split the layers.
  ///   - weights: format of the weights, which decides the matrix rate.
  ///   - keyValueCache: format of the keys and values.
  public init(
    model: LanguageModel, accelerator: Accelerator, efficiency: EngineEfficiency, tensorParallel: Int,
    pipelineParallel: Int, weights: Precision, keyValueCache: Precision
  ) {
    let (tp, pp) = (Double(tensorParallel), Double(pipelineParallel))
    let gpus = tp * pp
    let layers = Double(model.layers)
    let halfRate = accelerator.peakRate[.bf16] ?? 0
    let rate = (accelerator.peakRate[weights] ?? halfRate) * efficiency.compute * gpus
    let attentionRate = halfRate * efficiency.compute * gpus
    let bandwidth = accelerator.memoryBandwidth * efficiency.bandwidth
    let routed = model.experts?.routedParameters ?? 0
    let cacheHeads = max(1, Double(model.keyValueHeads) / tp)
    let cacheBytes =
      2 * layers / pp * cacheHeads * Double(model.headDimension) * keyValueCache.bytes
    let exchanged = 2 * layers * Double(model.hiddenSize) * 2 * 2 * (tp - 1) / tp
    let communication =
      tensorParallel > 1 ? exchanged / (accelerator.interconnectBandwidth * pp) : 0
    self.init(
      overhead: efficiency.stepOverhead * pp + efficiency.layerOverhead * layers * log2(tp),
      computePerToken: 2 * model.activeParameters / rate,
      computePerContextToken: 4 * layers * Double(model.attentionHeads * model.headDimension)
        / attentionRate,
      denseWeights: (model.totalParameters - routed) * weights.bytes / (tp * bandwidth),
      routedWeights: routed * weights.bytes / (tp * bandwidth),
      expertIdleShare: model.experts.map { 1 - Double($0.expertsPerToken) / Double($0.experts) } ?? 0,
      microbatches: pp, memoryPerContextToken: cacheBytes / bandwidth,
      communicationPerToken: communication)
  }

  /// The affine step time behind one measured aggregate throughput, with this model's ratio between a step with one
  /// sequence and one with a full batch.
  /// - Parameters:
  ///   - throughput: output tokens per second of a replica with its batch full.
  ///   - sequences: sequences in a full batch.
  ///   - contextPerSequence: mean context of a sequence, for the ratio.
  public func affine(throughput: Double, sequences: Int, contextPerSequence: Double) -> StepTimeModel {
    func time(_ count: Double) -> Double {
      step(
        sequences: count, context: count * contextPerSequence, prefill: PrefillWork(),
        weights: weights(tokens: count))
    }
    let full = Double(sequences) / throughput
    let ratio = max(1 / Double(sequences), time(1) / time(Double(sequences)))
    return .affine(atOne: Seconds(full * ratio), atFull: Seconds(full), sequences: sequences)
  }
}
