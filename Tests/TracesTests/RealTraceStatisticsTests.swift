// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics of public traces against the figures published for them.

import Foundation
import Testing
import Traces

/// Records an issue where `measured` is further from `expected` than a share of it.
func expectClose(
  _ measured: Double?, _ expected: Double, within share: Double, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    abs((measured ?? .nan) - expected) <= share * abs(expected),
    "\(what) \(measured ?? .nan), expected \(expected)", sourceLocation: sourceLocation)
}

private func expectLengths(
  _ measured: LengthSummary?, mean: Double, sd: Double, p10: Double, p50: Double, p90: Double, p95: Double,
  p99: Double, max: Int, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let measured else {
    Issue.record("no lengths", sourceLocation: sourceLocation)
    return
  }
  let figures = [
    ("mean", measured.mean, mean), ("sd", measured.sd, sd), ("p10", Double(measured.p10), p10),
    ("p50", Double(measured.p50), p50), ("p90", Double(measured.p90), p90),
    ("p95", Double(measured.p95), p95), ("p99", Double(measured.p99), p99),
  ]
  for (name, value, expected) in figures {
    expectClose(value, expected, within: 0.01, name, sourceLocation: sourceLocation)
  }
  #expect(measured.max == max, sourceLocation: sourceLocation)
}

@Suite("Statistics of public traces")
struct RealTraceStatisticsTests {
  @Test(
    "Azure 2023 code: rate, bursts, lengths and repetitions are the published ones",
    .enabled(if: RealTraces.isThere(RealTraces.azureCode), "no ../shared/data/azure-2023"))
  func azureCode() throws {
    var statistics = TraceStatistics(hasCalendar: true, blockTokens: nil)
    for record in try RealTraces.azureCodeRecords() { statistics.add(record) }
    let summary = statistics.summary()
    #expect(summary.requests == 8819)
    expectClose(summary.ratePerSecond, 2.567, within: 0.001, "rate")
    expectClose(summary.interArrivalCV, 13.15, within: 0.001, "CV")
    expectClose(summary.indexOfDispersion?.oneSecond, 13.2, within: 0.03, "dispersion at 1 s")
    expectClose(summary.indexOfDispersion?.tenSeconds, 71.6, within: 0.03, "dispersion at 10 s")
    expectClose(summary.indexOfDispersion?.sixtySeconds, 164, within: 0.03, "dispersion at 60 s")
    expectClose(summary.peakOverMean?.oneSecond, 26.1, within: 0.01, "peak second")
    expectClose(summary.peakOverMean?.tenSeconds, 12.8, within: 0.01, "peak ten seconds")
    expectClose(summary.peakOverMean?.sixtySeconds, 4.18, within: 0.01, "peak minute")
    expectLengths(
      summary.inputTokens, mean: 2048, sd: 1974, p10: 147, p50: 1469, p90: 5187, p95: 7303, p99: 7436,
      max: 7437)
    expectLengths(
      summary.outputTokens, mean: 27.9, sd: 59.9, p10: 7, p50: 13, p90: 55, p95: 90, p99: 251, max: 1899)
    expectClose(summary.inputTokens?.logMean, 6.999, within: 0.001)
    expectClose(summary.inputTokens?.logSD, 1.360, within: 0.001)
    expectClose(summary.rankCorrelation, -0.021, within: 0.03)
    expectClose(summary.logCorrelation, -0.005, within: 0.1)
    expectClose(summary.duplicateLengthShare, 0.095, within: 0.01)
    #expect(summary.duplicateShare == nil && summary.prefixShare == nil && summary.sessions == nil)
    #expect(summary.peakHourOverMean == nil, "less than an hour tells nothing of hours")
  }

