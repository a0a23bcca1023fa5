// SPDX-License-Identifier: GPL-3.0-or-later
// Decompositions multiply back to what they were made from; splines add up to 1 and reproduce cubics.

import Numerics
import Testing

@Suite("Linear algebra and splines")
struct LinearAlgebraTests {
  /// A symmetric matrix with predictable, irregular elements.
  private func matrix(_ size: Int, diagonal: Double) -> SymmetricMatrix {
    var matrix = SymmetricMatrix(diagonal: Array(repeating: diagonal, count: size))
    for row in 0..<size {
      for column in 0..<row { matrix[row, column] = Double((row * 7 + column * 13) % 11) / 11 - 0.5 }
    }
    return matrix
  }

  @Test("a Cholesky factor multiplies back and solves", arguments: [1, 2, 5, 12])
  func cholesky(size: Int) throws {
    let matrix = matrix(size, diagonal: Double(size))
    let factor = try #require(matrix.choleskyFactor())
    for row in 0..<size {
      for column in 0...row {
        let product = (0..<size).reduce(0) { $0 + factor[row, $1] * factor[column, $1] }
        #expect(abs(product - matrix[row, column]) < 1e-12)
      }
    }
    let wanted = (0..<size).map { Double($0) - 2.5 }
    let right = (0..<size).map { row in (0..<size).reduce(0) { $0 + matrix[row, $1] * wanted[$1] } }
    for (solved, exact) in zip(factor.solve(right), wanted) { #expect(abs(solved - exact) < 1e-11) }
    #expect(abs(matrix.bilinear(wanted, wanted) - zip(right, wanted).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-10)
  }

  @Test("a matrix that is not positive definite has no Cholesky factor")
  func indefinite() {
    var matrix = SymmetricMatrix(diagonal: [1, 1])
    matrix[0, 1] = 1.5
    #expect(matrix.choleskyFactor() == nil)
  }

  @Test("eigenvectors are orthonormal, ascending and multiply back", arguments: [1, 3, 9])
  func eigen(size: Int) throws {
    let matrix = matrix(size, diagonal: 0.3)
    let pairs = try matrix.eigen()
    #expect(zip(pairs, pairs.dropFirst()).allSatisfy { $0.value <= $1.value })
    for row in 0..<size {
      for column in 0..<size {
        let back = pairs.reduce(0) { $0 + $1.value * $1.vector[row] * $1.vector[column] }
        #expect(abs(back - matrix[row, column]) < 1e-12)
        let product = (0..<size).reduce(0) { $0 + pairs[row].vector[$1] * pairs[column].vector[$1] }
        #expect(abs(product - (row == column ? 1 : 0)) < 1e-12)
      }
    }
  }

  @Test("splines are positive, add up to 1, and at most four of them at a time are above 0")
  func partition() throws {
    let basis = try BSplineBasis(pieces: 5, on: -2...3)
    #expect(basis.count == 8)
    for step in 0...100 {
      let values = try basis.values(at: -2 + Double(step) / 20)
      #expect(values.allSatisfy { $0 >= 0 } && values.count { $0 > 0 } <= 4)
      #expect(abs(values.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test("a cubic is a combination of splines, and no cubic is lost")
  func cubic() throws {
    let basis = try BSplineBasis(pieces: 4, on: 0...1)
    let places = (0..<40).map { (Double($0) + 0.5) / 40 }
    let rows = try places.map { try basis.values(at: $0) }
    let columns = orthonormalized((0..<basis.count).map { column in rows.map { $0[column] } })
    #expect(columns.count == 7)
    let cubic = places.map { 1 - 2 * $0 + 3 * $0 * $0 - 5 * $0 * $0 * $0 }
    var rest = cubic
    for column in columns {
      let share = zip(column, cubic).reduce(0) { $0 + $1.0 * $1.1 }
      rest = zip(rest, column).map { $0 - share * $1 }
    }
    #expect(rest.allSatisfy { abs($0) < 1e-12 })
  }

  @Test("columns that others span are left out; the others come out orthonormal")
  func dependent() {
    let columns = orthonormalized([[1, 1, 1, 1], [2, 2, 2, 2], [0, 0, 0, 0], [1, 2, 3, 4], [0, 1, 2, 3]])
    #expect(columns.count == 2)
    for (left, right) in [(0, 0), (1, 1), (0, 1)] {
      let product = zip(columns[left], columns[right]).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(product - (left == right ? 1 : 0)) < 1e-14)
    }
  }
}
