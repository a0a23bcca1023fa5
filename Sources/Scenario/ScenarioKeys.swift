// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say, as data. The decoder checks files against these tables and the JSON Schema is
// printed from them, so what is documented is what is read.

import Catalog
import Uncertainty
import YAMLDocument

/// The key tables of a scenario.
enum ScenarioKeys {
  static let root = KeyTable(
    "the scenario",
    keys: [
      .required("name", .identifier, "the scenario's id, also the folder of its report"),
      .optional("title", .text, absent: "the name", "one line for people"),
      .required("demand", .mapping(demand), "what is asked of the models"),
      .required("options", .mapping(options), "the ways to serve the demand, by name"),
      .optional("baseline", .text, absent: "the first option", "the option in use today"),
      .required("horizon", .mapping(horizon), "the months planned for"),
      .optional("prices", .mapping(prices), "prices laid over the price book"),
      .optional(
        "penalties", .mapping(penalties), absent: "none",
        "what missed service-level objectives cost, by use case, whatever the option"),
      .optional(
        "price_paths", .mapping(pricePaths), absent: "prices stay as they are",
        "how prices move over the horizon, by a name for each path"),
      .optional(
        "discount_rate", .uncertain(.from(0, to: 1)), absent: "0", "annual discount rate, 0.08 for 8 %"),
      .optional("sampling", .mapping(sampling), "how many futures are sampled, and how"),
      .optional(
        "correlations", .sequence(.mapping(correlation), count: 1...1000), absent: "all are independent",
        "pairs of uncertain inputs that move together"),
      .optional(
        "budget", .number(.positive),
        "cost over the horizon, discounted, $; the probability of exceeding it is reported"),
      .optional(
        "levers", .mapping(levers), absent: "not looked at",
        "what routing, FP8, continuous batching, caching and spot each save of an option's cost"),
      .optional("alert", .mapping(alert), "when a nightly run speaks up"),
      .optional("nightly", .mapping(nightly), "what a nightly run reads beside the scenario"),
    ])

  // MARK: Horizon, sampling

  static let horizon = KeyTable(
    "the horizon",
    keys: [
      .required("start", .month, "the first month, YYYY-MM"),
      .optional("months", .integer(1...120), absent: "12", "the number of months"),
      .optional(
        "represent", .anyOf([.choice(["week"]), .mapping(representation)]), absent: "week",
        "which hours are simulated; `week` is the whole week of every month"),
    ])

  static let representation = KeyTable(
    "the simulated hours",
    keys: [
      .optional(
        "months", .integer(1...120), absent: "every month",
        "months simulated, spread evenly; those between are interpolated"),
      .optional(
        "windows", .integer(1...168), absent: "the whole week",
        "hours of the week simulated, chosen over its load curve"),
      .optional(
        "window_minutes", .number(.above(0, to: 60)), absent: "60", "minutes simulated of each such hour"),
      .optional(
        "warm_up_minutes", .number(.from(0, to: 1440)), absent: "0",
        "minutes simulated before each window and not counted, so that it does not start from empty"),
    ])

  static let sampling = KeyTable(
    "the sampling",
    keys: [
      .optional(
        "draws", .integer(1...1_048_576), absent: "1024", "futures priced; a multiple of `simulations`"),
      .optional("simulations", .integer(1...65_536), absent: "16", "futures simulated"),
      .optional("seed", .integer(0...Int.max), absent: "1", "the seed of every random stream"),
      .optional(
        "method", .choice(SamplingMethod.allCases.map(\.rawValue)), absent: "sobol",
        "how futures are spread over what is uncertain"),
      .optional(
        "replicates", .integer(1...64), absent: "8, with fewer than 32 simulations 4 or 1",
        "independent sets of futures whose scatter gives the intervals; divides `simulations`"),
      .optional(
        "target", .mapping(samplingTarget), absent: "one round of futures",
        "how precise to become: rounds of further replicates, each as large, until it is reached"),
      .optional(
        "maximum", .integer(1...1_048_576), absent: "16 × `draws`",
        "the most futures priced on the way to the target"),
      .optional(
        "fidelity", .choice(Fidelity.allCases.map(\.rawValue)), absent: "full",
        "whether all draws are simulated (`full`), or few and the others predicted (`fast`)"),
      .optional(
        "fast_simulations", .integer(8...65_536), absent: "16",
        "draws simulated with `fast`, at least; rounded up to 1, 2, 4 … of each replicate"),
      .optional(
        "fast_error_limit", .number(.from(0, to: 1)), absent: "0.03",
        "error of any option's cost, as a share of its mean, beyond which `fast` simulates everything"),
    ])

