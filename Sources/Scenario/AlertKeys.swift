// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that only a nightly run reads. They change no result: a plan with and without them has the same numbers.

import YAMLDocument

extension ScenarioKeys {
  /// A share as a number or with a percent sign.
  static func share(_ range: NumberRange) -> Shape { .anyOf([.number(range), .text]) }

  static let alert = KeyTable(
    "the alerts",
    keys: [
      .optional(
        "p_cheapest_below", share(.above(0, to: 1)), absent: "no alert",
        "the probability that the recommended option is the cheapest is below this: 0.6 or 60 %"),
      .optional(
        "p90_above", .number(.notNegative), absent: "no alert",
        "the 90th percentile of the recommended option's cost over the horizon, discounted, is above this, $"),
      .optional(
        "break_even_within", share(.above(0, to: 10)), absent: "no alert",
        "the planned volume is within this share of a median break-even by volume: 0.2 or 20 %"),
      .optional(
        "decision_changes", .boolean, absent: "true",
        "another option is recommended than in the last good run"),
      .optional(
        "cost_changes_by", share(.above(0, to: 10)), absent: "no alert",
        "the recommended option's median cost is further than this from that of the last good run"),
      .optional(
        "spend_above_plan", share(.from(0, to: 10)), absent: "no alert",
        "the usage logs' spend is more than this share above what the plan has for the baseline"),
      .optional(
        "volume_above_plan", share(.from(0, to: 10)), absent: "no alert",
        "the usage logs' requests are more than this share above the plan's"),
    ])

  static let nightly = KeyTable(
    "the nightly inputs",
    keys: [
      .optional(
        "usage", .anyOf([.text, .sequence(.text, count: 1...100)]), absent: "no usage is compared",
        "usage logs, a path or pattern or several: what was spent and asked is held against the plan"),
      .optional(
        "provider", .identifier, absent: "the only one that lists the model",
        "the provider at whose prices logs are priced that tell no dollars"),
      .optional(
        "prices", .anyOf([.text, .sequence(.text, count: 1...100)]), absent: "no prices are imported",
        "price lists to import over the catalog, a path or pattern or several, each `[provider=]path`"),
      .optional(
        "keep", .text, absent: "90 days", "how long runs are kept: 90 days, 12 weeks, or 20 runs"),
    ])
}
