// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of a fleet of GPU replicas, as data.

import YAMLDocument

extension ScenarioKeys {
  static let fleet = KeyTable(
    "a fleet",
    keys: [
      name(absent: "fleet"),
      .required("gpu", .text, "the catalog id of the GPU"),
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
      .optional(
        "startup", .mapping(startup), "that time in phases, instead of `startup_seconds`"),
      .optional(
        "drain_seconds", .number(.from(0, to: 86_400)), absent: "120",
        "how long a replica that is no longer wanted may take to finish its requests"),
      .optional(
        "load_bound", .number(.above(1, to: 1000)), absent: "1.5",
        "with prefix-affine: most requests of the replica a prompt is hashed to, as a multiple of the mean"),
      .optional("spot", .mapping(spot), "interruptions; required with `purchase: spot`"),
      .optional("failures", .mapping(failures), absent: "none", "failures of its nodes"),
      .optional(
        "standby_for", .text,
        "a spot fleet earlier in the chain whose lost replicas this fleet replaces while they are lost"),
      .required("pools", .mapping(pools), "replicas by model id"),
    ] + purchaseKeys)
}
