// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes of least cost, held against plans of every size; and purchases as layers, held against sums by hand.

import Decision
import Foundation
import Planning
import Quantities
import Scenario
import Testing

/// Reserved units and pay-as-you-go behind them.
private func reserved(_ units: String, term: String = "none") -> String {
  """
  units:
    chain:
      - reserved: {provider: bedrock-provisioned, term: \(term), units: {llama-3.1-8b: \(units)}}
      - metered: {provider: bedrock}

  """
}

/// A base of own GPUs that refuses early, and an API behind it.
private func base(_ replicas: String, purchase: String = "on-demand") -> String {
  """
  own:
    chain:
      - fleet:
          gpu: h100-sxm
          purchase: \(purchase)
          queue_limit: 2
          pools:
            llama-3.1-8b: {replicas: \(replicas), weights: fp8, kv_cache: fp8, max_num_seqs: 8}
      - metered: {provider: bedrock}

  """
}

@Suite("Sizes of least cost")
struct LeastCostTests {
  private let unitPrices = """
    reserved:
      bedrock-provisioned:
        llama-3.1-8b:
          input_tokens_per_minute: 60000
          output_tokens_per_minute: 12000
          unit_hour: {none: 1.2, 6-months: 0.9}
    api:
      bedrock:
        llama-3.1-8b: {input: 0.22, output: 0.88}

    """

  private func units(_ held: String, term: String = "none", growth: String = "0.05") throws -> PlanModel {
    try plan(
      scenario(
        rate: "5", growth: growth, use: "profile: azure-conversation", options: reserved(held, term: term),
        months: 4, represent: "{months: 2, windows: 4, window_minutes: 4}", prices: unitPrices,
        discountRate: "0.1", sampling: "{draws: 1, simulations: 1, seed: 9}", baseline: "units"))
  }

  @Test("The units chosen are those of the cheapest of all plans", arguments: ["none", "6-months"])
  func exhaustive(term: String) throws {
    let chosen = try units("least-cost", term: term)
    let result = chosen.run(threads: 2, version: "test", command: "test").result
    let choice = try #require(result.sizes?.first)
    #expect(choice.rule == "least-cost")
    var cheapest = (units: 0, cost: Double.infinity)
    for held in 1...12 {
      let fixed = try units("\(held)", term: term).run(threads: 2, version: "test", command: "test").result
      let cost = fixed.options[0].totalCost.mean
      if cost < cheapest.cost { cheapest = (held, cost) }
      // The search and the plan agree on every size, owed months included.
      if let trial = choice.trials.first(where: { $0.size == held }) {
        let tried = try #require(trial.cost)
        expectClose(tried, cost, within: 1e-9, "\(held) units")
      }
    }
    #expect(choice.size == cheapest.units, "\(choice.trials)")
    #expect(choice.size > 1 && choice.size < 12, "the case proves nothing")
    expectClose(result.options[0].totalCost.mean, cheapest.cost, within: 1e-9)
  }

  @Test("Where there are too many sizes to try all, the grid comes within 0.2 % of the cheapest")
  func grid() throws {
    func small(_ held: String) throws -> PlanModel {
      try plan(
        scenario(
          rate: "5", use: "profile: azure-conversation", options: reserved(held),
          represent: "{months: 1, windows: 4, window_minutes: 2}",
          prices: unitPrices.replacingOccurrences(of: "60000", with: "6000").replacingOccurrences(
            of: "12000", with: "1200"
          ).replacingOccurrences(of: "none: 1.2", with: "none: 0.12"),
          sampling: "{draws: 1, simulations: 1, seed: 9}", baseline: "units"))
    }
    let choice = try #require(try small("least-cost").simulateOnce(option: 0).sizes?.first)
    let largest = try #require(choice.trials.last?.size)
    #expect(largest > 24 && choice.trials.count < largest / 2, "all sizes were tried")
    let found = try #require(choice.trials.first { $0.size == choice.size }?.cost)
    let all = try (1...largest).map { held in
      // What the units cost, and what goes past them by the token.
      let report = try small("\(held)").simulateOnce(option: 0)
      let api = report.supplies[1]
      let tokens = Double(api.inputTokens) * 0.22 + Double(api.outputTokens) * 0.88
      return (Double(held) * 0.12 + tokens / 1e6 / report.simulatedHours) * 744
    }
    let least = try #require(all.min())
    expectClose(found, all[choice.size - 1], within: 1e-9)
    #expect(found <= 1.002 * least, "\(choice.size) units for \(found), the cheapest cost \(least)")
  }

