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
      .optional(
        "retry", .mapping(retry), absent: "it is lost at once",
        "what becomes of a request that finds no supply"),
      .optional("costs", .mapping(costs), absent: "none", "costs beside the supplies"),
    ] + gateway)

  static let supply = KeyTable(
    "a supply",
    keys: [
      .optional("metered", .mapping(metered), "a pay-per-token API"),
      .optional("reserved", .mapping(reserved), "reserved throughput, paid used or not"),
      .optional("fleet", .mapping(fleet), "GPU replicas"),
    ], oneOf: [["metered"], ["reserved"], ["fleet"]])

  static func name(absent: String) -> Key {
    .optional("name", .identifier, absent: absent, "the supply's name, unique within its chain")
  }
}
