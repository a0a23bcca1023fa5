// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about what a replica's memory holds.

import Catalog
import Testing

@Suite("Memory of a replica")
struct MemoryFitTests {
  private let data: ReferenceData

  init() throws { data = try ReferenceData.load(directory: nil) }

  private func fit(
    _ model: String, _ gpu: String, _ weights: Precision = .bf16, cache: Precision = .bf16, tensor: Int = 1,
    stages: Int = 1
  ) throws -> MemoryFit {
    MemoryFit(
      model: try #require(data.models[model]), accelerator: try #require(data.accelerators[gpu]),
      engine: try #require(data.engines["vllm"]), weights: weights, keyValueCache: cache,
      tensorParallel: tensor, pipelineParallel: stages)
  }

  @Test("Llama 3.1 8B in BF16 leaves 51.4 GiB of an H100 for the KV cache: 421,000 tokens of 128 KiB")
  func worked() throws {
    let fit = try fit("llama-3.1-8b", "h100-sxm")
    #expect(fit.keyValueBytesPerTokenPerGPU == 131_072)
    // By hand: 0.9 of 81,080 MiB, less two bytes a weight, 38.9 bytes for each of 1024 × 128,256 logits, 131,072 rotary
    // positions of 128 values, and 0.13 GiB beside the tensors.
    let usable = 0.9 * 81_080 * 1_048_576
    let (weights, logits, positions) = (16_060_522_496.0, 38.9 * 1024 * 128_256, 131_072.0 * 128 * 2)
    let left = usable - weights - logits - positions - 0.13 * 1_073_741_824
    #expect(abs(fit.cacheBytesPerGPU - left) < 1)
    #expect(fit.blocks == Int(left / 131_072) / 16)
    #expect((419_000...423_000).contains(fit.capacityTokens))
  }

  @Test("an FP8 cache doubles the tokens, to the block")
  func cachePrecision() throws {
    let (wide, narrow) = (
      try fit("llama-3.1-8b", "h100-sxm"), try fit("llama-3.1-8b", "h100-sxm", cache: .fp8)
    )
    #expect(narrow.blocks == wide.blocks * 2 || narrow.blocks == wide.blocks * 2 + 1)
  }

  @Test("more GPUs than key/value heads hold copies of heads, so the cache per token stops shrinking")
  func replicatedHeads() throws {
    let (eight, sixteen) = (
      try fit("llama-3.3-70b", "h100-sxm", tensor: 8), try fit("llama-3.3-70b", "h100-sxm", tensor: 16)
    )
    #expect(eight.keyValueBytesPerTokenPerGPU == sixteen.keyValueBytesPerTokenPerGPU)
    #expect(sixteen.weightBytesPerGPU == eight.weightBytesPerGPU / 2)
  }

  @Test("pipeline stages split weights and cache as tensor parallelism does, up to the heads")
  func stages() throws {
    let (tensor, stages) = (
      try fit("llama-3.3-70b", "h100-sxm", tensor: 4), try fit("llama-3.3-70b", "h100-sxm", stages: 4)
    )
    #expect(tensor.capacityTokens == stages.capacityTokens)
  }

  @Test("a shortfall is exactly what one more context lacks")
  func shortfall() throws {
    let fit = try fit("llama-3.1-8b", "l4")
    #expect(fit.shortfallBytesPerGPU(tokens: fit.capacityTokens) == 0)
    #expect(fit.shortfallBytesPerGPU(tokens: fit.capacityTokens + 1) > 0)
    let none = try self.fit("llama-3.3-70b", "h100-sxm")
    #expect(none.blocks == 0 && none.capacityTokens == 0)
    #expect(none.shortfallBytesPerGPU(tokens: 0) == -none.cacheBytesPerGPU)
  }

  @Test(
    "the smallest replica that fits does fit, and none with fewer GPUs does",
    arguments: [
      "llama-3.2-1b", "llama-3.2-3b", "llama-3.1-8b", "llama-3.3-70b", "llama-3.1-405b", "llama-4-scout",
      "llama-4-maverick",
    ])
  func smallest(id: String) throws {
    let (model, engine) = (try #require(data.models[id]), try #require(data.engines["vllm"]))
    for gpu in data.accelerators.values {
      for weights in [Precision.bf16, .fp8] {
        let found = MemoryFit.smallest(
          model: model, accelerator: gpu, engine: engine, weights: weights, keyValueCache: .bf16, tokens: 2048
        )
        guard let found else { continue }
        #expect(model.divides(tensorParallel: found.tensorParallel))
        let fits = try fit(
          id, gpu.id, weights, tensor: found.tensorParallel, stages: found.pipelineParallel)
        #expect(fits.capacityTokens >= 2048)
        for tensor in [1, 2, 4, 8] where model.divides(tensorParallel: tensor) {
          for stages in [1, 2, 4] where tensor * stages < found.tensorParallel * found.pipelineParallel {
            #expect(try fit(id, gpu.id, weights, tensor: tensor, stages: stages).capacityTokens < 2048)
          }
        }
      }
    }
  }

  @Test("the known sizes: Maverick needs two H100 nodes in BF16 and one in FP8")
  func maverick() throws {
    #expect(try fit("llama-4-maverick", "h100-sxm", .bf16, tensor: 8).blocks == 0)
    #expect(try fit("llama-4-maverick", "h100-sxm", .bf16, tensor: 8, stages: 2).capacityTokens > 100_000)
    #expect(try fit("llama-4-maverick", "h100-sxm", .fp8, tensor: 8).capacityTokens > 100_000)
  }
}
