// SPDX-License-Identifier: GPL-3.0-or-later
// The mean-reverting course against the known distribution of an Ornstein–Uhlenbeck process.

import Economics
import Foundation
import Numerics
import Quantities
import Testing

@Suite("Mean-reverting prices")
struct MeanReversionTests {
  /// Courses under seeded shocks.
  private func logarithms(_ process: MeanReversion, months: Int, count: UInt32) -> [[Double]] {
    (0..<count).map { draw in
      var random = CounterRandom(seed: 5, draw: draw, purpose: .testing)
      return process.factors(shocks: (1..<months).map { _ in StandardNormal.quantile(random.nextUniform()) })
        .map { log($0) }
    }
  }

  @Test("mean and variance of every month are those of the process", arguments: [0.3, 1.5, 12])
  func moments(speed: Double) {
    let process = MeanReversion(speed: speed, volatility: 0.5, longRun: 0.6)
    let (count, months) = (4000, 37)
    let courses = logarithms(process, months: months, count: UInt32(count))
    for month in [0, 1, 6, 12, 36] {
      let time = Double(month) / 12
      let mean = log(0.6) * (1 - exp(-speed * time))
      let variance = 0.25 * (1 - exp(-2 * speed * time)) / (2 * speed)
      let values = courses.map { $0[month] }
      let found = values.reduce(0, +) / Double(count)
      let spread = values.reduce(0) { $0 + ($1 - found) * ($1 - found) } / Double(count - 1)
      // Four standard errors of a mean and of a normal variance.
      #expect(abs(found - mean) <= 4 * (variance / Double(count)).squareRoot() + 1e-12, "month \(month)")
      #expect(abs(spread - variance) <= 4 * variance * (2 / Double(count)).squareRoot() + 1e-12)
    }
  }

  @Test("months a lag apart are correlated as the process is")
  func correlation() {
    let speed = 2.0
    let process = MeanReversion(speed: speed, volatility: 0.4)
    let count = 4000
    let courses = logarithms(process, months: 61, count: UInt32(count))
    let (a, b) = (courses.map { $0[54] }, courses.map { $0[60] })
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(count) }
    let covariance = mean(zip(a, b).map { $0 * $1 }) - mean(a) * mean(b)
    let deviations = [a, b].map { (mean($0.map { $0 * $0 }) - mean($0) * mean($0)).squareRoot() }
    // 4.5 years in, the process has forgotten its start: the correlation is e^(−κ · half a year).
    #expect(
      abs(covariance / deviations[0] / deviations[1] - exp(-speed / 2)) < 4 / Double(count).squareRoot())
  }

  @Test("without chance the course runs from the first price to the long-run level")
  func deterministic() {
    let process = MeanReversion(speed: 0.7, volatility: 0.3, longRun: 0.5)
    let course = process.factors(shocks: Array(repeating: 0, count: 120))
    #expect(course[0] == 1 && abs(course[120] - 0.5) < 0.001)
    #expect(abs(course[12] - pow(0.5, 1 - exp(-0.7))) < 1e-12)
    #expect(zip(course, course.dropFirst()).allSatisfy { $0 > $1 })
  }
}
