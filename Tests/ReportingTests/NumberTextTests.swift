// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as people read them, by example and by reading them back.

import Foundation
import NumberFormatting
import Testing

@Suite("Numbers in words")
struct NumberTextTests {
  /// A plain space stands for the narrow no-break one, to be seen here.
  static func spaced(_ text: String) -> String {
    String(text.map { $0 == " " ? "\u{202F}" : $0 })
  }

  @Test(
    "money has three significant digits and a unit",
    arguments: [
      (1_240_000, "$1.24 M"), (38_210, "$38.2 k"), (512, "$512"), (51.2, "$51.20"), (0.66, "$0.66"),
      (0.5, "$0.50"), (0.1234, "$0.123"), (0.9996, "$1"),
      (0.00213, "$0.00213"),
      (-38_210, "−$38.2 k"), (0, "$0"), (-0.0, "$0"), (999.4, "$999"), (999.6, "$1.00 k"),
      (999_499, "$999 k"),
      (999_500, "$1.00 M"), (9_995, "$10.0 k"), (9_994, "$9.99 k"), (1.5e9, "$1.50 bn"), (2.5e12, "$2.50 tn"),
      (5, "$5"),
      (99.99, "$99.99"), (99.996, "$100"), (4.4e15, "$4400 tn"), (.nan, "–"),
    ] as [(Double, String)])
  func money(value: Double, text: String) {
    #expect(NumberText.money(value) == Self.spaced(text))
  }

  @Test("money read back is within half of its last digit", arguments: 0..<400)
  func moneyRoundTrip(index: Int) throws {
    let value = exp(Double(index) * 0.085 - 6) * (index % 2 == 0 ? 1 : -1)
    let read = try #require(NumberReader.dollars(NumberText.money(value)), "\(NumberText.money(value))")
    #expect(abs(read / value - 1) <= 0.0051, "\(value) reads \(NumberText.money(value))")
  }

  @Test(
    "percentages never pretend to be none or all",
    arguments: [
      (0.713, 1, "71.3 %"), (0.713, 0, "71 %"), (0, 1, "0.0 %"), (1, 1, "100.0 %"), (1, 0, "100 %"),
      (0.0004, 1, "<0.1 %"),
      (0.004, 0, "<1 %"), (0.9997, 1, ">99.9 %"), (0.997, 0, ">99 %"), (-0.031, 1, "−3.1 %"),
      (0.0006, 1, "0.1 %"),
    ] as [(Double, Int, String)])
  func percent(value: Double, digits: Int, text: String) {
    #expect(NumberText.percent(value, digits: digits) == Self.spaced(text))
  }

  @Test("what misses a threshold by a hair never reads as if it met it")
  func attainment() {
    #expect(NumberText.attainment(0.9496) == Self.spaced("94.9 %"))
    #expect(NumberText.attainment(0.95) == Self.spaced("95.0 %"))
    #expect(NumberText.attainment(0.94999) == Self.spaced("94.9 %"))
    #expect(NumberText.attainment(1) == Self.spaced("100.0 %"))
    #expect(NumberText.attainment(0.99996) == Self.spaced("99.9 %"))
  }

  @Test(
    "counts are grouped by thin spaces",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1 000"), (1_234_567, "1 234 567"), (-1234, "−1 234"), (0.4, "0"),
      (-0.4, "0"),
    ] as [(Double, String)])
  func count(value: Double, text: String) {
    #expect(NumberText.count(value) == Self.spaced(text))
  }

  @Test("other quantities")
  func others() {
    #expect(NumberText.quantity(3.72e9) == Self.spaced("3.72 bn"))
    #expect(NumberText.quantity(512) == "512")
    #expect(NumberText.significant(0.012345) == "0.0123")
    #expect(NumberText.significant(9.996) == "10")
    #expect(NumberText.significant(38.14) == "38.1")
    #expect(NumberText.significant(1240) == Self.spaced("1 240"))
    #expect(NumberText.milliseconds(812) == Self.spaced("812 ms"))
    #expect(NumberText.milliseconds(1423) == Self.spaced("1.42 s"))
    #expect(NumberText.multiple(1.8) == "1.80×")
    #expect(NumberText.multiple(12.44) == "12.4×")
    #expect(NumberText.axisMultiple(0.5) == "0.5×")
    #expect(NumberText.axisMoney(1_500_000) == Self.spaced("$1.5 M"))
    #expect(NumberText.axisMoney(200_000) == Self.spaced("$200 k"))
    #expect(NumberText.axisMoney(0) == "$0")
    #expect(NumberText.axisMoney(0.05) == "$0.05")
    #expect(NumberText.axisQuantity(50_000) == Self.spaced("50 k"))
    #expect(NumberText.probability(0.713, 0.684, 0.741) == Self.spaced("71 %") + " (68–74)")
    #expect(
      NumberText.moneyRange(302_000, 489_000) == "\(NumberText.money(302_000)) – \(NumberText.money(489_000))"
    )
    #expect(NumberText.cents(-1234.5) == "-1234.50")
    #expect(NumberText.cents(0.005) == "0.01")
    #expect(NumberText.plain(0.7134) == "0.7134")
    #expect(NumberText.plain(1e-9, digits: 9) == "0.000000001")
  }
}
