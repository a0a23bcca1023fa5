// SPDX-License-Identifier: GPL-3.0-or-later
// Symmetric matrices: the correlations between inputs, and the normal equations of a regression.

import CGSL

/// A real symmetric matrix.
public struct SymmetricMatrix: Sendable, Hashable {
  /// Rows, and as many columns.
  public let size: Int
  /// Row after row, both triangles.
  private var elements: [Double]

  /// The matrix with zeros off its diagonal.
  /// - Parameter diagonal: the diagonal, at least one element.
  public init(diagonal: [Double]) {
    precondition(!diagonal.isEmpty, "a matrix of no rows")
    size = diagonal.count
    elements = Array(repeating: 0, count: size * size)
    for index in diagonal.indices { elements[index * size + index] = diagonal[index] }
  }

  /// An element; setting it sets its mirror image too.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * size + column] }
    set {
      elements[row * size + column] = newValue
      elements[column * size + row] = newValue
    }
  }

  /// The sum of two matrices of one size.
  public static func + (left: SymmetricMatrix, right: SymmetricMatrix) -> SymmetricMatrix {
    left.combined(with: right, +)
  }

  /// The difference of two matrices of one size.
  public static func - (left: SymmetricMatrix, right: SymmetricMatrix) -> SymmetricMatrix {
    left.combined(with: right, -)
  }

  private func combined(
    with other: SymmetricMatrix, _ operation: (Double, Double) -> Double
  ) -> SymmetricMatrix {
    precondition(size == other.size, "matrices of \(size) and \(other.size) rows")
    var result = self
    for index in elements.indices {
      result.elements[index] = operation(elements[index], other.elements[index])
    }
    return result
  }

  /// xᵀ A y.
  public func bilinear(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == size && y.count == size, "vectors of \(x.count) and \(y.count) for \(size) rows")
    var sum = 0.0
    for row in 0..<size where x[row] != 0 {
      var inner = 0.0
      for column in 0..<size { inner += elements[row * size + column] * y[column] }
      sum += x[row] * inner
    }
    return sum
  }

  /// The Cholesky factor; nil where the matrix is not positive definite.
  /// - Complexity: O(size³).
  public func choleskyFactor() -> CholeskyFactor? {
    let matrix = Storage(self)
    guard matrix.decompose() == Int32(GSL_SUCCESS) else { return nil }
    return CholeskyFactor(size: size, elements: matrix.elements(size))
  }

  /// The eigenvalues, ascending, and beside each its eigenvector of length 1.
  /// - Throws: `library` where GSL finds none.
  /// - Complexity: O(size³).
  public func eigen() throws(NumericsError) -> [(value: Double, vector: [Double])] {
    try Storage(self).eigen(size)
  }

  /// A matrix as GSL holds it, which decompositions overwrite.
  @safe
  private struct Storage: ~Copyable {
    private let matrix: UnsafeMutablePointer<gsl_matrix>

    init(_ source: SymmetricMatrix) {
      GSL.ready
      guard let allocated = unsafe gsl_matrix_alloc(source.size, source.size) else {
        preconditionFailure("no memory for \(source.size)² numbers")
      }
      unsafe matrix = allocated
      for row in 0..<source.size {
        for column in 0..<source.size { unsafe gsl_matrix_set(matrix, row, column, source[row, column]) }
      }
    }

    deinit { unsafe gsl_matrix_free(matrix) }

    func decompose() -> Int32 { unsafe gsl_linalg_cholesky_decomp1(matrix) }

    /// The lower triangle, row after row with zeros above.
    func elements(_ size: Int) -> [Double] {
      (0..<size * size).map { place in
        let (row, column) = place.quotientAndRemainder(dividingBy: size)
        return column <= row ? unsafe gsl_matrix_get(matrix, row, column) : 0
      }
    }

    consuming func eigen(_ size: Int) throws(NumericsError) -> [(value: Double, vector: [Double])] {
      guard let workspace = unsafe gsl_eigen_symmv_alloc(size), let values = unsafe gsl_vector_alloc(size),
        let vectors = unsafe gsl_matrix_alloc(size, size)
      else { preconditionFailure("no memory for \(size) eigenvectors") }
      defer {
        unsafe gsl_eigen_symmv_free(workspace)
        unsafe gsl_vector_free(values)
        unsafe gsl_matrix_free(vectors)
      }
      try GSL.check(unsafe gsl_eigen_symmv(matrix, values, vectors, workspace))
      try GSL.check(unsafe gsl_eigen_symmv_sort(values, vectors, GSL_EIGEN_SORT_VAL_ASC))
      return (0..<size).map { place in
        (
          unsafe gsl_vector_get(values, place),
          (0..<size).map { unsafe gsl_matrix_get(vectors, $0, place) }
        )
      }
    }
  }
}

/// The lower triangular matrix L with A = L Lᵀ of a positive definite matrix A.
public struct CholeskyFactor: Sendable, Hashable {
  /// Rows, and as many columns.
  public let size: Int
  private let elements: [Double]

  fileprivate init(size: Int, elements: [Double]) {
    self.size = size
    self.elements = elements
  }

  /// An element; 0 above the diagonal.
  public subscript(row: Int, column: Int) -> Double { elements[row * size + column] }

  /// The solution x of A x = `right`.
  /// - Complexity: O(size²).
  public func solve(_ right: [Double]) -> [Double] {
    precondition(right.count == size, "\(right.count) right-hand sides for \(size) rows")
    var x = right
    for row in 0..<size {
      for column in 0..<row { x[row] -= self[row, column] * x[column] }
      x[row] /= self[row, row]
    }
    for row in (0..<size).reversed() {
      for column in (row + 1)..<max(size, row + 1) { x[row] -= self[column, row] * x[column] }
      x[row] /= self[row, row]
    }
    return x
  }
}
