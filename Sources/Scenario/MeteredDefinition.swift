// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of a pay-per-token API.

/// A pay-per-token API.
public struct MeteredDefinition: Sendable, Hashable {
  /// The supply's name, unique within its chain.
  public var name: String
  /// The price book's provider id.
  public var provider: String

  /// A metered supply.
  public init(name: String, provider: String) {
    self.name = name
    self.provider = provider
  }
}
