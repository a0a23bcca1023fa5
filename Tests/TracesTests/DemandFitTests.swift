// SPDX-License-Identifier: GPL-3.0-or-later
// There and back: what is synthesized from a fit has the statistics of the trace that was fitted.

import Foundation
import Quantities
import Testing
import Traces
import Uncertainty
import Workload

/// The mean over seeds of each figure of synthesized requests against the trace's.
private func expectRoundTrip(
  _ statistics: TraceStatistics, hours: Double, seeds: ClosedRange<UInt64> = 1...4,
  form: LengthForm = .quantiles, rateWithin: Double = 0.02, lengthsWithin: Double = 0.05,
  burstsWithin: Double = 0.2, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let trace = statistics.summary()
  let fit = try #require(try DemandFit(statistics, lengths: form), sourceLocation: sourceLocation)
  let made = try seeds.map { try fit.synthesized(hours: hours, seed: $0).summary() }
  func check(_ what: String, _ within: Double, _ figure: (TraceSummary) -> Double?) {
    guard let expected = figure(trace) else { return }
    let values = made.compactMap(figure)
    let mean = values.reduce(0, +) / Double(values.count)
    // Lengths are whole tokens.
    let slack = what.hasPrefix("p") ? 1.0 : 0
    #expect(
      abs(mean - expected) <= max(within * abs(expected), slack),
      "\(what) \(mean), of the trace \(expected); \(String(describing: fit.bursts))",
      sourceLocation: sourceLocation)
  }
  check("rate", rateWithin) { $0.ratePerSecond }
  check("CV", burstsWithin) { $0.interArrivalCV }
  check("dispersion at 10 s", burstsWithin) { $0.indexOfDispersion?.tenSeconds }
  for (name, lengths) in [("in", \TraceSummary.inputTokens), ("out", \TraceSummary.outputTokens)] {
    check("p50 \(name)", lengthsWithin) { $0[keyPath: lengths].map { Double($0.p50) } }
    check("p90 \(name)", lengthsWithin) { $0[keyPath: lengths].map { Double($0.p90) } }
    check("p99 \(name)", lengthsWithin) { $0[keyPath: lengths].map { Double($0.p99) } }
  }
}

/// A trace that resembles a published one of which only statistics are known.
private func lookAlike(
  rate: Double, hours: Double, seed: UInt64, burstiness: Double = 1, clients: [Double]? = nil,
  onOff: OnOffPeriods? = nil, minuteNoise: Double = 0, profile: [Double]? = nil, input: Distribution,
  output: Distribution, maximum: (input: Int, output: Int), correlation: Double = 0,
  popular: PopularPrompts? = nil
) -> TraceStatistics {
  let use = UseCaseStatistics(
    hourlyRate: (profile ?? [Double](repeating: 1, count: 168)).map { $0 * rate }, burstiness: burstiness,
    inputTokens: TokenLengthTable(input, minimum: 1, maximum: maximum.input),
    outputTokens: TokenLengthTable(output, minimum: 1, maximum: maximum.output),
    lengthCorrelation: correlation, clients: clients, onOff: onOff, minuteNoise: minuteNoise,
    popularPrompts: popular)
  return Synthesis.measured(use, hours: hours, seed: seed)
}

private func mixture(_ parts: (Double, Double, Double)...) -> Distribution {
  .mixture(parts.map { LognormalComponent(weight: $0.0, mu: $0.1, sigma: $0.2) })
}

@Suite("Fit, synthesize, measure")
struct DemandFitTests {
  @Test(
    "Azure 2023 code: bursts of minutes, clipped prompts",
    .enabled(if: RealTraces.isThere(RealTraces.azureCode), "no ../shared/data/azure-2023"),
  )
  func azureCode() throws {
    var statistics = TraceStatistics(hasCalendar: true, blockTokens: nil)
    for record in try RealTraces.azureCodeRecords() { statistics.add(record) }
    // A rate that varies 164-fold over minutes needs days to show its mean.
    try expectRoundTrip(statistics, hours: 72, seeds: 1...3)
  }

