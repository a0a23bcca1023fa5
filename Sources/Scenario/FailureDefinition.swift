// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of things that go wrong: nodes that fail, and clients that ask again.

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

/// What becomes of a request that finds no supply: it is offered to the chain again, later and later.
public struct RetryDefinition: Sendable, Hashable {
  /// Retries at most.
  public var retries: Int
  /// Longest wait before the first retry, seconds.
  public var firstDelaySeconds: Double
  /// By how much the wait grows from retry to retry.
  public var factor: Double
  /// Longest wait of all, seconds.
  public var longestDelaySeconds: Double
  /// Largest share of a wait that chance takes off.
  public var jitter: Double

  /// Retries.
  public init(
    retries: Int, firstDelaySeconds: Double, factor: Double, longestDelaySeconds: Double, jitter: Double
  ) {
    self.retries = retries
    self.firstDelaySeconds = firstDelaySeconds
    self.factor = factor
    self.longestDelaySeconds = longestDelaySeconds
    self.jitter = jitter
  }
}
