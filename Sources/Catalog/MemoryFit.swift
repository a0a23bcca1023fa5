// SPDX-License-Identifier: GPL-3.0-or-later
// What a replica's memory holds: the one place that subtracts weights and activations from GPU memory, so
// that the check of a scenario and the simulation can never disagree about the size of the KV cache.

/// What an engine says of its KV cache when it starts, to be taken instead of what the memory model computes.
public enum PrintedCache: Sendable, Hashable {
  /// Blocks of the cache, each of the engine's block size (vLLM: `# GPU blocks`, `num_gpu_blocks`).
  case blocks(Int)
  /// Bytes on each GPU (vLLM: `Available KV cache memory`).
  case bytesPerGPU(Double)
}

/// The memory of one replica: a model on `tensorParallel × pipelineParallel` equal GPUs.
///
/// Weights and keys and values are split evenly. Where the tensor-parallel group has more GPUs than the model
/// has key/value heads, each GPU still holds one whole head, as inference engines replicate them.
public struct MemoryFit: Sendable, Hashable {
  /// Tokens of context that every replica must hold beside its weights: a prompt of ordinary length with its answer.
  public static let leastContext = 2048

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
  /// What the engine printed of its cache, where somebody noted it.
  public let printedCache: PrintedCache?
  /// The share of what is left beside the weights that the KV cache takes.
  public let freeShare: Double

  /// The memory of a replica. Parallel sizes below 1 are a programming error.
  ///
  /// `maxSequences` and `maxBatchedTokens` are the scheduler's limits that the engine starts with: one that may run
  /// fewer sequences keeps less memory for sampling. Where nil, they are those of the engine's memory profile. A
  /// `printedCache` stands for the computed size of the cache.
  public init(
    model: LanguageModel, accelerator: Accelerator, engine: ServingEngine, weights: Precision,
    keyValueCache: Precision, tensorParallel: Int, pipelineParallel: Int, maxSequences: Int? = nil,
    maxBatchedTokens: Int? = nil, printedCache: PrintedCache? = nil
  ) {
    precondition(
      tensorParallel >= 1 && pipelineParallel >= 1,
      "a replica of \(tensorParallel) × \(pipelineParallel) GPUs")
    gpus = tensorParallel * pipelineParallel
    usableBytesPerGPU =
      accelerator.memoryBytes * (engine.sharesFreeMemory ? 1 : engine.memoryUtilization)
    freeShare = engine.sharesFreeMemory ? engine.memoryUtilization : 1
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
    self.printedCache = printedCache
  }

  /// Bytes on each GPU for the KV cache: those printed, or else what weights and activations leave; negative where
  /// these do not fit.
  public var cacheBytesPerGPU: Double {
    switch printedCache {
    case .blocks(let blocks): Double(blocks) * Double(blockSize) * keyValueBytesPerTokenPerGPU
    case .bytesPerGPU(let bytes): bytes
    case nil: (usableBytesPerGPU - weightBytesPerGPU - activationBytesPerGPU) * freeShare
    }
  }

  /// Tokens of context that fit beside the weights, in whole blocks; 0 where nothing fits.
  public var capacityTokens: Int { blocks * blockSize }

  /// Blocks of the KV cache; 0 where nothing fits.
  public var blocks: Int {
    // Printed blocks are taken as they are: through bytes and back, a rounding could lose one.
    if case .blocks(let blocks) = printedCache { return blocks }
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
  /// or 4 stages. Nil where none of these is large enough. The scheduler's limits mean what they mean in `init`.
  public static func smallest(
    model: LanguageModel, accelerator: Accelerator, engine: ServingEngine, weights: Precision,
    keyValueCache: Precision, tokens: Int, maxSequences: Int? = nil, maxBatchedTokens: Int? = nil
  ) -> (tensorParallel: Int, pipelineParallel: Int)? {
    shapes(of: model, on: accelerator).first { shape in
      let fit = MemoryFit(
        model: model, accelerator: accelerator, engine: engine, weights: weights,
        keyValueCache: keyValueCache, tensorParallel: shape.tensorParallel,
        pipelineParallel: shape.pipelineParallel, maxSequences: maxSequences,
        maxBatchedTokens: maxBatchedTokens)
      return fit.shortfallBytesPerGPU(tokens: tokens) == 0
    }
  }

  /// The sizes of a replica that `smallest` tries, from few GPUs to many; one at least.
  public static func shapes(
    of model: LanguageModel, on accelerator: Accelerator
  ) -> [(tensorParallel: Int, pipelineParallel: Int)] {
    let sizes = [1, 2, 4, 8].filter { $0 <= accelerator.gpusPerNode && model.divides(tensorParallel: $0) }
    return [1, 2, 4].filter { $0 <= model.layers }
      .flatMap { stages in sizes.map { (tensorParallel: $0, pipelineParallel: stages) } }
      .sorted {
        ($0.tensorParallel * $0.pipelineParallel, $0.pipelineParallel)
          < ($1.tensorParallel * $1.pipelineParallel, $1.pipelineParallel)
      }
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
