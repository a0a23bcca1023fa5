// SPDX-License-Identifier: GPL-3.0-or-later
// What was asked and spent, held against what the plan has for the very same hours: a log of a busy Tuesday must not look
// like growth, nor one of a Sunday like a saving.

public import Decision
import Quantities

/// What usage logs tell, added up.
public struct MeasuredTotals: Sendable, Hashable, Codable {
  /// Requests.
  public var requests: Double
  /// Tokens generated for answered requests.
  public var outputTokens: Double
  /// What was spent, $; nil where no request's cost is known.
  public var dollars: Double?
  /// Answered requests that nothing gives a price for.
  public var unpricedRequests: Double
  /// Time of the first request, seconds since 1970-01-01T00:00Z or since the log's own zero.
  public var start: Double
  /// Time of the last one, likewise.
  public var end: Double
  /// Whether times are dates.
  public var hasCalendar: Bool

  /// Totals of logs.
  public init(
    requests: Double, outputTokens: Double, dollars: Double?, unpricedRequests: Double, start: Double,
    end: Double, hasCalendar: Bool
  ) {
    self.requests = requests
    self.outputTokens = outputTokens
    self.dollars = dollars
    self.unpricedRequests = unpricedRequests
    self.start = start
    self.end = end
    self.hasCalendar = hasCalendar
  }

  /// Adds another log's totals; the time is from the first request of either to the last.
  public mutating func add(_ other: MeasuredTotals) {
    requests += other.requests
    outputTokens += other.outputTokens
    if let more = other.dollars { dollars = (dollars ?? 0) + more }
    unpricedRequests += other.unpricedRequests
    start = min(start, other.start)
    end = max(end, other.end)
    hasCalendar = hasCalendar && other.hasCalendar
  }
}

/// Usage logs against a plan, over the time that the logs cover.
public struct UsageAgainstPlan: Sendable, Hashable, Codable {
  /// What the logs tell.
  public var measured: MeasuredTotals
  /// Requests that the plan has for that time, mean over futures; nil where it covers no time.
  public var plannedRequests: Double?
  /// Output tokens likewise.
  public var plannedOutputTokens: Double?
  /// What the option in use spends in that time by the plan, $: what it pays by the token, or all where it pays nothing
  /// so.
  public var plannedSpend: Double?

  /// How much more was spent than planned, as a share of the plan; nil where either is unknown or nothing was planned.
  public var spendExcess: Double? { Self.excess(measured.dollars, plannedSpend) }

  /// How many more requests came than planned, likewise.
  public var volumeExcess: Double? { Self.excess(measured.requests, plannedRequests) }

  private static func excess(_ actual: Double?, _ planned: Double?) -> Double? {
    guard let actual, let planned, planned > 0 else { return nil }
    return actual / planned - 1
  }

  /// Holds logs against a plan: each month of it has its requests, tokens and cost spread over its hours as the plan's
  /// week goes. Time before the plan's first month has that month's, after its last that one's; logs without dates have
  /// the mean hour of the first.
  /// - Complexity: O(hours covered).
  public init(_ measured: MeasuredTotals, plan: PlanResult) {
    self.measured = measured
    let months = plan.demand.monthly
    let rates = plan.demand.hourOfWeekRate
    guard let first = months.first, rates.count == 168, measured.end > measured.start else { return }
    let spends = Self.monthlySpend(plan)
    var shares = months.map { _ in 0.0 }
    if measured.hasCalendar, let start = CalendarMonth(first.month) {
      let totals = months.map { Self.weight(of: $0.month, rates) }
      for (place, seconds) in Self.hours(from: measured.start, to: measured.end) {
        let month = CalendarDay(daysSince1970: place / 24).month
        let ahead = (month.year - start.year) * 12 + month.month - start.month
        let index = max(0, min(months.count - 1, ahead))
        guard totals[index] > 0 else { continue }
        shares[index] += rates[Self.hourOfWeek(place)] * seconds / totals[index]
      }
    } else {
      let hours = CalendarMonth(first.month)?.hours ?? 730
      shares[0] = (measured.end - measured.start) / (hours * 3600)
    }
    func planned(_ amounts: [Double]) -> Double { zip(amounts, shares).reduce(0) { $0 + $1.0 * $1.1 } }
    plannedRequests = planned(months.map(\.requests))
    plannedOutputTokens = planned(months.map(\.outputTokens))
    if spends.count == months.count, measured.dollars != nil { plannedSpend = planned(spends) }
  }

  /// What the option in use costs in each month, $: the components that are paid by the token, or all.
  private static func monthlySpend(_ plan: PlanResult) -> [Double] {
    guard let option = plan.options.first(where: { $0.name == plan.decision.baseline }) else { return [] }
    return option.monthly.map { month in
      let tokens = month.components.filter { $0.component.hasPrefix("API ") }
      return tokens.isEmpty ? month.cost.mean : tokens.reduce(0) { $0 + $1.mean }
    }
  }

  /// Requests of a calendar month at the rates of the week.
  private static func weight(of text: String, _ rates: [Double]) -> Double {
    guard let month = CalendarMonth(text), let first = CalendarDay("\(month)-01") else { return 0 }
    let start = first.daysSince1970 * 24
    return (start..<start + month.days * 24).reduce(0) { $0 + rates[hourOfWeek($1)] * 3600 }
  }

  /// The hour of the week, from Monday 00:00 UTC, of an hour counted from 1970.
  private static func hourOfWeek(_ hour: Int) -> Int {
    // 1970-01-01 was a Thursday.
    ((hour + 72) % 168 + 168) % 168
  }

  /// The hours that a stretch of time touches, counted from 1970, each with the seconds of it.
  private static func hours(from start: Double, to end: Double) -> [(hour: Int, seconds: Double)] {
    // Years 1 to 9999: what lies beyond is no date.
    let range = -6e10...2.5e11
    guard range.contains(start), range.contains(end) else { return [] }
    let first = Int((start / 3600).rounded(.down))
    let last = Int((end / 3600).rounded(.down))
    return (first...last).map { hour in
      (hour, min(end, Double(hour + 1) * 3600) - max(start, Double(hour) * 3600))
    }
  }
}