  static let samplingTarget = KeyTable(
    "the target",
    keys: [
      .optional(
        "mean_cost", .number(.above(0, to: 1)),
        "half the 95 % interval of the recommended option's mean cost, as a share of it; 0.01 for 1 %"),
      .optional(
        "probability_cheapest", .number(.above(0, to: 1)),
        "half the 95 % interval of the probability that the recommended option is the cheapest"),
    ])

  static let correlation = KeyTable(
    "a correlation",
    keys: [
      .required(
        "between", .sequence(.text, count: 2...2),
        "the paths of two uncertain inputs, as assumptions.csv names them"),
      .required(
        "value", .number(.from(-1, to: 1)),
        "correlation of their normal scores, nearly that of their ranks"),
    ])

  // MARK: Prices

  static let prices = KeyTable(
    "the prices",
    keys: [
      .optional(
        "gpu_hour", .mapping(KeyTable("GPU-hour prices", named: .mapping(purchases), nameMeaning: "GPU id")),
        "$ per GPU-hour by GPU and purchase type"),
      .optional(
        "api", .mapping(KeyTable("API prices", named: .mapping(provider), nameMeaning: "provider id")),
        "token prices by provider"),
      .optional(
        "reserved",
        .mapping(KeyTable("reserved prices", named: .mapping(offers), nameMeaning: "provider id")),
        "reserved throughput by provider and model"),
      .optional(
        "people",
        .mapping(KeyTable("the prices of people", named: .uncertain(.notNegative), nameMeaning: "role")),
        "$ per month of one full-time employee, by role"),
      .optional(
        "platform",
        .mapping(
          KeyTable("the platform prices", named: .uncertain(.notNegative), nameMeaning: "service id")),
        "prices of services of the price book, $ per unit there"),
    ])

  private static let purchaseTypes = PurchaseType.allCases.map { type in
    Key.optional(type.rawValue, .uncertain(.notNegative), "$ per GPU-hour")
  }

  static let purchases = KeyTable(
    "the prices of a GPU",
    keys: purchaseTypes + [
      .optional("regions", .mapping(regions), absent: "the price book's", "$ per GPU-hour by region")
    ])

  static let regions = KeyTable(
    "the regions", named: .mapping(KeyTable("the prices of a GPU in a region", keys: purchaseTypes)),
    nameMeaning: "region")

  static let provider = KeyTable(
    "a provider's prices",
    keys: [
      .optional("factor", .uncertain(.positive), absent: "1", "a factor on every price of the provider")
    ],
    named: .mapping(tokenPrices), nameMeaning: "model id")

  static let tokenPrices = KeyTable(
    "token prices",
    keys: [
      .optional("input", .uncertain(.notNegative), absent: "the price book's", "$ per 1M input tokens"),
      .optional("output", .uncertain(.notNegative), absent: "the price book's", "$ per 1M output tokens"),
      .optional(
        "cached_input", .uncertain(.notNegative), absent: "the price book's",
        "$ per 1M input tokens found in the provider's prompt cache"),
      .optional("batch", .mapping(batch), absent: "the price book's", "prices of the batch tier"),
      .optional(
        "batch_factor", .number(.positive), absent: "the price book's",
        "the share of both prices that batches cost, instead of `batch`"),
    ])

  static let batch = KeyTable(
    "batch prices",
    keys: [
      .required("input", .uncertain(.notNegative), "$ per 1M input tokens"),
      .required("output", .uncertain(.notNegative), "$ per 1M output tokens"),
    ])

  static let offers = KeyTable("a provider's offers", named: .mapping(offer), nameMeaning: "model id")

  static let offer = KeyTable(
    "an offer",
    keys: [
      .optional(
        "unit_hour", .anyOf([.uncertain(.notNegative), .mapping(terms)]), absent: "the price book's",
        "$ per unit-hour, for every term or by term"),
      .optional(
        "input_tokens_per_minute", .uncertain(.positive), absent: "the price book's",
        "input tokens per minute of one unit"),
      .optional(
        "output_tokens_per_minute", .uncertain(.positive), absent: "the price book's",
        "output tokens per minute of one unit"),
    ])

  static let terms = KeyTable(
    "prices by term",
    keys: ReservedTerm.allCases.map { .optional($0.rawValue, .uncertain(.notNegative), "$ per unit-hour") })
}