  @Test("Units are chosen among those that the provider sells: from 100 on in steps of 100")
  func soldInSteps() throws {
    func held(_ units: String) throws -> PlanModel {
      try plan(
        scenario(
          rate: "5", use: "profile: azure-conversation",
          options: """
            units:
              chain:
                - reserved: {provider: azure-ptu, term: none, units: {llama-3.1-8b: \(units)}}
                - metered: {provider: bedrock}

            """, represent: "{months: 1, windows: 4, window_minutes: 4}",
          prices: """
            reserved:
              azure-ptu:
                llama-3.1-8b:
                  input_tokens_per_minute: 1200
                  output_tokens_per_minute: 300
                  unit_hour: {none: 0.012}
            api:
              bedrock:
                llama-3.1-8b: {input: 0.22, output: 0.88}

            """, sampling: "{draws: 1, simulations: 1, seed: 9}", baseline: "units"))
    }
    let result = try held("least-cost").run(threads: 2, version: "test", command: "test").result
    let choice = try #require(result.sizes?.first)
    #expect(choice.trials.allSatisfy { $0.size % 100 == 0 }, "\(choice.trials)")
    let costs = try (1...8).map { steps in
      try held("\(100 * steps)").run(threads: 2, version: "test", command: "test").result.options[0].totalCost
        .mean
    }
    let least = try #require(costs.min())
    #expect(choice.size > 100 && choice.size < 800, "the case proves nothing: \(costs)")
    expectClose(result.options[0].totalCost.mean, least, within: 1e-9)
  }

  @Test("Units that never pay are not held")
  func none() throws {
    let model = try plan(
      scenario(
        rate: "5", options: reserved("least-cost"), represent: "{months: 1, windows: 4, window_minutes: 4}",
        prices: unitPrices.replacingOccurrences(of: "none: 1.2", with: "none: 90"),
        sampling: "{draws: 1, simulations: 1, seed: 9}", baseline: "units"))
    let report = model.simulateOnce(option: 0)
    #expect(report.sizes?.first?.size == 0)
    #expect(report.supplies[0].unitHours == 0 && report.supplies[0].admitted == 0)
    #expect(report.totals.served == report.totals.arrived)
  }

  private func basePlan(_ replicas: String, purchase: String = "on-demand", months: Int = 2) throws
    -> PlanModel
  {
    try plan(
      scenario(
        rate: "30", growth: "0.1", use: "profile: azure-conversation\nslo: {ttft_ms: 3000}",
        options: base(replicas, purchase: purchase), months: months,
        represent: "{months: \(min(2, months)), windows: 4, window_minutes: 2}",
        prices: """
          gpu_hour:
            h100-sxm: {on-demand: 4, committed-1-year: 3, committed-3-year: 1.5, capacity-block: 2}
          api:
            bedrock:
              llama-3.1-8b: {input: 0.22, output: 0.88}

          """, discountRate: "0.08", sampling: "{draws: 1, simulations: 1, seed: 4}", baseline: "own"))
  }