  @Test(
    "Mooncake synthetic: near-Poisson arrivals, correlated lengths, prefix shares by cache size",
    .enabled(if: RealTraces.isThere(RealTraces.mooncake), "no ../shared/data/mooncake"))
  func mooncake() throws {
    var statistics = TraceStatistics(hasCalendar: false, blockTokens: 512)
    statistics.add(try RealTraces.mooncakeBatch())
    let summary = statistics.summary()
    #expect(summary.requests == 3993)
    expectClose(summary.ratePerSecond, 3.907, within: 0.001, "rate")
    expectClose(summary.interArrivalCV, 1.011, within: 0.001, "CV")
    expectClose(summary.indexOfDispersion?.oneSecond, 1.09, within: 0.03)
    expectClose(summary.indexOfDispersion?.tenSeconds, 1.18, within: 0.03)
    expectClose(summary.indexOfDispersion?.sixtySeconds, 1.19, within: 0.03)
    expectClose(summary.rankCorrelation, -0.517, within: 0.01)
    expectClose(summary.logCorrelation, -0.491, within: 0.01)
    let prefixes = try #require(summary.prefixShare)
    expectClose(prefixes.shareOfBlocks, 0.640, within: 0.01)
    expectClose(prefixes.shareOfTokens, 0.651, within: 0.01)
    // Published for 2.6, 5.1 and 15.4 million tokens: 5,000, 10,000 and 30,000 blocks of 512.
    for (blocks, expected) in [(5000, 0.279), (10_000, 0.423)] {
      let size = try #require(prefixes.cacheSizes.first { $0.blocks == blocks })
      expectClose(size.shareOfBlocks, expected, within: 0.01, "\(blocks) blocks")
    }
    let large = try #require(prefixes.cacheSizes.first { $0.blocks == 50_000 })
    #expect(large.shareOfBlocks >= 0.624 && large.shareOfBlocks <= prefixes.shareOfBlocks)
  }

  @Test(
    "Azure 2024 conversation hours: peak, trough, variation, weekend and levels of days",
    .enabled(if: RealTraces.isThere(RealTraces.azureHours), "no ../shared/data/azure-2024"))
  func azureHours() throws {
    var statistics = BucketStatistics(hasCalendar: true)
    for bucket in try RealTraces.azureHourBuckets() { statistics.add(bucket) }
    let summary = statistics.summary()
    expectClose(summary.ratePerSecond, 45.1, within: 0.01)
    expectClose(summary.hourlyCV, 0.289, within: 0.01)
    expectClose(summary.peakHourOverMean, 1.65, within: 0.01)
    expectClose(summary.troughHourOverMean, 0.474, within: 0.01)
    expectClose(summary.weekendOverWeekday, 0.569, within: 0.01)
    // Sunday first.
    for (level, expected) in zip(
      try #require(summary.dayLevels), [0.638, 1.180, 1.221, 1.131, 1.142, 1.029, 0.659])
    {
      expectClose(level, expected, within: 0.01)
    }
    let week = try #require(summary.hourOfWeek)
    // Monday's first hour is the 25th of the file.
    expectClose(week[0], try RealTraces.azureHourBuckets()[24].requests / 3600 / 45.1177, within: 0.001)
  }

  @Test(
    "ServeGen m-small: rate, spread of the windows, day shape; holes of the source do not count",
    .enabled(if: RealTraces.isThere(RealTraces.serveGen), "no ../shared/data/servegen"))
  func serveGen() throws {
    var statistics = BucketStatistics(hasCalendar: false)
    for bucket in try RealTraces.serveGenBuckets() { statistics.add(bucket) }
    let summary = statistics.summary()
    let buckets = try #require(summary.buckets)
    #expect(buckets.missing == 37)
    expectClose(summary.ratePerSecond, 1196, within: 0.01, "rate")
    expectClose(buckets.peakOverMean, 3.24, within: 0.01, "peak")
    expectClose(buckets.p99OverMean, 1.98, within: 0.01, "p99")
    expectClose(buckets.p1OverMean, 0.40, within: 0.013, "p1")
    expectClose(buckets.variation, 0.31, within: 0.03, "CV")
    expectClose(buckets.medianDayPeakOverMean, 1.49, within: 0.03, "day peak")
    let day = try #require(summary.hourOfDay)
    expectClose(day.max(), 1.44, within: 0.03, "profile's peak")
    expectClose(day.min(), 0.69, within: 0.03, "profile's trough")
    #expect(summary.weekendOverWeekday == nil, "without dates there are no weekends")
  }
}
