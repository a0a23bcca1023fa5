// SPDX-License-Identifier: GPL-3.0-or-later
// Correlated inputs: as correlated as asked, each with its own distribution, and repaired where they contradict
// each other.

import Foundation
import Numerics
import Quantities
import Testing
import Uncertainty

@Suite("Correlated inputs")
struct CorrelationTests {
  private func dependentDraws(
    _ wanted: [(first: Int, second: Int, value: Double)], dimensions: Int, count: Int
  ) throws -> [[Double]] {
    let copula = GaussianCopula(try CorrelationMatrix(size: dimensions, wanted: wanted))
    let points = SamplePoints(count: count, dimensions: dimensions, seed: 3, purpose: .testing)
    return (0..<count).map { point in
      copula.dependent(0..<dimensions, from: (0..<dimensions).map { points[point, $0] })
    }
  }

  private func correlation(_ left: [Double], _ right: [Double]) -> Double {
    let (a, b) = (Moments(left), Moments(right))
    let product = zip(left, right).reduce(0) { $0 + ($1.0 - a.mean) * ($1.1 - b.mean) }
    return product / Double(left.count - 1) / (a.standardDeviation * b.standardDeviation)
  }

  @Test("normal scores have the correlation asked for, ranks the one that follows, margins stay uniform")
  func asAsked() throws {
    let wanted = [(first: 0, second: 1, value: 0.6), (first: 1, second: 3, value: -0.5)]
    let draws = try dependentDraws(wanted, dimensions: 4, count: 8192)
    let columns = (0..<4).map { input in draws.map { $0[input] } }
    for second in 0..<4 {
      for first in 0..<second {
        let exact = wanted.first { $0.first == first && $0.second == second }?.value ?? 0
        let scores = [first, second].map { columns[$0].map(StandardNormal.quantile) }
        #expect(abs(correlation(scores[0], scores[1]) - exact) < 0.02)
        let ranks = 6 / Double.pi * asin(exact / 2)
        #expect(abs(correlation(columns[first], columns[second]) - ranks) < 0.02)
      }
    }
    for column in columns {
      let sorted = column.sorted()
      let distance = sorted.indices.map { abs(sorted[$0] - (Double($0) + 0.5) / 8192) }.max() ?? 1
      #expect(distance < 0.01)
    }
  }

  @Test("inputs that nothing is said of keep their points, bit by bit")
  func untouched() throws {
    let points = SamplePoints(count: 64, dimensions: 3, seed: 3, purpose: .testing)
    let draws = try dependentDraws([(0, 2, 0.9)], dimensions: 3, count: 64)
    for point in 0..<64 {
      #expect(draws[point][0] == points[point, 0] && draws[point][1] == points[point, 1])
      #expect(draws[point][2] != points[point, 2])
    }
  }

  @Test("later inputs can be drawn after the earlier ones, with the same result")
  func nested() throws {
    let copula = GaussianCopula(try CorrelationMatrix(size: 3, wanted: [(0, 1, 0.3), (0, 2, 0.5)]))
    let independent = [0.2, 0.7, 0.9]
    let together = copula.dependent(0..<3, from: independent)
    #expect(copula.dependent(0..<1, from: [0.2]) + copula.dependent(1..<3, from: independent) == together)
  }

  @Test("correlations that can be are left as they are")
  func consistent() throws {
    let matrix = try CorrelationMatrix(size: 3, wanted: [(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.7)])
    #expect(matrix.largestChange == 0 && matrix.leastEigenvalue > 0)
    #expect(matrix.matrix[2, 1] == 0.9 && matrix.matrix[0, 0] == 1)
  }

  /// Higham's own example (2002, section 4): the nearest has 0.7607 beside the ones and 0.1573 in the corner.
  @Test("contradicting correlations become the nearest consistent ones, and the change is told")
  func repaired() throws {
    let matrix = try CorrelationMatrix(size: 3, wanted: [(0, 1, 1), (1, 2, 1), (0, 2, 0)])
    #expect(abs(matrix.leastEigenvalue - (1 - 2.0.squareRoot())) < 1e-12)
    #expect(abs(matrix.matrix[0, 1] - 0.7607) < 1e-3 && abs(matrix.matrix[1, 2] - 0.7607) < 1e-3)
    #expect(abs(matrix.matrix[0, 2] - 0.1573) < 1e-3)
    #expect(abs(matrix.largestChange - 0.2393) < 1e-3)
    #expect(matrix.matrix.choleskyFactor() != nil)
  }

  @Test("any wanted correlations end positive definite with ones on the diagonal", arguments: 0..<30)
  func always(seed: Int) throws {
    var stream = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
    var wanted: [(first: Int, second: Int, value: Double)] = []
    for second in 0..<7 {
      for first in 0..<second { wanted.append((first, second, 2 * stream.nextUniform() - 1)) }
    }
    let matrix = try CorrelationMatrix(size: 7, wanted: wanted)
    #expect(try matrix.matrix.eigen()[0].value > 0)
    for row in 0..<7 {
      #expect(matrix.matrix[row, row] == 1)
      for column in 0..<row { #expect(abs(matrix.matrix[row, column]) <= 1) }
    }
    #expect((matrix.largestChange > 0) == (matrix.leastEigenvalue < 1e-6))
  }
}
