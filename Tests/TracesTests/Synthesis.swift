// SPDX-License-Identifier: GPL-3.0-or-later
// What a fit describes, synthesized and measured again.

import Quantities
import Testing
import Traces
import Uncertainty
import Workload

extension DemandFit.Lengths {
  var table: TokenLengthTable { TokenLengthTable(distribution, minimum: 1, maximum: maximum) }
}

extension DemandFit {
  /// The synthesizer's statistics of the fit, as a scenario with its block has them.
  func useCase() throws -> UseCaseStatistics {
    let (input, output) = (try #require(inputTokens), try #require(outputTokens))
    let profile = shape.profile ?? [Double](repeating: 1, count: 168)
    let bursts = bursts ?? BurstModel()
    return UseCaseStatistics(
      hourlyRate: profile.map { $0 * shape.rate }, burstiness: bursts.burstiness,
      inputTokens: input.table, outputTokens: output.table, lengthCorrelation: correlation,
      onOff: bursts.onSeconds > 0
        ? OnOffPeriods(onSeconds: bursts.onSeconds, offSeconds: bursts.offSeconds) : nil,
      minuteNoise: bursts.minuteNoise,
      popularPrompts: duplicates.map {
        PopularPrompts(share: $0.share, distinct: $0.distinct, zipf: $0.zipf)
      },
      prefixGroups: prefixes.map {
        PrefixGroups(
          count: $0.count, zipf: $0.zipf,
          tokens: TokenLengthTable(
            .constant(Double($0.tokens)), minimum: 1, maximum: max($0.tokens, 1)))
      },
      sessions: sessions.map {
        Sessions(
          turns: $0.turns, gapSeconds: .lognormal(p10: $0.gapP10, p90: $0.gapP90),
          newTokens: $0.newTokens.table, maximumTokens: $0.maximum)
      })
  }

  /// Statistics of so many hours of synthesized requests, from Monday 00:00 on.
  func synthesized(hours: Double, seed: UInt64) throws -> TraceStatistics {
    try Synthesis.measured(useCase(), hours: hours, seed: seed)
  }
}

/// Synthesized requests, measured.
enum Synthesis {
  /// 2024-01-01, a Monday, in nanoseconds.
  static let monday: Int64 = 1_704_067_200_000_000_000

  static func measured(_ use: UseCaseStatistics, hours: Double, seed: UInt64) -> TraceStatistics {
    var generator = RequestGenerator(
      timeline: [.synthesized(use)], factors: [Double](repeating: 1, count: Int(hours.rounded(.up))),
      minuteNoise: 0, firstHourOfWeek: 0, seed: seed, draw: 0, length: Seconds(hours * 3600))
    var statistics = TraceStatistics(hasCalendar: true, blockTokens: nil)
    var made: UInt64 = 0
    var buffer = Array(
      repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: 4096)
    while true {
      let count = generator.fill(&buffer)
      for request in buffer[0..<count] {
        var record = TraceRecord(
          time: monday + Int64(request.arrival * 1e9), inputTokens: request.inputTokens,
          outputTokens: request.outputTokens)
        // A prompt like no other gets a number that no popular one has.
        made += 1
        record.content = request.content > 0 ? UInt64(request.content) : 1 << 40 + made
        statistics.add(record)
      }
      if count < buffer.count { return statistics }
    }
  }
}
