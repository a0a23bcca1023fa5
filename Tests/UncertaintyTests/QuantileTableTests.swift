// SPDX-License-Identifier: GPL-3.0-or-later
// How far a table's quantiles are from the exact ones, in the middle and in the tails.

import Numerics
import Quantities
import Testing
import Uncertainty

@Suite("Quantile tables")
struct QuantileTableTests {
  /// Probabilities over the middle and, in steps of a tenth of a halving, far into both tails.
  static let probabilities: [Double] = {
    var stream = CounterRandom(seed: 5, draw: 0, purpose: .testing)
    var values = (0..<20_000).map { _ in stream.nextUniform() }
    var tail = 0.499
    while tail > 0x1p-50 {
      values += [tail, 1 - tail]
      tail *= 0.933
    }
    return values
  }()

  @Test(
    "the largest relative error of a positive distribution stays below 4 in 100,000",
    arguments: [
      Distribution.lognormal(p10: 1.9, p90: 3.4), .lognormal(p10: 150, p90: 2700),
      .lognormal(p10: 1, p90: 100), .pert(low: 1, mode: 2, high: 9), .triangular(low: 1, mode: 2, high: 4),
      .uniform(low: 1, high: 3),
    ])
  func relativeError(distribution: Distribution) {
    let table = QuantileTable(distribution)
    var largest = 0.0
    for probability in Self.probabilities {
      largest = max(largest, abs(table[probability] / distribution.quantile(probability) - 1))
    }
    #expect(largest < 4e-5, "largest relative error \(largest)")
  }

  @Test("the largest error of a normal stays below 1 in 10,000 standard deviations")
  func normal() {
    let distribution = Distribution.normal(mean: 5, standardDeviation: 1)
    let table = QuantileTable(distribution)
    for probability in Self.probabilities {
      #expect(abs(table[probability] - distribution.quantile(probability)) < 1e-4)
    }
  }

  @Test("a gamma's table is close in absolute terms, and relative where it matters", arguments: [0.3, 1, 4])
  func gamma(shape: Double) {
    let exact = GammaDistribution(shape: shape, scale: 1 / shape)
    let table = QuantileTable(gammaShape: shape, scale: 1 / shape)
    for probability in Self.probabilities {
      let value = exact.quantile(probability)
      #expect(abs(table[probability] - value) < 3e-4 * value)
    }
  }

  @Test("an empirical distribution's table is exact")
  func empirical() {
    for values in [[3.0], [1, 5], [0, 1, 1, 1, 8, 900], (0..<1000).map { Double($0 * $0) }] {
      let distribution = Distribution.empirical(values)
      let table = QuantileTable(distribution)
      for probability in Self.probabilities.prefix(2000) {
        let exact = distribution.quantile(probability)
        #expect(abs(table[probability] - exact) <= 1e-12 * exact)
      }
    }
  }

  @Test("a table never falls, up to its ends and beyond")
  func monotonic() {
    for distribution in [Distribution.lognormal(p10: 20, p90: 900), .pert(low: 0, mode: 1, high: 30)] {
      let table = QuantileTable(distribution, size: 64)
      var previous = -Double.infinity
      for probability in [-1, 0, 0x1p-60] + Self.probabilities.sorted() + [1 - 0x1p-53, 1, 2] {
        let value = table[probability]
        #expect(value >= previous && value.isFinite)
        previous = value
      }
    }
  }

  @Test("the mean of a table's samples is the distribution's mean")
  func sampledMean() {
    let distribution = Distribution.lognormal(p10: 100, p90: 1500)
    let table = QuantileTable(distribution)
    let steps = 1 << 20
    let mean = (0..<steps).reduce(0.0) { $0 + table[(Double($1) + 0.5) / Double(steps)] } / Double(steps)
    #expect(abs(mean / distribution.mean - 1) < 2e-4)
  }

  @Test("token lengths are rounded to the nearest and clipped at both ends")
  func tokenLengths() {
    let distribution = Distribution.lognormal(p10: 20, p90: 2000)
    let table = TokenLengthTable(distribution, minimum: 16, maximum: 4096)
    for probability in Self.probabilities {
      let exact = distribution.quantile(probability)
      let expected = min(max(exact.rounded(), 16), 4096)
      // A value near a half may round either way.
      #expect(abs(Double(table[probability]) - expected) <= 1 + 2e-4 * expected)
      #expect((16...4096).contains(table[probability]))
    }
    #expect(table[0] == 16 && table[1] == 4096)
    let wild = TokenLengthTable(
      .normal(mean: 0, standardDeviation: 1e30), minimum: 1, maximum: Int(Int32.max))
    #expect(wild[0.001] == 1 && wild[0.999] == .max)
    let uniform = TokenLengthTable(.uniform(low: 0.5, high: 3.5), minimum: 1, maximum: 3)
    #expect([0.1, 0.3, 0.34, 0.6, 0.7, 0.9].map { uniform[$0] } == [1, 1, 2, 2, 3, 3])
  }
}
