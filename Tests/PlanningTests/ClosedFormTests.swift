// SPDX-License-Identifier: GPL-3.0-or-later
// INV-9: plans simple enough for pencil and paper cost what pencil and paper say.

import Decision
import Foundation
import Planning
import Scenario
import Testing
import Uncertainty

@Suite("Plans in closed form")
struct ClosedFormTests {
  /// Dollars of one request at the default prices: 1,000 input and 200 output tokens.
  private let perRequest = 1000.0 / 1e6 * 0.22 + 200.0 / 1e6 * 0.88

  @Test("an API costs requests × tokens × price: the mean over futures is that of the rate")
  func api() throws {
    let outcome = try run(
      scenario(
        rate: "0.1", options: PlanningTests.api, represent: "week", prices: prices(),
        sampling: "{draws: 8, simulations: 8, seed: 3}"))
    let expected = 0.1 * 31 * 24 * 3600 * perRequest
    // Eight weeks of 60,480 requests stray by 0.14 %.
    expectClose(mean(outcome.costs[0]), expected, within: 0.006)
    expectClose(outcome.result.options[0].costPerMillionOutput.mean, perRequest / 200 * 1e6, within: 1e-9)
    expectClose(outcome.result.options[0].costPerRequest.p50, perRequest, within: 1e-9)
    #expect(
      outcome.result.options[0].components.map(\.component) == ["API input tokens", "API output tokens"])
  }

  @Test("growth compounds month by month, whichever months are simulated", arguments: [12, 4, 2])
  func growth(simulated: Int) throws {
    let outcome = try run(
      scenario(
        rate: "0.4", growth: "0.05", options: PlanningTests.api, months: 12,
        represent: "{months: \(simulated), windows: 8, window_minutes: 60}", prices: prices(),
        sampling: "{draws: 8, simulations: 8, seed: 4}"))
    let hours = try hours(from: "2026-12", months: 12)
    let monthly = hours.enumerated().map { 0.4 * pow(1.05, Double($0)) * $1 * 3600 * perRequest }
    expectClose(mean(outcome.costs[0]), monthly.reduce(0, +), within: 0.01)
    for (month, expected) in zip(outcome.result.options[0].monthly, monthly) {
      expectClose(month.cost.mean, expected, within: 0.02, month.month)
    }
    #expect(outcome.result.options[0].monthly.map(\.month).first == "2026-12")
    #expect(outcome.result.options[0].monthly.map(\.month).last == "2027-11")
  }

  @Test("an uncertain rate, volume and growth multiply: the mean cost is the mean of their product")
  func uncertainDemand() throws {
    let outcome = try run(
      scenario(
        rate: "{uniform: [0.1, 0.3]}", growth: "{uniform: [0, 0.1]}", volume: "{uniform: [1, 3]}",
        options: PlanningTests.api, months: 3, represent: "{months: 3, windows: 2, window_minutes: 60}",
        prices: prices(), sampling: "{draws: 128, simulations: 128, seed: 2}"))
    let hours = try hours(from: "2026-12", months: 3)
    // Means of (1 + g)^m for g uniform on (0, 0.1).
    let factors = [1, 1.05, (pow(1.1, 3) - 1) / 0.3]
    let expected = zip(hours, factors).reduce(0) { $0 + $1.0 * $1.1 } * 0.2 * 2 * 3600 * perRequest
    expectClose(mean(outcome.costs[0]), expected, within: 0.02)
  }

  @Test("a fleet that is always there costs replicas × GPUs × the months' true hours × price")
  func fleet() throws {
    let options =
      PlanningTests.api + """
        own:
          chain:
            - fleet:
                gpu: h100-sxm
                pools:
                  llama-3.1-8b: {replicas: 3, tensor_parallel: 2}
          costs: {people_per_month: 500, platform_per_month: 70, one_off: 900}

        """
    let outcome = try run(
      scenario(options: options, start: "2027-11", months: 5, prices: prices(gpuHour: "2.5")))
    // November, December, January, and February of a leap year, March.
    let hours = [720.0, 744, 744, 696, 744]
    let expected = hours.map { 3 * 2 * $0 * 2.5 + 570 }
    for cost in outcome.costs[1] { expectClose(cost, expected.reduce(900, +), within: 1e-12) }
    for (month, cost) in outcome.result.options[1].monthly.enumerated() {
      expectClose(cost.cost.p50, expected[month] + (month == 0 ? 900 : 0), within: 1e-12)
    }
    let paid = outcome.result.options[1].supplies[0].gpuHours.reduce(0) { $0 + $1.hours }
    expectClose(paid, 6 * hours.reduce(0, +), within: 1e-12, "INV-3")
  }

  @Test("months are discounted by their distance from the first", arguments: [0.0, 0.08, 0.5])
  func discounting(rate: Double) throws {
    let outcome = try run(
      scenario(
        options: PlanningTests.api + PlanningTests.fleet, months: 24, prices: prices(),
        discountRate: "\(rate)", sampling: "{draws: 2, simulations: 1, seed: 1}"))
    let hours = try hours(from: "2026-12", months: 24)
    let expected = hours.enumerated().reduce(0) {
      $0 + 2 * 3 * $1.element / pow(1 + rate, Double($1.offset) / 12)
    }
    for cost in outcome.costs[1] { expectClose(cost, expected, within: 1e-12) }
    let undiscounted = outcome.result.options[1].components.reduce(0) { $0 + $1.mean }
    expectClose(undiscounted, 6 * hours.reduce(0, +), within: 1e-12)
  }

  @Test(
    "where only a price is uncertain, the cost's quantiles are quantity × the price's quantiles",
    arguments: [
      ("{uniform: [2, 4]}", Distribution.uniform(low: 2, high: 4)),
      ("{p10: 1.9, p90: 3.4}", .lognormal(p10: 1.9, p90: 3.4)),
      ("{triangular: [1.5, 2, 5]}", .triangular(low: 1.5, mode: 2, high: 5)),
    ])
  func priceAlone(text: String, price: Distribution) throws {
    let outcome = try run(
      scenario(
        options: PlanningTests.api + PlanningTests.fleet, prices: prices(gpuHour: text),
        sampling: "{draws: 4096, simulations: 1, seed: 9}"))
    let own = outcome.result.options[1]
    for percent in [1, 5, 10, 25, 50, 75, 90, 95, 99] {
      expectClose(
        own.costQuantiles[percent], 2 * 744 * price.quantile(Double(percent) / 100), within: 0.003,
        "\(percent) %")
    }
    expectClose(own.totalCost.p50, 2 * 744 * price.quantile(0.5), within: 0.002)
    // The other option's cost is certain: one draw of the demand, certain prices.
    #expect(Set(outcome.costs[0]).count == 1)
  }

  @Test("a factor on a provider's prices multiplies them all")
  func factor() throws {
    func cost(_ factor: String) throws -> [Double] {
      try run(scenario(options: PlanningTests.api, prices: prices(factor: factor))).costs[0]
    }
    for (half, whole) in zip(try cost("0.5"), try cost("1")) { expectClose(half, whole / 2, within: 1e-12) }
  }
}
