// SPDX-License-Identifier: GPL-3.0-or-later
// Who is cheapest from which volume to which.

/// A stretch of volumes along which one option has the lowest mean cost among those that meet the service level.
public struct FrontierStretch: Codable, Sendable, Hashable {
  /// The option.
  public var option: String
  /// Where it begins, multiple of the planned demand; the first stretch begins where the axis does.
  public var from: Double
  /// Where it ends; the last stretch ends where the axis does.
  public var to: Double
  /// Output tokens per day (first-month demand) where it begins.
  public var outputTokensPerDayFrom: Double
  /// Output tokens per day where it ends.
  public var outputTokensPerDayTo: Double

  /// A stretch.
  public init(
    option: String, from: Double, to: Double, outputTokensPerDayFrom: Double, outputTokensPerDayTo: Double
  ) {
    self.option = option
    self.from = from
    self.to = to
    self.outputTokensPerDayFrom = outputTokensPerDayFrom
    self.outputTokensPerDayTo = outputTokensPerDayTo
  }
}
