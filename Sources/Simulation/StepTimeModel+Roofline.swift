// SPDX-License-Identifier: GPL-3.0-or-later
// From a model's and a GPU's data sheets to the coefficients of the step time.

public import Catalog
import Foundation
import Quantities

extension StepTimeModel {
  /// The step time of a model on a group of GPUs.
  ///
  /// - Matrix products: two operations per active parameter and token against the peak rate of the weights' format, or
  ///   the time in which each tensor-parallel group reads the weights, whichever is longer. With `p` pipeline stages a
  ///   cycle sends `p` microbatches through every stage, which reads its share `p` times, so stages do not speed up the
  ///   reading of weights. The embedding is a lookup; the output weights are 16-bit and read once a step.
  /// - Attention: decoding reads each token's keys and values once, split over all GPUs (or copied where there are fewer
  ///   heads than GPUs); prefill needs four operations per query head, head dimension, layer and pair of tokens, at the
  ///   16-bit rate. Layers with local attention see only their chunk.
  /// - Activations: each token's residual stream is read and written a number of times per layer between the products;
  ///   `replicatedActivations` of it on every GPU, the rest split.
  /// - Exchange: two all-reduces per layer of one activation of 2 bytes a value each, either in one shot, where each GPU
  ///   reads the other n − 1, or summed on the way (in the switch, or by reduce-scatter and all-gather), where each GPU
  ///   sends and receives about one activation, whatever n is; that starts later.
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
    let hidden = Double(model.hiddenSize)
    let halfRate = (accelerator.peakRate[.bf16] ?? 0) * efficiency.compute * gpus
    let rate = accelerator.peakRate[weights].map { $0 * efficiency.compute * gpus } ?? halfRate
    let bandwidth = accelerator.memoryBandwidth * efficiency.bandwidth
    let routed = model.experts?.routedParameters ?? 0
    let head = Double(model.vocabularySize) * hidden
    let vocabulary = head * (model.hasTiedEmbeddings ? 1 : 2)
    self.init(
      overhead: efficiency.stepOverhead * pp
        + (accelerator.peakRate[weights] != nil && weights.bytes < 2
          ? efficiency.quantizationOverhead * layers : 0)
        + 2 * layers * efficiency.exchangeLatency * (tp - 1) / tp
        + head * Precision.bf16.bytes / (tp * bandwidth),
      computePerToken: 2 * (model.activeParameters - vocabulary) / rate,
      denseWeights: (model.totalParameters - routed - vocabulary) * weights.bytes / (tp * bandwidth),
      routedWeights: routed * weights.bytes / (tp * bandwidth),
      expertIdleShare: model.experts.map { 1 - Double($0.expertsPerToken) / Double($0.experts) } ?? 0,
      microbatches: pp)
    overheadPerSequence = efficiency.sequenceOverhead
    overheadPerToken =
      efficiency.activationVectors * layers * hidden * 2
      * (Self.replicatedActivations + (1 - Self.replicatedActivations) / tp)
      / (accelerator.memoryBandwidth * pp)
    setAttention(
      model, bandwidth: accelerator.memoryBandwidth * efficiency.attentionBandwidth, rate: halfRate,
      bytes: keyValueCache.bytes, tensorParallel: tp, stages: pp)
    if tensorParallel > 1 {
      let link = accelerator.interconnectBandwidth * efficiency.exchangeBandwidth * pp
      let exchanged = 2 * layers * hidden * 2
      oneShotPerToken = exchanged * (tp - 1) / link
      communicationPerToken = exchanged / link
      exchangeSwitch = 2 * layers * efficiency.exchangeSwitch
    }
  }

  /// The share of the activations between products that every GPU of a group holds whole (norms and residual sums),
  /// while the wider ones inside attention and the feed-forward part are split.
  static let replicatedActivations = 0.3

  private mutating func setAttention(
    _ model: LanguageModel, bandwidth: Double, rate: Double, bytes: Double, tensorParallel tp: Double,
    stages: Double
  ) {
    let heads = max(1, Double(model.keyValueHeads) / tp)
    let perToken = 2 * heads * Double(model.headDimension) * bytes / (stages * bandwidth)
    let perPair = 4 * Double(model.attentionHeads * model.headDimension) / rate
    let local = Double(model.localAttention?.layers ?? 0)
    let global = Double(model.layers) - local
    attentionPerContextToken = perToken * global
    attentionPerPair = perPair * global
    if let chunk = model.localAttention?.chunk {
      localChunk = Int32(clamping: chunk)
      attentionPerLocalToken = perToken * local
      attentionPerLocalPair = perPair * local
    }
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
        sequences: count, context: count * contextPerSequence,
        localContext: count * min(contextPerSequence, Double(localChunk) / 2), prefill: PrefillWork(),
        weights: weights(tokens: count))
    }
    let full = Double(sequences) / throughput
    let ratio = max(1 / Double(sequences), time(1) / time(Double(sequences)))
    return .affine(atOne: Seconds(full * ratio), atFull: Seconds(full), sequences: sequences)
  }
}
