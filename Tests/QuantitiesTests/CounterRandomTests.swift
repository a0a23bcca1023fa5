// SPDX-License-Identifier: GPL-3.0-or-later
// The random source against its authors' known answers, and against what independent uniform numbers would
// do.

import Quantities
import Testing

@Suite("Counter-based random numbers")
struct CounterRandomTests {
  /// A counter, a key and what Philox4x32-10 makes of them.
  struct KnownAnswer: Sendable {
    let counter: SIMD4<UInt32>
    let key: SIMD2<UInt32>
    let words: SIMD4<UInt32>
  }

  @Test(
    "Philox4x32-10 gives the known answers of Random123 (kat_vectors)",
    arguments: [
      KnownAnswer(
        counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0),
        words: SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
      KnownAnswer(
        counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max),
        words: SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)),
      KnownAnswer(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: SIMD2(0xa409_3822, 0x299f_31d0),
        words: SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)),
    ])
  func knownAnswers(_ answer: KnownAnswer) {
    #expect(CounterRandom.philox4x32(counter: answer.counter, key: answer.key) == answer.words)
  }

  @Test(
    "uniforms fill 256 cells evenly (chi-square, 255 degrees of freedom)", arguments: StreamPurpose.allCases)
  func uniformity(purpose: StreamPurpose) {
    var stream = CounterRandom(seed: 20_260_131, draw: 3, purpose: purpose)
    var counts = [Int](repeating: 0, count: 256)
    let blocks = 1 << 14
    for _ in 0..<blocks {
      let uniforms = stream.nextUniforms()
      for lane in 0..<4 { counts[Int(uniforms[lane] * 256)] += 1 }
      counts[Int(stream.nextUniform() * 256)] += 1
    }
    let expected = Double(5 * blocks) / 256
    let chiSquare = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // The 0.0001 and 0.9999 quantiles of chi-square with 255 degrees of freedom.
    #expect(chiSquare > 176 && chiSquare < 348)
  }

  @Test("streams of other seeds, draws, purposes and indices are uncorrelated")
  func independence() {
    let streams =
      [UInt64(1), 2].flatMap { seed in
        [UInt32(0), 1, 2].flatMap { draw in
          StreamPurpose.allCases.flatMap { purpose in
            [UInt32(0), 1].map { CounterRandom(seed: seed, draw: draw, purpose: purpose, index: $0) }
          }
        }
      }
    let length = 4096
    let columns = streams.map { stream in
      var stream = stream
      return (0..<length).map { _ in stream.nextUniform() - 0.5 }
    }
    var largest = 0.0
    for first in columns.indices {
      for second in columns.indices where second > first {
        let product = zip(columns[first], columns[second]).reduce(0) { $0 + $1.0 * $1.1 }
        largest = max(largest, abs(product / Double(length) * 12))
      }
    }
    // 84 streams make 3486 pairs; each correlation has standard error 1/64, and 5.5 of them bound the
    // largest.
    #expect(largest < 5.5 / 64)
  }

  @Test("a stream repeats itself from its key alone, and every uniform is inside (0, 1)")
  func repeatability() {
    for seed in [UInt64(0), 1, .max] {
      var first = CounterRandom(seed: seed, draw: 7, purpose: .spot, index: 5)
      var second = CounterRandom(seed: seed, draw: 7, purpose: .spot, index: 5)
      for _ in 0..<1000 {
        let (left, right) = (first.nextUniforms(), second.nextUniforms())
        #expect(left == right)
        #expect(left.min() > 0 && left.max() < 1)
      }
    }
  }

  @Test("successive uniforms have no serial correlation up to lag 8")
  func serialCorrelation() {
    var stream = CounterRandom(seed: 11, draw: 0, purpose: .testing)
    let values = (0..<40_000).map { _ in stream.nextUniform() - 0.5 }
    for lag in 1...8 {
      let products = zip(values, values.dropFirst(lag)).map { $0 * $1 }
      let correlation = 12 * products.reduce(0, +) / Double(products.count)
      // Four and a half standard errors of 1/√40000.
      #expect(abs(correlation) < 0.0225)
    }
  }
}
