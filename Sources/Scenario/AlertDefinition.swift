// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says to the nightly run: when to speak up, which fresh inputs to look at, and how long to keep runs.

/// Thresholds, any of which a nightly run reports as crossed. Shares are fractions: 0.2 for 20 %.
public struct AlertThresholds: Sendable, Hashable {
  /// The probability that the recommended option is the cheapest is below this share; nil asks for nothing.
  public var probabilityCheapestBelow: Double?
  /// The 90th percentile of the recommended option's cost over the horizon is above this, $.
  public var p90Above: Double?
  /// The planned volume lies within this share of a median break-even by volume.
  public var breakEvenWithin: Double?
  /// Another option is recommended than in the last good run.
  public var decisionChanges = true
  /// The recommended option's median cost is further than this share from what it was in the last good run.
  public var costChangesBy: Double?
  /// What was spent is more than this share above the plan.
  public var spendAbovePlan: Double?
  /// What was asked is more than this share above the plan.
  public var volumeAbovePlan: Double?

  /// What holds where a scenario says nothing: a change of the decision alone.
  public init() {}
}

/// A price list that a nightly run imports.
public struct PriceListPattern: Sendable, Hashable {
  /// The provider or cloud whose prices are taken; nil takes all that the list names.
  public var provider: String?
  /// The file, or a pattern of files with `*`, `?` and `[…]`.
  public var pattern: String

  /// Reads `PATTERN` or `PROVIDER=PATTERN`; nil where the pattern or the provider is empty.
  public init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard !parts.contains("") else { return nil }
    // A path may have an equals sign too, but no provider has a slash.
    if parts.count == 2, !parts[0].contains("/") {
      provider = String(parts[0])
      pattern = String(parts[1])
    } else {
      pattern = text
    }
  }
}

/// What a nightly run reads beside a scenario. Patterns are as seen from the working folder.
public struct NightlyInputs: Sendable, Hashable {
  /// Usage logs, files or patterns of files: what was spent and asked is held against the plan.
  public var usage: [String] = []
  /// The provider whose prices the logs' tokens have where the logs tell no dollars.
  public var provider: String?
  /// Price lists that go before the catalog.
  public var prices: [PriceListPattern] = []
  /// How long the scenario's runs are kept.
  public var keep: KeepSpan?

  /// Nothing.
  public init() {}
}
