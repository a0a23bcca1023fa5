// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of an option's costs beside its supplies.

public import Catalog
public import Uncertainty

/// Costs of an option beside its supplies, US dollars.
public struct FixedCosts: Sendable, Hashable {
  /// Operations people, $ per month.
  public var peoplePerMonth: UncertainValue
  /// Everything around the supplies in one sum, $ per month.
  public var platformPerMonth: UncertainValue
  /// Migration and other costs of the first month, $.
  public var oneOff: UncertainValue
  /// People by role, $ per month of one of them full-time, and how many there are.
  public var roles: [Share] = []
  /// Further services, $ per month of one, and how many there are.
  public var services: [Share] = []
  /// The load balancer before the supplies.
  public var loadBalancer = MonthlyUse()
  /// Logs, metrics and traces.
  public var observability = MonthlyUse()
  /// Weights and data kept; nil for none.
  public var storage: Storage?
  /// What leaves the cloud; nil for none.
  public var egress: Egress?
  /// What is held twice of the fleets, as a share of what they cost; nil for none.
  public var redundancyShare: UncertainValue?
  /// A support plan, as a share of what is bought of vendors; nil for none.
  public var supportShare: UncertainValue?
  /// Tax on what is bought of vendors and on its support; nil for none.
  public var taxShare: UncertainValue?

  /// Fixed costs.
  public init(peoplePerMonth: UncertainValue, platformPerMonth: UncertainValue, oneOff: UncertainValue) {
    self.peoplePerMonth = peoplePerMonth
    self.platformPerMonth = platformPerMonth
    self.oneOff = oneOff
  }

  /// So many of something that has a price per month.
  public struct Share: Sendable, Hashable {
    /// $ per month of one.
    public var price: Price
    /// How many.
    public var count: UncertainValue
  }

  /// A service that is paid by the month and by what passes it.
  public struct MonthlyUse: Sendable, Hashable {
    /// $ per month.
    public var perMonth: Price?
    /// $ per 1M requests that arrive.
    public var perMillionRequests: Price?
  }

  /// What is kept.
  public struct Storage: Sendable, Hashable {
    /// Kept at all times, 10⁹ bytes.
    public var gigabytes: UncertainValue
    /// Copies of the weights of every pool that are kept at all times.
    public var weightCopies: UncertainValue
    /// Whether every replica has the weights on a disk of its own while it is paid for.
    public var hasReplicaDisks: Bool
    /// $ per 10⁹ bytes and month.
    public var perGigabyteMonth: Price
  }

  /// What leaves the cloud.
  public struct Egress: Sendable, Hashable {
    /// $ per 10⁹ bytes.
    public var perGigabyte: Price
    /// Bytes of an answer beside its tokens.
    public var bytesPerRequest: UncertainValue
    /// Bytes of a token of an answer.
    public var bytesPerOutputToken: UncertainValue
  }
}

extension FixedCosts {
  /// The prices that may be the book's.
  public var servicePrices: [Price] {
    roles.map(\.price) + services.map(\.price)
      + [
        loadBalancer.perMonth, loadBalancer.perMillionRequests, observability.perMonth,
        observability.perMillionRequests, storage?.perGigabyteMonth, egress?.perGigabyte,
      ].compactMap(\.self)
  }
}

/// GPUs that are bought instead of rented.
public struct OwnedHardware: Sendable, Hashable {
  /// GPUs bought; nil for as many as the fleet has at most.
  public var gpus: Int?
  /// $ per GPU with its share of server and network, in the first month.
  public var capexPerGPU: UncertainValue
  /// Share of it that the hardware is still worth as the horizon ends.
  public var residualShare: UncertainValue?
  /// $ per GPU and month for the space it stands in.
  public var colocationPerGPU: UncertainValue?
  /// $ per GPU and month for repairs and spare parts.
  public var maintenancePerGPU: UncertainValue?
  /// Electricity; nil where it is not counted.
  public var power: Power?

  /// What it draws and what that costs.
  public struct Power: Sendable, Hashable {
    /// $ per kWh.
    public var perKilowattHour: Price
    /// kW per GPU, with its share of the server, while a request is in work.
    public var busyKilowatts: UncertainValue
    /// kW per GPU at any other time.
    public var idleKilowatts: UncertainValue
    /// Power of the whole building over that of its servers.
    public var usageEffectiveness: UncertainValue
  }
}

/// What a missed service-level objective of a use case costs, whatever the option.
public struct ServicePenalty: Sendable, Hashable {
  /// The place of the use case.
  public var useCase: Int
  /// $ per 1,000 requests that were not served within their objective; nil for none.
  public var perThousandMissed: UncertainValue?
  /// The steps of its agreement, the mildest first.
  public var credits: [Credit]
  /// $ per month that the users of the use case are billed; there where there are credits.
  public var billPerMonth: UncertainValue?

  /// A step of a service-level agreement.
  public struct Credit: Sendable, Hashable {
    /// The attainment of a month under which it applies.
    public var below: Double
    /// The share of the month's bill that is given back.
    public var share: Double
  }
}

extension OptionDefinition {
  /// Every price that the option states itself or takes from the book by name.
  public var prices: [UncertainValue] {
    var values = [costs.peoplePerMonth, costs.platformPerMonth, costs.oneOff]
    values += costs.servicePrices.map(\.amount)
    values += [costs.redundancyShare, costs.supportShare, costs.taxShare].compactMap(\.self)
    for case .fleet(let fleet) in chain {
      guard let owned = fleet.owned else { continue }
      values += [owned.capexPerGPU] + [owned.colocationPerGPU, owned.maintenancePerGPU].compactMap(\.self)
      values += [owned.power?.perKilowattHour.amount].compactMap(\.self)
    }
    return values
  }
}
