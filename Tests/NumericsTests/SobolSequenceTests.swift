// SPDX-License-Identifier: GPL-3.0-or-later
// The Sobol' sequence's defining property, and the two traps of the library beneath.

import Numerics
import Testing

@Suite("Sobol' sequence")
struct SobolSequenceTests {
  @Test("the first 2^m points hit each interval of length 2^-m once, in all 40 dimensions", arguments: 0...10)
  func netProperty(exponent: Int) throws {
    let count = 1 << exponent
    var sequence = try SobolSequence(dimensions: 40)
    var point = [Double](repeating: 0, count: 40)
    var hits = [[Int]](repeating: [Int](repeating: 0, count: count), count: 40)
    for _ in 0..<count {
      try sequence.next(into: &point)
      for dimension in 0..<40 { hits[dimension][Int(point[dimension] * Double(count))] += 1 }
    }
    #expect(hits.allSatisfy { $0.allSatisfy { $0 == 1 } })
  }

  @Test("the sequence starts at the zero point, then the centre")
  func start() throws {
    var sequence = try SobolSequence(dimensions: 3)
    var point = [Double](repeating: 9, count: 3)
    try sequence.next(into: &point)
    #expect(point == [0, 0, 0])
    try sequence.next(into: &point)
    #expect(point == [0.5, 0.5, 0.5])
  }

  @Test("dimensions without direction numbers are refused", arguments: [-1, 0, 41, 1000])
  func limits(dimensions: Int) {
    #expect(throws: NumericsError.unsupportedDimensions(dimensions, supported: 1...40)) {
      _ = try SobolSequence(dimensions: dimensions)
    }
  }
}
