// SPDX-License-Identifier: GPL-3.0-or-later
// Distributions against their closed forms: what the scenario's author wrote must be what is sampled.

import Foundation
import Testing
import Uncertainty

@Suite("Distributions")
struct DistributionTests {
  static let all: [Distribution] = [
    .constant(3), .lognormal(p10: 1.9, p90: 3.4), .pert(low: 1.5, mode: 2.4, high: 4),
    .pert(low: 0, mode: 0, high: 1), .pert(low: 0, mode: 1, high: 1), .triangular(low: -1, mode: 0, high: 5),
    .triangular(low: 0, mode: 2, high: 2), .uniform(low: 0.02, high: 0.08),
    .normal(mean: 10, standardDeviation: 2), .empirical([1, 2, 2, 7, 40]),
  ]

  /// The mean of a function of a distribution's values: the integral over its quantile function, by
  /// midpoints.
  static func expectation(_ distribution: Distribution, _ function: (Double) -> Double) -> Double {
    let steps = 40_000
    return (0..<steps).reduce(0.0) {
      $0 + function(distribution.quantile((Double($1) + 0.5) / Double(steps)))
    } / Double(steps)
  }

  @Test("a lognormal returns the percentiles it was given", arguments: [(1.9, 3.4), (0.01, 100), (250, 251)])
  func lognormalPercentiles(p10: Double, p90: Double) {
    let distribution = Distribution.lognormal(p10: p10, p90: p90)
    #expect(abs(distribution.quantile(0.1) / p10 - 1) < 1e-12)
    #expect(abs(distribution.quantile(0.9) / p90 - 1) < 1e-12)
    #expect(abs(distribution.median / (p10 * p90).squareRoot() - 1) < 1e-12)
  }

  @Test("a quantile of a mixture is where its cumulative distribution has that probability")
  func mixtureQuantiles() {
    let parts = [(0.3, 3.0, 0.4), (0.7, 6.0, 0.6)]
    let mixture = Distribution.mixture(
      parts.map { LognormalComponent(weight: $0.0, mu: $0.1, sigma: $0.2) })
    for step in 0..<2000 {
      let probability = (Double(step) + 0.5) / 2000
      let score = log(mixture.quantile(probability))
      let cumulative = parts.reduce(0) {
        $0 + $1.0 * 0.5 * erfc(-(score - $1.1) / $1.2 / 2.0.squareRoot())
      }
      #expect(abs(cumulative - probability) < 1e-9, "at \(probability) it is \(cumulative)")
    }
  }

  @Test("the mean in closed form is the integral of the quantile function", arguments: all)
  func means(distribution: Distribution) {
    let integral = Self.expectation(distribution) { $0 }
    #expect(abs(integral - distribution.mean) < 2e-4 * max(1e-2, abs(distribution.mean)))
  }

  @Test("the mean of a PERT is (low + 4 mode + high) / 6, its median between mode and middle")
  func pert() {
    let distribution = Distribution.pert(low: 1.5, mode: 2.4, high: 4)
    #expect(abs(distribution.mean - (1.5 + 9.6 + 4) / 6) < 1e-15)
    #expect(distribution.median > 2.4 && distribution.median < 2.75)
    // Mode in the middle: beta(3, 3), whose variance is 1/28 of the squared width.
    let middle = Distribution.pert(low: 0, mode: 7, high: 14)
    #expect(abs(Self.expectation(middle) { ($0 - 7) * ($0 - 7) } - 7) < 1e-4)
    #expect(abs(middle.median - 7) < 1e-8)
  }

  @Test("variances are those of the textbook")
  func variances() {
    let normal = Self.expectation(.normal(mean: 10, standardDeviation: 2)) { ($0 - 10) * ($0 - 10) }
    #expect(abs(normal - 4) < 4e-3)
    let uniform = Self.expectation(.uniform(low: 3, high: 9)) { ($0 - 6) * ($0 - 6) }
    #expect(abs(uniform - 3) < 1e-6)
    // (a² + b² + c² − ab − ac − bc) / 18 for a, b, c = −1, 5, 0 about the mean 4/3.
    let triangular = Self.expectation(.triangular(low: -1, mode: 0, high: 5)) {
      ($0 - 4.0 / 3) * ($0 - 4.0 / 3)
    }
    #expect(abs(triangular - 31.0 / 18) < 1e-4)
  }

  @Test("quantiles never fall, and stay within the support", arguments: all)
  func monotonic(distribution: Distribution) {
    var previous = distribution.support.lowerBound
    for step in 0...5000 {
      let value = distribution.quantile(Double(step) / 5000)
      #expect(value >= previous && distribution.support.contains(value))
      previous = value
    }
  }

  @Test("supports are what the author wrote")
  func supports() {
    #expect(Distribution.pert(low: 1.5, mode: 2.4, high: 4).support == 1.5...4)
    #expect(Distribution.triangular(low: 1, mode: 1, high: 4).support == 1...4)
    #expect(Distribution.uniform(low: 0.1, high: 0.3).support == 0.1...0.3)
    #expect(Distribution.lognormal(p10: 1, p90: 2).support == 0 ... .infinity)
    #expect(Distribution.normal(mean: 0, standardDeviation: 1).support == -.infinity ... .infinity)
    #expect(Distribution.empirical([2, 3, 9]).support == 2...9)
    #expect(Distribution.constant(5).support == 5...5)
  }

  @Test(
    "a distribution of no width is its value at every probability",
    arguments: [
      Distribution.pert(low: 2, mode: 2, high: 2), .triangular(low: 2, mode: 2, high: 2),
      .uniform(low: 2, high: 2), .normal(mean: 2, standardDeviation: 0), .empirical([2]),
    ])
  func degenerate(distribution: Distribution) {
    for probability in [0, 0.2, 0.5, 1] { #expect(distribution.quantile(probability) == 2) }
    #expect(distribution.mean == 2)
  }

  @Test("a distribution says in words what it is")
  func words() {
    #expect("\(Distribution.lognormal(p10: 1.9, p90: 3.4))" == "lognormal, P10 1.9, P90 3.4")
    #expect("\(Distribution.pert(low: 1.5, mode: 2.4, high: 4))" == "PERT 1.5 … 2.4 … 4")
    #expect("\(Distribution.constant(0.66))" == "0.66")
    #expect(
      "\(Distribution.normal(mean: 10, standardDeviation: 2.5))" == "normal, mean 10, standard deviation 2.5")
    #expect("\(Distribution.empirical([1, 2, 3]))" == "empirical, 3 values, P10 1.2, P90 2.8")
  }
}
