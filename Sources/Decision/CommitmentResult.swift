// SPDX-License-Identifier: GPL-3.0-or-later
// What of a commitment was used: the other side of its price.

/// The GPUs of a fleet that are paid for in every hour, and how its hours lie to them.
public struct CommitmentResult: Codable, Sendable, Hashable {
  /// GPUs committed, all layers together.
  public var gpus: Int
  /// GPU-hours in which they were needed.
  public var usedHours: Double
  /// GPU-hours in which they were not, and paid for all the same.
  public var unusedHours: Double
  /// GPU-hours above them, which are bought by the hour.
  public var hoursAbove: Double

  /// A commitment's result.
  public init(gpus: Int, usedHours: Double, unusedHours: Double, hoursAbove: Double) {
    self.gpus = gpus
    self.usedHours = usedHours
    self.unusedHours = unusedHours
    self.hoursAbove = hoursAbove
  }
}
