// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of one way to serve the demand.

/// One way to serve the demand: an ordered chain of supplies. A request goes to the first that admits it.
public struct OptionDefinition: Sendable, Hashable {
  /// The id, such as `self-hosted-fp8`.
  public var name: String
  /// One line for people.
  public var title: String
  /// A model id that answers every use case, instead of each use case's own.
  public var route: String?
  /// The supplies, first choice first; at least one.
  public var chain: [SupplyDefinition]
  /// Costs that no simulation yields.
  public var costs: FixedCosts
  /// What becomes of a request that finds no supply; nil: it is lost at once.
  public var retry: RetryDefinition?
  /// What happens to requests before the chain.
  public var gateway = GatewayDefinition()

  /// An option.
  public init(name: String, title: String, route: String?, chain: [SupplyDefinition], costs: FixedCosts) {
    self.name = name
    self.title = title
    self.route = route
    self.chain = chain
    self.costs = costs
  }
}

/// One supply of a chain.
public enum SupplyDefinition: Sendable, Hashable {
  /// A pay-per-token API.
  case metered(MeteredDefinition)
  /// Reserved throughput: units × hours, used or not.
  case reserved(ReservedDefinition)
  /// GPU replicas.
  case fleet(FleetDefinition)

  /// The supply's name, unique within its chain.
  public var name: String {
    switch self {
    case .metered(let supply): supply.name
    case .reserved(let supply): supply.name
    case .fleet(let supply): supply.name
    }
  }

  /// Whether what it does not compute of a prompt is known.
  public var cachesPrompts: Bool {
    switch self {
    case .metered(let supply): supply.promptCache != nil
    case .reserved(let supply): supply.promptCache != nil
    case .fleet: true
    }
  }
}
