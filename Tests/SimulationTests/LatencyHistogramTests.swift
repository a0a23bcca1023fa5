// SPDX-License-Identifier: GPL-3.0-or-later
// The latency histogram against the latencies themselves, as a log of every request holds them.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Latency histogram")
struct LatencyHistogramTests {
  /// A busy fleet's requests with latencies over four orders of magnitude, the first `split` of them of use case 0.
  private func run(seed: Int, split: Int) -> WindowResult {
    var random = TestRandom(seed: seed)
    var now = 0.0
    let requests = (0..<6000).map { index in
      now += random.exponential(mean: 0.05)
      return Request(
        arrival: now, inputTokens: Int32(random.logUniform(1, 4000)),
        outputTokens: Int32(random.logUniform(1, 3000)), useCase: index < split ? 0 : 1)
    }
    let pool = PoolConfiguration(
      schedules: [.always, .always], gpusPerReplica: 1,
      stepTime: StepTimeModel(
        overhead: 1e-3, computePerToken: 4e-6, denseWeights: 5e-3, memoryPerContextToken: 3e-8),
      maxSequences: 64, maxBatchedTokens: 4096, keyValueBlocks: 20_000)
    let option = OptionConfiguration(
      modelOfUseCase: [0, 0], objectives: [ServiceObjective(), ServiceObjective()],
      chain: [.fleet(FleetConfiguration(pools: [pool]))], models: 1)
    return simulate(option, requests, log: true)
  }

  private func measures(
    _ log: [ServedRequest], _ quality: ServiceQuality, useCase: Int
  ) -> [(histogram: LatencyHistogram, times: [Double])] {
    let own = log.filter { Int($0.useCase) == useCase }
    return [
      (quality.timeToFirstToken[useCase], own.map { $0.firstToken - $0.arrival }),
      (
        quality.timePerOutputToken[useCase],
        own.filter { $0.outputTokens > 1 }
          .map { ($0.lastToken - $0.firstToken) / Double($0.outputTokens - 1) }
      ),
      (quality.endToEnd[useCase], own.map { $0.lastToken - $0.arrival }),
    ]
  }

  @Test("quantiles are within 1 % of the sorted latencies', the mean is exact", arguments: 1...4)
  func quantiles(seed: Int) {
    let result = run(seed: seed, split: 6000)
    for (histogram, times) in measures(result.log, result.quality, useCase: 0) {
      let sorted = times.sorted()
      #expect(histogram.total == Double(sorted.count))
      expectClose(histogram.mean ?? .nan, sorted.reduce(0, +) / Double(sorted.count), within: 1e-12)
      for share in [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1] {
        let rank = max(1, Int((share * Double(sorted.count)).rounded(.up)))
        expectClose(histogram.quantile(share) ?? .nan, sorted[rank - 1], within: 0.01, "quantile \(share)")
      }
    }
  }

  @Test("the histograms of the parts add up to that of the whole", arguments: [1, 2000, 5999])
  func merging(split: Int) {
    let whole = run(seed: 7, split: 6000).quality
    var parts = run(seed: 7, split: split).quality
    parts.endToEnd[0].add(parts.endToEnd[1])
    parts.timeToFirstToken[0].add(parts.timeToFirstToken[1])
    #expect(parts.endToEnd[0].total == whole.endToEnd[0].total)
    expectClose(parts.endToEnd[0].sum, whole.endToEnd[0].sum, within: 1e-12)
    for share in (0...200).map({ Double($0) / 200 }) {
      #expect(parts.endToEnd[0].quantile(share) == whole.endToEnd[0].quantile(share))
      #expect(parts.timeToFirstToken[0].quantile(share) == whole.timeToFirstToken[0].quantile(share))
    }
  }

  @Test("weights scale counts and sums, and leave quantiles and mean as they are")
  func weights() {
    let whole = run(seed: 3, split: 6000).quality.endToEnd[0]
    var weighted = LatencyHistogram()
    weighted.add(whole, weight: 0.25)
    #expect(weighted.total == whole.total / 4)
    #expect(weighted.quantile(0.9) == whole.quantile(0.9))
    expectClose(weighted.mean ?? .nan, whole.mean ?? .nan, within: 1e-12)
    // Three parts slow, one part fast: the quantiles know it.
    var mixed = LatencyHistogram()
    let fast = run(seed: 3, split: 6000).quality.timePerOutputToken[0]
    mixed.add(fast, weight: 1 / fast.total)
    mixed.add(whole, weight: 3 / whole.total)
    #expect(abs((mixed.quantile(0.2) ?? 0) - (fast.quantile(0.8) ?? 0)) < 0.05 * (fast.quantile(0.8) ?? 0))
  }

  @Test("an empty histogram has no quantile and no mean")
  func empty() {
    var histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == nil && histogram.mean == nil && histogram.total == 0)
    histogram.add(LatencyHistogram(), weight: 3)
    #expect(histogram == LatencyHistogram())
  }

  @Test("latencies of nothing and of years fall into the outermost bins")
  func extremes() throws {
    func latency(_ seconds: Double) -> LatencyHistogram {
      let option = OptionConfiguration(
        modelOfUseCase: [0], objectives: [ServiceObjective()],
        chain: [
          .metered(
            MeteredConfiguration(
              serves: [true],
              latency: ServiceLatency(firstToken: Seconds(seconds), perOutputToken: .zero)))
        ], models: 1)
      return simulate(option, [Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0)])
        .quality.endToEnd[0]
    }
    #expect(try #require(latency(0).quantile(0.5)) < 2e-6)
    #expect(latency(0).mean == 0)
    #expect(try #require(latency(1e10).quantile(0.5)) > 1e7)
    #expect(latency(1e10).mean == 1e10)
    for seconds in [1e-5, 0.001, 0.7, 1, 59.9, 3600] {
      expectClose(try #require(latency(seconds).quantile(0.5)), seconds, within: 0.008)
    }
  }
}
