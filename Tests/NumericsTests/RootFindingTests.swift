// SPDX-License-Identifier: GPL-3.0-or-later
// Brent's method on functions whose roots are known, and on what has none.

import Foundation
import Numerics
import Testing

@Suite("Root finding")
struct RootFindingTests {
  @Test("known roots are found to the tolerance")
  func knownRoots() throws {
    #expect(abs(try findRoot(in: 0...2) { $0 * $0 - 2 } - 2.0.squareRoot()) < 1e-11)
    #expect(abs(try findRoot(in: 0...1) { cos($0) - $0 } - 0.739_085_133_215_160_6) < 1e-11)
    #expect(abs(try findRoot(in: -4...3) { ($0 + 3) * ($0 - 1) * ($0 - 1) } + 3) < 1e-11)
    #expect(abs(try findRoot(in: 0.1...1e6) { log($0) - 3 } - exp(3)) < 1e-10)
  }

  @Test("a jump and a flat stretch are no obstacle")
  func roughFunctions() throws {
    let jump = try findRoot(in: 0...10) { $0 < 7.25 ? -1 : 1 }
    #expect(abs(jump - 7.25) < 1e-10)
    let cubic = try findRoot(in: -1...3, absoluteTolerance: 1e-6) { ($0 - 1) * ($0 - 1) * ($0 - 1) }
    #expect(abs(cubic - 1) < 1e-5)
  }

  @Test("a root at an end of the bracket is found at once")
  func endpoints() throws {
    var calls = 0
    let root = try findRoot(in: 2...5) {
      calls += 1
      return $0 - 2
    }
    #expect(root == 2 && calls == 1)
    #expect(try findRoot(in: 2...5) { $0 - 5 } == 5)
  }

  @Test("random cubics: the value found is a root", arguments: 1...50)
  func randomCubics(seed: Int) throws {
    // Three roots, one of them inside the bracket.
    let inside = Double(seed * 37 % 101) / 101
    let (below, above) = (-1 - Double(seed % 7), 2 + Double(seed % 5))
    let root = try findRoot(in: 0...1) { ($0 - inside) * ($0 - below) * ($0 - above) }
    #expect(abs(root - inside) < 1e-11)
  }

  @Test("what cannot be solved is said")
  func failures() {
    #expect(throws: NumericsError.notBracketed(low: 0, high: 1, valueAtLow: 1, valueAtHigh: 2)) {
      try findRoot(in: 0...1) { $0 + 1 }
    }
    #expect(throws: NumericsError.notConverged(iterations: 2, low: 0, high: 1)) {
      do {
        _ = try findRoot(in: 0...1, maximumIterations: 2) { $0 - 0.3 * $0 * $0 - 0.123 }
      } catch NumericsError.notConverged(let iterations, let low, let high) {
        // The bracket holds the root; where exactly it ends is Brent's affair.
        #expect(low <= 0.1278 && high >= 0.1277)
        throw NumericsError.notConverged(iterations: iterations, low: 0, high: 1)
      }
    }
    do {
      _ = try findRoot(in: -1...2) { $0 < 0.4 || $0 > 0.6 ? $0 - 0.5 : .nan }
      Issue.record("a NaN on the way went unnoticed")
    } catch {
      guard case .notFinite(let argument, _) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(argument >= 0.4 && argument <= 0.6)
    }
  }
}
