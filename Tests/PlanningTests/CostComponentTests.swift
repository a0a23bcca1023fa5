// SPDX-License-Identifier: GPL-3.0-or-later
// Every cost beside the supplies, against its formula worked out by hand from what the plan says was used.

import Catalog
import Decision
import Foundation
import Planning
import Quantities
import Scenario
import Testing

@Suite("Costs beside the supplies")
struct CostComponentTests {
  /// A fleet of two GPUs with some costs, beside an API.
  private func text(_ costs: String, fleet: String = "purchase: on-demand", extra: String = "") -> String {
    scenario(
      rate: "0.5", use: "profile: flat\nslo: {ttft_ms: 400}",
      options: api + """
        own:
          chain:
            - fleet:
                gpu: h100-sxm
                \(fleet)
                pools:
                  llama-3.1-8b: {replicas: 2, weights: fp8, kv_cache: fp8}
          costs: {\(costs)}

        """,
      months: 3, represent: "{months: 1, windows: 2, window_minutes: 20}", prices: prices(),
      sampling: "{draws: 4, simulations: 2, seed: 3}") + extra
  }

  /// An option's result.
  private func own(_ text: String) throws -> OptionResult {
    try #require(try run(text).result.options.first { $0.name == "own" })
  }

  private func cost(_ option: OptionResult, _ component: String) -> Double {
    option.components.first { $0.component == component }?.mean ?? 0
  }

  /// GPU-hours, and GPU-hours in one state.
  private func gpuHours(_ option: OptionResult, _ state: String? = nil) -> Double {
    option.supplies[0].gpuHours.filter { state == nil || $0.state == state }.reduce(0) { $0 + $1.hours }
  }

  @Test("what is paid by request, token, gigabyte and month follows from what was asked for and kept")
  func usage() throws {
    let option = try own(
      text(
        "load_balancer: {per_month: 20, per_million_requests: 3}, observability: {per_million_requests: 1}, "
          + "egress: {per_gigabyte: 0.5, bytes_per_request: 1000, bytes_per_output_token: 5}, "
          + "storage: {gigabytes: 100, weight_copies: 2, replica_disks: true, per_gigabyte_month: 0.1}"))
    let millions = cost(option, "Observability")
    let seconds = try hours(from: "2026-12", months: 3).reduce(0, +) * 3600
    expectClose(millions, 0.5 * seconds / 1e6, within: 0.1)
    expectClose(cost(option, "Load balancer"), 60 + 3 * millions, within: 1e-12)
    // 1,000 bytes and 200 tokens of 5 bytes each.
    expectClose(cost(option, "Egress"), 0.5 * millions * 1e6 * 2000 / 1e9, within: 1e-12)
    let model = try #require(try ReferenceData.load(directory: nil).models["llama-3.1-8b"])
    let gigabytes = model.weightBytes(precision: .fp8) / 1e9
    expectClose(
      cost(option, "Storage"), 0.1 * (300 + 3 * 2 * gigabytes + gpuHours(option) / 730 * gigabytes),
      within: 1e-12)
  }

  @Test("people and services are so many of a price of the book")
  func named() throws {
    let book = try ReferenceData.load(directory: nil).prices
    let person = try #require(book.people["software-developer"]).median
    let option = try own(
      text("people: {software-developer: 0.5}, people_per_month: 100, platform_per_month: 7"))
    expectClose(cost(option, "People"), 3 * (100 + 0.5 * person), within: 1e-12)
    expectClose(cost(option, "Platform"), 21, within: 1e-12)
    let laid = try own(
      text("people: {ml-engineer: {uniform: [1, 3]}}").replacing(
        "  gpu_hour:", with: "  people: {ml-engineer: 15000}\n  gpu_hour:"))
    expectClose(cost(laid, "People"), 90_000, within: 0.3)
    let egress = try own(text("egress: {per_gigabyte: aws-cross-region-egress, bytes_per_output_token: 10}"))
    let price = try #require(book.platform["aws-cross-region-egress"]).price.median
    let tokens = try own(text("egress: {per_gigabyte: 1, bytes_per_output_token: 10}"))
    expectClose(cost(egress, "Egress"), price * cost(tokens, "Egress"), within: 1e-12)
  }

  @Test("redundancy, support and tax are shares, each of what it is said to be of")
  func shares() throws {
    let option = try own(
      text(
        "people_per_month: 1000, platform_per_month: 50, one_off: 9, redundancy_share: 0.2, "
          + "support_share: 0.1, tax_share: 0.19"))
    let gpus = 3 * gpuHours(option)
    expectClose(cost(option, "GPU-hours, on-demand"), gpus, within: 1e-12)
    expectClose(cost(option, "Redundancy"), 0.2 * gpus, within: 1e-12)
    let bought = 1.2 * gpus + 150
    expectClose(cost(option, "Support"), 0.1 * bought, within: 1e-12)
    expectClose(cost(option, "Tax"), 0.19 * 1.1 * bought, within: 1e-12)
  }

