// SPDX-License-Identifier: GPL-3.0-or-later
// Turns the catalog's files, checked against their key tables, into models, GPUs and engines.

import Quantities
import Uncertainty
import YAMLDocument

extension MappingView {
  /// The entries under chosen names, each as a checked mapping.
  func namedMappings() -> [(name: String, view: MappingView)] {
    guard let table = table.named?.table else { return [] }
    return namedEntries.compactMap { entry in
      guard DecodingContext.isIdentifier(entry.key) else {
        context.report(
          entry.keyPosition, "`\(entry.key)` is no id",
          remedy: "an id begins with a letter or digit and has only letters, digits, `-`, `_` and `.`")
        return nil
      }
      return context.mapping(entry.value, table, path: path(of: entry.key)).map { (entry.key, $0) }
    }
  }

  func day(_ key: String) -> CalendarDay? {
    guard let text = text(key) else { return nil }
    guard let day = CalendarDay(text) else {
      context.report(position(of: key), "`\(key)` is `\(text)`", remedy: "write a day as YYYY-MM-DD")
      return nil
    }
    return day
  }

  /// The texts of a list; none where it is absent or wrong, which has been reported then.
  func texts(_ key: String) -> [String] { (elements(key) ?? []).compactMap(\.text) }

  func provenance() -> Provenance? {
    let (source, day) = (text("source"), day("verified_on"))
    guard let source, let day else { return nil }
    guard source.contains(where: { !$0.isWhitespace }) else {
      context.report(
        position(of: "source"), "`source` is empty", remedy: "name the page or document that states it")
      return nil
    }
    return Provenance(source: source, verifiedOn: day)
  }
}

/// Decodes one merged file each.
enum CatalogDecoding {
  static func models(_ root: YAMLNode, _ context: DecodingContext) -> [String: LanguageModel] {
    entries(root, CatalogKeys.models, "models", context, model)
  }

  static func accelerators(_ root: YAMLNode, _ context: DecodingContext) -> [String: Accelerator] {
    entries(root, CatalogKeys.accelerators, "gpus", context, accelerator)
  }

  static func engines(_ root: YAMLNode, _ context: DecodingContext) -> [String: ServingEngine] {
    entries(root, CatalogKeys.engines, "engines", context, engine)
  }

  private static func entries<Entry>(
    _ root: YAMLNode, _ table: KeyTable, _ key: String, _ context: DecodingContext,
    _ decode: (String, MappingView) -> Entry?
  ) -> [String: Entry] {
    guard let view = context.mapping(root, table, path: "")?.mapping(key) else { return [:] }
    return keyed(view, decode)
  }

  static func keyed<Entry>(
    _ view: MappingView?, _ decode: (String, MappingView) -> Entry?
  ) -> [String: Entry] {
    var result: [String: Entry] = [:]
    for (id, entry) in view?.namedMappings() ?? [] { result[id] = decode(id, entry) }
    return result
  }

  private static func model(_ id: String, _ view: MappingView) -> LanguageModel? {
    var experts: ExpertLayers?
    if let part = view.mapping("experts") {
      let (count, perToken) = (part.integer("count"), part.integer("per_token"))
      let routed = part.number("routed_parameters")
      if let count, let perToken, perToken > count {
        view.context.report(
          part.position(of: "per_token"), "a token uses \(perToken) of \(count) experts",
          remedy: "`per_token` is at most `count`")
      }
      if let count, let perToken, let routed {
        experts = ExpertLayers(experts: count, expertsPerToken: perToken, routedParameters: routed)
      }
    }
    // Everything is read before anything is required, so that every problem is found.
    let (name, layers, hidden) = (view.text("name"), view.integer("layers"), view.integer("hidden_size"))
    let (heads, keyValueHeads) = (view.integer("attention_heads"), view.integer("key_value_heads"))
    let (head, length) = (view.integer("head_dimension"), view.integer("context_length"))
    let (total, active) = (view.number("total_parameters"), view.number("active_parameters"))
    let (vocabulary, tied) = (view.integer("vocabulary_size"), view.boolean("tied_embeddings") ?? false)
    let (width, spared) = (view.integer("feed_forward_size"), view.number("unquantized_parameters"))
    var local: LocalAttention?
    if let part = view.mapping("local_attention"), let layers = part.integer("layers"),
      let chunk = part.integer("chunk_tokens")
    {
      local = LocalAttention(layers: layers, chunk: chunk)
    }
    let provenance = view.provenance()
    guard let name, let layers, let hidden, let heads, let keyValueHeads, let head, let total, let active,
      let length, let provenance
    else { return nil }
    if heads % keyValueHeads != 0 {
      view.context.report(
        view.position(of: "key_value_heads"), "\(heads) query heads do not divide among \(keyValueHeads)",
        remedy: "`attention_heads` is a multiple of `key_value_heads`")
    }
    if active > total || (experts?.routedParameters ?? 0) > total {
      view.context.report(
        view.position(of: "total_parameters"), "the parts of \(id) have more parameters than the whole",
        remedy: "`active_parameters` and `routed_parameters` are at most `total_parameters`")
    }
    if let local, local.layers > layers {
      view.context.report(
        view.position(of: "local_attention"), "\(local.layers) of \(layers) layers have local attention",
        remedy: "`layers` of `local_attention` is at most the model's")
    }
    let vocabularySize = vocabulary ?? 0
    if Double(vocabularySize) * Double(hidden) * (tied ? 1 : 2) + (spared ?? 0) > total {
      view.context.report(
        view.position(of: "vocabulary_size"), "embeddings and unquantized parts of \(id) exceed the whole",
        remedy: "`total_parameters` counts the embedding and the output head too")
    }
    var model = LanguageModel(
      id: id, name: name, layers: layers, hiddenSize: hidden, attentionHeads: heads,
      keyValueHeads: keyValueHeads, headDimension: head, totalParameters: total, activeParameters: active,
      experts: experts, contextLength: length, vocabularySize: vocabularySize, hasTiedEmbeddings: tied,
      localAttention: local, provenance: provenance)
    model.feedForwardSize = width ?? 0
    model.unquantizedParameters = spared ?? 0
    model.aliases = view.texts("aliases")
    return model
  }