  @Test(
    "Mooncake synthetic: near Poisson, prompts that repeat, negative correlation",
    .enabled(if: RealTraces.isThere(RealTraces.mooncake), "no ../shared/data/mooncake"))
  func mooncake() throws {
    var statistics = TraceStatistics(hasCalendar: false, blockTokens: 512)
    statistics.add(try RealTraces.mooncakeBatch())
    try expectRoundTrip(statistics, hours: 12)
    let fit = try #require(try DemandFit(statistics))
    let again = try fit.synthesized(hours: 12, seed: 9).summary()
    expectClose(again.rankCorrelation, -0.517, within: 0.05, "rank correlation")
    #expect(fit.prefixes != nil)
    expectClose(again.inputTokens?.mean, 15_325, within: 0.03, "mean prompt, with its group's text")
  }

  @Test("a look-alike of Azure 2023 conversation: uneven over minutes, spiky answers", arguments: 1...3)
  func azureConversation(seed: UInt64) throws {
    let statistics = lookAlike(
      rate: 5.53, hours: 1, seed: seed, burstiness: 0.9, minuteNoise: 0.21,
      input: .quantiles([
        QuantilePoint(probability: 0, value: 2), QuantilePoint(probability: 0.1, value: 207),
        QuantilePoint(probability: 0.5, value: 1020), QuantilePoint(probability: 0.6, value: 1071),
        QuantilePoint(probability: 0.9, value: 2734), QuantilePoint(probability: 0.95, value: 4083),
        QuantilePoint(probability: 0.99, value: 4142), QuantilePoint(probability: 1, value: 14_050),
      ]), output: mixture((0.701, 4.592, 0.684), (0.299, 6.020, 0.094)), maximum: (14_050, 1000))
    try expectRoundTrip(statistics, hours: 24)
  }

  @Test("a look-alike of Mooncake conversation: long prompts, a clock of three seconds")
  func mooncakeConversation() throws {
    let made = UseCaseStatistics(
      hourlyRate: [Double](repeating: 3.401, count: 168), burstiness: 1,
      inputTokens: TokenLengthTable(
        mixture((0.168, 6.947, 0.205), (0.832, 9.098, 0.992)), minimum: 1, maximum: 126_195),
      outputTokens: TokenLengthTable(
        mixture((0.31, 3.876, 1.616), (0.69, 5.992, 0.396)), minimum: 1, maximum: 2000), minuteNoise: 0.07)
    var generator = RequestGenerator(
      timeline: [.synthesized(made)], factors: [1, 1], minuteNoise: 0, firstHourOfWeek: 0, seed: 5, draw: 0,
      length: Seconds(2 * 3600))
    var buffer = Array(
      repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: 50_000)
    let count = generator.fill(&buffer)
    var statistics = TraceStatistics(hasCalendar: false, blockTokens: nil)
    for request in buffer[0..<count] {
      let ticks = Int64(request.arrival / 3)
      statistics.add(
        TraceRecord(
          time: ticks * 3_000_000_000, inputTokens: request.inputTokens, outputTokens: request.outputTokens))
    }
    #expect(statistics.interArrivalVariation == nil, "the gaps tell of the clock")
    try expectRoundTrip(statistics, hours: 24)
  }

  @Test("a look-alike of an API pool: bursty clients, little output, long tails")
  func apiPool() throws {
    let statistics = lookAlike(
      rate: 20, hours: 6, seed: 2, burstiness: 0.25, clients: ZipfTable.shares(count: 40, exponent: 1.1),
      input: mixture((1, 6.243, 1.175)), output: mixture((1, 3.641, 2.051)), maximum: (60_000, 8000))
    try expectRoundTrip(statistics, hours: 24)
  }

  @Test("a look-alike of BurstGPT: gaps of gamma shape 0.25 in a daily curve, one clock tick a second")
  func burstGPT() throws {
    let day = [
      0.963, 0.914, 0.585, 0.525, 0.377, 0.350, 0.198, 0.157, 0.182, 0.426, 0.900, 1.317, 1.786, 1.537, 1.839,
      1.435, 1.511, 1.388, 1.210, 1.605, 1.385, 1.203, 1.156, 1.050,
    ]
    let statistics = lookAlike(
      rate: 0.5, hours: 336, seed: 3, burstiness: 0.25, profile: (0..<168).map { day[$0 % 24] },
      input: mixture((0.6, 5.5, 1.0), (0.4, 7.2, 0.5)), output: mixture((0.5, 3, 1), (0.5, 5.7, 0.5)),
      maximum: (4096, 2048))
    try expectRoundTrip(statistics, hours: 336)
  }

