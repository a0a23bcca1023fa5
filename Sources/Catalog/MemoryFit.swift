// SPDX-License-Identifier: GPL-3.0-or-later
// What a replica's memory holds: the one place that subtracts weights and activations from GPU memory, so
// that the check of a scenario and the simulation can never disagree about the size of the KV cache.

/// The memory of one replica: a model on `tensorParallel × pipelineParallel` equal GPUs.
///
/// Weights and keys and values are split evenly. Where the tensor-parallel group has more GPUs than the model
/// has key/value heads, each GPU still holds one whole head, as inference engines replicate them.
public struct MemoryFit: Sendable, Hashable {
  /// Bytes that the engine uses of each GPU: memory × utilization.
  public let usableBytesPerGPU: Double
  /// Bytes of weights on each GPU.
  public let weightBytesPerGPU: Double
  /// Bytes for activations and the runtime on each GPU.
  public let activationBytesPerGPU: Double
  /// Bytes of keys and values of one token of context on each GPU.
  public let keyValueBytesPerTokenPerGPU: Double
  /// Tokens in a block of the KV cache.
  public let blockSize: Int
  /// GPUs of the replica.
  public let gpus: Int

  /// The memory of a replica. Parallel sizes below 1 are a programming error.
  ///
  /// `maxSequences` and `maxBatchedTokens` are the scheduler's limits where somebody sets them: an engine that may run
  /// fewer sequences keeps less memory for sampling.
  public init(
    model: LanguageModel, accelerator: Accelerator, engine: ServingEngine, weights: Precision,
    keyValueCache: Precision, tensorParallel: Int, pipelineParallel: Int, maxSequences: Int? = nil,
    maxBatchedTokens: Int? = nil
  ) {
    precondition(
      tensorParallel >= 1 && pipelineParallel >= 1,
      "a replica of \(tensorParallel) × \(pipelineParallel) GPUs")
    gpus = tensorParallel * pipelineParallel
    usableBytesPerGPU = accelerator.memoryBytes * engine.memoryUtilization
    weightBytesPerGPU = model.weightBytes(precision: weights) / Double(gpus)
    activationBytesPerGPU =
      engine.profile?.bytes(
        model: model, tensorParallel: tensorParallel, pipelineParallel: pipelineParallel,
        maxSequences: maxSequences,
        maxBatchedTokens: maxBatchedTokens) ?? engine.activationBytes
    let headsPerGPU = max(1, Double(model.keyValueHeads) / Double(tensorParallel))
    keyValueBytesPerTokenPerGPU =
      model.keyValueBytesPerToken(precision: keyValueCache) * headsPerGPU
      / (Double(model.keyValueHeads) * Double(pipelineParallel))
    blockSize = engine.blockSize
  }

  /// Bytes left on each GPU for the KV cache; negative where the weights do not fit.
  public var cacheBytesPerGPU: Double { usableBytesPerGPU - weightBytesPerGPU - activationBytesPerGPU }

  /// Tokens of context that fit beside the weights, in whole blocks; 0 where nothing fits.
  public var capacityTokens: Int { blocks * blockSize }

  /// Blocks of the KV cache; 0 where nothing fits.
  public var blocks: Int {
    let tokens = (max(0, cacheBytesPerGPU) / keyValueBytesPerTokenPerGPU).rounded(.down)
    return Int(min(tokens, 1e15)) / blockSize
  }

  /// Bytes that each GPU lacks to hold the weights, the activations and `tokens` tokens of context; 0 where
  /// they fit.
  public func shortfallBytesPerGPU(tokens: Int) -> Double {
    let blocksNeeded = (tokens + blockSize - 1) / blockSize
    return max(0, Double(blocksNeeded * blockSize) * keyValueBytesPerTokenPerGPU - cacheBytesPerGPU)
  }

  /// The smallest replica that holds `tokens` tokens of context: fewest GPUs, then fewest pipeline stages.
  /// Tensor parallelism is a power of two up to the GPUs of a node that the model's heads divide into; 1, 2
  /// or 4 stages. Nil where none of these is large enough.
  public static func smallest(
    model: LanguageModel, accelerator: Accelerator, engine: ServingEngine, weights: Precision,
    keyValueCache: Precision, tokens: Int
  ) -> (tensorParallel: Int, pipelineParallel: Int)? {
    let sizes = [1, 2, 4, 8].filter { $0 <= accelerator.gpusPerNode && model.divides(tensorParallel: $0) }
    let shapes = [1, 2, 4].filter { $0 <= model.layers }
      .flatMap { stages in sizes.map { (tensor: $0, stages: stages) } }
      .sorted { ($0.tensor * $0.stages, $0.stages) < ($1.tensor * $1.stages, $1.stages) }
    let found = shapes.first { shape in
      let fit = MemoryFit(
        model: model, accelerator: accelerator, engine: engine, weights: weights,
        keyValueCache: keyValueCache, tensorParallel: shape.tensor, pipelineParallel: shape.stages)
      return fit.shortfallBytesPerGPU(tokens: tokens) == 0
    }
    return found.map { ($0.tensor, $0.stages) }
  }
}

extension LanguageModel {
  /// Whether the model's heads can be split over a tensor-parallel group: query heads evenly, and key/value
  /// heads evenly or each held by equally many GPUs.
  public func divides(tensorParallel: Int) -> Bool {
    guard tensorParallel >= 1, attentionHeads % tensorParallel == 0 else { return false }
    return keyValueHeads % tensorParallel == 0 || tensorParallel % keyValueHeads == 0
  }
}
