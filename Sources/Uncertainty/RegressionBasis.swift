// SPDX-License-Identifier: GPL-3.0-or-later
// Least squares on the futures at hand, with what the fit would have been without each replicate: honest errors
// at hardly more than the price of one fit.

import Numerics

/// The columns of a regression over futures that come in independent parts.
struct RegressionBasis: Sendable {
  /// Orthonormal; the first is constant.
  let columns: [[Double]]
  let parts: [Range<Int>]
  /// By part: products of the columns within it.
  private let products: [SymmetricMatrix]
  /// By part: the normal equations of all other parts.
  private let withoutPart: [CholeskyFactor]

  /// Nil where the futures outside some part do not determine the coefficients.
  init?(_ wanted: [[Double]], parts: [Range<Int>]) {
    let rows = parts[parts.count - 1].upperBound
    let columns = orthonormalized([Array(repeating: 1, count: rows)] + wanted)
    let products = parts.map { part in
      var matrix = SymmetricMatrix(diagonal: Array(repeating: 0, count: columns.count))
      for (row, left) in columns.enumerated() {
        for column in 0...row {
          let right = columns[column]
          var sum = 0.0
          for future in part { sum += left[future] * right[future] }
          matrix[row, column] = sum
        }
      }
      return matrix
    }
    let identity = SymmetricMatrix(diagonal: Array(repeating: 1, count: columns.count))
    var factors: [CholeskyFactor] = []
    for matrix in products {
      let others = identity - matrix
      // A direction that nearly all its information on lies in one part cannot be judged without that part.
      guard let least = try? others.eigen()[0].value, least > 0.02, let factor = others.choleskyFactor()
      else { return nil }
      factors.append(factor)
    }
    self.columns = columns
    self.parts = parts
    self.products = products
    withoutPart = factors
  }

  /// A response regressed on the columns.
  func fit(_ response: [Double]) -> RegressionFit {
    let moments = parts.map { part in
      columns.map { column in
        var sum = 0.0
        for future in part { sum += column[future] * response[future] }
        return sum
      }
    }
    let all = columns.indices.map { column in moments.reduce(0) { $0 + $1[column] } }
    var error = 0.0
    var coefficients: [[Double]] = []
    for (place, part) in parts.enumerated() {
      let without = withoutPart[place].solve(zip(all, moments[place]).map { $0 - $1 })
      coefficients.append(without)
      var squares = 0.0
      for future in part { squares += response[future] * response[future] }
      let cross = zip(without, moments[place]).reduce(0) { $0 + $1.0 * $1.1 }
      error += squares - 2 * cross + products[place].bilinear(without, without)
    }
    return RegressionFit(
      coefficients: all, withoutPart: coefficients,
      predictionError: max(error, 0) / Double(response.count))
  }

  /// The fitted values for some coefficients.
  func values(_ coefficients: [Double]) -> [Double] {
    var result = Array(repeating: 0.0, count: columns[0].count)
    for (column, coefficient) in zip(columns, coefficients) {
      for future in result.indices { result[future] += coefficient * column[future] }
    }
    return result
  }
}

/// A response on a basis.
struct RegressionFit: Sendable {
  /// By column, from all futures.
  let coefficients: [Double]
  /// By part left out, then column.
  let withoutPart: [[Double]]
  /// Mean squared error of predicting each part from the others.
  let predictionError: Double
}
