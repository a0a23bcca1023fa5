// SPDX-License-Identifier: GPL-3.0-or-later
// Sample quantiles and moments against hand-made values.

import Numerics
import Testing

@Suite("Descriptive statistics")
struct DescriptiveStatisticsTests {
  @Test("quantiles are those of R's and NumPy's default, definition 7")
  func definitionSeven() {
    // R: quantile(c(1, 2, 4, 8, 16), c(0, .1, .25, .5, .9, 1))
    let expected = [1, 1.4, 2, 4, 12.8, 16]
    let found = quantiles(of: [8, 1, 16, 4, 2], at: [0, 0.1, 0.25, 0.5, 0.9, 1])
    for (left, right) in zip(found, expected) { #expect(abs(left - right) < 1e-14) }
    #expect(quantiles(of: [7], at: [0, 0.3, 1]) == [7, 7, 7])
  }

  @Test("infinite values give infinite quantiles, not NaN")
  func infinities() {
    let sorted = [1, 2, Double.infinity, .infinity]
    #expect(quantile(ofSorted: sorted, at: 1) == .infinity)
    #expect(quantile(ofSorted: sorted, at: 0.9) == .infinity)
    #expect(quantile(ofSorted: sorted, at: 0.1) == 1.3)
  }

  @Test("moments keep their digits far from zero")
  func moments() {
    // Variance of 1, 2, … n is n(n + 1)/12, whatever is added to each.
    let moments = Moments((1...1000).map { 1e9 + Double($0) })
    #expect(moments.count == 1000)
    #expect(abs(moments.mean - 1_000_000_500.5) < 1e-6)
    #expect(abs(moments.variance - 1000 * 1001 / 12) < 1e-6 * 83_416)
    #expect(abs(moments.standardError - (1001.0 / 12).squareRoot()) < 1e-6)
    #expect(Moments([]).mean.isNaN && Moments([3]).variance.isNaN && Moments([3]).mean == 3)
  }
}
