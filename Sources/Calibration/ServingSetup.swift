// SPDX-License-Identifier: GPL-3.0-or-later
// A server as benchmarks describe it: a model on GPUs under an engine, and the settings of its scheduler.

public import Catalog
import Quantities
public import Simulation

/// One replica of an inference server.
public struct ServingSetup: Sendable, Hashable {
  /// The model.
  public var model: LanguageModel
  /// The GPU.
  public var accelerator: Accelerator
  /// The engine, with its scheduler's defaults.
  public var engine: ServingEngine
  /// GPUs that split each layer.
  public var tensorParallel: Int
  /// Groups of GPUs that split the layers.
  public var pipelineParallel: Int
  /// Format of the weights.
  public var weights: Precision
  /// Format of the keys and values.
  public var keyValueCache: Precision
  /// Most sequences in a step (`max_num_seqs`).
  public var maxSequences: Int
  /// Most tokens in a step (`max_num_batched_tokens`).
  public var maxBatchedTokens: Int
  /// Tokens that the KV cache holds, where the server printed it; otherwise they follow from the memory.
  public var cacheTokens: Int?
  /// Bytes per GPU that this server uses beside what its engine does in general.
  public var extraBytesPerGPU: Double = 0

  /// A replica with the engine's defaults.
  public init(
    model: LanguageModel, accelerator: Accelerator, engine: ServingEngine, tensorParallel: Int = 1,
    pipelineParallel: Int = 1, weights: Precision = .bf16, keyValueCache: Precision = .bf16
  ) {
    self.model = model
    self.accelerator = accelerator
    self.engine = engine
    self.tensorParallel = tensorParallel
    self.pipelineParallel = pipelineParallel
    self.weights = weights
    self.keyValueCache = keyValueCache
    maxSequences = engine.maxSequences
    maxBatchedTokens = engine.maxBatchedTokens
  }

  /// GPUs of the replica.
  public var gpus: Int { tensorParallel * pipelineParallel }

  /// What the replica's memory holds.
  public var memory: MemoryFit {
    var engine = engine
    engine.activationBytes += extraBytesPerGPU
    return MemoryFit(
      model: model, accelerator: accelerator, engine: engine, weights: weights,
      keyValueCache: keyValueCache, tensorParallel: tensorParallel, pipelineParallel: pipelineParallel,
      maxSequences: maxSequences, maxBatchedTokens: maxBatchedTokens)
  }

  /// Tokens of context that fit beside the weights; 0 where nothing fits.
  public var capacityTokens: Int { cacheTokens ?? memory.capacityTokens }

  /// Why the replica cannot be, in words; nil where it can.
  public var problem: String? {
    if !model.divides(tensorParallel: tensorParallel) {
      return "tensor parallelism \(tensorParallel) does not divide the \(model.attentionHeads) query and "
        + "\(model.keyValueHeads) key/value heads of \(model.id)"
    }
    if pipelineParallel > model.layers {
      return "\(pipelineParallel) pipeline stages are more than the \(model.layers) layers of \(model.id)"
    }
    if capacityTokens < PoolConfiguration.blockSize {
      return "\(model.id) in \(weights.rawValue) does not fit \(gpus) × \(accelerator.id)"
    }
    return nil
  }

  /// The step time with an efficiency.
  public func stepTime(_ efficiency: EngineEfficiency) -> StepTimeModel {
    StepTimeModel(
      model: model, accelerator: accelerator, efficiency: efficiency, tensorParallel: tensorParallel,
      pipelineParallel: pipelineParallel, weights: weights, keyValueCache: keyValueCache)
  }

  /// The simulated replica. Its front end is the load's: `requestOverhead` is not in it.
  func pool(_ efficiency: EngineEfficiency) -> PoolConfiguration {
    PoolConfiguration(
      schedules: [.always], gpusPerReplica: gpus, stepTime: stepTime(efficiency), maxSequences: maxSequences,
      maxBatchedTokens: max(maxBatchedTokens, maxSequences),
      keyValueBlocks: min(max(1, capacityTokens / PoolConfiguration.blockSize), Int(Int32.max)),
      reservesOutput: engine.reservesOutput)
  }
}
