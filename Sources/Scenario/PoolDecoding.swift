// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes pools of replicas and checks that each model fits its GPUs before anything is simulated.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  func pool(_ model: String, _ view: MappingView, _ position: SourcePosition) -> PoolDefinition? {
    let size = poolSize(view)
    let isCalibrated = view["throughput"]?["calibration"] != nil
    var pool = PoolDefinition(
      model: model, replicas: size?.replicas ?? 1, tensorParallel: view.integer("tensor_parallel") ?? 1,
      pipelineParallel: view.integer("pipeline_parallel") ?? 1,
      weights: view.choice("weights", as: Precision.self) ?? .bf16,
      keyValueCache: view.choice("kv_cache", as: Precision.self) ?? .bf16,
      maxSequences: view.integer("max_num_seqs"), maxBatchedTokens: view.integer("max_num_batched_tokens"),
      printedCache: printedCache(view), prefixCaching: view.boolean("prefix_caching") ?? true,
      batching: view.choice("batching", as: BatchingPolicy.self) ?? .continuous,
      throughput: isCalibrated ? nil : throughput(view),
      calibration: isCalibrated ? view.mapping("throughput")?.mapping("calibration")?.calibration() : nil,
      location: position.description)
    pool.scaling = size?.scaling
    pool.sizing = size?.sizing
    pool.spares = view.integer("spares") ?? 0
    if let size { checkSpares(pool.spares, of: size, view) }
    return size == nil ? nil : pool
  }

  private func printedCache(_ view: MappingView) -> PrintedCache? {
    let (blocks, gibibytes) = (view.integer("kv_blocks"), view.number("kv_cache_gib"))
    if blocks != nil, gibibytes != nil {
      context.report(
        view.position(of: "kv_cache_gib"),
        "`kv_blocks` and `kv_cache_gib` both say how large the KV cache is",
        remedy: "keep one of them")
    }
    if let blocks { return .blocks(blocks) }
    return gibibytes.map { .bytesPerGPU($0 * 1_073_741_824) }
  }

  /// A measured aggregate throughput, a number or a distribution.
  private func throughput(_ view: MappingView) -> UncertainValue? {
    view["throughput"].flatMap {
      context.uncertain($0, "throughput", path: view.path(of: "throughput"), in: .positive)
    }
  }

  func checkFit(
    _ pool: PoolDefinition, gpu: String, engine: String, _ view: MappingView, _ position: SourcePosition
  ) {
    guard let model = reference.models[pool.model], let accelerator = reference.accelerators[gpu],
      let engine = reference.engines[engine]
    else { return }
    let tensor = pool.tensorParallel
    if tensor > accelerator.gpusPerNode {
      context.report(
        view.position(of: "tensor_parallel"), "tensor_parallel \(tensor) is more than a node of \(gpu) has",
        remedy: "write at most \(accelerator.gpusPerNode), and pipeline_parallel for more GPUs")
      return
    }
    if !model.divides(tensorParallel: tensor) {
      let sizes = (1...accelerator.gpusPerNode).filter { model.divides(tensorParallel: $0) }
      context.report(
        view.position(of: "tensor_parallel"),
        "tensor_parallel \(tensor) does not divide the \(model.attentionHeads) query and "
          + "\(model.keyValueHeads) key/value heads of \(model.id)",
        remedy: "write one of \(sizes.map(String.init).joined(separator: ", "))")
      return
    }
    if pool.pipelineParallel > model.layers {
      context.report(
        view.position(of: "pipeline_parallel"),
        "pipeline_parallel \(pool.pipelineParallel) is more than the \(model.layers) layers of \(model.id)",
        remedy: "write fewer")
      return
    }
    let sequences = pool.maxSequences ?? engine.maxSequences
    let tokens = pool.maxBatchedTokens ?? engine.maxBatchedTokens
    if tokens < sequences {
      context.report(
        view.position(of: view["max_num_batched_tokens"] == nil ? "max_num_seqs" : "max_num_batched_tokens"),
        "a step of \(tokens) tokens cannot give one to each of \(sequences) sequences",
        remedy: "max_num_batched_tokens must be at least max_num_seqs")
    }
    let fit = pool.memory(model: model, accelerator: accelerator, engine: engine)
    if pool.printedCache != nil {
      checkPrinted(fit, accelerator, view)
      return
    }
    let missing = fit.shortfallBytesPerGPU(tokens: MemoryFit.leastContext)
    guard missing > 0 else { return }
    let gibibytes = (missing / 1_073_741_824 * 10).rounded(.up) / 10
    context.report(
      position,
      "\(model.id) in \(pool.weights.rawValue) does not fit \(pool.gpusPerReplica) × \(gpu): each GPU lacks "
        + "\(plain(gibibytes)) GiB for weights, activations and \(MemoryFit.leastContext) tokens",
      remedy: whatFits(pool, model, accelerator, engine))
  }

  /// A printed size is believed, unless the GPU cannot hold it or a replica could not serve with it.
  private func checkPrinted(_ fit: MemoryFit, _ accelerator: Accelerator, _ view: MappingView) {
    let key = view["kv_blocks"] == nil ? "kv_cache_gib" : "kv_blocks"
    let free = accelerator.memoryBytes - fit.weightBytesPerGPU
    func gibibytes(_ bytes: Double) -> String { plain((bytes / 1_073_741_824 * 10).rounded() / 10) }
    if fit.cacheBytesPerGPU > free {
      context.report(
        view.position(of: key),
        "`\(key)` means \(gibibytes(fit.cacheBytesPerGPU)) GiB on each GPU, of which the weights leave "
          + "\(gibibytes(max(0, free)))",
        remedy: "write what the engine printed with this model, precision and number of GPUs")
    } else if fit.capacityTokens < MemoryFit.leastContext {
      context.report(
        view.position(of: key), "`\(key)` means \(fit.capacityTokens) tokens of context",
        remedy: "a replica needs \(MemoryFit.leastContext) or more")
    }
  }

  private func whatFits(
    _ pool: PoolDefinition, _ model: LanguageModel, _ accelerator: Accelerator, _ engine: ServingEngine
  ) -> String {
    var ways: [String] = []
    for weights in [pool.weights, .fp8] where ways.isEmpty || weights != pool.weights {
      let shape = MemoryFit.smallest(
        model: model, accelerator: accelerator, engine: engine, weights: weights,
        keyValueCache: pool.keyValueCache, tokens: MemoryFit.leastContext,
        maxSequences: pool.maxSequences ?? engine.maxSequences,
        maxBatchedTokens: pool.maxBatchedTokens ?? engine.maxBatchedTokens)
      guard let shape, weights.bytes <= pool.weights.bytes else { continue }
      var words = ["tensor_parallel: \(shape.tensorParallel)"]
      if shape.pipelineParallel > 1 { words.append("pipeline_parallel: \(shape.pipelineParallel)") }
      if weights != pool.weights { words.append("weights: \(weights.rawValue)") }
      ways.append(words.joined(separator: " with "))
    }
    return ways.isEmpty
      ? "no replica of up to 32 of these GPUs holds it; choose a GPU with more memory"
      : "what fits is \(ways.joined(separator: ", or "))"
  }
}
