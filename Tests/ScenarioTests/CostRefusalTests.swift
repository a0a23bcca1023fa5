// SPDX-License-Identifier: GPL-3.0-or-later
// Costs and price paths that make no sense are refused where they stand, with what would be right.

import Foundation
import Scenario
import Testing
import YAMLDocument

@Suite("Refused costs and price paths")
struct CostRefusalTests {
  /// What is wrong with the base scenario when the fleet of `own` costs this, and more stands at the end.
  private func problems(costs: String = "", fleet: String = "", end: String = "") -> [String] {
    var text = base
    if !costs.isEmpty {
      text = text.replacing("  units:\n", with: "    costs: {\(costs)}\n  units:\n")
    }
    if !fleet.isEmpty {
      text = text.replacing(
        "      - fleet:\n          gpu: h100-sxm\n          standby_for: spot\n",
        with: "      - fleet:\n          gpu: h100-sxm\n          \(fleet)\n")
    }
    return ScenarioTests.problems(text + end)
  }

  static let badCosts: [(String, String)] = [
    ("people_per_month: -1", "`people_per_month` is -1; it must be 0 or more"),
    ("egress: {per_gigabyte: -0.1}", "`per_gigabyte` is -0.1; it must be 0 or more"),
    ("egress: {bytes_per_request: 10}", "`per_gigabyte` is missing from options.own.costs.egress"),
    (
      "storage: {gigabytes: 1, per_gigabyte_month: aws-internet-egress}",
      "is priced per GB; name a price per GB-month"
    ),
    ("egress: {per_gigabyte: aws-intern-egress}", "did you mean `aws-internet-egress`"),
    (
      "people: {software-develper: 1}",
      "there is no role `software-develper`; did you mean `software-developer`"
    ),
    ("tax_share: 19", "`tax_share` is 19; it must be from 0 to 1; 19 % is 0.19"),
    ("loadbalancer: {per_month: 1}", "unknown key `loadbalancer`"),
    ("platform: {aws-internet-egress: 2}", "is priced per GB; name a price per month"),
  ]

  @Test("a cost that cannot be is refused", arguments: badCosts)
  func costs(costs: String, message: String) {
    let found = problems(costs: costs)
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
    #expect(found.allSatisfy { $0.hasPrefix("s.yaml:") }, "\(found)")
  }

  static let badHardware: [(String, String)] = [
    ("purchase: owned", "owned GPUs need their capex; add owned: {capex_per_gpu: …}"),
    ("purchase: owned\n          owned: {residual_share: 0.1}", "`capex_per_gpu` is missing"),
    ("owned: {capex_per_gpu: 1}", "`owned` means nothing where the hours are paid for"),
    (
      "purchase: owned\n          owned: {capex_per_gpu: 1, residual_share: 1.4}",
      "`residual_share` is 1.4; it must be from 0 to 1"
    ),
    (
      "purchase: owned\n          owned: {capex_per_gpu: 1, residual_share: 0.4, life_months: 36}",
      "`residual_share` and `life_months` both say what is left"
    ),
    (
      "purchase: owned\n          owned: {capex_per_gpu: 1, power: {pue: 0.9, per_kwh: 0.1}}",
      "`pue` is 0.9; it must be from 1 to 5"
    ),
    ("purchase: owned\n          owned: {capex_per_gpu: 1, power: {pue: 1.2}}", "`per_kwh` is missing"),
    (
      "purchase: owned\n          owned: {capex_per_gpu: 1, power: {per_kwh: aws-internet-egress}}",
      "is priced per GB; name a price per kWh"
    ),
  ]

  @Test("hardware that cannot be is refused", arguments: badHardware)
  func hardware(fleet: String, message: String) {
    let found = problems(fleet: fleet)
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
  }

  @Test("fewer owned GPUs than the fleet may have are refused")
  func tooFew() {
    let text = base.replacing(
      "          standby_for: spot\n          pools:\n            llama-3.1-8b: {replicas: 1}",
      with: "          purchase: owned\n          owned: {capex_per_gpu: 1, gpus: 1}\n          pools:\n"
        + "            llama-3.1-8b: {replicas: 2}")
    let found = ScenarioTests.problems(text)
    #expect(found.count == 1 && found[0].contains("up to 2 GPUs, of which 1 are bought"), "\(found)")
  }

