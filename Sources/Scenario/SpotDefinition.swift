// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of interruptions.

public import Uncertainty

/// Interruptions of a spot fleet: each zone is available in turns, and takes its replicas with it when it goes.
public struct SpotDefinition: Sendable, Hashable {
  /// Zones the replicas are spread over.
  public var zones: Int
  /// Mean time a zone stays available, hours. Physical.
  public var meanUpHours: UncertainValue
  /// Mean time until a zone is available again, hours. Physical.
  public var meanDownHours: UncertainValue
  /// Weibull shape of both times; below 1 is heavy-tailed.
  public var shape: Double
  /// Warning before an interruption, seconds.
  public var noticeSeconds: Double

  /// Interruptions.
  public init(
    zones: Int, meanUpHours: UncertainValue, meanDownHours: UncertainValue, shape: Double,
    noticeSeconds: Double
  ) {
    self.zones = zones
    self.meanUpHours = meanUpHours
    self.meanDownHours = meanDownHours
    self.shape = shape
    self.noticeSeconds = noticeSeconds
  }
}
