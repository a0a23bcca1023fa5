// SPDX-License-Identifier: GPL-3.0-or-later
// Whether all of a plan's futures are simulated, or most of them predicted from the few that are.

/// How the quantities of the physical draws come about.
public enum Fidelity: String, Codable, Sendable, Hashable, CaseIterable {
  /// Every draw is simulated request by request.
  case full
  /// Few draws are simulated; the others are computed by a fluid model that these have corrected.
  case fast
}

/// What a fast run simulates, and when it is not good enough.
public struct FastSampling: Sendable, Hashable {
  /// Physical draws simulated, at least; rounded up to as many from each replicate.
  public var simulations: Int
  /// The cross-validated error of any option's cost, as a share of its mean, beyond which everything is
  /// simulated.
  public var errorLimit: Double

  /// A plan for a fast run.
  public init(simulations: Int = 16, errorLimit: Double = 0.03) {
    self.simulations = simulations
    self.errorLimit = errorLimit
  }
}
