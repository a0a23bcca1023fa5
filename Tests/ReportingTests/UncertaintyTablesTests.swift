// SPDX-License-Identifier: GPL-3.0-or-later
// What finding out is worth, and what the costs hang on, as tables that join with the others.

import Decision
import Foundation
import Reporting
import Testing
import Uncertainty

@Suite("Tables of uncertainty")
struct UncertaintyTablesTests {
  private func interval(_ value: Double) -> IntervalEstimate {
    IntervalEstimate(value: value, low: value / 2, high: value * 2)
  }

  private var result: PlanResult {
    var result = Fixture.result
    let names = result.options.map(\.name)
    let costs = CostIntervals([1, 2, 3, 4].map { $0 * 100_000 }, parts: [0..<2, 2..<4])
    result.uncertainty = UncertaintyResult(
      method: "sobol", replicates: 8, budget: 500_000,
      options: names.enumerated().map { place, name in
        OptionUncertainty(
          option: name, cost: costs, probabilityAboveBudget: Probability(estimate: 0.25, low: 0.2, high: 0.3),
          dominatedBy: place == 1
            ? [
              Dominator(option: names[0], order: .firstOrder),
              Dominator(option: names[2], order: .secondOrder),
            ] : [])
      },
      perfectInformation: interval(20_000),
      inputs: ["demand.volume", "prices.gpu_hour.h100-sxm.spot"].map { name in
        InputSensitivity(
          name: name, kind: "price", p10: 0.5, p90: 1.5, information: interval(1000.5),
          effects: names.map {
            InputEffect(option: $0, costAtP10: 1, costAtP90: 2, firstOrderIndex: interval(0.4))
          })
      },
      groups: [
        GroupSensitivity(name: "prices", inputs: ["prices.a", "prices.b"], information: interval(3000))
      ])
    func round(_ replicates: Int, mean: IntervalEstimate?) -> ConvergenceRound {
      ConvergenceRound(
        replicates: replicates, simulations: 8 * replicates, draws: 256 * replicates, option: names[0],
        meanCost: mean, probabilityCheapest: Probability(estimate: 0.75, low: 0.7, high: 0.82))
    }
    result.convergence = ConvergenceResult(
      ending: .target, meanCostTarget: 0.02, probabilityCheapestTarget: nil, maximumDraws: 8192,
      rounds: [
        round(8, mean: nil), round(12, mean: IntervalEstimate(value: 200_000, low: 197_000, high: 203_000)),
      ],
      variances: names.map { CostVariance(option: $0, betweenSimulations: 9, withinSimulations: 16) })
    return result
  }

  @Test("a fast run says in a table how well it predicted; a full one has none")
  func fidelity() throws {
    var result = Fixture.result
    #expect(try rendered(result)["fidelity.csv"] == nil)
    result.fidelity = FidelitySummary(
      simulated: 16, predicted: 48, errorLimit: 0.03,
      options: [OptionFidelity(option: "spot-fp8", costError: 0.0042, serviceLevelError: 0.01)])
    let files = try rendered(result)
    let records = CSVReader.records(try #require(files["fidelity.csv"]))
    #expect(records.count == 1 && records[0]["option"] == "spot-fp8")
    #expect(records[0]["simulated_draws"] == "16" && records[0]["predicted_draws"] == "48")
    #expect(records[0]["cost_error_share"] == "0.0042")
    let page = String(decoding: try #require(files["report.html"]), as: UTF8.self)
    #expect(page.contains("16 draws of the physical inputs simulated and 48 predicted from them"))
  }

  @Test("each table has a row for all it tells, and the document reads back equal")
  func rows() throws {
    let result = result
    let files = try rendered(result)
    let sensitivity = CSVReader.records(try #require(files["sensitivity.csv"]))
    #expect(sensitivity.count == 2 * result.options.count)
    #expect(sensitivity[0]["input"] == "demand.volume" && sensitivity[0]["first_order_index_share"] == "0.4")
    let information = CSVReader.records(try #require(files["information.csv"]))
    #expect(information.map { $0["kind"] } == ["perfect", "group", "input", "input"])
    #expect(information.map { $0["worth_at_most_usd"] } == ["20000.00", "3000.00", "1000.50", "1000.50"])
    let decision = CSVReader.records(try #require(files["decision.csv"]))
    #expect(decision.map { $0["option"] } == result.options.map(\.name))
    #expect(decision[1]["first_order_dominated_by"] == result.options[0].name)
    #expect(decision[1]["second_order_dominated_by"] == result.options[2].name)
    #expect(decision[0]["probability_above_budget"] == "0.25")
    let rounds = CSVReader.records(try #require(files["convergence.csv"]))
    #expect(
      rounds.map { $0["futures"] } == ["2048", "3072"] && rounds.map { $0["ending"] } == ["", "target"])
    #expect(rounds.map { $0["mean_cost_half_width_share"] } == ["", "0.015"])
    #expect(rounds[1]["probability_cheapest_half_width"] == "0.06")
    #expect(try ResultDocument.decode(try ResultDocument.encode(result)) == result)
  }

  @Test("a document from before there was such an analysis still reads, and its tables are empty")
  func absent() throws {
    let files = try rendered(Fixture.result)
    for name in ["decision.csv", "sensitivity.csv", "information.csv", "convergence.csv"] {
      #expect(CSVReader.rows(try #require(files[name])).count == 1)
    }
  }
}