  @Test("conversations whose context grows: turns, waits and the lengths of all prompts come back")
  func conversations() throws {
    var stream = CounterRandom(seed: 21, draw: 0, purpose: .requests)
    let opening = mixture((1, 6, 0.8))
    let added = mixture((1, 4, 0.7))
    let answer = mixture((1, 5, 0.6))
    var records: [TraceRecord] = []
    var start = 0.0
    for session in 1...8000 {
      start -= log(stream.nextUniform()) * 10
      var (time, prompt) = (start, opening.quantile(stream.nextUniform()).rounded())
      while true {
        let output = answer.quantile(stream.nextUniform()).rounded()
        var record = TraceRecord(
          time: Int64(time * 1e9), inputTokens: Int32(prompt), outputTokens: Int32(output))
        record.session = UInt64(session)
        records.append(record)
        // A geometric number of turns, 2.5 on average.
        if stream.nextUniform() < 0.4 { break }
        prompt += output + added.quantile(stream.nextUniform()).rounded()
        time += Distribution.lognormal(p10: 40, p90: 470).quantile(stream.nextUniform())
      }
    }
    var statistics = TraceStatistics(hasCalendar: false, blockTokens: nil)
    // A log ends at a time, not with the last of its conversations.
    let end = Int64(start * 1e9)
    for record in records.sorted(by: { ($0.time, $0.session) < ($1.time, $1.session) })
    where record.time <= end {
      statistics.add(record)
    }
    let fit = try #require(try DemandFit(statistics))
    let sessions = try #require(fit.sessions)
    expectClose(sessions.turns, 2.5, within: 0.04, "turns")
    expectClose(sessions.gapP10, 40, within: 0.06, "p10 of the waits")
    expectClose(sessions.gapP90, 470, within: 0.06, "p90 of the waits")
    try expectRoundTrip(statistics, hours: 48, seeds: 1...2)
  }

  @Test("prompts that repeat: their share, their number and how uneven they are")
  func duplicates() throws {
    let statistics = lookAlike(
      rate: 2, hours: 12, seed: 4, input: mixture((1, 6, 1)), output: mixture((1, 4, 1)),
      maximum: (8192, 2048), popular: PopularPrompts(share: 0.3, distinct: 500, zipf: 1))
    let fit = try #require(try DemandFit(statistics))
    let repeated = try #require(fit.duplicates)
    expectClose(repeated.share, 0.3, within: 0.05)
    expectClose(Double(repeated.distinct), 500, within: 0.05)
    expectClose(repeated.zipf, 1, within: 0.05)
    expectClose(
      try fit.synthesized(hours: 12, seed: 8).summary().duplicateShare,
      statistics.summary().duplicateShare ?? 0,
      within: 0.05)
  }

  @Test(
    "Azure 2024 hours: the week's peak, trough and weekend come back",
    .enabled(if: RealTraces.isThere(RealTraces.azureHours), "no ../shared/data/azure-2024"))
  func azureHours() throws {
    var usage = BucketStatistics(hasCalendar: true)
    for bucket in try RealTraces.azureHourBuckets() { usage.add(bucket) }
    let summary = usage.summary()
    var fit = try #require(DemandFit(summary))
    expectClose(fit.shape.rate, 45.12, within: 0.001)
    #expect(fit.shape.dayNoise == 0, "one week tells nothing of the next")
    // A twentieth of the rate shows the shape as well.
    fit.shape.rate /= 20
    fit.inputTokens = DemandFit.Lengths(lengthsOf(100), form: .quantiles)
    fit.outputTokens = fit.inputTokens
    for seed in UInt64(1)...2 {
      let week = try fit.synthesized(hours: 168, seed: seed).summary()
      expectClose(week.ratePerSecond.map { $0 * 20 }, 45.12, within: 0.02)
      expectClose(week.peakHourOverMean, 1.65, within: 0.05, "peak")
      expectClose(week.weekendOverWeekday, 0.569, within: 0.05, "weekend")
      expectClose(week.hourlyCV, 0.289, within: 0.05, "variation")
    }
  }

  private func lengthsOf(_ tokens: Int32) -> LengthCounts {
    var counts = LengthCounts()
    counts.add(tokens)
    return counts
  }
}
