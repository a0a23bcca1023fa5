// SPDX-License-Identifier: GPL-3.0-or-later
// Which uncertain inputs move together, and what to do where what is said of them contradicts itself.

public import Numerics

/// The correlations between inputs, repaired where no random numbers can have them.
public struct CorrelationMatrix: Sendable, Hashable {
  /// The correlations: symmetric, ones on the diagonal, positive definite.
  public let matrix: SymmetricMatrix
  /// By how much the repair moved the correlation it moved most; 0 where none was needed.
  public let largestChange: Double
  /// The least eigenvalue of what was asked for: 0 or less where it contradicts itself.
  public let leastEigenvalue: Double

  /// Eigenvalues of a repaired matrix: far enough above 0 for a Cholesky factor.
  private static let eigenvalueFloor = 1e-6
  /// Projections after which the search ends; a handful of contradicting triples takes some dozens.
  private static let mostProjections = 500

  /// The wanted correlations where they are positive definite, otherwise the nearest ones that are, in the sum
  /// of squared differences (Higham: Computing the nearest correlation matrix, 2002,
  /// doi:10.1093/imanum/22.3.329: alternating projections with Dykstra's correction).
  ///
  /// - Parameters:
  ///   - size: inputs, at least 1.
  ///   - wanted: pairs of different inputs with their correlation, from -1 to 1; 0 for all others. Of a pair
  ///     given twice the last counts.
  /// - Throws: `library` where GSL finds no eigenvalues.
  /// - Complexity: O(size³) for each projection.
  public init(
    size: Int, wanted: [(first: Int, second: Int, value: Double)]
  ) throws(NumericsError) {
    var matrix = SymmetricMatrix(diagonal: Array(repeating: 1, count: size))
    for pair in wanted {
      precondition(
        pair.first != pair.second && abs(pair.value) <= 1, "a correlation of \(pair.value) with itself")
      matrix[pair.first, pair.second] = pair.value
    }
    let least = try matrix.eigen()[0].value
    leastEigenvalue = least
    guard least < Self.eigenvalueFloor else {
      self.matrix = matrix
      largestChange = 0
      return
    }
    let repaired = try Self.nearest(to: matrix)
    var change = 0.0
    for row in 0..<size {
      for column in 0..<row { change = max(change, abs(repaired[row, column] - matrix[row, column])) }
    }
    self.matrix = repaired
    largestChange = change
  }

  private static func nearest(to wanted: SymmetricMatrix) throws(NumericsError) -> SymmetricMatrix {
    let size = wanted.size
    var correction = SymmetricMatrix(diagonal: Array(repeating: 0, count: size))
    var current = wanted
    for _ in 0..<mostProjections {
      let shifted = current - correction
      let positive = try clipped(shifted)
      correction = positive - shifted
      let previous = current
      current = positive
      for index in 0..<size { current[index, index] = 1 }
      var step = 0.0
      for row in 0..<size {
        for column in 0..<row { step = max(step, abs(current[row, column] - previous[row, column])) }
      }
      if step < 1e-10 { break }
    }
    // Ones on the diagonal may have cost it its positive eigenvalues again, by rounding: scaling does not.
    let positive = try clipped(current)
    var result = SymmetricMatrix(diagonal: Array(repeating: 1, count: size))
    for row in 0..<size {
      for column in 0..<row {
        result[row, column] =
          positive[row, column] / (positive[row, row] * positive[column, column]).squareRoot()
      }
    }
    return result
  }

  /// The nearest matrix with no eigenvalue below the floor.
  private static func clipped(_ matrix: SymmetricMatrix) throws(NumericsError) -> SymmetricMatrix {
    var result = matrix
    for (value, vector) in try matrix.eigen() where value < eigenvalueFloor {
      for row in vector.indices {
        for column in 0...row {
          result[row, column] += (eigenvalueFloor - value) * vector[row] * vector[column]
        }
      }
    }
    return result
  }
}
