// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic of quantities.

import Foundation
import Quantities
import Testing

@Suite("Quantities")
struct QuantityTests {
  @Test("quantities add, scale and compare; a ratio is a plain number")
  func arithmetic() {
    let (hour, day) = (Seconds(3600), Seconds(86_400))
    #expect(hour * 24 == day)
    #expect(24 * hour == day)
    #expect(day / hour == 24.0)
    #expect(day / 24 == hour)
    #expect(day - hour - hour * 23 == .zero)
    #expect(hour < day)
    #expect([Dollars(1.5), Dollars(2.25)].reduce(.zero, +) == Dollars(3.75))
  }

  @Test("a quantity is a bare number in JSON")
  func coding() throws {
    let encoded = try JSONEncoder().encode([Tokens(12.5)])
    #expect(String(decoding: encoded, as: UTF8.self) == "[12.5]")
    #expect(try JSONDecoder().decode([GPUHours].self, from: encoded) == [GPUHours(12.5)])
  }
}
