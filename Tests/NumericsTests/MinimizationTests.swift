// SPDX-License-Identifier: GPL-3.0-or-later
// Minima against functions whose least point is known.

import Foundation
import Numerics
import Testing

@Suite("Minimization")
struct MinimizationTests {
  @Test("the valley of Rosenbrock's function ends at (1, 1)")
  func rosenbrock() throws {
    let found = try findMinimum(from: [-1.2, 1], tolerance: 1e-9, maximumIterations: 5000) { x in
      pow(1 - x[0], 2) + 100 * pow(x[1] - x[0] * x[0], 2)
    }
    #expect(abs(found.arguments[0] - 1) < 1e-5 && abs(found.arguments[1] - 1) < 1e-5)
    #expect(found.value < 1e-9)
  }

  @Test("a function that is undefined on one side is least within its domain")
  func domain() throws {
    let found = try findMinimum(from: [2]) { x in x[0] > 0 ? x[0] - log(x[0]) : .nan }
    #expect(abs(found.arguments[0] - 1) < 1e-3)
  }
}
