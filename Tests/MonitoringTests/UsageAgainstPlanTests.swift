// SPDX-License-Identifier: GPL-3.0-or-later
// The plan's part of any stretch of time: stretches add up to months, and an hour weighs what the plan's week says.

import Decision
import Monitoring
import Testing

@Suite("Usage against the plan")
struct UsageAgainstPlanTests {
  /// 2026-12-01T00:00Z, a Tuesday, and 2027-01-01T00:00Z.
  private static let december = 1_796_083_200.0
  private static let january = december + 31 * 86_400

  private func usage(
    _ start: Double, _ end: Double, dollars: Double? = 1, hasCalendar: Bool = true
  ) -> UsageAgainstPlan {
    UsageAgainstPlan(
      MeasuredTotals(
        requests: 1, outputTokens: 1, dollars: dollars, unpricedRequests: 0, start: start, end: end,
        hasCalendar: hasCalendar), plan: Fixture.result())
  }

  @Test("a whole month has the month's requests, tokens and spend; spend is what is paid by the token")
  func wholeMonths() {
    let december = usage(Self.december, Self.january)
    #expect(abs((december.plannedRequests ?? 0) - 3e6) < 1e-3)
    #expect(abs((december.plannedOutputTokens ?? 0) - 6e8) < 1)
    #expect(abs((december.plannedSpend ?? 0) - 744) < 1e-6)
    let both = usage(Self.december, Self.january + 31 * 86_400)
    #expect(abs((both.plannedRequests ?? 0) - 9e6) < 1e-2)
  }

  @Test("any way to cut a month into stretches adds up to it", arguments: 1...20)
  func cuts(seed: Int) {
    var state = UInt64(seed)
    var cuts = [Self.december, Self.january]
    for _ in 0..<5 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      cuts.append(Self.december + Double(state >> 33) / Double(1 << 31) * 31 * 86_400)
    }
    cuts.sort()
    let parts = zip(cuts, cuts.dropFirst()).compactMap { usage($0, $1).plannedRequests }
    #expect(abs(parts.reduce(0, +) - 3e6) < 1, "\(cuts)")
  }

  @Test("hours weigh as the plan's week: a day hour is two night hours, a Sunday is nothing")
  func week() throws {
    // Monday the 7th of December.
    let monday = Self.december + 6 * 86_400
    let night = try #require(usage(monday + 3 * 3600, monday + 4 * 3600).plannedRequests)
    let day = try #require(usage(monday + 9 * 3600, monday + 10 * 3600).plannedRequests)
    #expect(abs(day / night - 2) < 1e-9)
    let sunday = usage(monday - 86_400, monday)
    #expect(sunday.plannedRequests == 0 && sunday.volumeExcess == nil && sunday.spendExcess == nil)
  }

  @Test("time before the first month has its rates, after the last that one's; without dates the mean hour's")
  func outside() throws {
    // The same Monday, four weeks earlier and, doubled, in June.
    let monday = Self.december + 6 * 86_400
    let planned = try #require(usage(monday, monday + 86_400).plannedRequests)
    let before = try #require(usage(monday - 28 * 86_400, monday - 27 * 86_400).plannedRequests)
    #expect(abs(before - planned) < 1e-6)
    let after = try #require(usage(monday + 28 * 7 * 86_400, monday + (28 * 7 + 1) * 86_400).plannedRequests)
    let january = try #require(usage(monday + 35 * 86_400, monday + 36 * 86_400).plannedRequests)
    #expect(abs(after - january) < 1e-6 && january > planned * 1.8)
    let undated = try #require(usage(0, 744 * 36, hasCalendar: false).plannedRequests)
    #expect(abs(undated - 3e4) < 1e-6)
  }

  @Test("a log of a moment, or without dollars, promises nothing of what it cannot know")
  func unknown() {
    let moment = usage(Self.december, Self.december)
    #expect(moment.plannedRequests == nil && moment.volumeExcess == nil)
    let unpaid = usage(Self.december, Self.january, dollars: nil)
    #expect(unpaid.plannedSpend == nil && unpaid.spendExcess == nil && unpaid.volumeExcess != nil)
  }

  @Test("totals of logs add up, over the time from the first request of any to the last")
  func totals() {
    var totals = MeasuredTotals(
      requests: 2, outputTokens: 10, dollars: nil, unpricedRequests: 1, start: 50, end: 60, hasCalendar: true)
    totals.add(
      MeasuredTotals(
        requests: 3, outputTokens: 5, dollars: 0.5, unpricedRequests: 0, start: 10, end: 55,
        hasCalendar: true))
    #expect(
      totals
        == MeasuredTotals(
          requests: 5, outputTokens: 15, dollars: 0.5, unpricedRequests: 1, start: 10, end: 60,
          hasCalendar: true))
  }
}
