// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about distributions in another unit.

import Testing
import Uncertainty

@Suite("Scaled distributions")
struct ScalingTests {
  static let forms: [Distribution] = [
    .constant(3), .lognormal(p10: 1.9, p90: 3.4), .pert(low: 1.5, mode: 3, high: 4),
    .triangular(low: 1, mode: 2, high: 6), .uniform(low: 1, high: 2),
    .normal(mean: 10, standardDeviation: 1.5), .empirical([1, 2, 2, 7]),
    .mixture([
      LognormalComponent(weight: 0.3, mu: 5.5, sigma: 1.3),
      LognormalComponent(weight: 0.7, mu: 1, sigma: 0.2),
    ]),
    .quantiles([
      QuantilePoint(probability: 0, value: 1), QuantilePoint(probability: 0.5, value: 129),
      QuantilePoint(probability: 1, value: 1000),
    ]),
  ]

  @Test("every quantile and the mean are multiplied", arguments: forms, [0.2, 1, 1.17])
  func quantiles(form: Distribution, factor: Double) {
    let scaled = form.scaled(by: factor)
    for probability in [0.05, 0.3, 0.5, 0.9, 0.99] {
      let expected = form.quantile(probability) * factor
      #expect(abs(scaled.quantile(probability) - expected) <= 1e-9 * expected, "\(form) at \(probability)")
    }
    #expect(abs(scaled.mean - form.mean * factor) <= 1e-9 * abs(form.mean))
  }
}
