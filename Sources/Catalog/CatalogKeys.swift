// SPDX-License-Identifier: GPL-3.0-or-later
// What the catalog's four files may hold. Every figure stands in an entry with `source` and `verified_on`.

import YAMLDocument

/// The key tables of the catalog files.
enum CatalogKeys {
  static let provenance: [Key] = [
    .required("source", .text, "the document, page or measurement that states the figures"),
    .required("verified_on", .day, "the day somebody last compared them, YYYY-MM-DD"),
  ]

  static let models = file("models", "a model", "model id", model)
  static let accelerators = file("gpus", "a GPU", "GPU id", accelerator)
  static let engines = file("engines", "an engine", "engine id", engine)

  private static func file(_ key: String, _ title: String, _ meaning: String, _ keys: [Key]) -> KeyTable {
    let entry = KeyTable(title, keys: keys + provenance)
    let entries = KeyTable("the \(key)", named: .mapping(entry), nameMeaning: meaning)
    return KeyTable("the file of \(key)", keys: [.required(key, .mapping(entries), "entries by \(meaning)")])
  }

  private static let count = Shape.integer(1...10_000_000)

  private static let aliases = Key.optional(
    "aliases", .sequence(.text, count: 0...100), absent: "none",
    "further names under which logs, clouds and benchmarks know it")

  private static let model: [Key] = [
    .required("name", .text, "the name people know"),
    aliases,
    .required("layers", count, "transformer layers"),
    .required("hidden_size", count, "width of the residual stream"),
    .required("attention_heads", count, "query heads per layer"),
    .required("key_value_heads", count, "key/value heads per layer"),
    .required("head_dimension", count, "width of one head"),
    .required("total_parameters", .number(.positive), "parameters in all"),
    .required("active_parameters", .number(.positive), "parameters one token uses"),
    .optional("experts", .mapping(experts), absent: "a dense model", "the mixture of experts"),
    .required("context_length", .integer(1...100_000_000), "longest context, tokens"),
    .optional("vocabulary_size", count, absent: "output weights counted with the layers'", "tokens known"),
    .optional(
      "tied_embeddings", .boolean, absent: "false",
      "whether input and output share their weights"),
    .optional("local_attention", .mapping(local), absent: "global attention", "chunked local attention"),
    .optional(
      "feed_forward_size", count, absent: "left out of the activations", "width of the feed-forward network"),
    .optional(
      "unquantized_parameters", .number(.notNegative), absent: "0",
      "parameters beside embedding and output head that quantized checkpoints leave in 16 bit"),
  ]

  private static let local = KeyTable(
    "chunked local attention",
    keys: [
      .required("layers", count, "layers that see only their chunk"),
      .required("chunk_tokens", count, "tokens of a chunk"),
    ])

  private static let experts = KeyTable(
    "a mixture of experts",
    keys: [
      .required("count", count, "routed experts in each mixture-of-experts layer"),
      .required("per_token", count, "routed experts each token uses in such a layer"),
      .required("routed_parameters", .number(.positive), "parameters in all routed experts of all layers"),
    ])

  private static let accelerator: [Key] = [
    .required("name", .text, "the name people know"),
    aliases,
    .required("memory_mib", .number(.positive), "memory of one GPU as its driver reports it, MiB"),
    .required("memory_gb_per_second", .number(.positive), "peak memory bandwidth, 10⁹ bytes per second"),
    .required("peak_tflops", .mapping(rates), "peak dense matrix rates, 10¹² operations per second"),
    .required(
      "interconnect_gb_per_second", .number(.positive),
      "bandwidth of one GPU to its peers in one direction, 10⁹ bytes per second"),
    .required("gpus_per_node", .integer(1...1024), "GPUs in a node"),
    .optional(
      "tdp_watts", .number(.positive), absent: "not known", "the power that one GPU may draw, its TDP, W"),
  ]

  private static let rates = KeyTable(
    "peak rates",
    keys: [.required("bf16", .number(.positive), "BF16 rate")]
      + ["fp8", "int8", "fp4"].map {
        .optional($0, .number(.positive), absent: "the BF16 rate", "\($0.uppercased()) rate")
      })

  private static let engine: [Key] =
    CalibrationKeys.parameters + [
      .required("name", .text, "the name people know"),
      CalibrationKeys.components,
      .required(
        "exchange_bandwidth_efficiency", .number(.above(0, to: 1)),
        "share of the bandwidth between GPUs that an exchange of many tokens reaches"),
      .required(
        "exchange_switch_seconds", .number(.notNegative),
        "by how much such an exchange starts slower than one in which each GPU reads all others"),
      .required(
        "activation_vectors", .number(.notNegative),
        "reads and writes of the residual stream's width between products, per token and layer"),
      .optional(
        "reserves_output", .boolean, absent: "false",
        "whether a request is let in only with memory for its whole answer"),
      .required("memory_utilization", .number(.above(0, to: 1)), "share of GPU memory used"),
      .optional(
        "memory_utilization_of", .choice(["all", "free"]), absent: "all",
        "whether memory_utilization is a share of all memory or of what weights and activations leave"),
      .required("activation_gib", .number(.notNegative), "memory per GPU for activations and runtime, GiB"),
      .optional(
        "memory_profile", .mapping(memoryProfile), absent: "activation_gib",
        "what the engine measures of its own memory when it starts, instead of activation_gib"),
      .required("max_num_seqs", .integer(1...65_536), "most sequences in a step"),
      .required("max_num_batched_tokens", .integer(1...1_048_576), "most tokens in a step"),
      .required("block_size", .integer(1...4096), "tokens in a block of the KV cache"),
    ]

  private static let memoryProfile = KeyTable(
    "a memory profile",
    keys: [
      .required(
        "sequences", .integer(1...65_536), "sequences sampled at once, where max_num_seqs is not set"),
      .required(
        "tokens", .integer(1...1_048_576), "tokens of a step, where max_num_batched_tokens is not set"),
      .required("bytes_per_logit", .number(.notNegative), "bytes per sampled sequence and token known"),
      .required(
        "activation_vectors", .number(.notNegative),
        "vectors of the hidden and of the feed-forward width kept per token of a step"),
      .required("runtime_gib", .number(.notNegative), "memory beside the tensors on each GPU, GiB"),
      .required("exchange_gib", .number(.notNegative), "buffers of a GPU that works with others, GiB"),
    ])
}
