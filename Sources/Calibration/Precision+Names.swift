// SPDX-License-Identifier: GPL-3.0-or-later
// The names under which benchmarks know number formats.

public import Catalog

extension Precision {
  /// The format that a benchmark's precision begins with, such as `FP8 (W8A8, KV fp8)`; nil where it names none.
  public init?(benchmarked text: String) {
    let key = text.lowercased()
    let names: [(String, Precision)] = [
      ("bf16", .bf16), ("fp16", .bf16), ("float16", .bf16), ("bfloat16", .bf16), ("fp8", .fp8),
      ("int8", .int8),
      ("w8a8", .fp8), ("nvfp4", .fp4), ("fp4", .fp4),
    ]
    guard let found = names.first(where: { key.hasPrefix($0.0) }) else { return nil }
    self = found.1
  }
}
