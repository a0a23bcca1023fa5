// SPDX-License-Identifier: GPL-3.0-or-later
// What follows from a matrix of costs, against cases small enough to work out by hand and against closed
// forms.

import Decision
import Numerics
import Quantities
import Testing

@Suite("Cost matrix")
struct CostMatrixTests {
  /// Three options in four futures.
  static let small = CostMatrix([[10, 20, 30, 40], [12, 15, 30, 60], [50, 50, 50, 10]])

  @Test("probabilities of being cheapest share ties and add up to 1")
  func cheapest() {
    let probabilities = Self.small.probabilityCheapest(simulations: 2)
    #expect(probabilities.map(\.estimate) == [0.375, 0.375, 0.25])
    let tied = CostMatrix(Array(repeating: [1, 2, 3], count: 3)).probabilityCheapest(simulations: 3)
    for probability in tied { #expect(abs(probability.estimate - 1.0 / 3) < 1e-15) }
    let alone = CostMatrix([[1, 2]]).probabilityCheapest(simulations: 2)
    #expect(alone[0].estimate == 1 && alone[0].high == 1)
  }

  @Test("clusters are runs of neighbouring futures")
  func clusters() {
    // Option 0 wins in futures 0 … 7 and loses in the rest: two clusters that disagree, or eight that each
    // agree.
    let first = (0..<16).map { $0 < 8 ? 1.0 : 3 }
    let matrix = CostMatrix([first, Array(repeating: 2, count: 16)])
    let coarse = matrix.probabilityCheapest(simulations: 2)[0]
    let fine = matrix.probabilityCheapest(simulations: 16)[0]
    #expect(coarse.estimate == 0.5 && fine.estimate == 0.5)
    #expect(coarse.high - coarse.low > fine.high - fine.low)
  }

  @Test("regret is the mean excess over the cheapest of each future")
  func regret() {
    #expect(Self.small.cheapest == [10, 15, 30, 10])
    // (0 + 5 + 0 + 30) / 4, (2 + 0 + 0 + 50) / 4, (40 + 35 + 20 + 0) / 4
    #expect(Self.small.expectedRegret == [8.75, 13, 23.75])
  }

  @Test("the least regret belongs to the least mean, for random matrices", arguments: 0..<50)
  func regretOrdersLikeMean(seed: Int) throws {
    var stream = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
    let rows = (0..<5).map { option in (0..<64).map { _ in Double(option) * 0.05 + stream.nextUniform() } }
    let matrix = CostMatrix(rows)
    let statistics = matrix.statistics(simulations: 8)
    let estimates = statistics.map(\.probabilityCheapest.estimate)
    #expect(abs(estimates.reduce(0, +) - 1) < 1e-12)
    let leastMean = try #require(
      statistics.indices.min { statistics[$0].totalCost.mean < statistics[$1].totalCost.mean })
    let leastRegret = try #require(
      statistics.indices.min { statistics[$0].expectedRegret < statistics[$1].expectedRegret })
    #expect(leastMean == leastRegret)
    for (option, statistic) in statistics.enumerated() {
      #expect(statistic.expectedRegret >= 0)
      #expect(statistic.conditionalValueAtRisk95 >= statistic.totalCost.p95)
      #expect(
        statistic.costQuantiles.count == 101 && statistic.costQuantiles == statistic.costQuantiles.sorted())
      #expect(statistic.costQuantiles[50] == statistic.totalCost.p50)
      #expect(
        statistic.costQuantiles[0] == rows[option].min() && statistic.costQuantiles[100] == rows[option].max()
      )
    }
  }

  @Test("the difference of two options is taken future by future")
  func difference() {
    #expect(Self.small.difference(0, less: 1) == [-2, 5, 0, -20])
    #expect(Self.small.row(2) == [50, 50, 50, 10])
    let spread = Spread(samples: Self.small.difference(0, less: 1))
    #expect(spread.mean == -4.25 && spread.p50 == -1)
  }

  @Test("CVaR95 of a normal and of a uniform is that of the closed form")
  func conditionalValueAtRiskClosedForms() {
    let count = 200_000
    let probabilities = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    // φ(z₉₅) / 0.05 for the standard normal; the mean of [0.95, 1] for the uniform.
    let normal = conditionalValueAtRisk(of: probabilities.map(StandardNormal.quantile))
    #expect(abs(normal - 2.062_712_808) < 1e-4)
    #expect(abs(conditionalValueAtRisk(of: probabilities) - 0.975) < 1e-9)
  }

  @Test("CVaR95 counts the last of the worst in part")
  func fractionalWeight() {
    // 5 % of 30 is 1.5: all of 30 and half of 29.
    let thirty = conditionalValueAtRisk(of: (1...30).map(Double.init))
    #expect(abs(thirty - (30 + 14.5) / 1.5) < 1e-12)
    #expect(abs(conditionalValueAtRisk(of: [3, 9, 4]) - 9) < 1e-12)
    #expect(abs(conditionalValueAtRisk(of: [3, 9, 6], level: 0) - 6) < 1e-12)
  }
}
