// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the synthesized demand: counts, gaps and lengths have the statistics asked for, and which requests come
// depends on nothing but seed, draw, month, hour and use case.

import Foundation
import Quantities
import Testing
import Uncertainty
import Workload

@Suite("Request generator")
struct RequestGeneratorTests {
  /// A Poisson count's variance is its mean; over n counts its estimate has a relative deviation of √(2/n).
  @Test("Poisson counts have mean and variance rate × time over 4,000 draws")
  func poissonCounts() {
    let use = statistics(flat.map { $0 * 0.5 })
    let counts = (0..<4000).map { draw in
      Double(all(generator([use], seed: 5, draw: UInt32(draw), startHour: 17.25, hours: 0.05)).count)
    }
    let expected = 0.5 * 180
    #expect(abs(mean(counts) - expected) < 4 * (expected / 4000).squareRoot())
    #expect(abs(variance(counts) / expected - 1) < 4 * (2.0 / 4000).squareRoot())
  }

  @Test(
    "gaps have a coefficient of variation of 1/√burstiness within 3 %", arguments: [0.25, 0.5, 1.0, 4.0])
  func burstiness(shape: Double) {
    let requests = all(generator([statistics(flat.map { $0 * 20 }, burstiness: shape)], seed: 3, hours: 10))
    let gaps = zip(requests, requests.dropFirst()).map { $1.arrival - $0.arrival }
    expectClose(variance(gaps).squareRoot() / mean(gaps), 1 / shape.squareRoot(), within: 0.03)
    expectClose(mean(gaps), 1 / 20, within: 0.015)
  }

  /// A window that opened with a whole gap would see (1/burstiness − 1)/2 requests too many: 1.5 of 6 here.
  @Test(
    "a short window expects rate × time requests however bursty they are", arguments: [0.25, 1.0, 4.0])
  func shortWindows(shape: Double) {
    let use = statistics(flat.map { $0 * 0.02 }, burstiness: shape)
    let counts = (0..<20_000).map { draw in
      Double(all(generator([use], seed: 9, draw: UInt32(draw), startHour: 40.5, hours: 1.0 / 12)).count)
    }
    let deviation = (variance(counts) / Double(counts.count)).squareRoot()
    #expect(abs(mean(counts) - 6) < 4 * deviation, "\(mean(counts)) ± \(deviation)")
  }

  @Test("counts per hour follow the profile, the noise and the scale")
  func profile() throws {
    let curve = try #require(ProfilePresets.hourly(named: "azure-code"))
    let noise = DemandNoise(day: 0.2, hour: 0.3, seed: 4, draw: 2, month: 1)
    let use = statistics(curve.map { $0 * 0.5 })
    var counts = [Double](repeating: 0, count: 168)
    for request in all(generator([use], scale: 2, noise: noise, seed: 8, draw: 2, month: 1, hours: 168)) {
      counts[Int(request.arrival / 3600)] += 1
    }
    var squares = 0.0
    for hour in 0..<168 {
      let expected = curve[hour] * noise.factors[hour] * 3600
      let deviation = (counts[hour] - expected) / expected.squareRoot()
      #expect(abs(deviation) < 4.5, "hour \(hour): \(counts[hour]), expected \(expected)")
      squares += deviation * deviation
    }
    // Chi-square with 168 degrees of freedom: mean 168, standard deviation 18.3.
    #expect(abs(squares - 168) < 4 * 18.3)
  }

  @Test("lengths have the distribution's quantiles, rounded and clipped, independent of one another")
  func lengths() {
    let input = Distribution.lognormal(p10: 100, p90: 2000)
    let use = UseCaseStatistics(
      hourlyRate: flat.map { $0 * 30 }, burstiness: 1,
      inputTokens: TokenLengthTable(input, minimum: 1, maximum: 4096),
      outputTokens: TokenLengthTable(.uniform(low: 5, high: 205), minimum: 10, maximum: 180))
    let requests = all(generator([use], seed: 2, hours: 2))
    let inputs = requests.map(\.inputTokens).sorted()
    let outputs = requests.map(\.outputTokens).sorted()
    for share in [0.05, 0.1, 0.25, 0.5, 0.75, 0.9] {
      let place = Int(share * Double(requests.count))
      expectClose(Double(inputs[place]), input.quantile(share), within: 0.02, "input \(share)")
      expectClose(Double(outputs[place]), max(10, min(180, 5 + 200 * share)), within: 0.02, "output \(share)")
    }
    #expect(inputs.last == 4096 && outputs.first == 10 && outputs.last == 180)
    let logs = requests.map { (log(Double($0.inputTokens)), Double($0.outputTokens)) }
    let (left, right) = (mean(logs.map(\.0)), mean(logs.map(\.1)))
    let covariance = mean(logs.map { ($0.0 - left) * ($0.1 - right) })
    let correlation = covariance / (variance(logs.map(\.0)) * variance(logs.map(\.1))).squareRoot()
    #expect(abs(correlation) < 4 / Double(requests.count).squareRoot())
  }

  @Test("hours 3 to 5 have the same requests in a window of hours 3 to 8", arguments: [1.0, 0.3, 3.0])
  func windows(shape: Double) throws {
    let curve = try #require(ProfilePresets.hourly(named: "azure-conversation"))
    let uses = [statistics(curve, burstiness: shape), statistics(curve.map { $0 * 0.2 }, burstiness: shape)]
    let short = all(generator(uses, seed: 6, startHour: 3, hours: 2))
    let long = all(generator(uses, seed: 6, startHour: 3, hours: 5))
    #expect(short == Array(long.prefix { $0.arrival < 7200 }))
    #expect(long.count > 2 * short.count)
  }

