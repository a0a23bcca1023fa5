// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about what regions and currencies of a price book cost in a plan.

import Decision
import Foundation
import Planning
import Scenario
import Testing

@Suite("Price books in a plan", .timeLimit(.minutes(15)))
struct PriceBookTests {
  /// Runs a plan of one fleet of two GPUs under a price book.
  private func run(book: String, fleetKeys: String = "purchase: on-demand", draws: Int = 16) throws
    -> PlanOutcome
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try book.write(to: folder.appending(path: "prices.yaml"), atomically: true, encoding: .utf8)
    let text = scenario(
      options: api + fleet.replacing("purchase: on-demand", with: fleetKeys),
      represent: "{months: 1, windows: 1, window_minutes: 2}",
      prices: "api: {bedrock: {llama-3.1-8b: {input: 0.22, output: 0.88}}}",
      sampling: "{draws: \(draws), simulations: 1, seed: 3}")
    let loaded = try ScenarioLoader.load(
      bytes: [UInt8](text.utf8), file: "scenario.yaml", catalogDirectory: folder.path, overrides: [])
    return try PlanModel(loaded, sampling: loaded.sampling).run(threads: 2, version: "test", command: "test")
    {}
  }

  private let quoted = "source: a quote, verified_on: 2026-11-22"

  @Test("a fleet's hours cost what its region's price says")
  func region() throws {
    let book = """
      gpu_hour:
        h100-sxm:
          on-demand: {amount: 3, \(quoted)}
          regions:
            east: {on-demand: {amount: 6.88, \(quoted)}}
      """
    let hours = try hours(from: "2026-12", months: 1)[0] * 2
    let anywhere = try run(book: book).result
    expectClose(anywhere.options[1].totalCost.mean, 3 * hours, within: 1e-9)
    let east = try run(book: book, fleetKeys: "purchase: on-demand\n        region: east").result
    expectClose(east.options[1].totalCost.mean, 6.88 * hours, within: 1e-9)
    let assumption = try #require(
      east.assumptions.first { $0.name == "prices.gpu_hour.h100-sxm.regions.east.on-demand" })
    #expect(assumption.source == "a quote" && assumption.unit == "$ per GPU-hour")
  }

  @Test(
    "an uncertain exchange rate multiplies the prices of its currency, and is an assumption with its source")
  func exchangeRate() throws {
    func book(rate: String) -> String {
      """
      exchange_rates:
        EUR: {value: \(rate), source: the bank, verified_on: 2026-11-20}
      gpu_hour:
        h100-sxm:
          on-demand: {amount: 2.5, currency: EUR, \(quoted)}
      """
    }
    let hours = try hours(from: "2026-12", months: 1)[0] * 2
    let certain = try run(book: book(rate: "1.2")).result
    expectClose(certain.options[1].totalCost.mean, 2.5 * 1.2 * hours, within: 1e-9)
    let uncertain = try run(book: book(rate: "{uniform: [1, 1.4]}"), draws: 128).result
    let cost = uncertain.options[1].totalCost
    expectClose(cost.mean, 2.5 * 1.2 * hours, within: 5e-3)
    // A tenth of the way from 1.0 to 1.4, and nine tenths.
    expectClose(cost.p10, 2.5 * 1.04 * hours, within: 1e-2)
    expectClose(cost.p90, 2.5 * 1.36 * hours, within: 1e-2)
    let rate = try #require(uncertain.assumptions.first { $0.name == "prices.exchange_rates.EUR" })
    #expect(rate.source == "the bank" && rate.verifiedOn == "2026-11-20" && rate.kind == "price")
    #expect(uncertain.assumptions.contains { $0.name == "prices.gpu_hour.h100-sxm.on-demand" && $0.p50 == 3 })
  }
}
