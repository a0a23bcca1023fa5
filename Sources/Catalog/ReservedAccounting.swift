// SPDX-License-Identifier: GPL-3.0-or-later
// How a provider of reserved throughput counts tokens: what tells model units, PTU and GSU apart.

import YAMLDocument

/// How a provider accounts for the tokens that its units serve.
public struct ReservedAccounting: Sendable, Hashable {
  /// When a budget fills up.
  public enum Windows: String, Sendable, Hashable, CaseIterable {
    /// At the start of each window, by the provider's clock.
    case fixed
    /// All the time; it holds what one window brings (a leaky bucket).
    case continuous
  }

  /// Nil: input and output tokens have a budget each. Otherwise one budget holds for both, and an output token counts as
  /// this many input tokens.
  public var outputWeight: Double?
  /// What an input token counts that the provider's prompt cache holds.
  public var cachedInputWeight = 1.0
  /// Length of the accounting window, seconds.
  public var windowSeconds = 60.0
  /// When a budget fills up.
  public var windows = Windows.fixed
  /// Fewest units that are sold of a model.
  public var minimumUnits = 1
  /// The step in which more are sold.
  public var unitIncrement = 1
  /// Where the figures come from; nil for the plain accounting: a budget each for input and output tokens, per minute.
  public var provenance: Provenance?

  /// The plain accounting.
  public init() {}

  /// The key of a provider's entry that holds it.
  static let key = Key.optional(
    "accounting", .mapping(table), absent: "a budget each for input and output tokens, renewed every minute",
    "how it counts the tokens that its units serve")

  private static let table = KeyTable(
    "the accounting",
    keys: [
      .optional(
        "output_weight", .number(.above(0, to: 1000)), absent: "a budget of their own",
        "input tokens that an output token counts as, where one budget holds for both"),
      .optional(
        "cached_input_weight", .number(.from(0, to: 1)), absent: "1",
        "what an input token counts that the provider's prompt cache holds"),
      .optional(
        "window_seconds", .number(.from(1, to: 86_400)), absent: "60", "length of the accounting window"),
      .optional(
        "windows", .choice(Windows.allCases.map(\.rawValue)), absent: "fixed",
        "whether a budget is renewed with each window or fills up continuously"),
      .optional("minimum_units", .integer(1...100_000), absent: "1", "fewest units sold of a model"),
      .optional("unit_increment", .integer(1...100_000), absent: "1", "step in which more are sold"),
    ] + CatalogKeys.provenance)

  /// The accounting of a provider's entry; what it leaves out is as in the plain one.
  init(of provider: MappingView) {
    guard let view = provider.mapping("accounting") else { return }
    outputWeight = view.number("output_weight")
    cachedInputWeight = view.number("cached_input_weight") ?? cachedInputWeight
    windowSeconds = view.number("window_seconds") ?? windowSeconds
    windows = view.choice("windows", as: Windows.self) ?? windows
    minimumUnits = view.integer("minimum_units") ?? minimumUnits
    unitIncrement = view.integer("unit_increment") ?? unitIncrement
    provenance = view.provenance()
  }
}
