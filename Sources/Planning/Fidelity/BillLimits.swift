// SPDX-License-Identifier: GPL-3.0-or-later
// Predicted quantities that come out below 0 are set to 0. Done to one draw at a time that would make what is
// rare, such as requests that come too late, more frequent than it is.

import Simulation

/// What keeps the predicted rows of one option at one level from going below 0, and their means as they are.
///
/// Of each quantity that grows with demand, what is left above 0 is multiplied by a factor of at most 1, so
/// that its sum over the draws is what it was before.
struct BillLimits: Sendable {
  /// By place of the row; 1 where nothing is below 0.
  private let factors: [Double]
  /// Where requests served, and of these the ones within their objective stand: a share of served ones has an
  /// upper end too, so that the others are counted.
  private let served: [(all: Int, inTime: Int)]
  /// Whether a quantity grows with demand.
  private let isLimited: [Bool]

  /// - Parameters:
  ///   - rows: the predicted rows.
  ///   - blocks: the bill's blocks.
  ///   - empty: a bill of nothing.
  init(_ rows: [[Double]], blocks: [BillBlock], empty: BillOfQuantities) {
    served = empty.requests.indices.map { useCase in
      (
        all: PlanModel.place(in: empty) { $0.requests[useCase].served = 1 },
        inTime: PlanModel.place(in: empty) { $0.requests[useCase].withinObjective = 1 }
      )
    }
    var isLimited = empty.row.map { _ in false }
    for block in blocks where block.arrivals != nil {
      for place in block.places { isLimited[place] = true }
    }
    var (sums, positive) = (empty.row, empty.row)
    for row in rows {
      var late = row
      for (all, inTime) in served { late[inTime] = row[all] - row[inTime] }
      for place in late.indices where isLimited[place] {
        sums[place] += late[place]
        positive[place] += max(late[place], 0)
      }
    }
    factors = zip(sums, positive).map { sum, positive in positive > 0 ? max(sum, 0) / positive : 1 }
    self.isLimited = isLimited
  }

  /// A row within its limits.
  func applied(to row: [Double]) -> [Double] {
    var result = row
    for (all, inTime) in served { result[inTime] = row[all] - row[inTime] }
    for place in result.indices where isLimited[place] {
      result[place] = max(result[place], 0) * factors[place]
    }
    for (all, inTime) in served { result[inTime] = max(result[all] - result[inTime], 0) }
    return result
  }
}
