// SPDX-License-Identifier: GPL-3.0-or-later
// Which figures of the catalog's entries are listed, under the keys of its files.

import Catalog
import Quantities
import Uncertainty

extension CatalogListing {
  static func models(_ reference: ReferenceData) -> [Entry] {
    sorted(reference.models).map { model in
      var figures = [
        Figure("total_parameters", model.totalParameters),
        Figure("active_parameters", model.activeParameters), Figure("layers", Double(model.layers)),
        Figure("attention_heads", Double(model.attentionHeads)),
        Figure("key_value_heads", Double(model.keyValueHeads)),
        Figure("context_length", Double(model.contextLength), unit: "tokens"),
        Figure("KV/token", model.keyValueBytesPerToken(precision: .bf16), unit: "bytes in bf16"),
      ]
      if let experts = model.experts { figures.append(Figure("experts", Double(experts.experts))) }
      return entry(model.id, model.name, model.aliases, figures, model.provenance)
    }
  }

  static func gpus(_ reference: ReferenceData) -> [Entry] {
    sorted(reference.accelerators).map { gpu in
      let rates = Precision.allCases.compactMap { precision in
        gpu.peakRate[precision].map { Figure("\(precision.rawValue)_tflops", $0 / 1e12, unit: "TFLOP/s") }
      }
      let figures =
        [
          Figure("memory_mib", gpu.memoryBytes / 1_048_576, unit: "MiB"),
          Figure("memory_gb_per_second", gpu.memoryBandwidth / 1e9, unit: "GB/s"),
        ] + rates + [
          Figure("interconnect_gb_per_second", gpu.interconnectBandwidth / 1e9, unit: "GB/s"),
          Figure("gpus_per_node", Double(gpu.gpusPerNode)),
        ]
      return entry(gpu.id, gpu.name, gpu.aliases, figures, gpu.provenance)
    }
  }

  static func engines(_ reference: ReferenceData) -> [Entry] {
    sorted(reference.engines).map { engine in
      let figures =
        [
          Figure("max_num_seqs", Double(engine.maxSequences)),
          Figure("max_num_batched_tokens", Double(engine.maxBatchedTokens)),
          Figure("block_size", Double(engine.blockSize), unit: "tokens"),
          Figure("memory_utilization", engine.memoryUtilization),
        ] + zip(EfficiencyParameter.allCases, engine.calibration.values).map { Figure($0.rawValue, $1) }
      return entry(engine.id, engine.name, [], figures, engine.provenance)
    }
  }

  /// Entries of the price book, each with the prices that share its source.
  static func prices(_ reference: ReferenceData) -> [Entry] {
    var entries: [Entry] = []
    for listed in reference.prices.listed {
      guard let provenance = listed.price.provenance else { continue }
      let (id, key) = place(of: listed)
      let figure = Figure(key, listed.price.amount, unit: listed.unit)
      if listed.purchase == nil, listed.term == nil, entries.last?.id == id {
        entries[entries.count - 1].figures.append(figure)
      } else {
        let name = listed.providerName ?? listed.gpu.flatMap { reference.accelerators[$0]?.name }
        entries.append(entry(id, name, [], [figure], provenance))
      }
    }
    return entries
  }

  /// The path of a price's entry in its file, and the price's key there.
  private static func place(of listed: ListedPrice) -> (id: String, key: String) {
    if listed.kind == .people || listed.kind == .platform { return (listed.path, "amount") }
    let owner = "\(listed.provider ?? "").\(listed.model ?? "")"
    if let term = listed.term { return ("reserved.\(owner).unit_hour", term.rawValue) }
    guard let gpu = listed.gpu, let purchase = listed.purchase else {
      return ("metered.\(owner)", listed.kind.rawValue)
    }
    return ("gpu_hour.\(gpu)\(listed.region.map { ".regions.\($0)" } ?? "")", purchase.rawValue)
  }

  private static func sorted<Value>(_ entries: [String: Value]) -> [Value] {
    entries.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func entry(
    _ id: String, _ name: String?, _ aliases: [String], _ figures: [Figure], _ provenance: Provenance
  ) -> Entry {
    Entry(
      id: id, name: name, aliases: aliases, figures: figures, source: provenance.source,
      verifiedOn: provenance.verifiedOn.description)
  }
}
