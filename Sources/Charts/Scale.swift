// SPDX-License-Identifier: GPL-3.0-or-later
// Every chart turns values into pixels; that is done here once, for straight, logarithmic and categorical axes.

import Foundation

/// A continuous axis: values to pixels.
public struct Scale: Sendable, Hashable {
  /// How values are spread over the axis.
  public enum Kind: Sendable, Hashable {
    /// Equal differences, equal lengths.
    case linear
    /// Equal ratios, equal lengths; values are positive.
    case logarithmic
  }

  /// How values are spread.
  public let kind: Kind
  /// The value at either end.
  public let domain: ClosedRange<Double>
  /// The pixel of the lower end of the domain.
  public let start: Double
  /// The pixel of the upper end of the domain; below `start` for an axis that points up.
  public let end: Double

  /// An axis from a domain to pixels. A logarithmic domain must be positive.
  public init(_ kind: Kind, domain: ClosedRange<Double>, start: Double, end: Double) {
    precondition(kind == .linear || domain.lowerBound > 0, "a logarithmic axis from \(domain.lowerBound)")
    self.kind = kind
    self.domain = domain
    self.start = start
    self.end = end
  }

  /// The pixel of a value; values outside the domain stop at its ends.
  public func position(_ value: Double) -> Double {
    let inside = min(max(value, domain.lowerBound), domain.upperBound)
    let low = domain.lowerBound
    let high = domain.upperBound
    guard high > low else { return (start + end) / 2 }
    let share: Double
    switch kind {
    case .linear: share = (inside - low) / (high - low)
    case .logarithmic: share = log(inside / low) / log(high / low)
    }
    return start + share * (end - start)
  }

  /// About `count` round values within the domain.
  public func ticks(_ count: Int) -> [Double] {
    switch kind {
    case .linear: Ticks.linear(from: domain.lowerBound, to: domain.upperBound, count: count)
    case .logarithmic: Ticks.logarithmic(from: domain.lowerBound, to: domain.upperBound, count: count)
    }
  }
}

/// A categorical axis: equal bands with gaps between them.
public struct BandScale: Sendable, Hashable {
  /// How many bands.
  public let count: Int
  /// Where the first band's slot begins.
  public let start: Double
  /// Where the last band's slot ends.
  public let end: Double
  /// The share of a slot that is gap, 0 to 1.
  public let gap: Double

  /// `count` bands between two pixels.
  public init(count: Int, start: Double, end: Double, gap: Double = 0.25) {
    precondition(count > 0 && (0..<1).contains(gap), "\(count) bands with gaps of \(gap)")
    self.count = count
    self.start = start
    self.end = end
    self.gap = gap
  }

  /// A slot's length: band and gap.
  public var slot: Double { (end - start) / Double(count) }
  /// A band's length.
  public var bandwidth: Double { slot * (1 - gap) }

  /// Where a band begins.
  public func position(_ index: Int) -> Double {
    start + slot * (Double(index) + gap / 2)
  }

  /// The middle of a band.
  public func middle(_ index: Int) -> Double {
    start + slot * (Double(index) + 0.5)
  }
}
