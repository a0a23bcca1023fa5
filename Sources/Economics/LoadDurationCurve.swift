// SPDX-License-Identifier: GPL-3.0-or-later
// How long how many GPUs are needed: what decides between paying by the hour and committing.

/// A load-duration curve: the hours in which exactly `n` GPUs are paid for, by `n`.
///
/// The hours need not be whole, nor those of one month: bills of several months are added, and where the future counts
/// less, each month's hours are weighted by its discount factor first.
///
/// Between two simulated levels of demand the hours lie on straight lines, as all quantities do. At a level halfway, half
/// of the hours are as on the lower level and half as on the upper: a mixture of the two, not a fleet of the size
/// between them. Everything that is linear in the hours (GPU-hours, what lies above a commitment) is then exactly the
/// mean of the two levels, and no hour has more GPUs than the larger level has.
public struct LoadDurationCurve: Sendable, Hashable {
  /// Hours in which exactly `n` GPUs are paid for, by `n` from 0.
  public private(set) var hours: [Double]

  /// A curve; nothing where `hours` is empty.
  public init(hours: [Double] = []) { self.hours = hours }

  /// Adds another curve, `weight` times; the longer one gives the length.
  public mutating func add(_ other: [Double], weight: Double) {
    if other.count > hours.count {
      hours += Array(repeating: 0, count: other.count - hours.count)
    }
    for (gpus, time) in other.enumerated() { hours[gpus] += weight * time }
  }

  /// The most GPUs that are ever paid for at once.
  public var mostGPUs: Int { hours.lastIndex { $0 > 0 } ?? 0 }

  /// All hours.
  public var total: Double { hours.reduce(0, +) }

  /// Hours in which each GPU is needed: element `k − 1` is the time in which at least `k` are. It never rises.
  /// - Complexity: O(length).
  public var hoursOfGPU: [Double] {
    guard hours.count > 1 else { return [] }
    var result = Array(hours.dropFirst())
    for index in result.indices.dropLast().reversed() { result[index] += result[index + 1] }
    return result
  }

  /// GPU-hours above so many GPUs: Σ max(0, n − gpus) · hours(n).
  /// - Complexity: O(length).
  public func hours(above gpus: Int) -> Double {
    precondition(gpus >= 0, "\(gpus) GPUs committed")
    var sum = 0.0
    var count = gpus + 1
    while count < hours.count {
      sum += Double(count - gpus) * hours[count]
      count += 1
    }
    return sum
  }

  /// GPU-hours that so many GPUs are used, of those they are there: Σ min(n, gpus) · hours(n).
  public func hours(within gpus: Int) -> Double { hours(above: 0) - hours(above: gpus) }
}
