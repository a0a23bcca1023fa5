// SPDX-License-Identifier: GPL-3.0-or-later
// A line of an option's bill in the result document: the quantity beside the money, so that a forecast can be laid
// beside the bills that come.

/// What an option pays one price for, month by month, mean over futures.
public struct OptionCharge: Codable, Sendable, Hashable {
  /// How a charge comes about.
  public enum Kind: String, Codable, Sendable, Hashable {
    /// By what is used, at a price that holds.
    case usage
    /// By what is used, of capacity that can be taken away and whose price moves.
    case interruptible
    /// Paid whether it is used or not, because it was committed to.
    case commitment
    /// Every month, whatever is used.
    case recurring
    /// Once.
    case once
  }

  /// What is counted.
  public enum Unit: String, Codable, Sendable, Hashable {
    /// Millions of tokens.
    case millionTokens = "1M tokens"
    /// Hours of one GPU.
    case gpuHours = "GPU-hours"
    /// Hours of one reserved unit.
    case unitHours = "unit-hours"
    /// Months.
    case months
    /// Whatever the component names.
    case units
  }

  /// The component in words; charges of one component add up to the option's component of that name.
  public var component: String
  /// The supply that it is paid for; nil for what the option costs as a whole.
  public var supply: String?
  /// The model or GPU by its catalog id; nil where neither is paid for.
  public var item: String?
  /// Who is paid; nil where the scenario names nobody.
  public var provider: String?
  /// The region of the price book; nil where the price holds anywhere.
  public var region: String?
  /// How it comes about.
  public var kind: Kind
  /// What is counted.
  public var unit: Unit
  /// By month of the horizon, in the unit.
  public var quantities: [Double]
  /// By month of the horizon, $ undiscounted.
  public var costs: [Double]

  /// A charge.
  public init(
    component: String, supply: String?, item: String?, provider: String?, region: String?, kind: Kind,
    unit: Unit, quantities: [Double], costs: [Double]
  ) {
    self.component = component
    self.supply = supply
    self.item = item
    self.provider = provider
    self.region = region
    self.kind = kind
    self.unit = unit
    self.quantities = quantities
    self.costs = costs
  }
}
