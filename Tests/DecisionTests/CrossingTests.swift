// SPDX-License-Identifier: GPL-3.0-or-later
// Break-evens: straight costs cross where algebra says, and where they do not cross nobody says they do.

import Decision
import Quantities
import Testing

@Suite("Crossings")
struct CrossingTests {
  static let axis = [0, 1, 2, 4, 8.0]

  @Test("a fixed cost against a price per unit breaks even at their quotient", arguments: 0..<60)
  func algebra(seed: Int) {
    var stream = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
    let (fixed, price) = (0.2 + 12 * stream.nextUniform(), 1 + stream.nextUniform())
    let crossing = Crossing(
      axis: Self.axis, option: Self.axis.map { _ in fixed }, baseline: Self.axis.map { price * $0 })
    let expected = fixed / price
    switch crossing {
    case .at(let value): #expect(abs(value - expected) < 1e-12)
    case .never: #expect(expected >= 8)
    case .always: Issue.record("a fixed cost is not cheaper than no use at all")
    }
  }

  @Test("always, never, and the limit of what an option can serve")
  func extremes() {
    let rising = Self.axis.map { $0 * 2 }
    #expect(Crossing(axis: Self.axis, option: rising.map { $0 - 1 }, baseline: rising) == .always)
    #expect(Crossing(axis: Self.axis, option: rising.map { $0 + 1 }, baseline: rising) == .never)
    #expect(Crossing(axis: Self.axis, option: rising, baseline: rising) == .never)
    let fixed = Self.axis.map { _ in 6.0 }
    #expect(Crossing(axis: Self.axis, option: fixed, baseline: rising) == .at(3))
    #expect(Crossing(axis: Self.axis, option: fixed, baseline: rising, limit: 3) == .at(3))
    #expect(Crossing(axis: Self.axis, option: fixed, baseline: rising, limit: 2.9) == .never)
    #expect(Crossing(axis: Self.axis, option: rising.map { $0 - 1 }, baseline: rising, limit: -1) == .never)
  }

  @Test("equal at the start and cheaper at once is always; a touch without crossing is never")
  func ties() {
    #expect(Crossing(axis: [0, 1, 2], option: [5, 5, 5], baseline: [5, 6, 7]) == .always)
    #expect(Crossing(axis: [0, 1, 2], option: [6, 5, 6], baseline: [5, 5, 5]) == .never)
    #expect(Crossing(axis: [0, 1, 2], option: [6, 5, 4], baseline: [5, 5, 5]) == .at(1))
    #expect(Crossing(axis: [0, 1, 2], option: [5, 5, 4], baseline: [5, 5, 5]) == .at(1))
  }

  @Test("of several ways in, the first counts")
  func severalCrossings() {
    #expect(Crossing(axis: [0, 1, 2, 3], option: [2, 0, 2, 0], baseline: [1, 1, 1, 1]) == .at(0.5))
  }

  @Test("a summary keeps the shares, and no value where few futures have one")
  func summary() throws {
    let crossings: [Crossing] = [.never, .always, .always, .at(2), .at(4), .never, .never, .never]
    let summary = CrossingSummary(crossings)
    #expect(summary.neverShare == 0.5 && summary.alwaysShare == 0.25)
    #expect(try #require(summary.value).mean == 3)
    let rare = CrossingSummary(Array(repeating: .never, count: 19) + [.at(1)])
    #expect(rare.value == nil && rare.neverShare == 0.95)
    #expect(CrossingSummary([.always]).value == nil)
  }
}
