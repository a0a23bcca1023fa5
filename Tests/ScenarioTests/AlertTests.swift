// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says to the nightly run: read as it is written, and every mistake with its place.

import Scenario
import Testing

@Suite("Alerts and nightly inputs")
struct AlertTests {
  private func scenario(_ more: String) throws -> ScenarioDefinition {
    switch load(base + more) {
    case .success(let scenario): return scenario
    case .failure(let problems): throw problems
    }
  }

  @Test(
    "shares are numbers or percentages; what is not set asks for nothing, but a changed decision always counts"
  )
  func thresholds() throws {
    let silent = try scenario("").alert
    #expect(silent == AlertThresholds() && silent.decisionChanges)
    let alert = try scenario(
      """
      alert:
        p_cheapest_below: 60 %
        p90_above: 5e5
        break_even_within: 0.2
        decision_changes: false
        cost_changes_by: 12.5%
        spend_above_plan: 15 %
        volume_above_plan: 0
      """
    ).alert
    #expect(alert.probabilityCheapestBelow == 0.6 && alert.p90Above == 500_000)
    #expect(alert.breakEvenWithin == 0.2 && alert.costChangesBy == 0.125)
    #expect(!alert.decisionChanges && alert.spendAbovePlan == 0.15 && alert.volumeAbovePlan == 0)
  }

  @Test(
    "inputs are one or several, with a price list's provider before its path, seen from the scenario's folder"
  )
  func inputs() throws {
    let one = try scenario("nightly: {usage: logs/*.jsonl, prices: list.json, keep: 12 weeks}\n").nightly
    #expect(one.usage == ["logs/*.jsonl"] && one.keep == .days(84) && one.provider == nil)
    #expect(one.prices.map(\.pattern) == ["list.json"] && one.prices.first?.provider == nil)
    let text =
      base + "nightly: {usage: [a.csv, /b.csv], prices: [aws=v/vms.csv, /x/a=b.json], provider: bedrock}\n"
    let several = try ScenarioLoader.load(bytes: [UInt8](text.utf8), file: "w/s.yaml").nightly
    #expect(several.usage == ["w/a.csv", "/b.csv"] && several.provider == "bedrock")
    #expect(several.prices.map(\.pattern) == ["w/v/vms.csv", "/x/a=b.json"])
    #expect(several.prices.map(\.provider) == ["aws", nil])
  }

  @Test(
    "every mistake is told with its place",
    arguments: [
      (
        "alert: {p_cheapest_below: 1.5}",
        "`p_cheapest_below` is 1.5; it must be above 0, at most 1; 1.5 % is 0.015"
      ),
      ("alert: {p_cheapest_below: 150 %}", "`p_cheapest_below` is 150; it must be above 0, at most 100"),
      ("alert: {break_even_within: near}", "`break_even_within` is `near`, which is not a number; "),
      ("alert: {p90_above: -1}", "`p90_above` is -1; it must be 0 or more"),
      ("alert: {p90_over: 1}", "unknown key `p90_over` in alert; did you mean `p90_above`?"),
      ("alert: {decision_changes: yes}", "`decision_changes` is `yes`; write true or false"),
      ("nightly: {keep: a while}", "`keep` is `a while`; write a number of runs as 20"),
      ("nightly: {usage: [a.csv, '']}", "nightly.usage has an empty element; write a path"),
      ("nightly: {prices: =list.json}", "`prices` is `=list.json`; write a path, or a provider and a path"),
      ("nightly: {provider: bedrok}", "there is no provider `bedrok`; did you mean `bedrock`?"),
    ])
  func refusals(_ line: String, _ message: String) throws {
    let found = problems(base + line + "\n")
    #expect(found.count == 1)
    let place = "s.yaml:\(base.split(separator: "\n", omittingEmptySubsequences: false).count):"
    #expect(found.first?.hasPrefix(place) == true && found.first?.contains(message) == true, "\(found)")
  }

  @Test(
    "spans are read as people write them",
    arguments: [
      ("90d", KeepSpan.days(90)), ("90 days", .days(90)), ("1 day", .days(1)), ("12w", .days(84)),
      ("2 weeks", .days(14)), ("20", .runs(20)), ("20 runs", .runs(20)),
    ])
  func spans(_ text: String, _ span: KeepSpan) {
    #expect(KeepSpan(text) == span)
    #expect(KeepSpan(span.description) == span)
  }

  @Test(
    "what is no span is refused", arguments: ["", "0", "-1", "2y", "90  days", "d", "99999w", "1e2", "٣d"])
  func noSpans(_ text: String) { #expect(KeepSpan(text) == nil) }
}