  @Test("the batch's size is invisible", arguments: [1, 2, 7, 4096])
  func batches(size: Int) {
    let uses = [statistics(flat, burstiness: 0.5), statistics(flat.map { $0 * 0.1 })]
    let whole = all(generator(uses, seed: 12, startHour: 100, hours: 3), batch: 100_000)
    #expect(all(generator(uses, seed: 12, startHour: 100, hours: 3), batch: size) == whole)
  }

  @Test("a batch is short only at the window's end, and stays empty after it")
  func endOfWindow() {
    var stream = generator([statistics(flat)], seed: 1, hours: 1)
    var buffer = Array(
      repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: 64)
    var counts: [Int] = []
    for _ in 0..<200 { counts.append(stream.fill(&buffer)) }
    let full = counts.prefix { $0 == 64 }
    #expect(full.count > 40)
    #expect(counts.dropFirst(full.count + 1).allSatisfy { $0 == 0 })
  }

  @Test("use cases merge in order of arrival, each the same as alone", arguments: 1...5)
  func merging(seed: UInt64) {
    let uses = [
      statistics(flat.map { $0 * 0.7 }, burstiness: 0.3), statistics(flat.map { $0 * 3 }),
      statistics(flat.map { $0 * 0.01 }), statistics(flat.map { $0 * 0 }),
    ]
    let together = all(generator(uses, seed: seed, startHour: 24, hours: 4))
    #expect(zip(together, together.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
    #expect(together.allSatisfy { $0.arrival >= 0 && $0.arrival < 4 * 3600 })
    let alone = all(generator([uses[0]], seed: seed, startHour: 24, hours: 4))
    #expect(together.filter { $0.useCase == 0 } == alone)
    #expect(!together.contains { $0.useCase == 3 })
  }

  @Test("seed, draw, month, hour and use case each change the requests")
  func streams() {
    let use = statistics(flat)
    func arrivals(_ generator: RequestGenerator) -> [Double] { all(generator).map(\.arrival) }
    let base = arrivals(generator([use], hours: 1))
    #expect(arrivals(generator([use], hours: 1)) == base)
    #expect(arrivals(generator([use], seed: 2, hours: 1)) != base)
    #expect(arrivals(generator([use], draw: 1, hours: 1)) != base)
    #expect(arrivals(generator([use], month: 1, hours: 1)) != base)
    #expect(arrivals(generator([use], startHour: 1, hours: 1)) != base)
    let two = all(generator([use, use], hours: 1))
    #expect(two.filter { $0.useCase == 1 }.map(\.arrival) != base)
    #expect(two.filter { $0.useCase == 0 }.map(\.arrival) == base)
  }

  /// The integral of the rate up to a request is its operational time, whatever the rates are.
  @Test("a gap that straddles a change of rate keeps its operational time", arguments: 1...20)
  func straddling(seed: UInt64) throws {
    let steady = flat.map { $0 * 0.001 }
    var changing = steady
    changing[1] = 0.05
    let slow = all(generator([statistics(steady, burstiness: 2)], seed: seed, hours: 168))
    let fast = all(generator([statistics(changing, burstiness: 2)], seed: seed, hours: 2))
    #expect(slow.prefix { $0.arrival < 3600 } == fast.prefix { $0.arrival < 3600 })
    let slowFirst = try #require(slow.first { $0.arrival >= 3600 })
    let fastFirst = try #require(fast.first { $0.arrival >= 3600 })
    #expect(abs((slowFirst.arrival - 3600) * 0.001 - (fastFirst.arrival - 3600) * 0.05) < 1e-9)
    #expect(slowFirst.inputTokens == fastFirst.inputTokens)
  }

  @Test("hours without demand have no requests, and their neighbours lose none", arguments: 1...8)
  func emptyHours(seed: UInt64) {
    let curve = (0..<168).map { $0 % 3 == 1 ? 0.4 : 0.0 }
    let requests = all(
      generator([statistics(curve, burstiness: seed % 2 == 0 ? 1 : 0.25)], seed: seed, hours: 168))
    #expect(requests.allSatisfy { Int($0.arrival / 3600) % 3 == 1 })
    #expect(zip(requests, requests.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
    expectClose(Double(requests.count), 56 * 1440, within: 0.04)
  }

  @Test("no demand at all is an empty stream, in a week and in a window that starts within an hour")
  func noDemand() {
    #expect(all(generator([statistics(flat.map { $0 * 0 })], hours: 168)).isEmpty)
    #expect(all(generator([statistics(flat.map { $0 * 0 })], startHour: 9.7, hours: 0.1)).isEmpty)
    #expect(all(generator([statistics(flat)], scale: 0, hours: 24)).isEmpty)
    #expect(all(generator([], hours: 24)).isEmpty)
  }

  @Test("extreme burstiness keeps arrivals finite and in order", arguments: [0.01, 0.05, 50.0, 1000.0])
  func extremes(shape: Double) {
    var rates = flat
    for hour in stride(from: 0, to: 168, by: 2) { rates[hour] = 0 }
    let requests = all(generator([statistics(rates, burstiness: shape)], seed: 77, hours: 48))
    #expect(requests.allSatisfy { $0.arrival >= 0 && $0.arrival < 48 * 3600 })
    #expect(zip(requests, requests.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
  }
}
