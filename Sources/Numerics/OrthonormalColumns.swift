// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of a regression made orthonormal, so that its equations are well conditioned whatever the inputs' units.

/// Replaces columns by orthonormal ones that span the same space, by Gram and Schmidt's method applied twice
/// (Giraud, Langou, Rozložník: The loss of orthogonality in the Gram-Schmidt orthogonalization process, 2005,
/// doi:10.1016/j.camwa.2005.08.009: twice is enough). A column that the ones before it already span, up to
/// 10⁻⁹ of its length, is left out.
///
/// - Parameter columns: vectors of one length, none NaN.
/// - Returns: at most as many vectors, each of length 1.
/// - Complexity: O(rows × columns²).
public func orthonormalized(_ columns: [[Double]]) -> [[Double]] {
  var basis: [[Double]] = []
  for column in columns {
    let length = dot(column, column).squareRoot()
    guard length > 0 else { continue }
    var rest = column.map { $0 / length }
    for _ in 0..<2 {
      for direction in basis {
        let share = dot(direction, rest)
        for row in rest.indices { rest[row] -= share * direction[row] }
      }
    }
    let left = dot(rest, rest).squareRoot()
    if left > 1e-9 { basis.append(rest.map { $0 / left }) }
  }
  return basis
}

/// The sum of the products of two vectors' elements.
private func dot(_ left: [Double], _ right: [Double]) -> Double {
  precondition(left.count == right.count, "vectors of \(left.count) and \(right.count) elements")
  var sum = 0.0
  for index in left.indices { sum += left[index] * right[index] }
  return sum
}
