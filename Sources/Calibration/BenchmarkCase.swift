// SPDX-License-Identifier: GPL-3.0-or-later
// From a row of a table to what can be simulated: the server, the load, and the conditions that the notes state.

public import Catalog
import Foundation

/// A configuration that rows of a table measure.
public struct BenchmarkCase: Sendable, Hashable {
  /// The server.
  public var setup: ServingSetup
  /// The load; nil for rows about memory.
  public var load: ServingLoad?

  /// A server under a load; nil for what follows from its memory alone.
  public init(setup: ServingSetup, load: ServingLoad?) {
    self.setup = setup
    self.load = load
  }

  /// Whether it is in the half of all configurations on which the shipped efficiencies were fitted; the other half checks
  /// them. The halves are the fields of a checkerboard over the powers of two of parallelism, load, lengths and bandwidth,
  /// so that each has some of everything, and they are the same in every table.
  public var isInFitSet: Bool {
    func power(_ value: Double) -> Int { value >= 1 ? Int(log2(value)) : 0 }
    var field = power(Double(setup.gpus)) + power(setup.accelerator.memoryBandwidth / 1e12)
    field += setup.weights == .bf16 ? 1 : 0
    if let load {
      field += power(Double(load.input.longest)) + power(Double(load.output.longest))
      field +=
        power(Double(load.concurrency ?? 1)) + power(load.rate ?? 1) + power(Double(setup.maxBatchedTokens))
    }
    return field % 2 == 0
  }
}

/// Why a row cannot be simulated, in words that several rows share.
public struct UnmodelledRow: Error, Sendable, Hashable {
  /// The reason.
  public var reason: String
}

extension BenchmarkCase {
  /// The case of a row.
  /// - Throws: why it cannot be simulated.
  public init(_ row: BenchmarkRow, metric: RowMetric, catalog: ReferenceData) throws(UnmodelledRow) {
    let conditions = row.source + "; " + row.precision + "; " + row.notes
    guard let model = catalog.model(named: row.model) else {
      throw UnmodelledRow(reason: "the catalog has no model \(row.model)")
    }
    guard let accelerator = catalog.accelerator(named: row.gpu) else {
      throw UnmodelledRow(reason: "the catalog has no GPU \(row.gpu)")
    }
    guard let tensorParallel = Int(row.tensorParallel), tensorParallel >= 1 else {
      throw UnmodelledRow(reason: "the tensor parallelism is \(row.tensorParallel)")
    }
    guard let weights = Precision(benchmarked: row.precision) else {
      throw UnmodelledRow(reason: "the precision is \(row.precision)")
    }
    let named = conditions.range(of: "TensorRT-LLM") != nil || conditions.range(of: "trtllm") != nil
    guard let engine = catalog.engines[named ? "tensorrt-llm" : "vllm"],
      named || conditions.range(of: "vLLM", options: .caseInsensitive) != nil || metric.isMemory
    else { throw UnmodelledRow(reason: "the engine is not stated") }
    let cache = Self.cachePrecision(conditions, weights: weights, model: model, isTensorRT: named)
    setup = ServingSetup(
      model: model, accelerator: accelerator, engine: engine, tensorParallel: tensorParallel,
      weights: weights, keyValueCache: cache)
    // Memory is measured on a server as it starts, with limits of its own where none are stated.
    if metric.isMemory, let profile = engine.profile {
      setup.maxSequences = profile.sequences
      setup.maxBatchedTokens = profile.tokens
    }
    Self.applyScheduler(conditions, to: &setup)
    load = metric.isMemory ? nil : try Self.load(row, conditions, &setup)
    if let problem = setup.problem { throw UnmodelledRow(reason: problem) }
  }

  /// FP8 keys and values where the row says so, and under TensorRT-LLM with FP8 weights, which brings them along for
  /// dense models ("if you specify FP8 quantization, the KV cache will automatically be set to FP8 as well"). Llama 4's
  /// maximum throughputs differ between GPUs as 16-bit keys and values would have it.
  private static func cachePrecision(
    _ conditions: String, weights: Precision, model: LanguageModel, isTensorRT: Bool
  ) -> Precision {
    // "FP8 => KV fp8" is a rule about the FP8 rows of a table, which its other rows repeat.
    let text = conditions.lowercased().replacingOccurrences(of: "fp8 => kv fp8", with: "")
    if text.contains("kv fp8") || text.contains("kv-cache fp8") || text.contains("kv-cache-dtype fp8") {
      return .fp8
    }
    return isTensorRT && weights == .fp8 && model.experts == nil ? .fp8 : .bf16
  }

