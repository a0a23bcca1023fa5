// SPDX-License-Identifier: GPL-3.0-or-later
// The inference server that `predict` and `calibrate` speak of, under vLLM's names for its settings.

import Calibration
import Catalog
import CommandLineKit
import YAMLDocument

/// A model on GPUs under an engine.
struct ServerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model: an id of the catalog, or its repository's name.", valueName: "name"))
  var model: String?
  @Option(help: ArgumentHelp("The GPU: an id of the catalog, such as h100-sxm.", valueName: "name"))
  var gpu: String?
  @Option(help: ArgumentHelp("The engine: vllm or tensorrt-llm.", valueName: "name"))
  var engine = "vllm"
  @Option(help: ArgumentHelp("GPUs that split each layer.", valueName: "count"))
  var tensorParallelSize = 1
  @Option(help: ArgumentHelp("Groups of GPUs that split the layers.", valueName: "count"))
  var pipelineParallelSize = 1
  @Option(help: ArgumentHelp("Format of the weights: bf16, fp8, int8 or fp4.", valueName: "format"))
  var quantization = "bf16"
  @Option(help: ArgumentHelp("Format of the KV cache: auto (bf16), bf16 or fp8.", valueName: "format"))
  var kvCacheDtype = "auto"
  @Option(help: ArgumentHelp("Most sequences in a step; the engine's where absent.", valueName: "count"))
  var maxNumSeqs: Int?
  @Option(help: ArgumentHelp("Most tokens in a step; the engine's where absent.", valueName: "count"))
  var maxNumBatchedTokens: Int?
  @Option(help: ArgumentHelp("Share of GPU memory used; the engine's where absent.", valueName: "share"))
  var gpuMemoryUtilization: Double?
  @Option(
    help: ArgumentHelp(
      "Folder with catalog files whose entries go before the built-in ones.", valueName: "folder"))
  var catalog: String?

  /// The catalog.
  func reference() throws -> ReferenceData {
    do {
      return try ReferenceData.load(directory: catalog)
    } catch {
      throw ReportedFailure(
        ExitCode(rawValue: error.exitCode), lines: error.diagnostics.map(\.description))
    }
  }

  /// The server, with the model and the GPU that are given or found in a file.
  /// - Throws: what is unknown or impossible, with what would be right.
  func setup(in reference: ReferenceData, measuredModel: String? = nil) throws -> ServingSetup {
    guard let name = model ?? measuredModel else {
      throw ValidationError("Missing '--model'; the catalog has \(Self.names(reference.models.keys)).")
    }
    guard let model = reference.model(named: name) else {
      throw ValidationError(
        "--model is '\(name)', which the catalog does not have; it has \(Self.names(reference.models.keys)).")
    }
    guard let gpu else {
      throw ValidationError("Missing '--gpu'; the catalog has \(Self.names(reference.accelerators.keys)).")
    }
    guard let accelerator = reference.accelerator(named: gpu) else {
      throw ValidationError(
        "--gpu is '\(gpu)', which the catalog does not have; it has \(Self.names(reference.accelerators.keys))."
      )
    }
    guard let engine = reference.engines[engine] else {
      throw ValidationError(
        "--engine is '\(engine)', which the catalog does not have; it has \(Self.names(reference.engines.keys))."
      )
    }
    var setup = ServingSetup(
      model: model, accelerator: accelerator, engine: engine,
      tensorParallel: try Self.positive(tensorParallelSize, "--tensor-parallel-size"),
      pipelineParallel: try Self.positive(pipelineParallelSize, "--pipeline-parallel-size"),
      weights: try Self.precision(quantization, "--quantization"),
      keyValueCache: kvCacheDtype == "auto" ? .bf16 : try Self.precision(kvCacheDtype, "--kv-cache-dtype"))
    if let maxNumSeqs { setup.maxSequences = try Self.positive(maxNumSeqs, "--max-num-seqs") }
    if let maxNumBatchedTokens {
      setup.maxBatchedTokens = try Self.positive(maxNumBatchedTokens, "--max-num-batched-tokens")
      if setup.maxBatchedTokens < setup.maxSequences, maxNumSeqs == nil {
        setup.maxSequences = setup.maxBatchedTokens
      }
      if setup.maxBatchedTokens < setup.maxSequences {
        throw ValidationError(
          "--max-num-batched-tokens is \(setup.maxBatchedTokens); it must be at least --max-num-seqs, "
            + "\(setup.maxSequences).")
      }
    }
    if let gpuMemoryUtilization {
      guard gpuMemoryUtilization > 0, gpuMemoryUtilization <= 1 else {
        throw ValidationError(
          "--gpu-memory-utilization is \(gpuMemoryUtilization); it must be above 0 and at most 1.")
      }
      setup.engine.memoryUtilization = gpuMemoryUtilization
    }
    if let problem = setup.problem { throw ReportedFailure(.badData, problem + remedy(setup)) }
    return setup
  }

  /// What would fit, for a server that does not.
  private func remedy(_ setup: ServingSetup) -> String {
    let sizes = [1, 2, 4, 8].filter { size in
      var other = setup
      other.tensorParallel = size
      return other.problem == nil && size <= setup.accelerator.gpusPerNode
    }
    return sizes.isEmpty
      ? "; choose a GPU with more memory or a narrower format"
      : "; --tensor-parallel-size \(sizes.map(String.init).joined(separator: ", ")) would do"
  }

  private static func names(_ keys: some Collection<String>) -> String {
    keys.sorted().joined(separator: ", ")
  }

  private static func precision(_ text: String, _ option: String) throws -> Precision {
    guard let precision = Precision(benchmarked: text) else {
      throw ValidationError("\(option) is '\(text)'; it must be bf16, fp8, int8 or fp4.")
    }
    return precision
  }

  /// A count of 1 or more.
  static func positive(_ count: Int, _ option: String) throws -> Int {
    guard count >= 1 else { throw ValidationError("\(option) is \(count); it must be 1 or more.") }
    return count
  }
}
