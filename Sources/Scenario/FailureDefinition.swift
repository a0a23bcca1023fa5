// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of nodes that fail.

public import Uncertainty

/// Failures of a fleet's nodes, without notice.
public struct FailureDefinition: Sendable, Hashable {
  /// Failures per GPU and year. Physical.
  public var perGPUYear: UncertainValue
  /// Mean time until a replacement can be started, hours. Physical.
  public var repairHours: UncertainValue

  /// Failures.
  public init(perGPUYear: UncertainValue, repairHours: UncertainValue) {
    self.perGPUYear = perGPUYear
    self.repairHours = repairHours
  }
}
