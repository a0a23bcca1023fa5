// SPDX-License-Identifier: GPL-3.0-or-later
// What an option and its supplies may say, as data: the second half of a scenario's key tables.

import Catalog
import YAMLDocument

extension ScenarioKeys {
  static let options = KeyTable("the options", named: .mapping(option), nameMeaning: "name", namedMinimum: 1)

  static let option = KeyTable(
    "an option",
    keys: [
      .optional("title", .text, absent: "the name", "one line for people"),
      .optional(
        "route", .text, absent: "each use case's own model", "a model id that answers every use case"),
      .required(
        "chain", .sequence(.mapping(supply), count: 1...16),
        "the supplies; a request goes to the first that admits it"),
      .optional("costs", .mapping(costs), absent: "none", "costs beside the supplies"),
    ])

  static let costs = KeyTable(
    "the costs of an option",
    keys: [
      .optional("people_per_month", .uncertain(.notNegative), absent: "0", "operations people, $ per month"),
      .optional(
        "platform_per_month", .uncertain(.notNegative), absent: "0",
        "load balancer, storage, egress, observability, $ per month"),
      .optional("one_off", .uncertain(.notNegative), absent: "0", "migration, $ in the first month"),
    ])

  static let supply = KeyTable(
    "a supply",
    keys: [
      .optional("metered", .mapping(metered), "a pay-per-token API"),
      .optional("reserved", .mapping(reserved), "reserved throughput, paid used or not"),
      .optional("fleet", .mapping(fleet), "GPU replicas"),
    ], oneOf: [["metered"], ["reserved"], ["fleet"]])

  private static func name(absent: String) -> Key {
    .optional("name", .identifier, absent: absent, "the supply's name, unique within its chain")
  }

  static let metered = KeyTable(
    "a metered supply",
    keys: [
      name(absent: "the provider's id"),
      .required("provider", .text, "the price book's id of the provider"),
    ])

  static let reserved = KeyTable(
    "a reserved supply",
    keys: [
      name(absent: "the provider's id"),
      .required("provider", .text, "the price book's id of the provider"),
      .optional("term", .choice(ReservedTerm.allCases.map(\.rawValue)), absent: "none", "the commitment"),
      .optional(
        "window_seconds", .number(.from(1, to: 86_400)), absent: "60", "length of the accounting window"),
      .required("units", .mapping(units), "units held by model id"),
    ])

  static let units = KeyTable(
    "the units", named: .integer(1...100_000), nameMeaning: "model id", namedMinimum: 1)

  static let fleet = KeyTable(
    "a fleet",
    keys: [
      name(absent: "fleet"),
      .required("gpu", .text, "the catalog id of the GPU"),
      .optional(
        "purchase", .choice(PurchaseType.allCases.map(\.rawValue)), absent: "on-demand",
        "how its hours are bought"),
      .optional(
        "region", .text, absent: "the price that holds anywhere",
        "the region of the price book whose price its hours have"),
      .optional("engine", .text, absent: "vllm", "the catalog id of the inference engine"),
      .optional(
        "router", .choice(RouterPolicy.allCases.map(\.rawValue)), absent: "least-outstanding",
        "how requests are handed to replicas"),
      .optional(
        "queue_limit", .integer(0...1_000_000), absent: "no limit",
        "requests that may wait per replica; the next one overflows"),
      .optional(
        "startup_seconds", .number(.from(0, to: 86_400)), absent: "420",
        "time from the decision to start a replica until it serves"),
      .optional("spot", .mapping(spot), "interruptions; required with `purchase: spot`"),
      .optional(
        "standby_for", .text,
        "a spot fleet earlier in the chain whose lost replicas this fleet replaces while they are lost"),
      .required("pools", .mapping(pools), "replicas by model id"),
    ])

  static let spot = KeyTable(
    "the interruptions",
    keys: [
      .optional("zones", .integer(1...64), absent: "1", "zones the replicas are spread over"),
      .required(
        "mean_up_hours", .uncertain(.from(0.01, to: 100_000)), "mean time a zone stays available, hours"),
      .required(
        "mean_down_hours", .uncertain(.from(0.01, to: 100_000)),
        "mean time until it is available again, hours"),
      .optional(
        "shape", .number(.from(0.1, to: 10)), absent: "0.6",
        "Weibull shape of both times; below 1 is heavy-tailed"),
      .optional(
        "notice_seconds", .number(.from(0, to: 3600)), absent: "120", "warning before an interruption"),
    ])

  static let pools = KeyTable("the pools", named: .mapping(pool), nameMeaning: "model id", namedMinimum: 1)

  static let pool = KeyTable(
    "a pool",
    keys: [
      .required("replicas", .integer(1...10_000), "the number of equal replicas"),
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
    ])

  /// A calibration instead of one number, as `breakeven calibrate` writes it.
  static let throughput = KeyTable(
    "a throughput",
    keys: [
      .required("calibration", .mapping(CalibrationKeys.table), "the engine's efficiency on this hardware")
    ])
}