  @Test("owned GPUs are simulated as rented ones, and cost what they cost")
  func owned() throws {
    let purchase =
      "purchase: owned\n        owned: {capex_per_gpu: 30000, residual_share: 0.4, colocation_per_gpu_month: 150, "
      + "maintenance_per_gpu_month: 25, power: {per_kwh: 0.1, idle_kw: 0.2, pue: 1.5}}"
    let bought = text("people_per_month: 1", fleet: purchase)
    let (rented, option) = (try own(text("people_per_month: 1")), try own(bought))
    #expect(option.supplies == rented.supplies && option.latency == rented.latency)
    #expect(
      try plan(bought).pieceSet(program: "p") == plan(text("people_per_month: 1")).pieceSet(program: "p"))
    #expect(cost(option, "GPU-hours, on-demand") == 0)
    expectClose(cost(option, "Hardware"), 60_000, within: 1e-12)
    expectClose(cost(option, "Hardware, worth at the end"), -24_000, within: 1e-12)
    #expect(option.monthly[0].components.first { $0.component == "Hardware" }?.mean == 60_000)
    expectClose(cost(option, "Colocation"), 900, within: 1e-12)
    expectClose(cost(option, "Maintenance"), 150, within: 1e-12)
    let busy = gpuHours(option, "busy")
    let all = try hours(from: "2026-12", months: 3).reduce(0, +) * 2
    // An H100 may draw 700 W.
    let kilowattHours: Double = 1.5 * (0.7 * busy + 0.2 * (all - busy))
    expectClose(cost(option, "Electricity"), 0.1 * kilowattHours, within: 1e-9)
    let written = try own(
      text(
        "one_off: 1", fleet: "purchase: owned\n        owned: {capex_per_gpu: 1000, life_months: 12, gpus: 4}"
      ))
    expectClose(cost(written, "Hardware"), 4000, within: 1e-12)
    expectClose(cost(written, "Hardware, worth at the end"), -3000, within: 1e-12)
  }

  @Test("missed objectives cost by request, and by month in steps")
  func penalties() throws {
    let slow = text("observability: {per_million_requests: 1}").replacing("ttft_ms: 400", with: "ttft_ms: 30")
    let plain = try own(slow)
    #expect(plain.serviceLevel < 0.999 && plain.serviceLevel > 0.01, "\(plain.serviceLevel)")
    let missed = (1 - plain.serviceLevel) * cost(plain, "Observability") * 1e6
    let paid = try own(slow + "penalties: {chat: {per_thousand_missed: 2.5}}\n")
    expectClose(cost(paid, "Missed objectives"), missed * 2.5 / 1000, within: 1e-9)
    #expect(paid.supplies == plain.supplies && paid.serviceLevel == plain.serviceLevel)
    let credited = try own(
      slow + "penalties: {chat: {credits: {1: 0.1}, bill_per_month: 2000}}\n")
    // Two draws of three months each, none of them perfect.
    expectClose(cost(credited, "Missed objectives"), 3 * 0.1 * 2000, within: 1e-12)
  }

  @Test("INV-7: components sum to months and to the whole, with every kind of cost and prices that move")
  func sums() throws {
    let option = try own(
      text(
        "people: {software-developer: 1}, platform_per_month: 50, one_off: 9, redundancy_share: 0.2, "
          + "support_share: 0.1, tax_share: 0.19, load_balancer: {per_month: 20, per_million_requests: 3}, "
          + "storage: {weight_copies: 2, replica_disks: true, per_gigabyte_month: 0.1}, "
          + "egress: {per_gigabyte: aws-internet-egress}",
        extra: """
          penalties: {chat: {per_thousand_missed: 1, credits: {0.999: 0.1}, bill_per_month: {p10: 10, p90: 90}}}
          price_paths:
            market: {of: prices.gpu_hour, mean_reverting: {speed: 1, volatility: 0.3}}
            wages: {of: prices.people, trend_per_month: 0.003}

          """))
    let whole = option.components.reduce(0) { $0 + $1.mean }
    #expect(abs(whole - option.monthly.reduce(0) { $0 + $1.cost.mean }) < 0.005)
    for month in option.monthly {
      #expect(abs(month.cost.mean - month.components.reduce(0) { $0 + $1.mean }) < 0.005)
    }
    // Nothing is discounted here, so the present value is the sum as well.
    #expect(abs(option.totalCost.mean - whole) < 0.005)
  }

  @Test("what is not counted is said, by option")
  func notCounted() throws {
    let warnings = try run(text("people_per_month: 1, platform_per_month: 1, tax_share: 0.1")).result.warnings
    let said = warnings.filter { $0.hasPrefix("Not counted") }
    #expect(said.count == 2)
    #expect(
      said.last?.hasSuffix("for own: one-off, redundancy, support, missed objectives") == true, "\(said)")
    #expect(said.first?.contains("for api: people, platform, load balancer, storage") == true)
  }
}
