// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the memory model against what vLLM measured and printed on real GPUs.

import Catalog
import Testing

@Suite("Memory as vLLM measured it")
struct MeasuredMemoryTests {
  private let data: ReferenceData

  init() throws { data = try ReferenceData.load(directory: nil) }

  private static let gibibyte = 1_073_741_824.0

  private func fit(
    _ model: String, _ weights: Precision, cache: Precision = .bf16, tensor: Int, sequences: Int? = nil,
    tokens: Int? = nil
  ) throws -> MemoryFit {
    MemoryFit(
      model: try #require(data.models[model]), accelerator: try #require(data.accelerators["h100-sxm"]),
      engine: try #require(data.engines["vllm"]), weights: weights, keyValueCache: cache,
      tensorParallel: tensor, pipelineParallel: 1, maxSequences: sequences, maxBatchedTokens: tokens)
  }

  // llm-d-planner, docs/empirical-vllm-memory-results.md: one profile each, with vLLM's default limits.
  @Test(
    "weights within 0.5 % and the KV cache within 1 % of the profile, GiB per GPU",
    arguments: [
      ("llama-3.1-8b", Precision.bf16, 1, 14.99, 51.38), ("llama-3.3-70b", .fp8, 2, 33.88, 32.0),
    ])
  func profiles(model: String, weights: Precision, tensor: Int, weightGiB: Double, cacheGiB: Double) throws {
    let fit = try fit(model, weights, tensor: tensor)
    #expect(abs(fit.weightBytesPerGPU / Self.gibibyte / weightGiB - 1) < 0.005)
    #expect(abs(fit.cacheBytesPerGPU / Self.gibibyte / cacheGiB - 1) < 0.01)
  }

  // inference-sim, testdata/roofline_goldendataset.json: the block counts of vLLM's logs, max_num_seqs 128.
  @Test(
    "the block counts that vLLM printed, which no constant was fitted on, within 1 %",
    arguments: [("llama-2-7b", 1, 2048, 7463), ("llama-3.1-70b", 4, 8192, 30_425)])
  func blockCounts(model: String, tensor: Int, tokens: Int, blocks: Int) throws {
    let fit = try fit(model, .bf16, tensor: tensor, sequences: 128, tokens: tokens)
    #expect(abs(Double(fit.blocks) / Double(blocks) - 1) < 0.01)
  }

  @Test("FP8 halves what is quantized and nothing else, by hand for Llama 3.3 70B on two GPUs")
  func quantized() throws {
    let (wide, narrow) = (
      try fit("llama-3.3-70b", .bf16, tensor: 4), try fit("llama-3.3-70b", .fp8, tensor: 4)
    )
    // 70,553,706,496 weights, of which 2 × 128,256 × 8,192 of embedding and output head keep two bytes.
    let halved = 70_553_706_496.0 - 2 * 128_256 * 8192
    #expect(wide.weightBytesPerGPU - narrow.weightBytesPerGPU == halved / 4)
    #expect(narrow.cacheBytesPerGPU - wide.cacheBytesPerGPU == halved / 4)
    // Each GPU keeps two of eight heads: 2 × 80 × 2 × 128 values of two bytes a token.
    let gained = halved / 4 / 81_920
    #expect(abs(Double(narrow.capacityTokens - wide.capacityTokens) - gained) <= 16)
    // With 2,000 tokens a sequence, so many more run at once.
    let sequences = Double(narrow.capacityTokens - wide.capacityTokens) / 2000
    #expect(abs(sequences - gained / 2000) < 0.01)
    // An FP8 cache doubles them again.
    let both = try fit("llama-3.3-70b", .fp8, cache: .fp8, tensor: 4)
    #expect(abs(both.blocks - 2 * narrow.blocks) <= 1)
  }

  @Test("an engine that may run fewer sequences keeps less memory for sampling, down to the forward pass")
  func limits() throws {
    let free = try [1024, 256, 128, 64, 32].map {
      try fit("llama-3.1-8b", .bf16, tensor: 1, sequences: $0).cacheBytesPerGPU
    }
    #expect(abs(free[1] - free[0] - 38.9 * 768 * 128_256) < 1)
    #expect(free.last == free[3], "the forward pass is the peak from there on")
    #expect(zip(free, free.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
