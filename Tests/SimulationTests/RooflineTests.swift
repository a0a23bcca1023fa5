// SPDX-License-Identifier: GPL-3.0-or-later
// The step time against data sheets by hand: a replica is as fast as its memory and arithmetic allow, never faster.

import Catalog
import Quantities
import Simulation
import Testing
import Workload

private let half = EngineEfficiency(
  compute: 0.5, bandwidth: 0.7)
private let perfect = EngineEfficiency(
  compute: 1, bandwidth: 1)

/// The time to the first token of `sequences` requests that come together, and of the one decode step after it.
private func times(_ model: StepTimeModel, sequences: Int, prompt: Int) -> (prefill: Double, decode: Double) {
  let pool = PoolConfiguration(
    schedules: [.always], gpusPerReplica: 1, stepTime: model, maxSequences: sequences,
    maxBatchedTokens: sequences * prompt, keyValueBlocks: sequences * (prompt / 16 + 2))
  let requests = (0..<sequences).map { _ in
    Request(arrival: 0, inputTokens: Int32(prompt), outputTokens: 2, useCase: 0)
  }
  let log = simulate(option(pool), requests, log: true).log
  return (log[0].firstToken, log[0].lastToken - log[0].firstToken)
}

@Suite("Roofline")
struct RooflineTests {
  private let catalog: ReferenceData
  init() throws { catalog = try ReferenceData.load(directory: nil) }

