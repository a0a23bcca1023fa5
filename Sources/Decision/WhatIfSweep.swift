// SPDX-License-Identifier: GPL-3.0-or-later
// One or two inputs moved through a range: what every option costs at each point, and where the decision flips.

import Foundation

/// The options at every point of a grid.
public struct WhatIfSweep: Codable, Sendable, Hashable {
  /// The version of this document's layout.
  public var schemaVersion = 1
  /// The scenario's id.
  public var scenario: String
  /// Its title.
  public var title: String
  /// What is changed: a scenario file, or a stored run.
  public var base: String
  /// Changes that hold at every point, as `path=value`.
  public var changes: [String]
  /// One or two axes.
  public var axes: [Axis]
  /// The points, the first axis slowest.
  public var points: [Point]
  /// Where the decision changes between neighbours.
  public var flips: [Flip]

  /// A sweep; its flips follow from its points.
  public init(
    scenario: String, title: String, base: String, changes: [String], axes: [Axis], points: [Point]
  ) {
    self.scenario = scenario
    self.title = title
    self.base = base
    self.changes = changes
    self.axes = axes
    self.points = points
    flips = Self.flips(axes: axes, points: points)
  }

  /// An input and its values.
  public struct Axis: Codable, Sendable, Hashable {
    /// The path that is set.
    public var path: String
    /// Its values, in order.
    public var values: [Double]
    /// Whether neighbours have a common ratio rather than a common difference.
    public var isLogarithmic: Bool

    /// An axis.
    public init(path: String, values: [Double], isLogarithmic: Bool) {
      self.path = path
      self.values = values
      self.isLogarithmic = isLogarithmic
    }
  }

  /// The options at one point.
  public struct Point: Codable, Sendable, Hashable {
    /// The value on each axis.
    public var values: [Double]
    /// The option to take.
    public var recommended: String
    /// Every option, in the scenario's order.
    public var options: [Option]

    /// A point.
    public init(values: [Double], recommended: String, options: [Option]) {
      self.values = values
      self.recommended = recommended
      self.options = options
    }
  }

  /// An option at a point.
  public struct Option: Codable, Sendable, Hashable {
    /// The option's id.
    public var name: String
    /// Its title.
    public var title: String
    /// Its cost and service.
    public var outlook: OptionOutlook

    /// An option.
    public init(name: String, title: String, outlook: OptionOutlook) {
      self.name = name
      self.title = title
      self.outlook = outlook
    }
  }

  /// A change of the decision between two neighbouring points.
  public struct Flip: Codable, Sendable, Hashable {
    /// The axis along which they are neighbours, from 0.
    public var axis: Int
    /// The value on the other axis; nil where there is none.
    public var other: Double?
    /// The value at the first of them.
    public var low: Double
    /// The value at the second.
    public var high: Double
    /// The option to take at the first.
    public var from: String
    /// The option to take at the second.
    public var to: String
    /// Where the two mean costs cross on straight lines between the points; nil where they do not, because one of the
    /// two begins or ceases to serve well enough.
    public var crossing: Double?
  }

  /// The flips along every axis, the first axis first, in the order of the other axis.
  private static func flips(axes: [Axis], points: [Point]) -> [Flip] {
    let second = axes.count > 1 ? axes[1].values.count : 1
    var flips: [Flip] = []
    for other in 0..<second {
      let line = axes[0].values.indices.map { points[$0 * second + other] }
      flips += Self.flips(along: 0, of: axes, line, other: axes.count > 1 ? axes[1].values[other] : nil)
    }
    guard axes.count > 1 else { return flips }
    for other in axes[0].values.indices {
      let line = Array(points[other * second..<(other + 1) * second])
      flips += Self.flips(along: 1, of: axes, line, other: axes[0].values[other])
    }
    return flips
  }

  private static func flips(along axis: Int, of axes: [Axis], _ line: [Point], other: Double?) -> [Flip] {
    zip(line, line.dropFirst()).compactMap { first, second in
      guard first.recommended != second.recommended else { return nil }
      let (low, high) = (first.values[axis], second.values[axis])
      var flip = Flip(
        axis: axis, other: other, low: low, high: high, from: first.recommended, to: second.recommended,
        crossing: nil)
      if let share = crossing(from: first, to: second) {
        flip.crossing =
          axes[axis].isLogarithmic ? low * pow(high / low, share) : low + share * (high - low)
      }
      return flip
    }
  }

  /// Where between two points their options of choice cost the same on average, as a share of the way.
  private static func crossing(from first: Point, to second: Point) -> Double? {
    func excess(_ point: Point) -> Double? {
      guard let old = point.options.first(where: { $0.name == first.recommended })?.outlook,
        let new = point.options.first(where: { $0.name == second.recommended })?.outlook,
        old.meetsServiceLevel == new.meetsServiceLevel
      else { return nil }
      return old.totalCost.mean - new.totalCost.mean
    }
    guard let start = excess(first), let end = excess(second), start <= 0, end >= 0, end > start else {
      return nil
    }
    return -start / (end - start)
  }
}
