// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a saving each of several measures brings, where it depends on which are taken already.

/// The Shapley share of each measure in what all of them together bring: its contribution averaged over all
/// orders in which they may be taken (Shapley: A value for n-person games, 1953,
/// doi:10.1515/9781400881970-018). The shares add up to value(all) − value(none).
///
/// - Parameters:
///   - measures: how many there are, 0 to 20.
///   - value: the worth of a set of measures, finite; bit i is set where measure i is taken. Asked once for each
///     of the 2^measures sets, in ascending order.
/// - Returns: by measure.
/// - Complexity: O(measures × 2^measures), and 2^measures values.
public func shapleyShares(measures: Int, value: (_ taken: UInt32) -> Double) -> [Double] {
  precondition((0...20).contains(measures), "\(measures) measures have 2^\(measures) sets")
  let worth = (UInt32(0)..<(1 << UInt32(measures))).map(value)
  precondition(worth.allSatisfy(\.isFinite), "a set of measures whose worth is not finite")
  // Among the n! orders, |S|! (n − |S| − 1)! have exactly the measures S before a given one.
  var weights = [Double](repeating: 1 / Double(max(measures, 1)), count: max(measures, 1))
  for before in 1..<max(measures, 1) {
    weights[before] = weights[before - 1] * Double(before) / Double(measures - before)
  }
  return (0..<measures).map { measure in
    let own = UInt32(1) << UInt32(measure)
    return worth.indices.reduce(0) { sum, taken in
      guard UInt32(taken) & own == 0 else { return sum }
      return sum + weights[taken.nonzeroBitCount] * (worth[taken | Int(own)] - worth[taken])
    }
  }
}
