// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of reserved throughput.

public import Catalog
public import Uncertainty

/// Reserved throughput.
public struct ReservedDefinition: Sendable, Hashable {
  /// The supply's name, unique within its chain.
  public var name: String
  /// The price book's provider id.
  public var provider: String
  /// The commitment.
  public var term: ReservedTerm
  /// Length of the accounting window, seconds.
  public var windowSeconds: Double
  /// Units by model id, in the file's order. A model without units is refused and overflows.
  public var units: [ModelUnits]
  /// Share of what is owed after the horizon that is used or sold on. A price.
  public var residual: UncertainValue?

  /// A reserved supply.
  public init(name: String, provider: String, term: ReservedTerm, windowSeconds: Double, units: [ModelUnits])
  {
    self.name = name
    self.provider = provider
    self.term = term
    self.windowSeconds = windowSeconds
    self.units = units
  }
}

/// Units of reserved throughput for a model.
public struct ModelUnits: Sendable, Hashable {
  /// The model id.
  public var model: String
  /// Units held; while they are to be found, one.
  public var units: Int
  /// Whether the number of least expected cost is to be found.
  public var isLeastCost: Bool

  /// Units for a model.
  public init(model: String, units: Int, isLeastCost: Bool = false) {
    self.model = model
    self.units = units
    self.isLeastCost = isLeastCost
  }
}
