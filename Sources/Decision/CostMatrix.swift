// SPDX-License-Identifier: GPL-3.0-or-later
// The costs of all options in all futures: what every statement of a decision is computed from.

import Numerics

/// Costs of options (rows) in futures (columns), in one contiguous block, row after row.
///
/// A column is one future seen by all options alike: the same demand, interruptions and prices (common random
/// numbers), so that costs are compared within a column.
public struct CostMatrix: Sendable, Hashable {
  /// The number of options, at least 1.
  public let options: Int
  /// The number of futures, at least 1.
  public let futures: Int
  private let costs: [Double]

  /// A matrix from one row of costs per option.
  /// - Parameter rows: at least one row; all of the same, positive length; every cost finite.
  public init(_ rows: [[Double]]) {
    precondition(!rows.isEmpty && rows.allSatisfy { $0.count == rows[0].count }, "rows of unequal length")
    precondition(!rows[0].isEmpty, "no futures")
    for (option, row) in rows.enumerated() {
      if let future = row.firstIndex(where: { !$0.isFinite }) {
        preconditionFailure("option \(option) costs \(row[future]) in future \(future)")
      }
    }
    options = rows.count
    futures = rows[0].count
    costs = Array(rows.joined())
  }

  /// The cost of an option in a future.
  public subscript(option: Int, future: Int) -> Double {
    precondition(future >= 0 && future < futures, "future \(future) of \(futures)")
    return costs[option * futures + future]
  }

  /// The costs of an option, future by future.
  public func row(_ option: Int) -> [Double] {
    Array(costs[option * futures..<(option + 1) * futures])
  }

  /// The cost of the cheapest option, future by future.
  public var cheapest: [Double] {
    (0..<futures).map { future in
      var least = self[0, future]
      for option in 1..<max(options, 1) { least = min(least, self[option, future]) }
      return least
    }
  }

  /// What `option` costs more than `other`, future by future; negative where it is cheaper.
  public func difference(_ option: Int, less other: Int) -> [Double] {
    (0..<futures).map { self[option, $0] - self[other, $0] }
  }

  /// Mean cost of each option above the cheapest of each future: what deciding for it is expected to cost
  /// beyond deciding with foresight. The least of them is the expected value of perfect information (Raiffa,
  /// Schlaifer: Applied Statistical Decision Theory, 1961).
  public var expectedRegret: [Double] {
    let cheapest = cheapest
    return (0..<options).map { option in
      Moments((0..<futures).lazy.map { self[option, $0] - cheapest[$0] }).mean
    }
  }

  /// P(cheapest) of each option with its 95 % interval. Options that tie in a future share it equally, so
  /// that the estimates add up to 1.
  /// - Parameter simulations: the number of physical draws; futures come in that many equal clusters of
  ///   neighbours, each one physical draw under its own price draws. Divides `futures`.
  /// - Complexity: O(options × futures).
  public func probabilityCheapest(simulations: Int) -> [Probability] {
    precondition(
      simulations >= 1 && futures % simulations == 0, "\(futures) futures in \(simulations) clusters")
    let clusterSize = futures / simulations
    let cheapest = cheapest
    var clusterMeans = [[Double]](
      repeating: [Double](repeating: 0, count: simulations), count: options)
    for future in 0..<futures {
      let winners = (0..<options).filter { self[$0, future] == cheapest[future] }
      for option in winners {
        clusterMeans[option][future / clusterSize] += 1 / Double(winners.count)
      }
    }
    // Divided once at the end: seven sevenths added up are less than 1.
    return clusterMeans.map { sums in
      Probability(clusterMeans: sums.map { $0 / Double(clusterSize) }, clusterSize: clusterSize)
    }
  }
}
