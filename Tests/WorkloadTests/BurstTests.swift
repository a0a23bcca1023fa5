// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about when requests come: mean rates and dispersions of every burst structure against closed forms.

import Foundation
import Quantities
import Testing
import Uncertainty
import Workload

private let one = TokenLengthTable(.constant(7), minimum: 1, maximum: 7)

/// A use case at a steady rate.
private func use(
  _ rate: Double, burstiness: Double = 1, clients: [Double]? = nil, onOff: OnOffPeriods? = nil,
  minuteNoise: Double = 0
) -> UseCaseStatistics {
  UseCaseStatistics(
    hourlyRate: flat.map { $0 * rate }, burstiness: burstiness, inputTokens: one, outputTokens: one,
    clients: clients, onOff: onOff, minuteNoise: minuteNoise)
}

/// Requests in each of a day's stretches of `seconds`, over some draws.
private func counts(_ use: UseCaseStatistics, seconds: Double, draws: Int, hours: Double = 24) -> [Double] {
  (0..<draws).flatMap { draw in
    var counts = [Double](repeating: 0, count: Int(hours * 3600 / seconds))
    for request in all(generator([use], draw: UInt32(draw), hours: hours)) {
      counts[min(Int(request.arrival / seconds), counts.count - 1)] += 1
    }
    return counts
  }
}

private func dispersion(_ counts: [Double]) -> Double { variance(counts) / mean(counts) }

@Suite("Bursts")
struct BurstTests {
  /// IDC(t) = 1 + 2λ·(1−p)/p·τ·(1 − τ/t·(1 − e^(−t/τ))), τ = on·off/(on + off), p the share of time that is on.
  @Test(
    "the counts of an on/off source have the dispersion of an interrupted Poisson process",
    arguments: [1.0, 10, 60])
  func onOff(seconds: Double) {
    let (rate, on, off) = (3.0, 20.0, 40.0)
    let counts = counts(
      use(rate, onOff: OnOffPeriods(onSeconds: on, offSeconds: off)), seconds: seconds, draws: 12)
    let (share, time) = (on / (on + off), on * off / (on + off))
    let expected =
      1 + 2 * rate * (1 - share) / share * time * (1 - time / seconds * (1 - exp(-seconds / time)))
    expectClose(mean(counts), rate * seconds, within: 0.03, "mean")
    expectClose(dispersion(counts), expected, within: 0.07, "dispersion at \(seconds) s")
  }

  @Test(
    "minute noise adds the variance of a mixed Poisson count: 1 + λ·60·(exp(σ²) − 1)",
    arguments: [0.07, 0.21])
  func minuteNoise(deviation: Double) {
    let own = counts(use(5, minuteNoise: deviation), seconds: 60, draws: 12)
    let expected = 1 + 300 * (exp(deviation * deviation) - 1)
    expectClose(mean(own), 300, within: 0.01)
    expectClose(dispersion(own), expected, within: 0.06)
    let noise = DemandNoise(day: 0, hour: 0, minute: deviation, seed: 1, draw: 0, month: 0)
    var common = [[Double]](repeating: [Double](repeating: 0, count: 1440), count: 2)
    for request in all(generator([use(5), use(5)], noise: noise, hours: 24)) {
      common[Int(request.useCase)][Int(request.arrival / 60)] += 1
    }
    expectClose(dispersion(common[0]), expected, within: 0.2)
    // The demand's noise is one weather for all use cases.
    let products = zip(common[0], common[1]).map { ($0 - 300) * ($1 - 300) }
    expectClose(mean(products), 300 * 300 * (exp(deviation * deviation) - 1), within: 0.3)
  }

  /// Superposed renewal processes: over long stretches each client's dispersion is 1/shape, weighted with its share.
  @Test("superposed clients keep a gamma client's dispersion over long stretches and lose it over short ones")
  func superposition() {
    let shares = ZipfTable.shares(count: 20, exponent: 0.5)
    let superposed = use(20, burstiness: 0.25, clients: shares)
    let single = use(20, burstiness: 0.25)
    expectClose(dispersion(counts(superposed, seconds: 120, draws: 12)), 4, within: 0.1)
    let short = dispersion(counts(superposed, seconds: 0.05, draws: 1))
    let shortSingle = dispersion(counts(single, seconds: 0.05, draws: 1))
    #expect(short < 0.7 * shortSingle, "\(short) against \(shortSingle)")
  }

  @Test("one client, or any number of Poisson clients, is the plain source to the last bit")
  func plain() {
    let plain = all(generator([use(2, burstiness: 0.3)], hours: 5))
    #expect(all(generator([use(2, burstiness: 0.3, clients: [1])], hours: 5)) == plain)
    let shares = ZipfTable.shares(count: 50, exponent: 1)
    #expect(all(generator([use(2, clients: shares)], hours: 5)) == all(generator([use(2)], hours: 5)))
  }

  /// A short window far into a hour has the mean rate only if the window opens in equilibrium.
  @Test(
    "rate times time is expected in a short window, whatever the burst structure",
    arguments: [
      use(4, burstiness: 0.2, clients: ZipfTable.shares(count: 10, exponent: 1)),
      use(4, burstiness: 0.2, onOff: OnOffPeriods(onSeconds: 30, offSeconds: 90)), use(4, minuteNoise: 0.3),
    ])
  func equilibrium(use: UseCaseStatistics) {
    let totals = (0..<3000).map { draw in
      Double(all(generator([use], draw: UInt32(draw), startHour: 3.6, hours: 30.0 / 3600)).count)
    }
    let deviation = (variance(totals) / 3000).squareRoot()
    #expect(abs(mean(totals) - 120) < 4 * deviation, "\(mean(totals)) ± \(deviation)")
  }

  @Test("Zipf ranks have their shares")
  func zipf() {
    let table = ZipfTable(count: 50, exponent: 1.1)
    var random = CounterRandom(seed: 4, draw: 0, purpose: .testing)
    var counts = [Double](repeating: 0, count: 50)
    for _ in 0..<400_000 { counts[table[random.nextUniform()]] += 1 }
    for (count, share) in zip(counts, ZipfTable.shares(count: 50, exponent: 1.1)) {
      #expect(abs(count - 400_000 * share) < 5 * (400_000 * share).squareRoot())
    }
    expectClose(ZipfTable.shares(count: 3, exponent: 2)[0], 36.0 / 49, within: 1e-12)
  }
}
