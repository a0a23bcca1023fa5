// SPDX-License-Identifier: GPL-3.0-or-later
// How near to its GPU's roofline an inference engine runs, and its scheduler's defaults.

public import Uncertainty

/// An inference engine of the catalog: efficiencies against the roofline, and scheduler defaults under vLLM's names.
public struct ServingEngine: Sendable, Hashable {
  /// The catalog's id, such as `vllm`.
  public var id: String
  /// The name people know.
  public var name: String
  /// Share of the peak matrix rate reached (model FLOP utilization), 0 to 1.
  public var computeEfficiency: UncertainValue
  /// Share of the peak memory bandwidth reached (memory bandwidth utilization), 0 to 1.
  public var bandwidthEfficiency: UncertainValue
  /// Time of a step that neither arithmetic nor memory explains, seconds.
  public var stepOverhead: UncertainValue
  /// The same, per layer and per doubling of the tensor-parallel group, seconds.
  public var layerOverhead: UncertainValue
  /// Front-end time of a request before its first step (tokenizing, HTTP), seconds.
  public var requestOverhead: UncertainValue
  /// Share of the GPU's memory the engine uses (`gpu_memory_utilization`).
  public var memoryUtilization: Double
  /// Bytes per GPU for activations and the runtime, beside weights and KV cache.
  public var activationBytes: Double
  /// What the engine measures of its own memory when it starts; where absent, `activationBytes` stands for it.
  public var profile: MemoryProfile?
  /// Most sequences in a step (`max_num_seqs`).
  public var maxSequences: Int
  /// Most tokens in a step (`max_num_batched_tokens`).
  public var maxBatchedTokens: Int
  /// Tokens in a block of the KV cache.
  public var blockSize: Int
  /// Where these figures come from.
  public var provenance: Provenance

  /// An engine.
  public init(
    id: String, name: String, computeEfficiency: UncertainValue, bandwidthEfficiency: UncertainValue,
    stepOverhead: UncertainValue, layerOverhead: UncertainValue, requestOverhead: UncertainValue,
    memoryUtilization: Double, activationBytes: Double, maxSequences: Int, maxBatchedTokens: Int,
    blockSize: Int, provenance: Provenance
  ) {
    self.id = id
    self.name = name
    self.computeEfficiency = computeEfficiency
    self.bandwidthEfficiency = bandwidthEfficiency
    self.stepOverhead = stepOverhead
    self.layerOverhead = layerOverhead
    self.requestOverhead = requestOverhead
    self.memoryUtilization = memoryUtilization
    self.activationBytes = activationBytes
    self.maxSequences = maxSequences
    self.maxBatchedTokens = maxBatchedTokens
    self.blockSize = blockSize
    self.provenance = provenance
  }
}
