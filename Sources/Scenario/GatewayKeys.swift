// SPDX-License-Identifier: GPL-3.0-or-later
// What an option may say of what happens before its chain, as data.

import Catalog
import YAMLDocument

extension ScenarioKeys {
  /// The keys of an option that concern its gateway.
  static let gateway: [Key] = [
    .optional(
      "routing", .mapping(routing), absent: "one model for each use case",
      "which models answer which share of the requests, and which answers a larger one gives again"),
    .optional(
      "cache", .mapping(responseCache), absent: "none", "a cache of whole answers before the chain"),
    .optional(
      "offline", .mapping(offline), absent: "with its defaults",
      "how requests with `deadline_hours` fill what fleets have to spare"),
  ]

  static let routing = KeyTable(
    "the routing", named: .mapping(rule), nameMeaning: "use case, or `*` for all without a rule of their own",
    namedMinimum: 1)

  static let rule = KeyTable(
    "a routing rule",
    keys: [
      .optional(
        "shares", .mapping(shares), absent: "the one model that answers without a rule",
        "the share of the requests that goes to each model first"),
      .optional(
        "escalate", .mapping(escalations), absent: "every answer is good enough",
        "answers that are given again by a larger model, by the id of the model that gave them first"),
    ])

  /// In place of a number: what the other shares leave.
  static let rest = "rest"

  static let shares = KeyTable(
    "the shares", named: .anyOf([.uncertain(.from(0, to: 1)), .choice([rest])]), nameMeaning: "model id",
    namedMinimum: 1)

  static let escalations = KeyTable(
    "the escalations", named: .mapping(escalation), nameMeaning: "model id", namedMinimum: 1)

  static let escalation = KeyTable(
    "an escalation",
    keys: [
      .required("to", .text, "the catalog id of the larger model"),
      .required(
        "rate", .uncertain(.from(0, to: 1)), "the share of the answers that are not good enough"),
    ])

  static let responseCache = KeyTable(
    "a cache of answers",
    keys: [
      .required(
        "ttl_seconds", .number(.above(0, to: 1e9)),
        "how long an answer is given again, from when it was complete"),
      .optional(
        "entries", .integer(1...1_000_000_000), absent: "no limit",
        "answers held at most; the one least recently given makes room"),
      .optional(
        "latency_ms", .number(.from(0, to: 60_000)), absent: "0", "how long an answer from the cache takes"),
    ])

  static let offline = KeyTable(
    "the offline work",
    keys: [
      .optional(
        "share", .number(.above(0, to: 1)), absent: "0.5",
        "the share of a replica's places (`max_num_seqs`), and of its KV cache, up to which it takes requests that "
          + "can wait"),
      .optional(
        "margin_minutes", .number(.from(0, to: 10_000)), absent: "15",
        "how long before its deadline, beside the time its answer takes, a request goes through the chain like any "
          + "other"),
    ])
}
