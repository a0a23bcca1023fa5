// SPDX-License-Identifier: GPL-3.0-or-later
// What a price book may hold. Every price stands in an entry with `source` and `verified_on`.

import YAMLDocument

/// The key tables of a price book.
struct PriceBookKeys {
  /// The table of a whole book that can be planned with.
  static let book = PriceBookKeys(provenance: CatalogKeys.provenance).book
  /// The same where a price may lack its source or date, which is then for `PriceFinding` to say.
  static let audited = PriceBookKeys(
    provenance: CatalogKeys.provenance.map { .optional($0.name, $0.shape, $0.summary) }
  ).book

  /// The keys that say where a price comes from.
  let provenance: [Key]

  private static let currency = Key.optional(
    "currency", .text, absent: "USD", "the currency of the prices, its code of ISO 4217")

  private var book: KeyTable {
    KeyTable(
      "the price book",
      keys: [
        .optional(
          "metered", .mapping(providers("a pay-per-token provider", tokenPrices)),
          "pay-per-token providers by id"),
        .optional(
          "reserved",
          .mapping(providers("a reserved-throughput provider", offer, more: [ReservedAccounting.key])),
          "reserved-throughput providers by id"),
        .optional("gpu_hour", .mapping(gpuHour), "price per GPU-hour by GPU id and purchase type"),
        .optional(
          "people", .mapping(KeyTable("the people", named: .mapping(role), nameMeaning: "role")),
          "what people cost, by role"),
        .optional(
          "platform",
          .mapping(KeyTable("the platform prices", named: .mapping(service), nameMeaning: "service id")),
          "prices of further services by id"),
        .optional("exchange_rates", .mapping(Self.exchangeRates), "what other currencies are worth, by code"),
      ])
  }

  private static let latency = KeyTable(
    "the latency of an API",
    keys: [
      .required("first_token_seconds", .number(.notNegative), "time to first token beyond the prompt's own"),
      .required("seconds_per_output_token", .number(.notNegative), "time per output token after the first"),
    ] + CatalogKeys.provenance)

  private func providers(_ title: String, _ model: KeyTable, more: [Key] = []) -> KeyTable {
    let models = KeyTable("the models of \(title)", named: .mapping(model), nameMeaning: "model id")
    let provider = KeyTable(
      title,
      keys: [
        .required("name", .text, "the name people know"),
        .optional(
          "aliases", .sequence(.text, count: 0...100), absent: "none",
          "further names under which price lists know it"),
        .required("latency", .mapping(Self.latency), "how fast it answers"),
        .required("models", .mapping(models), "what it serves, by model id"),
      ] + more)
    return KeyTable("the providers", named: .mapping(provider), nameMeaning: "provider id")
  }

  private var tokenPrices: KeyTable {
    KeyTable(
      "token prices",
      keys: [
        .required("input", .uncertain(.notNegative), "price per 1M input tokens"),
        .required("output", .uncertain(.notNegative), "price per 1M output tokens"),
        .optional(
          "cached_input", .uncertain(.notNegative), absent: "none is known",
          "price per 1M input tokens found in the provider's prompt cache"),
        .optional("batch", .mapping(Self.batch), absent: "no batch tier", "prices of the batch tier"),
        .optional(
          "batch_factor", .number(.positive), absent: "no batch tier",
          "the share of both prices that batches cost, instead of `batch`"),
        .optional("end_of_life", .day, "the day after which the model is no longer served"),
        Self.currency,
      ] + provenance)
  }

  private static let batch = KeyTable(
    "batch prices",
    keys: [
      .required("input", .uncertain(.notNegative), "price per 1M input tokens"),
      .required("output", .uncertain(.notNegative), "price per 1M output tokens"),
    ])

  private var amount: KeyTable {
    KeyTable(
      "a price",
      keys: [.required("amount", .uncertain(.notNegative), "price per unit and hour"), Self.currency]
        + provenance)
  }

  private static let throughput = KeyTable(
    "the throughput of a unit",
    keys: [
      .required("input_tokens_per_minute", .uncertain(.positive), "input tokens per minute of one unit"),
      .required("output_tokens_per_minute", .uncertain(.positive), "output tokens per minute of one unit"),
    ] + CatalogKeys.provenance)

  private var offer: KeyTable {
    let terms = KeyTable(
      "the prices of a unit-hour",
      keys: ReservedTerm.allCases.map {
        .optional($0.rawValue, .mapping(amount), "the price under that term")
      })
    return KeyTable(
      "an offer",
      keys: [
        .required("throughput", .mapping(Self.throughput), "what one unit serves"),
        .required("unit_hour", .mapping(terms), "price per unit-hour by term"),
      ])
  }

  private var gpuHour: KeyTable {
    let purchases = PurchaseType.allCases.map { type in
      Key.optional(type.rawValue, .mapping(amount), "the price bought that way")
    }
    let region = KeyTable("the prices of a GPU-hour in a region", keys: purchases)
    let regions = KeyTable("the regions", named: .mapping(region), nameMeaning: "region")
    let gpu = KeyTable(
      "the prices of a GPU-hour",
      keys: purchases + [
        .optional("regions", .mapping(regions), absent: "none", "prices of single regions, by their names")
      ])
    return KeyTable("the GPU-hour prices", named: .mapping(gpu), nameMeaning: "GPU id")
  }

  private var role: KeyTable {
    KeyTable(
      "a role",
      keys: [
        .required("amount", .uncertain(.notNegative), "the wage of one full-time employee"),
        .optional(
          "per", .choice(WorkingTime.allCases.map(\.rawValue)), absent: "month", "what the wage is for"),
        .optional(
          "benefits_share", .number(.from(0, to: 5)), absent: "0",
          "what the employer pays beside the wage, as a share of it"),
        Self.currency,
      ] + provenance)
  }

  private var service: KeyTable {
    KeyTable(
      "a platform price",
      keys: [
        .required("amount", .uncertain(.notNegative), "price per unit"),
        .required("unit", .choice(PlatformUnit.allCases.map(\.rawValue)), "what the price is per"),
        Self.currency,
      ] + provenance)
  }

  private static let exchangeRates: KeyTable = {
    let rate = KeyTable(
      "an exchange rate",
      keys: [.required("value", .uncertain(.positive), "US dollars for one unit of the currency")]
        + CatalogKeys.provenance)
    return KeyTable("the exchange rates", named: .mapping(rate), nameMeaning: "code of ISO 4217")
  }()
}
