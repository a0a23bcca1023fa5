// SPDX-License-Identifier: GPL-3.0-or-later
// Ridge regression: against the fit it is without a penalty, and against fits that really leave one out.

import Numerics
import Testing

@Suite("Ridge smoother")
struct RidgeSmootherTests {
  /// Predictable, irregular points with a constant feature among them.
  private func points(_ count: Int, seed: Int) -> [[Double]] {
    (0..<count).map { row -> [Double] in
      let (first, second) = ((row * 37 + seed * 11) % 101, (row * row * 17 + seed) % 89)
      let third = (row * 53 + seed * 7) % 23
      return [Double(first) / 50, 3, Double(second) - 40, Double(third) * 1e-6]
    }
  }

  private func predicted(_ weights: [Double], _ responses: [Double]) -> Double {
    zip(weights, responses).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test("without much of a penalty a linear response is predicted exactly, also outside", arguments: 1...20)
  func linear(seed: Int) throws {
    let points = points(12, seed: seed)
    func response(_ x: [Double]) -> Double { 4 - 2 * x[0] + 0.5 * x[2] + 3e5 * x[3] }
    let smoother = try RidgeSmoother(points)
    for point in [[0.7, 3, 11, 4e-6], [9, 3, -200, 0]] {
      let value = predicted(smoother.weights(at: point, penalty: 1e-9), points.map(response))
      #expect(abs(value - response(point)) < 1e-5 * (1 + abs(response(point))))
    }
  }

  @Test("weights sum to 1 whatever the penalty; an infinite one predicts the mean", arguments: 1...20)
  func weights(seed: Int) throws {
    let smoother = try RidgeSmoother(points(9, seed: seed))
    for penalty in [1e-6, 0.3, 40, .infinity] {
      let weights = smoother.weights(at: [5, 3, 70, 1e-5], penalty: penalty)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-9)
      if penalty == .infinity { #expect(weights.allSatisfy { $0 == 1.0 / 9 }) }
    }
  }

  /// The shortcut holds the means and scales of all points; so does the fit it stands for.
  @Test("the errors of leaving one out are those of a ridge fit without it", arguments: 1...10)
  func leaveOneOut(seed: Int) throws {
    let points = (0..<8).map { [Double(($0 * 37 + seed * 11) % 101)] }
    let y = (0..<8).map { Double(($0 * $0 * 7 + seed) % 13) }
    let penalty = 2.5
    let errors = try RidgeSmoother(points).leaveOneOutErrors(penalty: penalty)
    let moments = Moments(points.map { $0[0] })
    let x = points.map { ($0[0] - moments.mean) / moments.standardDeviation }
    for left in 0..<8 {
      // Least squares of y on (1, x) over the others, with a penalty on the slope alone.
      let kept = (0..<8).filter { $0 != left }
      let sx = kept.reduce(0.0) { $0 + x[$1] }
      let sxx = kept.reduce(penalty) { $0 + x[$1] * x[$1] }
      let sy = kept.reduce(0.0) { $0 + y[$1] }
      let sxy = kept.reduce(0.0) { $0 + x[$1] * y[$1] }
      let slope = (7 * sxy - sx * sy) / (7 * sxx - sx * sx)
      let exact = y[left] - (sy - slope * sx) / 7 - slope * x[left]
      #expect(abs(predicted(errors[left], y) - exact) < 1e-9)
    }
  }

  @Test("one observation predicts itself everywhere")
  func single() throws {
    let smoother = try RidgeSmoother([[1, 2]])
    #expect(smoother.count == 1)
    #expect(smoother.weights(at: [5, 9], penalty: 1) == [1])
  }
}
