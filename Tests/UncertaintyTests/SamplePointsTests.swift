// SPDX-License-Identifier: GPL-3.0-or-later
// Sample points: evenly spread, random, and a function of the seed alone.

import Foundation
import Quantities
import Testing
import Uncertainty

@Suite("Sample points")
struct SamplePointsTests {
  @Test(
    "2^m points hit each interval of length 2^-m once, in every dimension, beyond the 40 of the sequence too",
    arguments: 0...9)
  func stratified(exponent: Int) {
    let count = 1 << exponent
    for seed in [UInt64(1), 99, .max] {
      let points = SamplePoints(count: count, dimensions: 47, seed: seed, purpose: .physicalInputs)
      for dimension in 0..<47 {
        let cells = Set((0..<count).map { Int(points[$0, dimension] * Double(count)) })
        #expect(cells.count == count, "dimension \(dimension), seed \(seed)")
      }
    }
  }

  @Test("the first two dimensions stay a net: each elementary square of 64 points is hit once")
  func planarNet() {
    let points = SamplePoints(count: 64, dimensions: 2, seed: 4, purpose: .priceInputs)
    for (columns, rows) in [(64.0, 1.0), (32, 2), (16, 4), (8, 8), (4, 16), (2, 32)] {
      let cells = Set(
        (0..<64).map { Int(points[$0, 0] * columns) * 64 + Int(points[$0, 1] * rows) })
      #expect(cells.count == 64)
    }
  }

  @Test("every coordinate is inside (0, 1), for any count", arguments: [1, 3, 100, 1000])
  func openInterval(count: Int) {
    for seed in 0..<20 {
      let points = SamplePoints(count: count, dimensions: 50, seed: UInt64(seed), purpose: .testing)
      for point in 0..<count {
        for dimension in 0..<50 {
          #expect(points[point, dimension] > 0 && points[point, dimension] < 1)
        }
      }
    }
  }

  @Test("the same seed gives the same points; more dimensions leave the first ones as they were")
  func deterministic() {
    let few = SamplePoints(count: 64, dimensions: 3, seed: 8, purpose: .priceInputs)
    let many = SamplePoints(count: 64, dimensions: 60, seed: 8, purpose: .priceInputs)
    let others = SamplePoints(count: 64, dimensions: 3, seed: 9, purpose: .priceInputs)
    let physical = SamplePoints(count: 64, dimensions: 3, seed: 8, purpose: .physicalInputs)
    for point in 0..<64 {
      for dimension in 0..<3 {
        #expect(few[point, dimension] == many[point, dimension])
        #expect(few[point, dimension] != others[point, dimension])
        #expect(few[point, dimension] != physical[point, dimension])
      }
    }
    let none = SamplePoints(count: 5, dimensions: 0, seed: 1, purpose: .testing)
    #expect(none.count == 5 && none.dimensions == 0)
  }

  @Test("over seeds each coordinate of a given point is uniform")
  func uniformOverSeeds() {
    let seeds = 4000
    for (point, dimension) in [(0, 0), (5, 3), (15, 39), (7, 42)] {
      var counts = [Int](repeating: 0, count: 16)
      for seed in 0..<seeds {
        let points = SamplePoints(
          count: 16, dimensions: dimension + 1, seed: UInt64(seed), purpose: .testing)
        counts[Int(points[point, dimension] * 16)] += 1
      }
      let expected = Double(seeds) / 16
      let chiSquare = counts.reduce(0.0) {
        $0 + (Double($1) - expected) * (Double($1) - expected) / expected
      }
      // The 0.9999 quantile of chi-square with 15 degrees of freedom.
      #expect(chiSquare < 44.3, "point \(point), dimension \(dimension)")
    }
  }

  @Test("few points in many dimensions show no diagonal pattern", arguments: [32, 64, 256])
  func pairCorrelations(count: Int) {
    var sumOfSquares = 0.0
    var largest = 0.0
    let (seeds, dimensions) = (8, 45)
    for seed in 0..<seeds {
      let points = SamplePoints(
        count: count, dimensions: dimensions, seed: UInt64(seed), purpose: .testing)
      for first in 0..<dimensions {
        for second in 0..<first {
          var product = 0.0
          for point in 0..<count { product += (points[point, first] - 0.5) * (points[point, second] - 0.5) }
          let correlation = product / Double(count) * 12
          sumOfSquares += correlation * correlation
          largest = max(largest, abs(correlation))
        }
      }
    }
    let pairs = Double(seeds * dimensions * (dimensions - 1) / 2)
    let scale = Double(count).squareRoot()
    // Independent draws have 1 and, over 7920 pairs, about 4; the plain Sobol' sequence reaches 12 with 256
    // points.
    #expect((sumOfSquares / pairs).squareRoot() * scale < 1.1)
    #expect(largest * scale < 5)
  }

  @Test("a smooth integrand is integrated far better than by independent draws")
  func beatsMonteCarlo() {
    let (count, dimensions, repeats) = (256, 6, 40)
    // Each factor has mean 1, so that the integral is 1.
    func integrand(_ coordinate: (Int) -> Double) -> Double {
      (0..<dimensions).reduce(1.0) { $0 * (1 + (coordinate($1) - 0.5) / Double($1 + 1)) }
    }
    var (evenly, independently) = (0.0, 0.0)
    for seed in 0..<repeats {
      let points = SamplePoints(
        count: count, dimensions: dimensions, seed: UInt64(seed), purpose: .testing)
      let even =
        (0..<count).reduce(0.0) { sum, point in sum + integrand { points[point, $0] } } / Double(count)
      evenly += (even - 1) * (even - 1)
      var stream = CounterRandom(seed: UInt64(seed), draw: 1, purpose: .testing)
      let independent =
        (0..<count).reduce(0.0) { sum, _ in sum + integrand { _ in stream.nextUniform() } } / Double(count)
      independently += (independent - 1) * (independent - 1)
    }
    // Measured: ten thousand times less variance.
    #expect(evenly < independently / 1000, "variance ratio \(independently / evenly)")
  }

  @Test("the mean over scrambles is unbiased")
  func unbiased() {
    let (count, seeds) = (8, 2000)
    var sum = 0.0
    for seed in 0..<seeds {
      let points = SamplePoints(count: count, dimensions: 2, seed: UInt64(seed), purpose: .testing)
      for point in 0..<count { sum += points[point, 0] * points[point, 0] * points[point, 1] }
    }
    // ∫ x² y = 1/6.
    #expect(abs(sum / Double(count * seeds) - 1.0 / 6) < 0.002)
  }
}
