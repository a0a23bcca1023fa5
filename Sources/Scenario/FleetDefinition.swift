// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of a fleet of GPU replicas.

public import Catalog

/// How a fleet hands requests to its replicas.
public enum RouterPolicy: String, Sendable, Hashable, CaseIterable, Codable {
  /// To the replica with the fewest unfinished requests, the lowest number among equals.
  case leastOutstanding = "least-outstanding"
  /// To each in turn.
  case roundRobin = "round-robin"
  /// To the one with fewer unfinished requests of two drawn at random.
  case powerOfTwo = "power-of-two"
  /// To the one that the prompt's beginning is hashed to, unless that has more than its share.
  case prefixAffine = "prefix-affine"
}

/// How a pool puts its batches together.
public enum BatchingPolicy: String, Sendable, Hashable, CaseIterable, Codable {
  /// Requests join and leave at every step.
  case continuous
  /// A batch is served to the end of its longest answer before the next is begun.
  case `static`
}

/// GPU replicas.
public struct FleetDefinition: Sendable, Hashable {
  /// The supply's name, unique within its chain.
  public var name: String
  /// The GPU's catalog id.
  public var gpu: String
  /// How its hours are bought; of a mix, those above all layers.
  public var purchase: PurchaseType
  /// The region of the price book whose price its hours have; nil for the price that holds anywhere.
  public var region: String?
  /// What is committed to.
  public var commitments = FleetCommitments()
  /// What is bought with `purchase: owned`, which is simulated as by the hour; nil where all hours are paid for.
  public var owned: OwnedHardware?
  /// The engine's catalog id.
  public var engine: String
  /// How requests are handed to replicas.
  public var router: RouterPolicy
  /// Requests that may wait per replica; the next one is refused and overflows. Nil: no limit.
  public var queueLimit: Int?
  /// Time from a decision to start a replica until it serves, seconds; the longest of its pools.
  public var startupSeconds: Double
  /// How long a replica that is no longer wanted may take to finish what it has, seconds.
  public var drainSeconds = 120.0
  /// With `prefixAffine`: the most unfinished requests of a replica, as a multiple of the mean.
  public var loadBound = 1.5
  /// Interruptions; only for `purchase: spot`, and required there.
  public var spot: SpotDefinition?
  /// The name of a spot fleet earlier in the chain whose lost replicas this fleet replaces while they are lost.
  public var standbyFor: String?
  /// Failures of its nodes; nil for none.
  public var failures: FailureDefinition?
  /// One pool of replicas per model, in the file's order; at least one.
  public var pools: [PoolDefinition]

  /// A fleet.
  public init(
    name: String, gpu: String, purchase: PurchaseType, engine: String, router: RouterPolicy,
    queueLimit: Int?, startupSeconds: Double, spot: SpotDefinition?, standbyFor: String?,
    pools: [PoolDefinition]
  ) {
    self.name = name
    self.gpu = gpu
    self.purchase = purchase
    self.engine = engine
    self.router = router
    self.queueLimit = queueLimit
    self.startupSeconds = startupSeconds
    self.spot = spot
    self.standbyFor = standbyFor
    self.pools = pools
  }
}
