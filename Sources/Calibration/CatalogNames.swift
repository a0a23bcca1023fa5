// SPDX-License-Identifier: GPL-3.0-or-later
// The names under which benchmarks know models, GPUs and precisions.

public import Catalog

extension ReferenceData {
  /// The model that a benchmark names: a catalog id, or a repository's name such as
  /// `meta-llama/Llama-3.3-70B-Instruct-FP8-dynamic`.
  public func model(benchmarked name: String) -> LanguageModel? {
    if let model = models[name] { return model }
    var key = name.split(separator: "/").last.map(String.init)?.lowercased() ?? ""
    if key.hasPrefix("meta-") { key.removeFirst(5) }
    for _ in 0..<4 {
      for suffix in ["-instruct", "-fp8", "-dynamic", "-hf", "-chat", "-17b-16e", "-17b-128e", "-original"]
      where key.hasSuffix(suffix) { key.removeLast(suffix.count) }
    }
    return models[key] ?? models.values.sorted { $0.id < $1.id }.first { $0.id.lowercased() == key }
  }

  /// The GPU that a benchmark names: a catalog id, or a name such as `H100-SXM-80GB`.
  public func accelerator(benchmarked name: String) -> Accelerator? {
    if let accelerator = accelerators[name] { return accelerator }
    let key = name.lowercased()
    let names = [
      ("h100-pcie", "h100-pcie"), ("h100", "h100-sxm"), ("h200", "h200-sxm"), ("b200", "b200"),
      ("a100-pcie", "a100-pcie"), ("a100-sxm-40", "a100-40gb"), ("a100-40", "a100-40gb"),
      ("a100", "a100-80gb"), ("l40s", "l40s"), ("l4", "l4"), ("mi300x", "mi300x"),
    ]
    guard !key.hasPrefix("gb200") else { return nil }
    return names.first { key.contains($0.0) }.flatMap { accelerators[$0.1] }
  }
}

extension Precision {
  /// The format that a benchmark's precision begins with, such as `FP8 (W8A8, KV fp8)`; nil where it names none.
  public init?(benchmarked text: String) {
    let key = text.lowercased()
    let names: [(String, Precision)] = [
      ("bf16", .bf16), ("fp16", .bf16), ("float16", .bf16), ("bfloat16", .bf16), ("fp8", .fp8), ("int8", .int8),
      ("w8a8", .fp8), ("nvfp4", .fp4), ("fp4", .fp4),
    ]
    guard let found = names.first(where: { key.hasPrefix($0.0) }) else { return nil }
    self = found.1
  }
}