  private static func applyScheduler(_ conditions: String, to setup: inout ServingSetup) {
    for key in ["max-num-batched-tokens", "max_num_batched_tokens", "max_num_tokens"] {
      if let tokens = number(after: key, in: conditions) { setup.maxBatchedTokens = Int(tokens) }
    }
    for key in ["max-num-seqs", "max_num_seqs", "max_batch_size"] {
      if let sequences = number(after: key, in: conditions) { setup.maxSequences = Int(sequences) }
    }
    for key in ["gpu_mem_util=", "gpu-memory-utilization", "gpu_memory_utilization"] {
      if let share = number(after: key, in: conditions), share > 0, share <= 1 {
        setup.engine.memoryUtilization = share
      }
    }
    // An engine built by trtllm-bench 0.x takes up to 4,096 sequences and keeps 16-bit and 32-bit logits for each, split
    // over the GPUs as the output weights are.
    if conditions.contains("TensorRT-LLM 0.") {
      setup.extraBytesPerGPU = 4096 * Double(setup.model.vocabularySize) * 6 / Double(setup.tensorParallel)
    }
  }

  private static func load(
    _ row: BenchmarkRow, _ conditions: String, _ setup: inout ServingSetup
  ) throws(UnmodelledRow) -> ServingLoad {
    guard let input = Int(row.inputTokens), let output = Int(row.outputTokens), input > 0, output > 0 else {
      throw UnmodelledRow(reason: "the lengths are a data set's (\(row.inputTokens))")
    }
    if row.load.hasPrefix("max load") { return queued(input, output) }
    if row.load.hasSuffix("req/s offered") {
      guard let rate = Double(row.load.split(separator: " ").first ?? ""), rate > 0 else {
        throw UnmodelledRow(reason: "the rate is unknown")
      }
      return offered(rate, input, output, conditions)
    }
    guard let concurrency = Int(row.load), concurrency > 0 else {
      throw UnmodelledRow(reason: "the load is \(row.load)")
    }
    if conditions.contains("fixed batch") {
      return ServingLoad(input: LengthRange(input), output: LengthRange(output), requests: concurrency)
    }
    return closed(concurrency, input, output, row, conditions, &setup)
  }

  /// Everything queued at once. NVIDIA's table of requests per length (TensorRT-LLM's performance overview) is 1,000 for
  /// the longest, 1,500 for long ones, 3,000 else.
  private static func queued(_ input: Int, _ output: Int) -> ServingLoad {
    let all = input + output
    let requests = all >= 20_000 ? 1000 : all >= 4096 || output == 2 * input ? 1500 : 3000
    return ServingLoad(input: LengthRange(input), output: LengthRange(output), requests: requests)
  }

  /// An even rate by users who wait for their answers.
  private static func offered(_ rate: Double, _ input: Int, _ output: Int, _ text: String) -> ServingLoad {
    var load = ServingLoad(
      input: LengthRange(input), output: LengthRange(output), requests: 300, rate: rate)
    load.burstiness = .infinity
    load.concurrency = number(before: " multi-turn users", in: text).map { Int($0) }
    if text.contains("prefix caching on"), let shared = number(after: "system prompt", in: text) {
      load.cachedTokens = min(Int(shared), input - 1)
    }
    return load
  }

  private static func closed(
    _ concurrency: Int, _ input: Int, _ output: Int, _ row: BenchmarkRow, _ conditions: String,
    _ setup: inout ServingSetup
  ) -> ServingLoad {
    // Lengths that are all the same would keep the users in step for ever, which no run does: where the notes state no
    // spread, lengths differ by up to a tenth.
    var lengths = (LengthRange(around: input, upTo: 0.1), LengthRange(around: output, upTo: 0.1))
    if let ratio = number(after: "random-range-ratio", in: conditions), ratio > 0, ratio <= 1 {
      lengths = (
        LengthRange(max(1, Int(ratio * Double(input))), input),
        LengthRange(max(1, Int(ratio * Double(output))), output)
      )
    }
    if conditions.contains("max-num-seqs=conc") { setup.maxSequences = concurrency }
    // In these runs one of the users always waits: TTFT grows with the answer's length as 1/concurrency of the cycle.
    if conditions.contains("batch_size column = client concurrency") {
      setup.maxSequences = max(1, concurrency - 1)
    }
    let times = number(after: "num_prompts=", in: conditions) ?? 10
    var load = ServingLoad(
      input: lengths.0, output: lengths.1, requests: max(80, Int(times) * concurrency),
      concurrency: concurrency)
    // InferenceMAX runs TensorRT-LLM with batch_wait_timeout_iters 20 for 1,024 in and out on fewer than eight GPUs
    // (benchmarks/70b_fp8_h200_trt_slurm.sh).
    if row.source.contains("InferenceMAX"), setup.engine.reservesOutput, input == 1024, output == 1024,
      setup.gpus < 8
    {
      load.heldSteps = 20
    }
    return load
  }

  /// The number that follows a word, spaces and an equals sign between them skipped.
  private static func number(after key: String, in text: String) -> Double? {
    guard let found = text.range(of: key) else { return nil }
    let rest = text[found.upperBound...].drop { $0 == " " || $0 == "=" || $0 == ":" }
    return Double(rest.prefix { $0.isNumber || $0 == "." }.trimmingCharacters(in: ["."]))
  }

  /// The number that stands before a word.
  private static func number(before key: String, in text: String) -> Double? {
    guard let found = text.range(of: key) else { return nil }
    let digits = text[..<found.lowerBound].reversed().prefix { $0.isNumber }
    return Double(String(digits.reversed()))
  }
}
