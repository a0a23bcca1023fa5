// SPDX-License-Identifier: GPL-3.0-or-later
// One way to serve the demand, as the simulation needs it: supplies in order, nothing of money.

/// GPU replicas: one pool per model.
public struct FleetConfiguration: Sendable, Hashable {
  /// Pools by model index; nil where the fleet does not serve the model.
  public var pools: [PoolConfiguration?]

  /// A fleet.
  public init(pools: [PoolConfiguration?]) { self.pools = pools }

  /// GPUs in use when every replica is there.
  var mostGPUs: Int { pools.reduce(0) { $0 + ($1.map { $0.schedules.count * $0.gpusPerReplica } ?? 0) } }
}

/// One supply of a chain.
public enum SupplyConfiguration: Sendable, Hashable {
  /// Per token.
  case metered(MeteredConfiguration)
  /// Units × hours, used or not.
  case reserved(ReservedConfiguration)
  /// GPU replicas.
  case fleet(FleetConfiguration)
}

/// An option: which model answers each use case, and the supplies a request is offered to, in order.
public struct OptionConfiguration: Sendable, Hashable {
  /// The model index of each use case.
  public var modelOfUseCase: [Int]
  /// The objective of each use case.
  public var objectives: [ServiceObjective]
  /// The supplies, first choice first.
  public var chain: [SupplyConfiguration]
  /// Models in all: the length of every list by model index. At most 255.
  public var models: Int
  /// What happens to a request that every supply has refused, or that was handed back and found none; nil: it is lost.
  public var retry: RetryPolicy?
  /// Where its random choices come from.
  public var randomness: RandomKey
  /// What happens to requests before the chain; nil: each goes to its use case's model.
  public var gateway: GatewayConfiguration?

  /// An option.
  public init(
    modelOfUseCase: [Int], objectives: [ServiceObjective], chain: [SupplyConfiguration], models: Int,
    retry: RetryPolicy? = nil, randomness: RandomKey = RandomKey()
  ) {
    precondition(models <= 255, "\(models) models in one option")
    precondition(modelOfUseCase.count == objectives.count, "an objective per use case is needed")
    precondition(modelOfUseCase.allSatisfy { (0..<models).contains($0) }, "a model index is out of range")
    self.modelOfUseCase = modelOfUseCase
    self.objectives = objectives
    self.chain = chain
    self.models = models
    self.retry = retry
    self.randomness = randomness
  }

  /// An empty bill of the option's shape.
  public func emptyBill() -> BillOfQuantities {
    BillOfQuantities(
      useCases: modelOfUseCase.count, models: models,
      chain: chain.map { supply in
        switch supply {
        case .metered: BillOfQuantities.SupplyShape()
        case .reserved: BillOfQuantities.SupplyShape(reservedModels: models)
        case .fleet(let fleet):
          BillOfQuantities.SupplyShape(pools: models, loadDurationLength: fleet.mostGPUs + 1)
        }
      })
  }
}
