// SPDX-License-Identifier: GPL-3.0-or-later
// Where the answer flips, in the result document.

/// The value of an axis at which an option costs the same as the baseline.
public struct BreakEven: Codable, Sendable, Hashable {
  /// The option that may start to pay.
  public var option: String
  /// The option it is held against.
  public var against: String
  /// `volume` (multiple of the planned demand) or `utilization` (share of the fleet's saturated throughput, may exceed 1).
  public var axis: String
  /// In words, with numbers: "from 1.8× the planned demand", "up to 2.1× …", "never: …", "always: …".
  public var finding: String
  /// Break-even over the futures that have one; nil where fewer than 10 % do.
  public var value: Spread?
  /// Share of futures in which the option never pays on the axis.
  public var neverShare: Double
  /// Share of futures in which it pays from the axis's start.
  public var alwaysShare: Double

  /// A break-even.
  public init(
    option: String, against: String, axis: String, finding: String, value: Spread?, neverShare: Double,
    alwaysShare: Double
  ) {
    self.option = option
    self.against = against
    self.axis = axis
    self.finding = finding
    self.value = value
    self.neverShare = neverShare
    self.alwaysShare = alwaysShare
  }
}

/// P(cheapest) of every option at one volume.
public struct VolumePoint: Codable, Sendable, Hashable {
  /// Multiple of the planned demand.
  public var volume: Double
  /// Output tokens per day at that volume (first-month demand).
  public var outputTokensPerDay: Double
  /// P(cheapest) by option, in the options' order.
  public var probabilityCheapest: [Double]
  /// Median total cost by option, in the options' order, $.
  public var medianCost: [Double]
  /// Share of arrived requests served within their objective, by option.
  public var serviceLevel: [Double]

  /// A point along volume.
  public init(
    volume: Double, outputTokensPerDay: Double, probabilityCheapest: [Double], medianCost: [Double],
    serviceLevel: [Double]
  ) {
    self.volume = volume
    self.outputTokensPerDay = outputTokensPerDay
    self.probabilityCheapest = probabilityCheapest
    self.medianCost = medianCost
    self.serviceLevel = serviceLevel
  }
}
