// SPDX-License-Identifier: GPL-3.0-or-later
// What turns the answer, beyond the break-evens against today's option.

/// Where the answer turns: along volume, over volume and GPU price, over time, and between any two options.
public struct FlipResult: Codable, Sendable, Hashable {
  /// The option with the next lowest mean cost among those that may be chosen; nil where there is no other.
  public var runnerUp: String?
  /// Break-evens of the pairs of which `PlanResult.breakEvens` has none.
  public var otherBreakEvens: [BreakEven]
  /// Who is cheapest by mean cost along volume, from its lower end to its upper.
  public var frontier: [FrontierStretch]
  /// Over volume and the price of GPUs; nil where no option has any.
  public var map: BreakEvenMap?
  /// What each option saves against today's, month by month.
  public var savings: [CumulativeSaving]

  /// A result.
  public init(
    runnerUp: String?, otherBreakEvens: [BreakEven], frontier: [FrontierStretch], map: BreakEvenMap?,
    savings: [CumulativeSaving]
  ) {
    self.runnerUp = runnerUp
    self.otherBreakEvens = otherBreakEvens
    self.frontier = frontier
    self.map = map
    self.savings = savings
  }
}
