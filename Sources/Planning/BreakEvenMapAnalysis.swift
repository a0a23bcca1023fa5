// SPDX-License-Identifier: GPL-3.0-or-later
// Volume and GPU price together: every future of the volume analysis, with its GPU-hours at other prices.

import Decision
import Numerics
import Scenario

extension VolumeAnalysis {
  /// The map of an option against today's.
  ///
  /// GPU-hours are a share of each cost that is known at every volume, so a cell is a product and a sum per future; and the
  /// line of even chances is where the median difference is 0, by Brent's method.
  /// - Parameter plannedGPUHour: $ per GPU-hour as planned.
  /// - Complexity: O(volumes · factors · options · futures).
  func map(_ option: Int, against other: Int, plannedGPUHour: Double, threads: Int) -> BreakEvenMap {
    // Both axes have the same steps, so that a step up is worth comparing with a step to the right.
    let factors = volumes
    let columns = parallelMap(count: volumes.count, threads: threads) {
      column(option, other, factors, at: $0)
    }
    return BreakEvenMap(
      option: model.options[option].definition.name, against: model.options[other].definition.name,
      volumes: volumes, gpuPriceFactors: factors, plannedGPUHour: plannedGPUHour,
      outputTokensPerDay: volumes.map { outputTokensPerDay * $0 }, cheapest: columns.map(\.cheapest),
      probabilityCheapest: columns.map(\.probabilityCheapest),
      probabilityCheaper: columns.map(\.probabilityCheaper), evenFactor: columns.map(\.even))
  }

  private struct Column {
    var cheapest: [Int] = []
    var probabilityCheapest: [Double] = []
    var probabilityCheaper: [Double] = []
    var even: Double?
  }

  /// One volume of the map.
  private func column(_ option: Int, _ other: Int, _ factors: [Double], at place: Int) -> Column {
    let serves = meanServiceLevels.map { $0[place] >= requiredServiceLevel }
    let candidates = serves.contains(true) ? serves.indices.filter { serves[$0] } : Array(serves.indices)
    let futures = costs[option][place].count
    func cost(_ option: Int, _ future: Int, _ factor: Double) -> Double {
      let gpu = gpuCosts[option][place]
      return costs[option][place][future] + (gpu.isEmpty ? 0 : (factor - 1) * gpu[future])
    }
    func difference(_ future: Int, _ factor: Double) -> Double {
      cost(option, future, factor) - cost(other, future, factor)
    }
    var column = Column()
    for factor in factors {
      var wins = Array(repeating: 0, count: costs.count)
      for future in 0..<futures {
        var best = candidates[0]
        var least = Double.infinity
        for candidate in candidates {
          let cost = cost(candidate, future, factor)
          if cost < least { (best, least) = (candidate, cost) }
        }
        wins[best] += 1
      }
      let most = wins.max() ?? 0
      column.cheapest.append(wins.firstIndex(of: most) ?? 0)
      column.probabilityCheapest.append(Double(most) / Double(futures))
      let cheaper = (0..<futures).count { difference($0, factor) < 0 }
      column.probabilityCheaper.append(
        serves[option] == serves[other] ? Double(cheaper) / Double(futures) : serves[option] ? 1 : 0)
    }
    guard serves[option] == serves[other] else { return column }
    column.even = evenFactor(in: factors[0]...factors[factors.count - 1]) { factor in
      quantiles(of: (0..<futures).map { difference($0, factor) }, at: [0.5])[0]
    }
    return column
  }

  /// Where a median difference is 0; nil where it has one sign at both ends.
  private func evenFactor(in range: ClosedRange<Double>, _ median: (Double) -> Double) -> Double? {
    guard median(range.lowerBound) * median(range.upperBound) < 0 else { return nil }
    return try? findRoot(in: range, relativeTolerance: 1e-4, of: median)
  }
}