  @Test("The base size of least cost is the cheapest of all sizes, priced by hand")
  func baseSize() throws {
    let study = try #require(
      try basePlan("3", months: 1).sizing(option: 0, threads: 2).bases.first)
    let month = try hours(from: "2026-12", months: 1)[0]
    var cheapest = (size: 0, cost: Double.infinity)
    for point in study.points where point.size > 0 {
      let report = try basePlan("\(point.size)", months: 1).simulateOnce(option: 0)
      let api = report.supplies[1]
      let tokens = Double(api.inputTokens) * 0.22 + Double(api.outputTokens) * 0.88
      let cost = Double(point.size) * month * 4 + tokens / 1e6 * month / report.simulatedHours
      expectClose(point.cost, cost, within: 1e-9, "\(point.size) replicas")
      expectClose(point.serviceLevel, report.totals.serviceLevel, within: 1e-9, "\(point.size) replicas")
      if report.totals.serviceLevel >= requiredServiceLevel && cost < cheapest.cost {
        cheapest = (point.size, cost)
      }
    }
    // Without a base the API serves everything.
    let api = try #require(study.points.first)
    #expect(api.size == 0 && api.refusedShare == 1)
    if api.cost < cheapest.cost { cheapest = (0, api.cost) }
    #expect(study.best == cheapest.size, "\(study.points)")
    #expect(study.present == 3)
    let largest = try #require(study.points.last)
    #expect(study.points.count == largest.size + 1, "not every size was tried")
    #expect(largest.refusedShare < 0.01)
    #expect(study.best > 0 && study.best < largest.size, "the case proves nothing: \(study.points)")
  }

  @Test("INV-8: what is proposed does not depend on the threads")
  func threads() throws {
    let alone = try basePlan("2").sizing(option: 0, threads: 1)
    #expect(try basePlan("2").sizing(option: 0, threads: 3) == alone)
  }

  @Test("A mix is billed by hand: what is committed in every hour, and until the term ends")
  func layers() throws {
    let calendar = try hours(from: "2026-12", months: 12)
    let (within, after) = (calendar[0] + calendar[1], calendar[2...].reduce(0, +))
    func cost(_ purchase: String) throws -> Double {
      let result = try basePlan("3", purchase: purchase).run(threads: 1, version: "test", command: "test")
        .result
      return result.options[0].components.filter { !$0.component.hasPrefix("API") }.reduce(0) { $0 + $1.mean }
    }
    expectClose(try cost("on-demand"), 3 * within * 4, within: 1e-9)
    expectClose(
      try cost("{committed-1-year: 2, on-demand: rest}"), 2 * (within + after) * 3 + within * 4, within: 1e-9)
    expectClose(try cost("{committed-1-year: 5, on-demand: rest}"), 5 * (within + after) * 3, within: 1e-9)
    expectClose(
      try cost("{committed-1-year: 1, committed-3-year: 2}"),
      (within + after) * 3 + 2 * 1.5 * (try hours(from: "2026-12", months: 36).reduce(0, +)), within: 1e-9)
    // One purchase that is a commitment commits to the whole fleet.
    expectClose(try cost("committed-1-year"), 3 * (within + after) * 3, within: 1e-9)
    // Blocks of 14 days: five cover 62 days.
    expectClose(
      try cost("capacity-block\n        block_days: 14"), 3 * 5 * 14 * 24 * 2, within: 1e-9)
    // Half of what is owed is sold on.
    expectClose(
      try cost("committed-1-year\n        term_residual: 0.5"), 3 * (within + after / 2) * 3, within: 1e-9)
  }

  @Test("The mix proposed is the cheapest that any layers make, and what is owed counts")
  func proposal() throws {
    let study = try #require(
      try basePlan("3").sizing(option: 0, threads: 2).purchases.first)
    // Two months of need: terms of a year and of three are not worth their price; nothing is committed.
    #expect(study.proposed == [.init(purchase: "on-demand", gpus: nil)])
    #expect(study.present == study.proposed && study.cheaperShare == 0)
    #expect(study.hoursShareOfGPU.count == 3 && study.hoursShareOfGPU.allSatisfy { abs($0 - 1) < 1e-9 })
    let year = try #require(
      try basePlan("3", months: 12).sizing(option: 0, threads: 2).purchases.first)
    // Twelve months: one year at 3 beats 4 by the hour; three years at 1.5 cost 4.5 times twelve months' hours.
    #expect(
      year.proposed == [
        .init(purchase: "committed-1-year", gpus: 3), .init(purchase: "on-demand", gpus: nil),
      ])
    expectClose(year.proposedMedianCost / year.presentMedianCost, 0.75, within: 1e-9)
    #expect(year.cheaperShare == 1)
    let threshold = try #require(year.offers.first { $0.purchase == "committed-1-year" }?.threshold)
    expectClose(threshold, 0.75, within: 1e-9)
  }
}
