// SPDX-License-Identifier: GPL-3.0-or-later
// Ridge regression as what it does to observations: each prediction is a weighted sum of them, with the same
// weights for every response that was observed at the same points.

/// Predictions from few observations of many responses.
///
/// With features standardized over the observations, penalty λ and K = X Xᵀ, the prediction at a point x is
///
///     ŷ(x) = Σ wᵢ(x)·yᵢ,   w(x) = 1/n + (K + λ)⁻¹ X x
///
/// (Hoerl, Kennard: Ridge regression, 1970, doi:10.1080/00401706.1970.10488634, in its dual form, for which
/// there may be more features than observations). The weights sum to 1, so that whatever linear equation all
/// observed responses satisfy together the predictions satisfy too. What leaving one observation out would
/// have predicted follows without fitting again (Allen: The relationship between variable selection and data
/// augmentation and a method for prediction, 1974, doi:10.1080/00401706.1974.10489157).
public struct RidgeSmoother: Sendable {
  /// Observations.
  public let count: Int
  private let means: [Double]
  private let scales: [Double]
  /// By observation: standardized features.
  private let points: [[Double]]
  /// Eigenvalues of K, not negative, and their vectors.
  private let eigen: [(value: Double, vector: [Double])]

  /// A smoother for observations at some points.
  /// - Parameter features: by observation, at least one; of one length, which may be 0; finite. A feature
  ///   that does not vary is left out.
  /// - Throws: `library` where the points cannot be decomposed.
  /// - Complexity: O(n²·features + n³).
  public init(_ features: [[Double]]) throws(NumericsError) {
    precondition(!features.isEmpty, "a regression on no observations")
    let count = features.count
    self.count = count
    let moments = features[0].indices.map { place in Moments(features.map { $0[place] }) }
    means = moments.map(\.mean)
    // What only rounding makes vary would come out as noise.
    scales = moments.map { moments -> Double in
      guard count > 1, moments.standardDeviation > 1e-12 * abs(moments.mean) else { return 0 }
      return 1 / moments.standardDeviation
    }
    points = Self.standardized(features, means, scales)
    var products = SymmetricMatrix(diagonal: Array(repeating: 0, count: count))
    for row in 0..<count {
      for column in 0...row {
        products[row, column] = zip(points[row], points[column]).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let pairs = try products.eigen()
    // Directions in which only rounding makes the points vary are left out.
    let least = 1e-12 * (pairs.last?.value ?? 0)
    eigen = pairs.map { ($0.value > least ? $0.value : 0, $0.vector) }
  }

  private static func standardized(
    _ features: [[Double]], _ means: [Double], _ scales: [Double]
  ) -> [[Double]] {
    features.map { row in row.indices.map { (row[$0] - means[$0]) * scales[$0] } }
  }

  /// The weights of the observations in the prediction at a point; they sum to 1.
  /// - Parameters:
  ///   - features: the point.
  ///   - penalty: λ, above 0; infinite predicts the mean.
  /// - Complexity: O(n·features + n²).
  public func weights(at features: [Double], penalty: Double) -> [Double] {
    precondition(features.count == means.count, "\(features.count) features, not \(means.count)")
    precondition(penalty > 0, "a penalty of \(penalty)")
    var weights = Array(repeating: 1 / Double(count), count: count)
    guard penalty.isFinite else { return weights }
    let point = Self.standardized([features], means, scales)[0]
    let products = points.map { row in zip(row, point).reduce(0) { $0 + $1.0 * $1.1 } }
    var change = Array(repeating: 0.0, count: count)
    for (value, vector) in eigen where value > 0 {
      let share = zip(vector, products).reduce(0) { $0 + $1.0 * $1.1 } / (value + penalty)
      for row in 0..<count { change[row] += share * vector[row] }
    }
    // The features are centred, so that the change sums to 0 but for rounding.
    let excess = change.reduce(0, +) / Double(count)
    for row in 0..<count { weights[row] += change[row] - excess }
    return weights
  }

  /// What predicting each observation from the others would have been wrong by, for any responses: a matrix
  /// that the observed responses are multiplied with.
  /// - Parameter penalty: λ, above 0.
  /// - Returns: by observation left out, then observation.
  /// - Complexity: O(n³).
  public func leaveOneOutErrors(penalty: Double) -> [[Double]] {
    precondition(penalty > 0, "a penalty of \(penalty)")
    return (0..<count).map { left in
      var row = Array(repeating: -1 / Double(count), count: count)
      if penalty.isFinite {
        for (value, vector) in eigen where value > 0 {
          let share = vector[left] * value / (value + penalty)
          for column in 0..<count { row[column] -= share * vector[column] }
        }
      }
      row[left] += 1
      let rest = max(row[left], 1e-9)
      return row.map { $0 / rest }
    }
  }
}
