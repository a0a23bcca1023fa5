// SPDX-License-Identifier: GPL-3.0-or-later
// Every threshold, crossed and not crossed, by as little as shows.

import Decision
import Monitoring
import Scenario
import Testing

@Suite("Alerts")
struct AlertTests {
  /// The sentences of one kind.
  private func sentences(
    _ thresholds: AlertThresholds, _ result: PlanResult, before: PlanResult? = nil,
    usage: UsageAgainstPlan? = nil
  ) -> [String] {
    thresholds.crossed(by: result, before: before, usage: usage).map { "\($0.kind.rawValue): \($0.sentence)" }
  }

  private static var quiet: AlertThresholds {
    var thresholds = AlertThresholds()
    thresholds.decisionChanges = false
    return thresholds
  }

  @Test("P(cheapest) below the threshold is an alert, at it is none")
  func probability() {
    var thresholds = Self.quiet
    thresholds.probabilityCheapestBelow = 0.7
    #expect(sentences(thresholds, Fixture.result(chance: 0.7)).isEmpty)
    #expect(
      sentences(thresholds, Fixture.result(chance: 0.69)) == [
        "p_cheapest_below: P(cheapest) of own is 69.0\u{202F}%, below 70.0\u{202F}%"
      ])
  }

  @Test("P90 above the threshold is an alert, at it is none")
  func p90() {
    var thresholds = Self.quiet
    thresholds.p90Above = 2000
    #expect(sentences(thresholds, Fixture.result(p50: 1600)).isEmpty)
    #expect(
      sentences(thresholds, Fixture.result(p50: 1760)) == [
        "p90_above: P90 of own is $2.20\u{202F}k, above $2.00\u{202F}k"
      ])
  }

  @Test(
    "a break-even by volume near the plan is an alert on either side; on other axes, or in few futures, it is none"
  )
  func breakEven() {
    var thresholds = Self.quiet
    thresholds.breakEvenWithin = 0.2
    for (value, isNear) in [(0.79, false), (0.81, true), (1.19, true), (1.21, false)] {
      let found = sentences(thresholds, Fixture.result(breakEven: value))
      #expect(found.isEmpty == !isNear, "\(value): \(found)")
    }
    #expect(sentences(thresholds, Fixture.result(breakEven: 1, never: 0.6)).isEmpty)
    #expect(
      sentences(thresholds, Fixture.result(breakEven: 1.1)) == [
        "break_even_within: own breaks even with api at 1.10× the planned volume, within 20\u{202F}%"
      ])
  }

  @Test("another recommendation is an alert unless it is switched off; the first night has none")
  func decision() {
    let (api, own) = (Fixture.result(recommended: "api"), Fixture.result())
    #expect(
      sentences(AlertThresholds(), own, before: api) == [
        "decision_changes: the decision changes: api → own"
      ])
    #expect(sentences(AlertThresholds(), own, before: own).isEmpty)
    #expect(sentences(AlertThresholds(), own).isEmpty)
    #expect(sentences(Self.quiet, own, before: api).isEmpty)
  }

  @Test("a median cost that moves further than the threshold is an alert, up or down")
  func cost() {
    var thresholds = Self.quiet
    thresholds.costChangesBy = 0.1
    let before = Fixture.result(p50: 1000)
    for (p50, crosses) in [(1100.0, false), (1101, true), (900, false), (899, true)] {
      #expect(sentences(thresholds, Fixture.result(p50: p50), before: before).isEmpty == !crosses, "\(p50)")
    }
    #expect(sentences(thresholds, Fixture.result(p50: 5000)).isEmpty)
    #expect(
      sentences(thresholds, Fixture.result(p50: 1250), before: before) == [
        "cost_changes_by: P50 of own goes from $1.00\u{202F}k to $1.25\u{202F}k (+25.0\u{202F}%), by more than 10\u{202F}%"
      ])
  }

  @Test("spend and volume above the plan are alerts; without logs, and below, they are none")
  func usage() {
    var thresholds = Self.quiet
    (thresholds.spendAbovePlan, thresholds.volumeAbovePlan) = (0.15, 0.2)
    let plan = Fixture.result()
    // Monday 2026-12-07, the whole day.
    func usage(requests: Double, dollars: Double?) -> UsageAgainstPlan {
      UsageAgainstPlan(
        MeasuredTotals(
          requests: requests, outputTokens: 1, dollars: dollars, unpricedRequests: 0, start: 1_796_601_600,
          end: 1_796_688_000, hasCalendar: true), plan: plan)
    }
    let planned = usage(requests: 1, dollars: 1)
    let (requests, spend) = (planned.plannedRequests ?? .nan, planned.plannedSpend ?? .nan)
    #expect(sentences(thresholds, plan).isEmpty)
    #expect(
      sentences(thresholds, plan, usage: usage(requests: requests * 1.19, dollars: spend * 1.14)).isEmpty)
    let high = sentences(thresholds, plan, usage: usage(requests: requests * 1.25, dollars: spend * 1.3))
    #expect(high.count == 2)
    #expect(
      high.first?.hasPrefix("spend_above_plan: $") == true && high.first?.contains("+30.0\u{202F}%") == true)
    #expect(
      high.last?.hasPrefix("volume_above_plan: ") == true && high.last?.contains("+25.0\u{202F}%") == true)
    #expect(
      sentences(thresholds, plan, usage: usage(requests: requests, dollars: nil)).isEmpty)
  }

  @Test("kinds are those that are set, in one order")
  func kinds() {
    #expect(AlertThresholds().kinds == [.decisionChanges])
    var all = AlertThresholds()
    (all.probabilityCheapestBelow, all.p90Above, all.breakEvenWithin) = (0.5, 1, 0.1)
    (all.costChangesBy, all.spendAbovePlan, all.volumeAbovePlan) = (0.1, 0.1, 0.1)
    #expect(all.kinds == Alert.Kind.allCases)
  }
}