  private static func accelerator(_ id: String, _ view: MappingView) -> Accelerator? {
    let rates = view.mapping("peak_tflops")
    var peak: [Precision: Double] = [:]
    for precision in Precision.allCases {
      peak[precision] = rates?.number(precision.rawValue).map { $0 * 1e12 }
    }
    let (name, memory) = (view.text("name"), view.number("memory_mib"))
    let bandwidth = view.number("memory_gb_per_second")
    let interconnect = view.number("interconnect_gb_per_second")
    let (gpus, provenance) = (view.integer("gpus_per_node"), view.provenance())
    guard let name, let memory, let bandwidth, let interconnect, let gpus, let provenance else { return nil }
    var accelerator = Accelerator(
      id: id, name: name, memoryBytes: memory * 1_048_576, memoryBandwidth: bandwidth * 1e9, peakRate: peak,
      interconnectBandwidth: interconnect * 1e9, gpusPerNode: gpus, provenance: provenance)
    accelerator.aliases = view.texts("aliases")
    accelerator.thermalDesignPower = view.number("tdp_watts")
    return accelerator
  }

  private static func engine(_ id: String, _ view: MappingView) -> ServingEngine? {
    let (name, calibration) = (view.text("name"), view.calibration())
    let (exchange, exchangeSwitch) = (
      view.number("exchange_bandwidth_efficiency"), view.number("exchange_switch_seconds")
    )
    let (vectors, reserves) = (view.number("activation_vectors"), view.boolean("reserves_output") ?? false)
    let (utilization, activation) = (view.number("memory_utilization"), view.number("activation_gib"))
    let (sequences, tokens) = (view.integer("max_num_seqs"), view.integer("max_num_batched_tokens"))
    let (block, provenance) = (view.integer("block_size"), view.provenance())
    let profile = view.mapping("memory_profile").flatMap(memoryProfile)
    guard let name, let calibration, let exchange, let exchangeSwitch, let vectors, let utilization,
      let activation, let sequences, let tokens, let block, let provenance
    else { return nil }
    var result = ServingEngine(
      id: id, name: name, calibration: calibration, exchangeBandwidthEfficiency: exchange,
      exchangeSwitch: exchangeSwitch, activationVectors: vectors, reservesOutput: reserves,
      memoryUtilization: utilization,
      sharesFreeMemory: view.text("memory_utilization_of") == "free",
      activationBytes: activation * 1_073_741_824, maxSequences: sequences,
      maxBatchedTokens: tokens, blockSize: block, provenance: provenance)
    result.profile = profile
    return result
  }
}

extension CatalogDecoding {
  private static func memoryProfile(_ view: MappingView) -> MemoryProfile? {
    let (sequences, tokens) = (view.integer("sequences"), view.integer("tokens"))
    let (logit, vectors) = (view.number("bytes_per_logit"), view.number("activation_vectors"))
    let (runtime, exchange) = (view.number("runtime_gib"), view.number("exchange_gib"))
    guard let sequences, let tokens, let logit, let vectors, let runtime, let exchange else { return nil }
    return MemoryProfile(
      sequences: sequences, tokens: tokens, bytesPerLogit: logit, activationVectors: vectors,
      runtimeBytes: runtime * 1_073_741_824, exchangeBytes: exchange * 1_073_741_824)
  }
}
