// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of how a fleet's GPU-hours are bought: one way, or layers on its load-duration curve.

public import Catalog
public import Uncertainty

/// GPUs of a fleet that are paid for in every hour, used or not.
public struct PurchaseLayer: Sendable, Hashable {
  /// The commitment.
  public var purchase: PurchaseType
  /// GPUs.
  public var gpus: Int

  /// A layer.
  public init(purchase: PurchaseType, gpus: Int) {
    self.purchase = purchase
    self.gpus = gpus
  }
}

/// The commitments of a fleet, and what becomes of them after the horizon.
public struct FleetCommitments: Sendable, Hashable {
  /// The layers of a mix, the lowest first; empty where all hours are bought in one way.
  public var layers: [PurchaseLayer] = []
  /// Whether the hours above all layers are bought on demand; else there are none.
  public var hasRest = true
  /// Days of one capacity block; nil where none is bought.
  public var blockDays: Int?
  /// Share of what is owed after the horizon that is used or sold on. A price.
  public var residual: UncertainValue?

  /// No commitment.
  public init() {}
}

extension PurchaseType {
  /// Months that a GPU is committed for; 0 for those bought by the hour or by the block.
  public var termMonths: Int {
    switch self {
    case .onDemand, .spot, .capacityBlock: 0
    case .committed1Year: 12
    case .committed3Year: 36
    }
  }

  /// Whether it is paid for used or not, and so can be a layer.
  public var isCommitment: Bool { self == .capacityBlock || termMonths > 0 }
}

extension FleetDefinition {
  /// The most GPUs that are there at once.
  public var mostGPUs: Int { pools.reduce(0) { $0 + $1.replicas * $1.gpusPerReplica } }

  /// What is paid for in every hour: the layers, or the whole fleet where its one purchase is a commitment.
  public var committedLayers: [PurchaseLayer] {
    if !commitments.layers.isEmpty { return commitments.layers }
    return purchase.isCommitment ? [PurchaseLayer(purchase: purchase, gpus: mostGPUs)] : []
  }

  /// How the hours above all layers are bought; nil where there are none.
  public var purchaseOfRest: PurchaseType? {
    if commitments.layers.isEmpty { return purchase.isCommitment || owned != nil ? nil : purchase }
    return commitments.hasRest ? purchase : nil
  }

  /// Every way in which its hours are bought, the layers first.
  public var purchases: [PurchaseType] {
    committedLayers.map(\.purchase) + [purchaseOfRest].compactMap(\.self)
  }
}
