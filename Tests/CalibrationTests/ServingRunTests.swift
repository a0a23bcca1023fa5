// SPDX-License-Identifier: GPL-3.0-or-later
// A simulated benchmark obeys the laws that a real one does.

import Calibration
import Catalog
import Testing

@Suite("Simulated benchmark runs")
struct ServingRunTests {
  private func load(_ users: Int?, rate: Double? = nil, requests: Int = 200) -> ServingLoad {
    ServingLoad(
      input: LengthRange(around: 512, upTo: 0.3), output: LengthRange(around: 128, upTo: 0.3),
      requests: requests, concurrency: users, rate: rate)
  }

  @Test(
    "INV-7: a closed loop's throughput is its users over the mean time of a request (Little's law)",
    arguments: [4, 16, 64])
  func little(users: Int) throws {
    let outcome = server().simulate(load(users, requests: 40 * users))
    let rate = try #require(outcome.value(BenchmarkMetric(.requestThroughput)))
    let whole = try #require(outcome.value(BenchmarkMetric(.endToEnd)))
    #expect(outcome.completed == 40 * users)
    // The emptying of the system at the end is the difference.
    #expect(abs(rate * whole / Double(users) - 1) < 0.05)
  }

  @Test("more users never lose throughput and always wait longer")
  func monotone() throws {
    var (rate, wait) = (0.0, 0.0)
    for users in [1, 2, 4, 8, 16, 32, 64] {
      let outcome = server().simulate(load(users))
      let nextRate = try #require(outcome.value(BenchmarkMetric(.outputThroughput)))
      let nextWait = try #require(outcome.value(BenchmarkMetric(.timePerOutputToken)))
      #expect(nextRate > rate && nextWait > wait)
      (rate, wait) = (nextRate, nextWait)
    }
  }

  @Test("an open load is answered at its own rate, with gaps as regular as asked for")
  func open() throws {
    var even = load(nil, rate: 5, requests: 400)
    even.burstiness = .infinity
    var bursty = even
    bursty.burstiness = 0.2
    let calm = server().simulate(even)
    let rate = try #require(calm.value(BenchmarkMetric(.requestThroughput)))
    #expect(abs(rate - 5) < 0.2)
    let p99 = BenchmarkMetric(.timeToFirstToken, .quantile(0.99))
    let storm = server().simulate(bursty)
    let (calmest, worst) = (try #require(calm.value(p99)), try #require(storm.value(p99)))
    #expect(worst > 1.5 * calmest)
  }

  @Test("the same seed gives the same run, another seed another one")
  func seeds() {
    var other = load(8)
    other.seed = 1
    #expect(server().simulate(load(8)) == server().simulate(load(8)))
    #expect(server().simulate(load(8)) != server().simulate(other))
  }

  @Test("lengths are uniform on their range, ends included")
  func lengths() {
    #expect(LengthRange(around: 1000, upTo: 0.2) == LengthRange(800, 1200))
    #expect(LengthRange(around: 1, upTo: 0.9) == LengthRange(1, 2))
    let outcome = server().simulate(load(64, requests: 4000))
    let mean = Double(outcome.inputTokens) / Double(outcome.completed)
    // Four standard errors of a uniform distribution as wide as six tenths of its mean.
    let error = 512.0 * 0.6 / (12.0 * 4000).squareRoot()
    #expect(abs(mean - 512) < 4 * error)
  }

  @Test("a request that never fits the KV cache is refused, the others are served")
  func refused() {
    var small = server()
    small.cacheTokens = 640
    let outcome = small.simulate(load(4))
    #expect(outcome.refused > 0 && outcome.completed > 0)
    #expect(outcome.refused + outcome.completed == 200)
  }

  @Test("an engine that reserves memory for whole answers preempts nothing and runs fewer at once")
  func reservation() {
    var vllm = server("llama-3.1-8b")
    vllm.cacheTokens = 16_384
    var reserving = vllm
    reserving.engine.reservesOutput = true
    let long = ServingLoad(input: LengthRange(64), output: LengthRange(1000), requests: 100)
    #expect(vllm.simulate(long).preemptions > 0)
    #expect(reserving.simulate(long).preemptions == 0)
  }
}
