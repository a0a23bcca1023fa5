// SPDX-License-Identifier: GPL-3.0-or-later
// What an engine finds when it measures its own memory before it sizes the KV cache: the part that is neither weights
// nor cache.

/// The memory that an engine needs beside weights and KV cache, from few measured constants.
///
/// An engine runs one largest step before it sizes the cache. Two things can be its peak: the forward pass, which keeps
/// some vectors per token of the step, and the sampling, which keeps several copies of the logits of every sequence.
/// Sampling does not shrink with tensor parallelism, as every GPU gathers all logits.
public struct MemoryProfile: Sendable, Hashable {
  /// Sequences sampled at once where nobody sets `max_num_seqs`.
  public var sequences: Int
  /// Tokens of a step where nobody sets `max_num_batched_tokens`.
  public var tokens: Int
  /// Bytes per sequence and token of the vocabulary while sampling.
  public var bytesPerLogit: Double
  /// 16-bit vectors of the hidden width, and of this GPU's share of the feed-forward width, kept per token of a step.
  public var activationVectors: Double
  /// Bytes beside the tensors on each GPU: context, kernels, workspaces.
  public var runtimeBytes: Double
  /// Bytes more on a GPU that exchanges activations with others.
  public var exchangeBytes: Double

  /// A profile.
  public init(
    sequences: Int, tokens: Int, bytesPerLogit: Double, activationVectors: Double, runtimeBytes: Double,
    exchangeBytes: Double
  ) {
    self.sequences = sequences
    self.tokens = tokens
    self.bytesPerLogit = bytesPerLogit
    self.activationVectors = activationVectors
    self.runtimeBytes = runtimeBytes
    self.exchangeBytes = exchangeBytes
  }

  /// Bytes on each GPU of a tensor-parallel group, including the table of rotary positions, which holds a head's width
  /// in 16 bit for every position of the context.
  /// - Parameters:
  ///   - model: the model.
  ///   - tensorParallel: GPUs of the group.
  ///   - pipelineParallel: groups among which the layers are split.
  ///   - maxSequences: `max_num_seqs` where it is set.
  ///   - maxBatchedTokens: `max_num_batched_tokens` where it is set.
  public func bytes(
    model: LanguageModel, tensorParallel: Int, pipelineParallel: Int = 1, maxSequences: Int? = nil,
    maxBatchedTokens: Int? = nil
  ) -> Double {
    let sampling =
      Double(maxSequences ?? sequences) * Double(model.vocabularySize) * bytesPerLogit
    let width = Double(model.hiddenSize) + Double(model.feedForwardSize) / Double(tensorParallel)
    let forward = Double(maxBatchedTokens ?? tokens) * activationVectors * width * Precision.bf16.bytes
    let positions = Double(model.contextLength * model.headDimension) * Precision.bf16.bytes
    return max(sampling, forward) + positions + runtimeBytes
      + (tensorParallel * pipelineParallel > 1 ? exchangeBytes : 0)
  }
}
