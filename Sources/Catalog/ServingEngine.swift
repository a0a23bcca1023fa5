// SPDX-License-Identifier: GPL-3.0-or-later
// How near to its GPU's roofline an inference engine runs, and its scheduler's defaults.

/// An inference engine of the catalog: efficiencies against the roofline, and scheduler defaults under vLLM's names.
public struct ServingEngine: Sendable, Hashable {
  /// The catalog's id, such as `vllm`.
  public var id: String
  /// The name people know.
  public var name: String
  /// What calibration knows of its efficiency.
  public var calibration: EngineCalibration
  /// Share of the bandwidth between GPUs that an exchange of many tokens reaches, 0 to 1.
  public var exchangeBandwidthEfficiency: Double
  /// By how much such an exchange starts slower than one in which each GPU reads all others, seconds.
  public var exchangeSwitch: Double
  /// How often the residual stream's width is read or written between matrix products, per token and layer.
  public var activationVectors: Double
  /// Whether the scheduler lets a request in only with memory for its whole answer.
  public var reservesOutput: Bool
  /// Share of the GPU's memory the engine uses (`gpu_memory_utilization`).
  public var memoryUtilization: Double
  /// Whether that share is of the memory left beside weights and activations (TensorRT-LLM's
  /// `kv_cache_free_gpu_mem_fraction`), not of all.
  public var sharesFreeMemory: Bool
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
    id: String, name: String, calibration: EngineCalibration, exchangeBandwidthEfficiency: Double,
    exchangeSwitch: Double, activationVectors: Double, reservesOutput: Bool, memoryUtilization: Double,
    sharesFreeMemory: Bool, activationBytes: Double, maxSequences: Int, maxBatchedTokens: Int, blockSize: Int,
    provenance: Provenance
  ) {
    self.id = id
    self.name = name
    self.calibration = calibration
    self.exchangeBandwidthEfficiency = exchangeBandwidthEfficiency
    self.exchangeSwitch = exchangeSwitch
    self.activationVectors = activationVectors
    self.reservesOutput = reservesOutput
    self.memoryUtilization = memoryUtilization
    self.sharesFreeMemory = sharesFreeMemory
    self.activationBytes = activationBytes
    self.maxSequences = maxSequences
    self.maxBatchedTokens = maxBatchedTokens
    self.blockSize = blockSize
    self.provenance = provenance
  }
}
