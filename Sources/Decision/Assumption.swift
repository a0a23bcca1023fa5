// SPDX-License-Identifier: GPL-3.0-or-later
// What is believed of an input and why, in the result document.

/// An input with what is believed of it and why.
public struct Assumption: Codable, Sendable, Hashable {
  /// The path of the value, such as `prices.gpu_hour.h100-sxm.spot`.
  public var name: String
  /// `physical` (changes what is simulated) or `price`.
  public var kind: String
  /// The distribution in words, such as "PERT 1.5 … 2.4 … 4".
  public var distribution: String
  /// 10th percentile.
  public var p10: Double
  /// Median.
  public var p50: Double
  /// 90th percentile.
  public var p90: Double
  /// Unit, such as "$ per GPU-hour".
  public var unit: String
  /// Where it comes from; "scenario" where the scenario states it.
  public var source: String
  /// `YYYY-MM-DD` of the last check against the source, where there is one.
  public var verifiedOn: String?

  /// An assumption.
  public init(
    name: String, kind: String, distribution: String, p10: Double, p50: Double, p90: Double, unit: String,
    source: String, verifiedOn: String?
  ) {
    self.name = name
    self.kind = kind
    self.distribution = distribution
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.unit = unit
    self.source = source
    self.verifiedOn = verifiedOn
  }
}
