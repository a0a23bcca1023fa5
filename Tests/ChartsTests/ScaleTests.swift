// SPDX-License-Identifier: GPL-3.0-or-later
// Axes: round ticks, and values that land where they should.

import Charts
import Foundation
import Testing

@Suite("Axes")
struct ScaleTests {
  /// Ranges of many sizes and places, the same on every run.
  static let ranges: [(Double, Double)] = (0..<200).map { index in
    let size = pow(10, Double(index % 17) - 6) * (1 + Double(index) * 0.037)
    return (size * (Double(index % 5) - 2), size * (Double(index % 5) - 1))
  }

  @Test("linear ticks are multiples of 1, 2 or 5 times a power of ten, within the range", arguments: ranges)
  func linearTicks(range: (Double, Double)) throws {
    let ticks = Ticks.linear(from: range.0, to: range.1, count: 6)
    #expect(ticks.count >= 2 && ticks.count <= 7)
    let step = ticks[1] - ticks[0]
    let mantissa = step / pow(10, floor(log10(step * 1.000001)))
    #expect([1.0, 2, 5].contains { abs($0 - mantissa) < 1e-6 }, "step \(step)")
    for (index, tick) in ticks.enumerated() {
      #expect(tick >= range.0 - step * 1e-6 && tick <= range.1 + step * 1e-6)
      #expect(abs(tick / step - (tick / step).rounded()) < 1e-6)
      if index > 0 { #expect(abs(tick - ticks[index - 1] - step) < step * 1e-6) }
    }
  }

  @Test("ticks are the decimals themselves, not sums that drift")
  func exactTicks() {
    #expect(Ticks.linear(from: 0, to: 1, count: 10) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
    #expect(Ticks.linear(from: -0.3, to: 0.3, count: 6) == [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
    #expect(Ticks.linear(from: 0, to: 870_000, count: 5) == [0, 200_000, 400_000, 600_000, 800_000])
  }

  @Test("a widened range holds the range and ends on ticks", arguments: ranges)
  func widened(range: (Double, Double)) {
    let wide = Ticks.widened(from: range.0, to: range.1, count: 5)
    let size = range.1 - range.0
    #expect(wide.lowerBound <= range.0 + size * 1e-6 && wide.upperBound >= range.1 - size * 1e-6)
    #expect(wide.upperBound - wide.lowerBound <= size * 3)
  }

  @Test("logarithmic ticks are 1, 2, 5 times powers of ten, or the powers alone over many decades")
  func logarithmicTicks() {
    #expect(Ticks.logarithmic(from: 0.25, to: 4, count: 8) == [0.5, 1, 2])
    #expect(Ticks.logarithmic(from: 30, to: 700, count: 8) == [50, 100, 200, 500])
    #expect(Ticks.logarithmic(from: 1, to: 1e6, count: 8) == [1, 10, 100, 1e3, 1e4, 1e5, 1e6])
    #expect(Ticks.logarithmic(from: 1e-3, to: 1e9, count: 5).count <= 5)
  }

  @Test("a degenerate range has one tick and does not trap", arguments: [0.0, 5, -3, .infinity])
  func degenerate(value: Double) {
    #expect(Ticks.linear(from: value, to: value, count: 5) == [value])
    let wide = Ticks.widened(from: value, to: value, count: 5)
    #expect(wide.lowerBound < wide.upperBound)
  }

  @Test("a scale maps its domain's ends to its pixels and stops beyond them")
  func linearScale() {
    let scale = Scale(.linear, domain: 10...20, start: 300, end: 100)
    #expect(scale.position(10) == 300)
    #expect(scale.position(20) == 100)
    #expect(scale.position(15) == 200)
    #expect(scale.position(99) == 100)
    #expect(scale.position(-99) == 300)
  }

  @Test("on a logarithmic scale the geometric mean lies in the middle")
  func logarithmicScale() {
    let scale = Scale(.logarithmic, domain: 2...50, start: 0, end: 100)
    #expect(abs(scale.position(10) - 50) < 1e-9)
    #expect(scale.position(0) == 0)
  }

  @Test("bands are equal, don't touch, and fill their range", arguments: 1...12)
  func bands(count: Int) {
    let scale = BandScale(count: count, start: 10, end: 250, gap: 0.2)
    #expect(abs(scale.slot * Double(count) - 240) < 1e-9)
    for index in 0..<count {
      #expect(abs(scale.middle(index) - scale.position(index) - scale.bandwidth / 2) < 1e-9)
      if index > 0 { #expect(scale.position(index) > scale.position(index - 1) + scale.bandwidth) }
    }
    #expect(scale.position(0) > 10 && scale.position(count - 1) + scale.bandwidth < 250)
  }
}
