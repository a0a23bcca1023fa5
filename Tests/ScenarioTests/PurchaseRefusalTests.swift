// SPDX-License-Identifier: GPL-3.0-or-later
// Golden messages for purchases as layers and for sizes left open: each way to spoil them, and what a reader gets.

import Foundation
import Scenario
import Testing

@Suite("Refused purchases and sizes")
struct PurchaseRefusalTests {
  /// The base with a fleet of two replicas of its own; the fleet's keys begin at line 12.
  private func text(_ fleet: String, pool: String = "replicas: 2", months: Int = 3) -> String {
    """
    name: base
    demand:
      uses:
        chat: {model: llama-3.1-8b, rate: 2, input_tokens: 100, output_tokens: 50}
    prices:
      gpu_hour: {h100-sxm: {on-demand: 3, committed-1-year: 2, committed-3-year: 1.2}}
    options:
      own:
        chain:
          - fleet:
              gpu: h100-sxm
              \(fleet)
              pools: {llama-3.1-8b: {\(pool)}}
    horizon: {start: 2026-12, months: \(months)}

    """
  }

  static let purchases: [(String, String)] = [
    (
      "purchase: {committed-1-year: -4, on-demand: rest}",
      "s.yaml:12:40: `committed-1-year` is -4; it must be from 0 to 1000000"
    ),
    (
      "purchase: {committed-1-year: 1}",
      "s.yaml:12:21: the fleet has up to 2 GPUs, of which the layers pay for 1; add on-demand: rest, or commit to more"
    ),
    (
      "purchase: {committed-1-year: rest, on-demand: rest}",
      "s.yaml:12:40: `committed-1-year` is paid for used or not, so it cannot take the rest; give it a number of "
        + "GPUs, and write on-demand: rest\n"
        + "s.yaml:12:57: two purchase types take the rest; let only on-demand take it"
    ),
    (
      "purchase: {on-demand: 2}",
      "s.yaml:12:33: on-demand takes the hours above all layers, however many they are; write on-demand: rest"
    ),
    (
      "purchase: {on-demand: rest}",
      "s.yaml:12:21: the mix has no layer; write purchase: on-demand, or add committed-1-year: 4"
    ),
    (
      "purchase: {spot: 2, on-demand: rest}",
      "s.yaml:12:22: spot capacity comes and goes, so it is no layer of a mix; make it a fleet of its own, earlier "
        + "in the chain"
    ),
    (
      "purchase: {committed-2-year: 2, on-demand: rest}",
      "s.yaml:12:22: unknown key `committed-2-year` in options.own.chain.0.fleet.purchase; did you mean "
        + "`committed-1-year`?"
    ),
    (
      "purchase: {capacity-block: 1, on-demand: rest}\n          block_days: 14",
      "s.yaml:12:22: there is no capacity-block price of h100-sxm; add prices.gpu_hour.h100-sxm.capacity-block; the "
        + "price book has on-demand, committed-1-year, committed-3-year, spot"
    ),
    (
      "purchase: {capacity-block: 1, on-demand: rest}",
      "s.yaml:12:21: a capacity block needs its length; add block_days: 14\n"
        + "s.yaml:12:22: there is no capacity-block price of h100-sxm; add prices.gpu_hour.h100-sxm.capacity-block; "
        + "the price book has on-demand, committed-1-year, committed-3-year, spot"
    ),
    (
      "block_days: 14",
      "s.yaml:12:23: `block_days` means nothing without capacity blocks; write purchase: capacity-block, or remove it"
    ),
    (
      "term_residual: 0.5",
      "s.yaml:12:26: `term_residual` means nothing without a committed term; remove it"
    ),
    (
      "purchase: committed-1-year\n          term_residual: 1.5",
      "s.yaml:13:26: `term_residual` is 1.5; it must be from 0 to 1; 1.5 % is 0.015"
    ),
  ]

  @Test("each problem of a purchase has its line", arguments: purchases)
  func purchase(fleet: String, message: String) {
    #expect(problems(text(fleet)).joined(separator: "\n") == message)
  }

  static let sizes: [(String, String)] = [
    ("replicas: for-slow", "s.yaml:13:44: `replicas` is `for-slow`; write a whole number, or for-slo"),
    ("replicas: 0", "s.yaml:13:44: `replicas` is 0; it must be from 1 to 10000"),
    (
      "replicas: 2, slo_share: 0.9",
      "s.yaml:13:58: `slo_share` means nothing with a fixed number of replicas; write replicas: for-slo, or remove it"
    ),
    (
      "replicas: for-slo, slo_share: 95",
      "s.yaml:13:64: `slo_share` is 95; it must be above 0, at most 1; 95 % is 0.95"
    ),
    (
      "replicas: for-slo, slo_demand: p42",
      "s.yaml:13:65: `slo_demand` is `p42`; did you mean `p50`? it must be one of p50, p75, p90, p95, p99"
    ),
  ]

  @Test("each problem of a pool's size has its line", arguments: sizes)
  func size(pool: String, message: String) {
    #expect(problems(text("purchase: on-demand", pool: pool)).joined(separator: "\n") == message)
  }

  @Test("Layers without a rest cannot pay for a fleet that is still to be sized")
  func open() {
    #expect(
      problems(text("purchase: {committed-1-year: 64}", pool: "replicas: for-slo")) == [
        "s.yaml:12:21: the layers may be fewer GPUs than `for-slo` will choose; add on-demand: rest"
      ])
  }

  @Test("Units are a number or least-cost")
  func units() {
    let message = problems(
      base.replacingOccurrences(of: "units: {llama-3.1-8b: 1}", with: "units: {llama-3.1-8b: least}"))
    #expect(message.count == 1 && message[0].contains("which is not a number"), "\(message)")
  }

  @Test("A term longer than the horizon is told where it stands, and no longer once its residual is stated")
  func terms() throws {
    func warnings(_ fleet: String, months: Int = 3) throws -> [String] {
      try load(text(fleet, months: months)).get().warnings
    }
    #expect(
      try warnings("purchase: {committed-1-year: 1, on-demand: rest}") == [
        "s.yaml:10:9: fleet is committed for 12 months, of which 9 months lie after the horizon: they are owed and "
          + "billed with its last month; plan more months, or state as term_residual which share of them is used or "
          + "sold on"
      ])
    #expect(
      try warnings("purchase: {committed-1-year: 1, on-demand: rest}\n          term_residual: 0.4") == [
        "s.yaml:10:9: fleet is committed for 12 months, of which 9 months lie after the horizon: they are owed and "
          + "billed with its last month"
      ])
    #expect(try warnings("purchase: {committed-1-year: 1, on-demand: rest}", months: 24).isEmpty)
    #expect(try warnings("purchase: {committed-1-year: 0, committed-3-year: 0, on-demand: rest}").isEmpty)
    let units = base.replacingOccurrences(
      of: "reserved: {provider: bedrock-provisioned",
      with: "reserved: {provider: bedrock-provisioned, term: 6-months")
    #expect(
      try load(units).get().warnings.contains {
        $0.contains("bedrock-provisioned is committed for 6 months, of which 3 months lie after the horizon")
      })
  }
}
