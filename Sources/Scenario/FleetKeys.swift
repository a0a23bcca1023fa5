// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of a fleet of GPU replicas, as data.

import YAMLDocument

extension ScenarioKeys {
  static let fleet = KeyTable(
    "a fleet",
    keys: [
      name(absent: "fleet"),
      .required("gpu", .text, "the catalog id of the GPU"),
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
    ] + purchaseKeys)
}
