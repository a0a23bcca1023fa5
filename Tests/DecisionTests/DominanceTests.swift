// SPDX-License-Identifier: GPL-3.0-or-later
// Dominance, budgets, and the shares of measures in what they bring together.

import Decision
import Quantities
import Testing

@Suite("Dominance, budgets and shares")
struct DominanceTests {
  @Test("lower at every quantile dominates for everybody, in whatever order the futures come")
  func firstOrder() {
    let costs = CostMatrix([[4, 1, 3, 2], [2, 3, 5, 4], [2, 3, 5, 4]])
    #expect(costs.dominance(of: 0, over: 1) == .firstOrder)
    #expect(costs.dominance(of: 1, over: 0) == .none)
    #expect(costs.dominance(of: 1, over: 2) == .none)
    #expect(costs.dominators[0].isEmpty)
    #expect(costs.dominators[1].map(\.option) == [0] && costs.dominators[2].map(\.dominance) == [.firstOrder])
  }

  @Test("the same mean with less spread dominates for those who dislike risk, and no one else")
  func secondOrder() {
    let costs = CostMatrix([[9, 10, 11], [5, 10, 15], [4, 6, 20]])
    #expect(costs.dominance(of: 0, over: 1) == .secondOrder)
    #expect(costs.dominance(of: 1, over: 0) == .none)
    #expect(costs.dominance(of: 0, over: 2) == .secondOrder)
  }

  @Test("a lower mean with a worse end dominates nothing")
  func neither() {
    let costs = CostMatrix([[1, 1, 16], [9, 10, 11]])
    #expect(costs.dominance(of: 0, over: 1) == .none && costs.dominance(of: 1, over: 0) == .none)
  }

  @Test("first order implies second: adding a cost to any sample is always dominated", arguments: 0..<20)
  func shifted(seed: Int) {
    var stream = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
    let base = (0..<50).map { _ in stream.nextUniform() * 1e6 }
    let dearer = base.map { $0 + stream.nextUniform() }
    #expect(CostMatrix([base, dearer]).dominance(of: 0, over: 1) == .firstOrder)
    #expect(CostMatrix([base, Array(base.reversed())]).dominance(of: 0, over: 1) == .none)
  }

  @Test("a budget is exceeded in the share of futures that cost more than it")
  func budget() {
    let costs = CostMatrix([[1, 2, 3, 4, 5, 6, 7, 8]])
    let above = costs.probabilityAbove(6, option: 0, simulations: 4)
    #expect(above.estimate == 0.25 && above.low < 0.25 && above.high > 0.25)
    #expect(costs.probabilityAbove(8, option: 0, simulations: 4).estimate == 0)
    #expect(costs.probabilityAbove(0, option: 0, simulations: 4).estimate == 1)
  }

  /// The glove game: one left glove (0) and two right ones (1, 2); a pair is worth 1.
  @Test("Shapley shares of the glove game are 2/3, 1/6 and 1/6")
  func gloves() {
    let shares = shapleyShares(measures: 3) { taken in taken & 1 != 0 && taken & 6 != 0 ? 1 : 0 }
    for (share, exact) in zip(shares, [2.0 / 3, 1.0 / 6, 1.0 / 6]) { #expect(abs(share - exact) < 1e-15) }
  }

  @Test("shares equal the average over all orders, and add up to the whole", arguments: 0..<5)
  func orders(seed: Int) {
    var stream = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
    let worth = (0..<16).map { _ in stream.nextUniform() }
    let shares = shapleyShares(measures: 4) { worth[Int($0)] }
    #expect(abs(shares.reduce(0, +) - (worth[15] - worth[0])) < 1e-14)
    var sums = [0.0, 0, 0, 0]
    var orders = 0.0
    func visit(_ taken: Int, _ gains: [Double]) {
      if taken == 15 {
        for measure in 0..<4 { sums[measure] += gains[measure] }
        orders += 1
        return
      }
      for measure in 0..<4 where taken & (1 << measure) == 0 {
        var gains = gains
        gains[measure] = worth[taken | 1 << measure] - worth[taken]
        visit(taken | 1 << measure, gains)
      }
    }
    visit(0, [0, 0, 0, 0])
    #expect(orders == 24)
    for measure in 0..<4 { #expect(abs(sums[measure] / orders - shares[measure]) < 1e-14) }
    #expect(shapleyShares(measures: 0) { _ in 5 }.isEmpty)
  }
}
