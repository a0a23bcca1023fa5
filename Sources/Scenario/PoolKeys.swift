// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of a pool of equal replicas, as data.

import Catalog
import YAMLDocument

extension ScenarioKeys {
  static let pools = KeyTable("the pools", named: .mapping(pool), nameMeaning: "model id", namedMinimum: 1)

  static let pool = KeyTable(
    "a pool",
    keys: [
      .optional(
        "replicas", replicas,
        "the number of equal replicas, or `for-slo`: the fewest that meet the objectives; or give `schedule` or "
          + "`autoscale`"),
      .optional(
        "schedule", .sequence(.mapping(scheduleEntry), count: 1...200), "replicas by hour of the week"),
      .optional("autoscale", .mapping(autoscale), "replicas by load"),
      .optional(
        "spares", .integer(0...10_000), absent: "0",
        "how many of the replicas are kept ready without requests until another is lost"),
      .optional("tensor_parallel", .integer(1...64), absent: "1", "GPUs that split each layer"),
      .optional("pipeline_parallel", .integer(1...64), absent: "1", "groups of GPUs that split the layers"),
      .optional(
        "weights", .choice(Precision.allCases.map(\.rawValue)), absent: "bf16", "format of the weights"),
      .optional(
        "kv_cache", .choice(Precision.allCases.map(\.rawValue)), absent: "bf16", "format of the KV cache"),
      .optional("max_num_seqs", .integer(1...65_536), absent: "the engine's", "most sequences in a step"),
      .optional(
        "max_num_batched_tokens", .integer(1...1_048_576), absent: "the engine's", "most tokens in a step"),
      .optional(
        "kv_blocks", .integer(1...1_000_000_000), absent: "computed from the memory",
        "blocks of the KV cache as the engine printed them (vLLM: # GPU blocks)"),
      .optional(
        "kv_cache_gib", .number(.positive), absent: "computed from the memory",
        "KV cache per GPU as the engine printed it, GiB (vLLM: Available KV cache memory)"),
      .optional(
        "prefix_caching", .boolean, absent: "true",
        "whether prompts that begin alike share what the KV cache still holds"),
      .optional(
        "batching", .choice(BatchingPolicy.allCases.map(\.rawValue)), absent: "continuous",
        "how batches are put together"),
      .optional(
        "throughput", .anyOf([.uncertain(.positive), .mapping(throughput)]),
        absent: "the engine's calibration",
        "measured output tokens per second of one replica with its batch full, or a calibration of your own"),
    ] + objectiveKeys, oneOf: [["replicas"], ["schedule"], ["autoscale"]])

  /// A calibration instead of one number, as `breakeven calibrate` writes it.
  static let throughput = KeyTable(
    "a throughput",
    keys: [
      .required("calibration", .mapping(CalibrationKeys.table), "the engine's efficiency on this hardware")
    ])
}
