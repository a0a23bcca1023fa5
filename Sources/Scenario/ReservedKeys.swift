// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of reserved throughput, as data.

import Catalog
import YAMLDocument

extension ScenarioKeys {
  static let reserved = KeyTable(
    "a reserved supply",
    keys: [
      name(absent: "the provider's id"),
      .required("provider", .text, "the price book's id of the provider"),
      .optional("term", .choice(ReservedTerm.allCases.map(\.rawValue)), absent: "none", "the commitment"),
      .optional(
        "window_seconds", .number(.from(1, to: 86_400)), absent: "60", "length of the accounting window"),
      .required("units", .mapping(units), "units held by model id; `least-cost` finds the cheapest number"),
      .optional(
        "term_residual", .uncertain(.from(0, to: 1)), absent: "0",
        "share of what the commitment still costs after the horizon that is used or sold on"),
    ])

  static let units = KeyTable(
    "the units", named: .anyOf([.integer(1...100_000), .choice(["least-cost"])]), nameMeaning: "model id",
    namedMinimum: 1)
}
