// SPDX-License-Identifier: GPL-3.0-or-later
// How a fast run came by the quantities of the draws it did not simulate, and how far they are to be
// believed.

/// What of a run's draws was predicted instead of simulated, and how well that works.
public struct FidelitySummary: Codable, Sendable, Hashable {
  /// `fast`: runs that were asked to simulate everything have no summary.
  public var fidelity: String
  /// Physical draws simulated.
  public var simulated: Int
  /// Physical draws predicted; 0 where all were simulated in the end.
  public var predicted: Int
  /// The error of an option's cost, as a share of its mean, beyond which predictions are not used.
  public var errorLimit: Double
  /// Whether an option's error was beyond the limit, so that everything was simulated.
  public var fellBack: Bool
  /// By option; empty where there was nothing to predict, or too little to learn from.
  public var options: [OptionFidelity]

  /// A summary.
  public init(
    simulated: Int, predicted: Int, errorLimit: Double, fellBack: Bool = false, options: [OptionFidelity] = []
  ) {
    fidelity = "fast"
    self.simulated = simulated
    self.predicted = predicted
    self.errorLimit = errorLimit
    self.fellBack = fellBack
    self.options = options
  }
}

/// How well one option's cost is predicted.
public struct OptionFidelity: Codable, Sendable, Hashable {
  /// The option's id.
  public var option: String
  /// Root mean square of what the cost of a simulated draw is predicted wrong by from the others, at median
  /// prices, as a share of the mean cost.
  public var costError: Double
  /// Root mean square of what its share of requests within their objective is predicted wrong by in the same
  /// way.
  public var serviceLevelError: Double

  /// An option's errors.
  public init(option: String, costError: Double, serviceLevelError: Double) {
    self.option = option
    self.costError = costError
    self.serviceLevelError = serviceLevelError
  }
}
