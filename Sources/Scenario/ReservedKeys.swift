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
        "window_seconds", .number(.from(1, to: 86_400)), absent: "the provider's",
        "length of the accounting window"),
      .required("units", .mapping(units), "units held by model id; `least-cost` finds the cheapest number"),
      .optional(
        "term_residual", .uncertain(.from(0, to: 1)), absent: "0",
        "share of what the commitment still costs after the horizon that is used or sold on"),
    ] + accounting + overflow + remoteService)

  /// How tokens are counted, where that differs from the provider's entry.
  private static let accounting: [Key] = [
    .optional(
      "windows", .choice(ReservedAccounting.Windows.allCases.map(\.rawValue)), absent: "the provider's",
      "whether a budget is renewed with each window or fills up continuously"),
    .optional(
      "output_weight", .number(.above(0, to: 1000)), absent: "the provider's",
      "input tokens that an output token counts as, where one budget holds for both"),
    .optional(
      "cached_input_weight", .number(.from(0, to: 1)), absent: "the provider's",
      "what an input token counts that the prompt cache holds"),
    .optional(
      "max_tokens", .integer(1...10_000_000), absent: "what the request generates",
      "the max_tokens that requests ask for and are charged until they are done"),
  ]

  private static let overflow: [Key] = [
    .optional(
      "overflow", .choice(OverflowMode.allCases.map(\.rawValue)), absent: "next",
      "what becomes of a request that exceeds the units"),
    .optional(
      "pay_as_you_go", .text, "the metered provider that bills the overflow; with overflow: pay-as-you-go"),
    .optional("retry", .mapping(retry), "how a request asks again; with overflow: retry"),
  ]

  static let units = KeyTable(
    "the units", named: .anyOf([.integer(1...100_000), .choice(["least-cost"])]), nameMeaning: "model id",
    namedMinimum: 1)
}
