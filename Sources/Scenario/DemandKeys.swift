// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of its demand, as data.

import Catalog
import Workload
import YAMLDocument

extension ScenarioKeys {
  static let demand = KeyTable(
    "the demand",
    keys: [
      .optional(
        "growth_per_month", .uncertain(.above(-1, to: 1)), absent: "0",
        "growth of every rate per month, 0.03 for 3 %"),
      .optional("volume", .uncertain(.above(0, to: 10_000)), absent: "1", "a factor on every rate"),
      .optional("noise", .mapping(noise), "how far days, hours and minutes stray from the load curve"),
      .optional(
        "holidays", .sequence(.mapping(dayFactor), count: 1...1000), absent: "none",
        "days, in UTC, whose demand is multiplied"),
      .optional(
        "launches", .sequence(.mapping(dayFactor), count: 1...1000), absent: "none",
        "lasting steps: the demand from a day on, in UTC, is multiplied"),
      .required("uses", .mapping(uses), "the use cases by name"),
    ])

  static let noise = KeyTable(
    "the noise of the demand",
    keys: ["day", "hour", "minute"].map(noiseKey))

  private static func noiseKey(_ unit: String) -> Key {
    .optional(
      unit, .number(.from(0, to: 3)), absent: "0",
      "standard deviation of the logarithm from \(unit) to \(unit)")
  }

  static let dayFactor = KeyTable(
    "a day and its factor",
    keys: [
      .required("day", .day, "the day, YYYY-MM-DD"),
      .required("factor", .number(.from(0, to: 1000)), "the factor on every rate"),
    ])

  static let uses = KeyTable("the use cases", named: .mapping(use), nameMeaning: "name", namedMinimum: 1)

  static let use = KeyTable(
    "a use case",
    keys: [
      .required("model", .text, "the catalog id of the model that answers"),
      .optional(
        "preset", .choice(DemandPresets.names),
        "a known kind of demand: its load curve, lengths and bursts hold where no key says otherwise"),
      .optional(
        "rate", .uncertain(.above(0, to: 100_000)), "mean requests per second over the first month's weeks"),
    ] + shape + [
      .optional(
        "trace", .text, "a file of logged requests, seen from the scenario's folder, to be replayed"),
      .optional(
        "format", .text, absent: "as the file's content says", "the format of the trace, by name"),
      .optional(
        "columns", .mapping(KeyTable("the columns of a trace", named: .text, nameMeaning: "field")),
        "the trace's column for each field, where its format does not say"),
      .optional(
        "speedup", .number(.above(0, to: 10_000)), absent: "1", "factor by which the trace runs faster"),
      .optional("slo", .mapping(objectives), absent: "no limits", "service-level objectives"),
      .optional(
        "deadline_hours", .number(.above(0, to: 8760)), absent: "it cannot wait",
        "hours within which an answer must be there, where nobody waits for it"),
    ], oneOf: [["rate"], ["trace"]])

  /// What makes the requests of a use case; a preset may say all of it.
  static let shape: [Key] = [
    .optional(
      "profile", .anyOf([.choice(ProfilePresets.names), .mapping(profile)]), absent: "flat",
      "the load curve over the hours of a week from Monday 00:00 UTC, scaled to mean 1; beside `trace` the curve it is "
        + "played under"),
    .optional(
      "burstiness", .number(.above(0, to: 1000)), absent: "1",
      "gamma shape of the gaps between a client's requests: 1 is Poisson, below 1 is bursty"),
    .optional("clients", .mapping(clients), absent: "one", "independent sources of requests"),
    .optional(
      "on_off", .mapping(onOff), absent: "always on", "periods with and without requests, of random lengths"),
    .optional(
      "noise", .mapping(KeyTable("the noise of a use case", keys: [noiseKey("minute")])), absent: "none",
      "how far its minutes stray on their own, beside what all use cases have in common"),
    .optional(
      "input_tokens", .tokenLengths, "prompt lengths; required beside `rate`, unless a preset has them"),
    .optional(
      "output_tokens", .tokenLengths, "output lengths; required beside `rate`, unless a preset has them"),
    .optional(
      "length_correlation", .number(.from(-1, to: 1)), absent: "0",
      "correlation of prompt and output length (Gaussian copula)"),
    .optional("duplicates", .mapping(duplicates), absent: "none", "requests that repeat a popular prompt"),
    .optional(
      "prefix_groups", .mapping(prefixGroups), absent: "none", "texts that the prompts of a group begin with"),
    .optional(
      "sessions", .mapping(sessions), absent: "every request stands alone",
      "conversations, whose later prompts begin with all that was said"),
  ]

