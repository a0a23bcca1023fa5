// SPDX-License-Identifier: GPL-3.0-or-later
// Where the answer flips, in the result document.

/// The value of an axis at which an option costs the same as another.
///
/// Axes, and what their values count:
///
/// | axis | value | what is changed |
/// |---|---|---|
/// | `volume` | multiple of the planned demand | all demand |
/// | `utilization` | share of the fleet's saturated throughput, may exceed 1 | what the fleet is busy with |
/// | `gpu-price` | $ per GPU-hour | all GPU-hour prices of both options, by one factor |
/// | `output-price` | $ per 1M output tokens | all metered output prices of both options, by one factor |
/// | `throughput` | output tokens per second of one saturated replica | the speed of the option's replicas |
/// | `payback` | month of the horizon, the first being 1 | time |
///
/// docs/break-even.md has the formulas.
public struct BreakEven: Codable, Sendable, Hashable {
  /// On which side of the value the option costs less.
  public enum Side: String, Codable, Sendable, Hashable {
    /// From the value on.
    case from
    /// Up to the value.
    case upTo = "up to"
  }

  /// The option that may pay.
  public var option: String
  /// The option it is held against.
  public var against: String
  /// `volume`, `utilization`, `gpu-price`, `output-price`, `throughput` or `payback`.
  public var axis: String
  /// In words, with numbers: "from 1.8× the planned demand", "up to $2.31 per GPU-hour", "never: …", "always: …".
  public var finding: String
  /// Break-even over the futures that have one; nil where fewer than 10 % do.
  public var value: Spread?
  /// Share of futures in which the option never pays on the axis.
  public var neverShare: Double
  /// Share of futures in which it pays all along the axis.
  public var alwaysShare: Double
  /// The value at which the mean costs over all futures are equal: where a choice by mean cost flips. Nil where they
  /// are equal nowhere on the axis, and in documents of before.
  public var point: Double?
  /// Where the option pays; nil in documents of before, which know only `from`.
  public var pays: Side?
  /// What `value`, `point` and `planned` count, such as "$ per GPU-hour"; nil in documents of before.
  public var unit: String?
  /// The axis's value as planned, mean over futures; nil for payback, which is no part of a plan.
  public var planned: Double?
  /// The break-even as a multiple of what is planned in the same future, where that is not what `value` is.
  public var multiple: Spread?

  /// A break-even.
  public init(
    option: String, against: String, axis: String, finding: String, value: Spread?, neverShare: Double,
    alwaysShare: Double, point: Double? = nil, pays: Side? = nil, unit: String? = nil, planned: Double? = nil,
    multiple: Spread? = nil
  ) {
    self.option = option
    self.against = against
    self.axis = axis
    self.finding = finding
    self.value = value
    self.neverShare = neverShare
    self.alwaysShare = alwaysShare
    self.point = point
    self.pays = pays
    self.unit = unit
    self.planned = planned
    self.multiple = multiple
  }
}

extension BreakEven {
  /// A break-even in a word.
  public enum Verdict: Sendable, Hashable {
    /// The option pays nowhere, or in too few futures to name a value.
    case never
    /// It pays everywhere.
    case always
    /// It pays on one side of the value at which mean costs are equal.
    case at(Double)
    /// Mean costs are equal nowhere, but most futures have a break-even, of which this is the median.
    case median(Double)
  }

  /// What leads: the point at which mean costs are equal, since a choice by mean cost hangs on it; not where fewer than a
  /// tenth of the futures have a break-even at all. Without one, the median of the futures that do, where most do.
  public var verdict: Verdict {
    // No fleet can be busier than always.
    if axis == "utilization", let point { return point > 1 ? .never : .at(point) }
    if let point, value != nil { return .at(point) }
    if let value, neverShare < 0.5, alwaysShare < 0.5 { return .median(value.p50) }
    return alwaysShare >= neverShare ? .always : .never
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
