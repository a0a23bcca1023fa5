// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of a pool of equal replicas.

public import Catalog
public import Uncertainty

/// Equal replicas serving one model.
public struct PoolDefinition: Sendable, Hashable {
  /// The model id.
  public var model: String
  /// Replicas; where their number changes, the most there can be, and while it is to be found, at least one.
  public var replicas: Int
  /// What decides their number, where the scenario leaves it open.
  public var sizing: ObjectiveSizing?
  /// GPUs that split each layer of a replica.
  public var tensorParallel: Int
  /// Groups of GPUs that split the layers of a replica among them.
  public var pipelineParallel: Int
  /// Format of the weights.
  public var weights: Precision
  /// Format of the KV cache.
  public var keyValueCache: Precision
  /// Most sequences in a step; the engine's where absent.
  public var maxSequences: Int?
  /// Most tokens in a step; the engine's where absent.
  public var maxBatchedTokens: Int?
  /// What the engine printed of its KV cache, instead of what the memory model computes.
  public var printedCache: PrintedCache?
  /// Whether prompts that begin alike share what the KV cache still holds.
  public var prefixCaching: Bool
  /// How batches are put together.
  public var batching: BatchingPolicy
  /// A measured aggregate throughput, output tokens per second of one replica with its batch full, instead of the
  /// roofline. Physical.
  public var throughput: UncertainValue?
  /// The engine's efficiency as calibrated for this pool, instead of the catalog's. Physical.
  public var calibration: EngineCalibration?
  /// `file:line:column` of the pool, for what only the catalog can tell is wrong.
  public var location: String
  /// What changes the number of replicas; nil for nothing.
  public var scaling: ScalingDefinition?
  /// How many of the replicas are kept ready without requests until another is lost.
  public var spares = 0
  /// Time to start one of its replicas, seconds, where the fleet's start-up is given in phases; nil: the fleet's.
  public var startupSeconds: Double?

  /// A pool.
  public init(
    model: String, replicas: Int, tensorParallel: Int, pipelineParallel: Int, weights: Precision,
    keyValueCache: Precision, maxSequences: Int?, maxBatchedTokens: Int?, printedCache: PrintedCache? = nil,
    prefixCaching: Bool, batching: BatchingPolicy, throughput: UncertainValue?,
    calibration: EngineCalibration? = nil, location: String
  ) {
    self.model = model
    self.replicas = replicas
    self.tensorParallel = tensorParallel
    self.pipelineParallel = pipelineParallel
    self.weights = weights
    self.keyValueCache = keyValueCache
    self.maxSequences = maxSequences
    self.maxBatchedTokens = maxBatchedTokens
    self.printedCache = printedCache
    self.prefixCaching = prefixCaching
    self.batching = batching
    self.throughput = throughput
    self.calibration = calibration
    self.location = location
  }

  /// GPUs of one replica.
  public var gpusPerReplica: Int { tensorParallel * pipelineParallel }

  /// What a replica's memory holds under the limits of its scheduler: the one answer for the check of a scenario and
  /// for the simulation.
  public func memory(
    model: LanguageModel, accelerator: Accelerator, engine: ServingEngine
  ) -> MemoryFit {
    MemoryFit(
      model: model, accelerator: accelerator, engine: engine, weights: weights,
      keyValueCache: keyValueCache, tensorParallel: tensorParallel, pipelineParallel: pipelineParallel,
      maxSequences: maxSequences ?? engine.maxSequences,
      maxBatchedTokens: maxBatchedTokens ?? engine.maxBatchedTokens, printedCache: printedCache)
  }
}
