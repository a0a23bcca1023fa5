// SPDX-License-Identifier: GPL-3.0-or-later
// Quantiles against published tables, closed forms, and their own cumulative distributions.

import Foundation
import Numerics
import Testing

@Suite("Probability distributions")
struct ProbabilityDistributionTests {
  static let probabilities =
    [
      1e-300, 1e-12, 1e-6, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1 - 1e-6,
      1 - 1e-12,
    ]

  @Test(
    "normal quantiles match tables",
    arguments: [
      (0.9, 1.281_551_565_544_600_4), (0.95, 1.644_853_626_951_472_2), (0.975, 1.959_963_984_540_054),
      (0.001, -3.090_232_306_167_813), (1e-10, -6.361_340_902_404_056),
    ])
  func normal(probability: Double, expected: Double) {
    #expect(abs(StandardNormal.quantile(probability) - expected) < 1e-13 * abs(expected) * 10)
    #expect(abs(StandardNormal.cumulative(expected) - probability) < 1e-12 * probability * 10)
  }

  @Test("the normal quantile is infinite at 0 and 1, and symmetric")
  func normalEnds() {
    #expect(StandardNormal.quantile(0) == -.infinity)
    #expect(StandardNormal.quantile(1) == .infinity)
    #expect(StandardNormal.quantile(0.5) == 0)
    #expect(abs(StandardNormal.quantile(0.125) + StandardNormal.quantile(0.875)) < 1e-15)
  }

  @Test(
    "Student t quantiles match tables (two-sided 95 %)",
    arguments: [
      (1.0, 12.706_204_736), (2, 4.302_652_730), (7, 2.364_624_252), (30, 2.042_272_456), (1e6, 1.959_966),
    ])
  func student(degreesOfFreedom: Double, expected: Double) {
    let quantile = StudentDistribution(degreesOfFreedom: degreesOfFreedom).quantile(0.975)
    #expect(abs(quantile - expected) < 1e-6)
  }

  @Test(
    "Cauchy quantiles (t with one degree of freedom) have their closed form",
    arguments: probabilities.dropFirst())
  func cauchy(probability: Double) {
    let quantile = StudentDistribution(degreesOfFreedom: 1).quantile(probability)
    // tan(π(p − 1/2)), written without the cancellation near p = 0 and 1.
    let expected =
      probability < 0.5
      ? -1 / tan(.pi * probability) : probability == 0.5 ? 0 : 1 / tan(.pi * (1 - probability))
    #expect(abs(quantile - expected) <= 1e-7 * max(1e-8, abs(expected)))
  }

  @Test(
    "beta quantiles with one shape 1 have their closed form", arguments: [0.2, 1, 1.5, 5, 60], probabilities)
  func betaPower(shape: Double, probability: Double) {
    let left = BetaDistribution(alpha: shape, beta: 1).quantile(probability)
    #expect(abs(left - pow(probability, 1 / shape)) <= 1e-7 * left + 1e-300)
    let right = BetaDistribution(alpha: 1, beta: shape).quantile(probability)
    let expected = -expm1(log1p(-probability) / shape)
    #expect(abs(right - expected) <= 1e-7 * expected)
  }

  @Test("beta quantiles invert the cumulative distribution for every PERT shape")
  func betaInverse() {
    for eighth in 0...16 {
      let alpha = 1 + Double(eighth) / 4
      let beta = BetaDistribution(alpha: alpha, beta: 6 - alpha)
      var previous = 0.0
      for step in 1..<400 {
        let probability = Double(step) / 400
        let value = beta.quantile(probability)
        #expect(value > previous && value < 1)
        #expect(abs(beta.cumulative(value) - probability) < 1e-8)
        previous = value
      }
    }
  }

  @Test(
    "the gamma quantile with shape 1 is exponential, with shape 1/2 a squared normal",
    arguments: probabilities)
  func gammaClosedForms(probability: Double) {
    let exponential = GammaDistribution(shape: 1, scale: 3).quantile(probability)
    #expect(abs(exponential + 3 * log1p(-probability)) <= 1e-8 * exponential)
    guard probability > 1e-10 else { return }
    let half = GammaDistribution(shape: 0.5, scale: 2).quantile(probability)
    let normal = StandardNormal.quantile((1 + probability) / 2)
    #expect(abs(half - normal * normal) <= 1e-4 * half)
  }

  @Test(
    "gamma quantiles invert the cumulative distribution", arguments: [0.05, 0.1, 0.3, 0.7, 1, 2.5, 30, 1000])
  func gammaInverse(shape: Double) {
    let gamma = GammaDistribution(shape: shape, scale: 0.25)
    var previous = -1.0
    for probability in [1e-9, 1e-4, 0.01] + (1..<100).map({ Double($0) / 100 }) + [0.999, 1 - 1e-9] {
      let value = gamma.quantile(probability)
      #expect(value >= previous)
      #expect(abs(gamma.cumulative(value) - probability) <= 2e-8 * min(probability, 1 - probability) + 1e-14)
      previous = max(previous, value)
    }
  }

  @Test("Weibull: quantile and cumulative distribution are inverse, and the mean is the one asked for")
  func weibull() {
    for shape in [0.4, 0.6, 1, 2] {
      let distribution = WeibullDistribution(shape: shape, mean: 8)
      #expect(abs(distribution.mean - 8) < 1e-12)
      for probability in Self.probabilities {
        let value = distribution.quantile(probability)
        #expect(abs(distribution.cumulative(value) - probability) <= 1e-12 * probability + 1e-299)
      }
      // The mean is the integral of the quantile function; the midpoint rule misses little of the tail.
      let steps = 2_000_000
      let integral = (0..<steps).reduce(0.0) {
        $0 + distribution.quantile((Double($1) + 0.5) / Double(steps))
      }
      #expect(abs(integral / Double(steps) - 8) < 8 * 2e-4)
    }
    #expect(WeibullDistribution(shape: 0.6, scale: 1).quantile(1) == .infinity)
    #expect(WeibullDistribution(shape: 1, scale: 2).quantile(0.5) == 2 * log(2))
  }
}
