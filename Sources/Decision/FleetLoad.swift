// SPDX-License-Identifier: GPL-3.0-or-later
// How many GPUs of a fleet are paid for in how many of the hours, and how they are bought.

/// The load-duration curve of one fleet over the horizon, mean over futures, with the layers it is bought in.
public struct FleetLoad: Codable, Sendable, Hashable {
  /// GPUs that are bought in one way.
  public struct Layer: Codable, Sendable, Hashable {
    /// The purchase type: `on-demand`, `spot`, `committed-1-year`, …
    public var purchase: String
    /// GPUs paid for in every hour, used or not; nil for those above all layers, paid for by the hour.
    public var gpus: Int?

    /// A layer.
    public init(purchase: String, gpus: Int?) {
      self.purchase = purchase
      self.gpus = gpus
    }
  }

  /// The supply's name.
  public var supply: String
  /// The GPU's catalog id.
  public var gpu: String
  /// The layers, the lowest first.
  public var layers: [Layer]
  /// Share of the hours in which at least `k` GPUs are there, from k = 1; it never rises.
  public var hoursShareOfGPU: [Double]

  /// A fleet's curve.
  public init(supply: String, gpu: String, layers: [Layer], hoursShareOfGPU: [Double]) {
    self.supply = supply
    self.gpu = gpu
    self.layers = layers
    self.hoursShareOfGPU = hoursShareOfGPU
  }

  /// GPUs that are paid for in every hour.
  public var committed: Int { layers.reduce(0) { $0 + ($1.gpus ?? 0) } }
}
