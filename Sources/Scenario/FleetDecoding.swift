// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes fleets of GPU replicas and checks that each model fits its GPUs before anything is simulated.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  func fleet(_ view: MappingView, earlier: [SupplyDefinition]?) -> FleetDefinition? {
    let name = view.identifier("name") ?? "fleet"
    let purchase = view.choice("purchase", as: PurchaseType.self)
    let router = view.choice("router", as: RouterPolicy.self) ?? .leastOutstanding
    let queueLimit = view.integer("queue_limit")
    let startup = view.number("startup_seconds") ?? 420
    let gpu = view.text("gpu").flatMap {
      known(
        $0, among: reference.accelerators.keys.sorted(), "GPU", "the catalog has", view.position(of: "gpu"))
    }
    let engine = known(
      view.text("engine") ?? "vllm", among: reference.engines.keys.sorted(), "engine", "the catalog has",
      view.position(of: "engine"))
    // A purchase that is written but not understood says nothing about whether `spot` belongs here.
    let spot = spot(view, purchase ?? (view["purchase"] == nil ? .onDemand : nil))
    let standby = standby(view, earlier)
    let region = gpu.flatMap { knownRegion(view, of: $0) }
    if let gpu, purchase != nil || view["purchase"] == nil, region != nil || view["region"] == nil {
      checkPrice(
        of: gpu, purchase ?? .onDemand, region,
        view.position(of: view["purchase"] == nil ? "gpu" : "purchase"))
    }
    var pools: [PoolDefinition] = []
    let named = view.mapping("pools")
    for entry in named?.namedEntries ?? [] {
      let part = named?.mapping(entry.key)
      guard let model = knownModel(entry.key, entry.keyPosition), let part else { continue }
      guard let pool = pool(model, part, entry.keyPosition) else { continue }
      if let gpu, let engine { checkFit(pool, gpu: gpu, engine: engine, part, entry.keyPosition) }
      pools.append(pool)
    }
    guard let gpu, let engine, !pools.isEmpty, pools.count == named?.namedEntries.count,
      purchase != nil || view["purchase"] == nil
    else { return nil }
    var fleet = FleetDefinition(
      name: name, gpu: gpu, purchase: purchase ?? .onDemand, engine: engine, router: router,
      queueLimit: queueLimit, startupSeconds: startup, spot: spot, standbyFor: standby, pools: pools)
    fleet.region = region
    return fleet
  }

  private func knownRegion(_ fleet: MappingView, of gpu: String) -> String? {
    fleet.text("region").flatMap { name in
      let regions = reference.prices.regionalGPUHour[gpu] ?? [:]
      return known(
        name, among: regions.keys.sorted(), "region with a price of \(gpu)",
        "its regions in the price book are", fleet.position(of: "region"))
    }
  }

  private func spot(_ fleet: MappingView, _ purchase: PurchaseType?) -> SpotDefinition? {
    guard let view = fleet.mapping("spot") else {
      if purchase == .spot, fleet.node["spot"] == nil {
        context.report(
          fleet.position(of: "purchase"), "a spot fleet needs its interruptions",
          remedy: "add spot: {mean_up_hours: {p10: 4, p90: 40}, mean_down_hours: {p10: 0.5, p90: 3}}")
      }
      return nil
    }
    if let purchase, purchase != .spot {
      context.report(
        fleet.position(of: "spot"), "`spot` means nothing with purchase \(purchase.rawValue)",
        remedy: "write purchase: spot, or remove it")
    }
    let zones = view.integer("zones") ?? 1
    let shape = view.number("shape") ?? 0.6
    let notice = view.number("notice_seconds") ?? 120
    let up = view.uncertain("mean_up_hours")
    let down = view.uncertain("mean_down_hours")
    guard let up, let down else { return nil }
    return SpotDefinition(
      zones: zones, meanUpHours: up, meanDownHours: down, shape: shape, noticeSeconds: notice)
  }

  private func standby(_ view: MappingView, _ earlier: [SupplyDefinition]?) -> String? {
    guard let name = view.text("standby_for"), let earlier else { return nil }
    let spotFleets = earlier.filter {
      if case .fleet(let fleet) = $0 { fleet.purchase == .spot } else { false }
    }
    return known(
      name, among: spotFleets.map(\.name), "spot fleet earlier in the chain named",
      "the spot fleets before this one are", view.position(of: "standby_for"))
  }

  private func checkPrice(
    of gpu: String, _ purchase: PurchaseType, _ region: String?, _ position: SourcePosition
  ) {
    let prices = reference.prices.gpuHour(of: gpu, region: region)
    guard prices[purchase] == nil else { return }
    let others = PurchaseType.allCases.filter { prices[$0] != nil }.map(\.rawValue)
    var have = others.isEmpty ? "" : "; the price book has \(others.joined(separator: ", "))"
    let regions = (reference.prices.regionalGPUHour[gpu] ?? [:]).filter { $0.value[purchase] != nil }
    if !regions.isEmpty, region == nil {
      have += "; or name a `region`: \(regions.keys.sorted().joined(separator: ", "))"
    }
    context.report(
      position, "there is no \(purchase.rawValue) price of \(gpu)\(region.map { " in \($0)" } ?? "")",
      remedy: "add prices.gpu_hour.\(gpu).\(region.map { "regions.\($0)." } ?? "")\(purchase.rawValue)\(have)"
    )
  }

  private func pool(_ model: String, _ view: MappingView, _ position: SourcePosition) -> PoolDefinition? {
    let replicas = view.integer("replicas")
    let isCalibrated = view["throughput"]?["calibration"] != nil
    let pool = PoolDefinition(
      model: model, replicas: replicas ?? 1, tensorParallel: view.integer("tensor_parallel") ?? 1,
      pipelineParallel: view.integer("pipeline_parallel") ?? 1,
      weights: view.choice("weights", as: Precision.self) ?? .bf16,
      keyValueCache: view.choice("kv_cache", as: Precision.self) ?? .bf16,
      maxSequences: view.integer("max_num_seqs"), maxBatchedTokens: view.integer("max_num_batched_tokens"),
      printedCache: printedCache(view), prefixCaching: view.boolean("prefix_caching") ?? true,
      batching: view.choice("batching", as: BatchingPolicy.self) ?? .continuous,
      throughput: isCalibrated ? nil : throughput(view),
      calibration: isCalibrated ? view.mapping("throughput")?.mapping("calibration")?.calibration() : nil,
      location: position.description)
    return replicas == nil ? nil : pool
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

  private func checkFit(
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
