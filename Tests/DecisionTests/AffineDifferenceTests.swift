// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about where two straight lines meet, and about the month in which a saving has paid back.

import Decision
import Testing

@Suite("Break-even along a price, and payback")
struct AffineDifferenceTests {
  /// Every quadrant of rest and slope, from one seed.
  private func differences(seed: UInt64) -> [AffineDifference] {
    // A multiplicative congruential generator is random enough to choose lines.
    var state = seed &* 6_364_136_223_846_793_005 &+ 1
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 0x1p53 * 2e6 - 1e6
    }
    return (0..<200).map { _ in AffineDifference(rest: next(), slope: next()) }
  }

  @Test("both cost the same at the break-even, and the option less on its side only", arguments: 1...20)
  func equalAtTheBreakEven(seed: Int) {
    var found = 0
    for line in differences(seed: UInt64(seed)) {
      guard case .at(let factor) = line.crossing(line.side) else { continue }
      found += 1
      #expect(factor > 0)
      #expect(abs(line.value(at: factor)) <= 1e-9 * max(abs(line.rest), 1), "\(line) at \(factor)")
      let (below, above) = (line.value(at: factor * 0.99), line.value(at: factor * 1.01))
      #expect((line.side == .upTo ? below : above) < 0 && (line.side == .upTo ? above : below) > 0)
    }
    #expect(found > 50)
  }

  @Test("without a break-even one of them costs less at every price", arguments: 1...20)
  func neverAndAlways(seed: Int) {
    for line in differences(seed: UInt64(seed)) {
      let prices = [1e-6, 0.1, 1, 10, 1e6]
      switch line.crossing(line.side) {
      case .never: #expect(prices.allSatisfy { line.value(at: $0) > 0 }, "\(line)")
      case .always: #expect(prices.allSatisfy { line.value(at: $0) < 0 }, "\(line)")
      case .at: break
      }
    }
  }

  @Test("a line that slopes the other way, or not at all, counts by what holds as planned")
  func otherWay() {
    #expect(AffineDifference(rest: -3, slope: 2).crossing(.upTo) == .at(1.5))
    #expect(AffineDifference(rest: -3, slope: 2).crossing(.from) == .always)
    #expect(AffineDifference(rest: -1, slope: 2).crossing(.from) == .never)
    #expect(AffineDifference(rest: 3, slope: -2).crossing(.from) == .at(1.5))
    #expect(AffineDifference(rest: -1, slope: 0).crossing(.from) == .always)
    #expect(AffineDifference(rest: 0, slope: 0).crossing(.upTo) == .never)
  }

  @Test("what was lost at first is paid back in the month from which the sum stays above nothing")
  func paybackMonth() {
    // 1,000 at once, then 250 a month: the fourth month only evens it out.
    #expect(payback(cumulative: [-750, -500, -250, 0, 250, 500]) == .at(5))
    #expect(payback(cumulative: [-750, -500, -250, 0]) == .never)
    #expect(payback(cumulative: [10, 20]) == .always)
    #expect(payback(cumulative: [10, -5, 20, 30]) == .at(3))
    #expect(payback(cumulative: [10, 20, -1]) == .never)
    #expect(payback(cumulative: []) == .never)
  }
}
