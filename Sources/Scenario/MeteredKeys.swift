// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of a pay-per-token API, as data.

import YAMLDocument

extension ScenarioKeys {
  static let metered = KeyTable(
    "a metered supply",
    keys: [
      name(absent: "the provider's id"),
      .required("provider", .text, "the price book's id of the provider"),
      .optional(
        "tier", .choice(MeteredTier.allCases.map(\.rawValue)), absent: "on-demand",
        "`batch` costs less and admits only use cases with `deadline_hours` of 24 or more"),
      .optional(
        "turnaround_hours", .number(.above(0, to: MeteredDefinition.batchWindowHours)), absent: "24",
        "time from a request to its answer in the batch tier"),
      .optional(
        "requests_per_minute", .uncertain(.from(1, to: 1e9)), absent: "no limit",
        "quota of requests for each model; beyond it a request is refused (429)"),
      .optional(
        "tokens_per_minute", .uncertain(.from(1, to: 1e12)), absent: "no limit",
        "quota of tokens for each model: of the prompt and of `max_tokens`"),
      .optional(
        "max_tokens", .integer(1...10_000_000), absent: "what the request generates",
        "the max_tokens that requests ask for, which count towards the quota"),
      .optional(
        "unused_tokens", .choice(UnusedTokens.allCases.map(\.rawValue)), absent: "returned",
        "whether what a request asked for and did not generate returns to the quota when it is done"),
      .optional(
        "retry", .mapping(retry), absent: "it goes to the next supply at once",
        "what a client does that is refused by a quota, before it goes to the next supply"),
      .optional(
        "replace_with", .mapping(successors), absent: "a retired model's prices go on",
        "the model that answers from the day on which the provider retires another"),
    ] + remoteService)

  static let successors = KeyTable(
    "the replacements", named: .text, nameMeaning: "id of the model that is retired", namedMinimum: 1)

  /// What becomes of tokens that were asked for and not generated.
  enum UnusedTokens: String, CaseIterable {
    /// They return to the quota, as at Amazon Bedrock.
    case returned
    /// They stay counted, as at Azure OpenAI.
    case kept
  }
}
