// SPDX-License-Identifier: GPL-3.0-or-later
// Where along an axis (volume, utilization) an option starts to pay, in one future and over all of them.

/// Where an option becomes cheaper than the baseline, going up an axis.
public enum Crossing: Sendable, Hashable {
  /// Nowhere on the axis, or only where the option can no longer serve the demand.
  case never
  /// From the axis's start on.
  case always
  /// First from this value of the axis on.
  case at(Double)

  /// The first crossing of two costs that are known on a grid and taken as straight between its points.
  ///
  /// Cheaper means by any amount; options that cost the same do not pay against each other. Only the way into
  /// the first stretch where the option pays is reported, though another may follow.
  ///
  /// - Parameters:
  ///   - axis: values of the axis, strictly ascending, at least two.
  ///   - option: the option's cost at each.
  ///   - baseline: the baseline's cost at each.
  ///   - limit: the value of the axis beyond which the option no longer serves the demand; a crossing beyond
  ///     it is none.
  /// - Complexity: O(n).
  public init(axis: [Double], option: [Double], baseline: [Double], limit: Double = .infinity) {
    precondition(
      axis.count >= 2 && option.count == axis.count && baseline.count == axis.count,
      "\(axis.count) values of the axis, \(option.count) and \(baseline.count) costs")
    precondition(zip(axis, axis.dropFirst()).allSatisfy(<), "the axis does not ascend")
    let excess = zip(option, baseline).map { $0 - $1 }
    precondition(excess.allSatisfy(\.isFinite), "costs that are not finite")
    guard axis[0] <= limit, let paying = excess.firstIndex(where: { $0 < 0 }) else {
      self = .never
      return
    }
    // Equal at the start and cheaper at once after it: pays from the start on.
    guard paying > 0, !(paying == 1 && excess[0] == 0) else {
      self = .always
      return
    }
    let (before, after) = (excess[paying - 1], excess[paying])
    let crossing = axis[paying - 1] + (axis[paying] - axis[paying - 1]) * (before / (before - after))
    self = crossing <= limit ? .at(crossing) : .never
  }
}

/// The crossings of many futures in a few numbers.
public struct CrossingSummary: Sendable, Hashable {
  /// The spread over the futures that have a crossing; nil where too few do.
  public let value: Spread?
  /// Share of futures in which the option never pays.
  public let neverShare: Double
  /// Share of futures in which it pays from the axis's start.
  public let alwaysShare: Double

  /// A summary.
  /// - Parameters:
  ///   - crossings: one per future, at least one.
  ///   - minimumShare: the share of futures with a crossing below which `value` is nil: a spread of rare
  ///     cases would pass for the whole.
  public init(_ crossings: [Crossing], minimumShare: Double = 0.1) {
    precondition(!crossings.isEmpty, "no futures")
    let futures = Double(crossings.count)
    let values = crossings.compactMap { if case .at(let value) = $0 { value } else { nil } }
    neverShare = Double(crossings.count { $0 == .never }) / futures
    alwaysShare = Double(crossings.count { $0 == .always }) / futures
    value =
      !values.isEmpty && Double(values.count) >= minimumShare * futures ? Spread(samples: values) : nil
  }
}
