// SPDX-License-Identifier: GPL-3.0-or-later
// What a report says of the run before: the result is a function of its inputs alone, so what happened to be stored before
// it stands beside it and not in it.

/// The run that a report is held against, and what changed since.
public struct EarlierRun: Sendable, Hashable, Codable {
  /// Its number in the store.
  public var run: Int64
  /// The day it was stored, YYYY-MM-DD in UTC.
  public var day: String
  /// What changed since; of break-evens and assumptions, those that did.
  public var comparison: RunComparison

  /// An earlier run.
  public init(run: Int64, day: String, comparison: RunComparison) {
    self.run = run
    self.day = day
    self.comparison = comparison
    self.comparison.breakEvens.removeAll { $0.change == .same }
    self.comparison.assumptions.removeAll { $0.change == .same }
  }
}