  static let profile = KeyTable(
    "a load curve",
    keys: [
      .optional("weekday", .sequence(.number(.notNegative), count: 24...24), "24 factors, Monday to Friday"),
      .optional(
        "weekend", .sequence(.number(.notNegative), count: 24...24), "24 factors, Saturday and Sunday"),
      .optional(
        "days", .sequence(.number(.notNegative), count: 7...7), absent: "as the two curves compare",
        "7 levels of the days from Monday"),
      .optional(
        "hourly", .sequence(.number(.notNegative), count: 168...168), "168 factors from Monday 00:00"),
      .optional(
        "harmonics", .sequence(.mapping(harmonic), count: 1...84),
        "cosines around the mean; where they sum to less than nothing the rate is 0"),
    ], oneOf: [["weekday", "weekend"], ["hourly"], ["harmonics"]])

  static let harmonic = KeyTable(
    "a harmonic of the week",
    keys: [
      .required("cycles_per_week", .integer(1...84), "how often it rises and falls in a week"),
      .required("amplitude", .number(.from(0, to: 10)), "its height relative to the mean"),
      .required("peak_hour", .number(.from(0, to: 168)), "hours from Monday 00:00 UTC to one of its peaks"),
    ])

  static let clients = KeyTable(
    "the clients",
    keys: [
      .required("count", .integer(1...100_000), "how many"),
      .optional("zipf", zipf, absent: "0, all alike", "exponent of their shares of the requests by rank"),
    ])

  static let onOff = KeyTable(
    "on and off periods",
    keys: [
      .required("on_seconds", .number(.above(0, to: 1e7)), "mean seconds with requests"),
      .required("off_seconds", .number(.above(0, to: 1e7)), "mean seconds without"),
    ])

  static let duplicates = KeyTable(
    "the duplicates",
    keys: [
      .required("share", .number(.from(0, to: 1)), "share of requests that repeat a popular prompt"),
      .required("distinct", .integer(1...1_000_000), "popular prompts"),
      .optional("zipf", zipf, absent: "0, all alike", "exponent of their popularity by rank"),
    ])

  static let prefixGroups = KeyTable(
    "the prefix groups",
    keys: [
      .required("count", .integer(1...1_000_000), "how many"),
      .optional("zipf", zipf, absent: "0, all alike", "exponent of their shares of the requests by rank"),
      .required("tokens", .tokenLengths, "tokens of a group's text; its prompts are longer"),
    ])

  static let sessions = KeyTable(
    "the sessions",
    keys: [
      .required("turns", .number(.from(1, to: 1000)), "mean turns of a conversation, geometric"),
      .required(
        "gap_seconds", .uncertain(.positive), "seconds between the arrivals of two turns, drawn for each"),
      .optional("new_tokens", .tokenLengths, absent: "`input_tokens`", "tokens that a later turn adds"),
      .optional(
        "max_tokens", .integer(2...DistributionForms.longest),
        absent: "\(DistributionForms.defaultMaximum)",
        "a turn whose prompt and answer would be longer does not come about"),
    ])

  private static let zipf = Shape.number(.from(0, to: 10))

  static let objectives = KeyTable(
    "service-level objectives",
    keys: [
      .optional("ttft_ms", .number(.positive), absent: "no limit", "time to first token, milliseconds"),
      .optional("tpot_ms", .number(.positive), absent: "no limit", "time per output token, milliseconds"),
    ])
}
