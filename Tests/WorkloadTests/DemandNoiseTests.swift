// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the noise on the weekly profile: mean 1, the variances and the correlation asked for.

import Foundation
import Testing
import Workload

@Suite("Demand noise")
struct DemandNoiseTests {
  private func weeks(day: Double, hour: Double, count: Int) -> [[Double]] {
    (0..<count).map { DemandNoise(day: day, hour: hour, seed: 21, draw: UInt32($0), month: 3).factors }
  }

  @Test("without noise every hour has the factor 1")
  func quiet() {
    #expect(
      DemandNoise(day: 0, hour: 0, seed: 3, draw: 4, month: 5).factors == [Double](repeating: 1, count: 168))
  }

  @Test(
    "factors have mean 1, so that noise adds no demand",
    arguments: [(0.1, 0.12), (0.5, 0.0), (0.0, 0.5), (0.3, 0.4)])
  func meanOne(day: Double, hour: Double) {
    let means = weeks(day: day, hour: hour, count: 2000).map(mean)
    let deviation = (variance(means) / 2000).squareRoot()
    #expect(abs(mean(means) - 1) < 4 * deviation, "\(mean(means)) ± \(deviation)")
    #expect(deviation < 0.01)
  }

  @Test("the logarithm of an hour's factor has the hour's variance and a lag-one correlation of 0.7")
  func hours() {
    let logs = weeks(day: 0, hour: 0.25, count: 500).map { $0.map { log($0) + 0.25 * 0.25 / 2 } }
    let squares = mean(logs.joined().map { $0 * $0 })
    expectClose(squares, 0.25 * 0.25, within: 0.02)
    for (lag, correlation) in [(1, 0.7), (2, 0.49), (5, 0.168)] {
      let products = logs.map { week in mean((0..<(168 - lag)).map { week[$0] * week[$0 + lag] }) }
      #expect(abs(mean(products) / squares - correlation) < 0.015)
    }
  }

  @Test("a day's hours share one factor, of the day's variance, independent of the next day's")
  func days() {
    let weeks = weeks(day: 0.2, hour: 0, count: 2000)
    #expect(weeks.allSatisfy { week in (0..<168).allSatisfy { week[$0] == week[$0 / 24 * 24] } })
    let logs = weeks.map { week in (0..<7).map { log(week[$0 * 24]) + 0.2 * 0.2 / 2 } }
    let squares = mean(logs.joined().map { $0 * $0 })
    expectClose(squares, 0.2 * 0.2, within: 0.04)
    let products = logs.map { week in mean((0..<6).map { week[$0] * week[$0 + 1] }) }
    #expect(abs(mean(products) / squares) < 0.03)
  }

  @Test("seed, draw and month each have their own weather; the same three the same")
  func streams() {
    let base = DemandNoise(day: 0.1, hour: 0.1, seed: 1, draw: 1, month: 1)
    #expect(base == DemandNoise(day: 0.1, hour: 0.1, seed: 1, draw: 1, month: 1))
    #expect(base != DemandNoise(day: 0.1, hour: 0.1, seed: 2, draw: 1, month: 1))
    #expect(base != DemandNoise(day: 0.1, hour: 0.1, seed: 1, draw: 2, month: 1))
    #expect(base != DemandNoise(day: 0.1, hour: 0.1, seed: 1, draw: 1, month: 2))
  }
}