  static let badPaths: [(String, String)] = [
    (
      "{of: prices.gpu_hour, steps: {2027-02: 0.8, 2027-01: 0.7}}",
      "2027-01 does not come after the step before it"
    ),
    ("{of: prices.gpu_hour, steps: {2027-02: -1}}", "`2027-02` is -1; it must be 0 or more"),
    ("{of: prices.gpu_hour, steps: {soon: 1}}", "`soon` is no month; write a month as YYYY-MM"),
    (
      "{of: prices.gpu_hour, steps: {2027-02: 1}, trend_per_month: 0.1}",
      "gives `steps` and `trend_per_month`"
    ),
    ("{of: prices.gpu_hour}", "lacks what it must have"),
    ("{trend_per_month: 0.1}", "`of` is missing"),
    ("{of: prices.gpu_huor, trend_per_month: 0.1}", "no price is named `prices.gpu_huor`"),
    (
      "{of: options.own.costs.people_per_moth, trend_per_month: 0.1}",
      "did you mean `options.own.costs.people_per_month`"
    ),
    ("{of: prices.gpu_hour, trend_per_month: -1}", "`trend_per_month` is -1; it must be above -1"),
    (
      "{of: prices.gpu_hour, mean_reverting: {speed: 0, volatility: 0.2}}", "`speed` is 0; it must be above 0"
    ),
    (
      "{of: prices.gpu_hour, mean_reverting: {speed: -2, volatility: 0.2}}",
      "`speed` is -2; it must be above 0"
    ),
    ("{of: prices.gpu_hour, mean_reverting: {speed: 1}}", "`volatility` is missing"),
    ("{of: prices.gpu_hour, mean_reverting: {speed: 1, volatility: 0.1, long_run: 0}}", "`long_run` is 0"),
  ]

  @Test("a path that cannot be is refused", arguments: badPaths)
  func paths(path: String, message: String) {
    let found = problems(end: "price_paths: {market: \(path)}\n")
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
  }

  @Test("two paths of one price are refused, one of a part of the other is not")
  func twice() {
    let one = "one: {of: prices.gpu_hour, trend_per_month: 0.1}"
    let same = problems(end: "price_paths: {\(one), two: {of: [prices.gpu_hour], trend_per_month: 0.1}}\n")
    #expect(same.count == 1 && same[0].contains("`prices.gpu_hour` follows `one` already"))
    #expect(
      problems(end: "price_paths: {\(one), two: {of: prices.gpu_hour.h100-sxm, trend_per_month: 0.1}}\n")
        .isEmpty)
  }

  @Test("steps outside the horizon are warned of, and what they come to is said")
  func outside() throws {
    let scenario = try load(
      base + "price_paths: {market: {of: prices.gpu_hour, steps: {2026-01: 0.9, 2028-01: 0.8}}}\n"
    ).get()
    let said = scenario.warnings.filter { $0.contains("horizon") && $0.contains("step") }
    #expect(said.count == 2, "\(scenario.warnings)")
    #expect(said[0].contains("2026-01 lies before the horizon") && said[1].contains("2028-01 lies after"))
    #expect(said.allSatisfy { $0.hasPrefix("s.yaml:") })
  }

  static let badPenalties: [(String, String)] = [
    ("{chat: {credits: {0.99: 0.1}}}", "`credits` are shares of a bill that is not known"),
    ("{chat: {bill_per_month: 5}}", "`bill_per_month` means nothing without `credits`"),
    ("{chat: {credits: {99: 0.1}, bill_per_month: 5}}", "`99` is no attainment"),
    ("{chat: {credits: {0.99: 10}, bill_per_month: 5}}", "`0.99` is 10; it must be from 0 to 1"),
    ("{chat: {credits: {0.99: 0.2, 0.9: 0.1}, bill_per_month: 5}}", "less is given back than below 0.99"),
    ("{caht: {per_thousand_missed: 1}}", "there is no use case `caht`"),
    ("{chat: {per_thousand_missed: -1}}", "it must be 0 or more"),
  ]

  @Test("a penalty that cannot be is refused", arguments: badPenalties)
  func penalties(penalty: String, message: String) {
    let found = problems(end: "penalties: \(penalty)\n")
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
  }
}