  private func model(_ id: String) throws -> LanguageModel { try #require(catalog.models[id]) }
  private func gpu(_ id: String) throws -> Accelerator { try #require(catalog.accelerators[id]) }

  private func stepTime(
    _ id: String, on gpu: Accelerator, efficiency: EngineEfficiency = half, tensorParallel: Int = 1,
    weights: Precision = .bf16, keyValueCache: Precision = .bf16
  ) throws -> StepTimeModel {
    StepTimeModel(
      model: try model(id), accelerator: gpu, efficiency: efficiency, tensorParallel: tensorParallel,
      pipelineParallel: 1, weights: weights, keyValueCache: keyValueCache)
  }

  /// 8,030,261,248 parameters less 128,256 · 4,096 of the embedding, which is looked up and not read, of 2 bytes at
  /// 3,350 GB/s · 0.7 are 6.4008 ms; 16 tokens of context at 131,072 bytes
  /// each add a microsecond.
  @Test("Llama 3.1 8B in BF16 on an H100 decodes one sequence in the time its weights are read")
  func weightsOfOneSequence() throws {
    let step = times(try stepTime("llama-3.1-8b", on: try gpu("h100-sxm")), sequences: 1, prompt: 15).decode
    #expect(abs(step - (7_504_924_672 * 2 / 2.345e12 + 16 * 131_072 / 2.345e12)) < 1e-9)
  }

  @Test("FP8 weights halve that time, an FP8 cache halves what context adds to it")
  func eightBits() throws {
    let h100 = try gpu("h100-sxm")
    func decode(_ weights: Precision, _ cache: Precision, prompt: Int) throws -> Double {
      let model = try stepTime("llama-3.1-8b", on: h100, weights: weights, keyValueCache: cache)
      return times(model, sequences: 1, prompt: prompt).decode
    }
    // All but the output head, 128,256 · 4,096 parameters that stay 16-bit.
    let head = 128_256.0 * 4096 * 2 / 2.345e12
    expectClose(
      try decode(.fp8, .bf16, prompt: 15) - head, (try decode(.bf16, .bf16, prompt: 15) - head) / 2,
      within: 1e-3)
    let wide = try decode(.bf16, .bf16, prompt: 65_551) - decode(.bf16, .bf16, prompt: 15)
    let narrow = try decode(.bf16, .fp8, prompt: 65_551) - decode(.bf16, .fp8, prompt: 15)
    expectClose(wide, 65_536 * 131_072 / 2.345e12, within: 1e-6)
    expectClose(narrow, wide / 2, within: 1e-6)
  }

  /// Matrix products: 2 · (8.030 G − 2 · 128,256 · 4,096) · 4,096 operations and the reading of the output head. Attention: 4 · 32 layers · 4,096 wide for each of 4,096 · 4,097 / 2
  /// pairs. Both at 989.4 TFLOP/s · 0.5.
  @Test("a prompt of 4,096 tokens is prefilled in the time of its arithmetic")
  func prefill() throws {
    let measured = times(try stepTime("llama-3.1-8b", on: try gpu("h100-sxm")), sequences: 1, prompt: 4096)
      .prefill
    let products = 2.0 * 6_979_588_096 * 4096
    let head = 128_256.0 * 4096 * 2 / 2.345e12
    let attention = 4.0 * 32 * 4096 * (4096 * 4097 / 2)
    expectClose(measured, (products + attention) / 494.7e12 + head, within: 1e-9)
  }

  @Test("two GPUs halve the time of weights, context and arithmetic, and pay for their exchange")
  func tensorParallel() throws {
    var h100 = try gpu("h100-sxm")
    let exchange = 2.0 * 80 * 8192 * 2
    for (bandwidth, share) in [(1e30, 0.0), (450e9, 1.0)] {
      h100.interconnectBandwidth = bandwidth
      let one = try stepTime("llama-3.1-70b", on: h100)
      let two = try stepTime("llama-3.1-70b", on: h100, tensorParallel: 2)
      for (sequences, prompt) in [(1, 15), (64, 2000)] {
        let alone = times(one, sequences: sequences, prompt: prompt)
        let together = times(two, sequences: sequences, prompt: prompt)
        let decode = share * exchange / 450e9 * Double(sequences)
        expectClose(together.decode, alone.decode / 2 + decode, within: 1e-9)
        expectClose(together.prefill, alone.prefill / 2 + decode * Double(prompt), within: 1e-9)
      }
    }
  }

  @Test(
    "one token reads k of E experts, many read them all",
    arguments: ["llama-4-scout", "llama-4-maverick"])
  func experts(id: String) throws {
    // Arithmetic for nothing leaves the memory's part alone.
    var gpu = try gpu("h100-sxm")
    gpu.peakRate = [.bf16: 1e30]
    let model = try model(id)
    let experts = try #require(model.experts)
    let stepTime = try stepTime(id, on: gpu, efficiency: perfect, weights: .fp8)
    // The embedding is not read; the output head is, in 16 bits instead of 8.
    let dense = model.totalParameters - experts.routedParameters
    let share = Double(experts.expertsPerToken) / Double(experts.experts)
    func weights(_ measured: Double, context: Int) -> Double {
      measured * 3350e9 - Double(context) * model.keyValueBytesPerToken(precision: .bf16)
    }
    let one = times(stepTime, sequences: 1, prompt: 15).decode
    expectClose(weights(one, context: 16), dense + share * experts.routedParameters, within: 1e-9)
    let many = times(stepTime, sequences: 1, prompt: 8192).prefill
    // Prefill works on keys and values as they come: its attention is arithmetic, which costs nothing here.
    expectClose(weights(many, context: 0), model.totalParameters, within: 1e-6)
    // In between, each of 32 tokens leaves an expert alone with probability 1 − k/E.
    let some = times(stepTime, sequences: 32, prompt: 15).decode
    let touched = 1 - power(1 - share, 32)
    expectClose(weights(some, context: 32 * 16), dense + touched * experts.routedParameters, within: 1e-9)
  }

  @Test("no step of any model on any GPUs is faster than bytes over bandwidth or operations over rate")
  func neverFaster() throws {
    var random = TestRandom(seed: 99)
    let models = catalog.models.values.sorted { $0.id < $1.id }
    let gpus = catalog.accelerators.values.sorted { $0.id < $1.id }
    for _ in 0..<400 {
      let model = models[random.integer(0...models.count - 1)]
      let gpu = gpus[random.integer(0...gpus.count - 1)]
      let tensor = [1, 2, 4, 8][random.integer(0...3)]
      let stages = [1, 2, 4][random.integer(0...2)]
      let weights = Precision.allCases[random.integer(0...3)]
      let cache: Precision = random.chance(0.5) ? .bf16 : .fp8
      let efficiency = EngineEfficiency(
        compute: random.uniform(0.2, 1), bandwidth: random.uniform(0.2, 1),
        attentionBandwidth: random.uniform(0.2, 1), exchangeBandwidth: random.uniform(0.2, 1),
        stepOverhead: random.chance(0.5) ? 0 : 1e-3, quantizationOverhead: random.chance(0.5) ? 0 : 1e-5,
        exchangeLatency: random.chance(0.5) ? 0 : 1e-5, sequenceOverhead: random.chance(0.5) ? 0 : 1e-5,
        activationVectors: random.chance(0.5) ? 0 : 20
      ).slowed(by: random.chance(0.3) ? 0.2 : 1)
      let stepTime = StepTimeModel(
        model: model, accelerator: gpu, efficiency: efficiency, tensorParallel: tensor,
        pipelineParallel: stages, weights: weights, keyValueCache: cache)
      let sequences = random.integer(1...64)
      let prompt = random.integer(1...2000)
      let measured = times(stepTime, sequences: sequences, prompt: prompt)

      let all = Double(tensor * stages)
      let routed = model.experts?.routedParameters ?? 0
      let share = model.experts.map { Double($0.expertsPerToken) / Double($0.experts) } ?? 0
      let vocabulary = Double(model.vocabularySize * model.hiddenSize) * (model.hasTiedEmbeddings ? 1 : 2)
      let weightBytes = (model.totalParameters - vocabulary - routed + routed * share) * weights.bytes
      let contextBytes = Double(sequences * prompt) * model.keyValueBytesPerToken(precision: cache)
      let peak = gpu.peakRate.values.max() ?? 0
      let operations = 2 * (model.activeParameters - vocabulary) * Double(sequences)
      let name = "\(model.id) \(weights) on \(tensor)×\(stages) \(gpu.id), \(sequences) × \(prompt)"
      let bytesTime = (weightBytes + contextBytes) / (all * gpu.memoryBandwidth)
      #expect(measured.decode >= bytesTime, "\(name): memory")
      #expect(measured.decode >= operations / (all * peak), "\(name): arithmetic")
      #expect(measured.prefill >= operations * Double(prompt) / (all * peak), "\(name): prefill")
      #expect(measured.prefill >= bytesTime, "\(name): weights during prefill")
    }
  }

  /// The field's example: two H100 at $3 that generate 2,500 tokens a second cost $0.667 per million.
  @Test("an affine model has the measured throughput with a full batch", arguments: [64, 256])
  func measuredThroughput(sequences: Int) throws {
    let roofline = try stepTime("llama-3.1-70b", on: try gpu("h100-sxm"), tensorParallel: 2, weights: .fp8)
    let pool = PoolConfiguration(
      schedules: [.always], gpusPerReplica: 2,
      stepTime: roofline.affine(throughput: 2500, sequences: sequences, contextPerSequence: 600),
      maxSequences: sequences, maxBatchedTokens: 8192, keyValueBlocks: 1_000_000)
    var random = TestRandom(seed: sequences)
    let backlog = (0..<12 * sequences).map { _ in
      Request(
        arrival: 0, inputTokens: Int32(random.integer(100...700)),
        outputTokens: Int32(random.integer(200...600)), useCase: 0)
    }
    let measured = pool.saturatedThroughput(backlog: backlog).output
    expectClose(measured, 2500, within: 0.01)
    expectClose(3 * 2 / (measured * 3600 / 1e6), 0.6667, within: 0.01)
  }

  @Test("an affine model keeps the roofline's ratio between one sequence and a full batch")
  func affineRatio() throws {
    let roofline = try stepTime("llama-3.1-8b", on: try gpu("h100-sxm"))
    let affine = roofline.affine(throughput: 5000, sequences: 128, contextPerSequence: 1001)
    let expected =
      times(roofline, sequences: 1, prompt: 1000).decode
      / times(roofline, sequences: 128, prompt: 1000).decode
    let full = times(affine, sequences: 128, prompt: 1000).decode
    expectClose(full, 128.0 / 5000, within: 1e-9)
    expectClose(times(affine, sequences: 1, prompt: 1000).decode / full, expected, within: 1e-9)
  }
}
