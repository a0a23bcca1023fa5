// SPDX-License-Identifier: GPL-3.0-or-later
// What turns the answer, on the page and in the tables.

import Decision
import Foundation
import Reporting
import Testing

@Suite("Where the answer turns, reported")
struct FlipSectionsTests {
  /// The fixture with a frontier, a map and two savings.
  private static var result: PlanResult {
    var result = Fixture.result
    let steps = (0..<5).map { 0.25 * pow(2, Double($0)) }
    let spread = { (middle: Double) in
      Spread(mean: middle, p10: middle - 30_000, p50: middle, p90: middle + 40_000, p95: middle + 60_000)
    }
    result.breakEvens.append(
      BreakEven(
        option: "base-with-burst", against: "bedrock-on-demand", axis: "gpu-price",
        finding: "up to $2.90 per GPU-hour, 1.09× the planned price", value: spread(2.9), neverShare: 0.01,
        alwaysShare: 0, point: 2.9, pays: .upTo, unit: "$ per GPU-hour", planned: 2.65, multiple: spread(1.1))
    )
    result.flips = FlipResult(
      runnerUp: "bedrock-on-demand",
      otherBreakEvens: [
        BreakEven(
          option: "spot-fp8", against: "self-hosted-fp8", axis: "payback", finding: "in month 4 of 12",
          value: Spread(mean: 4.2, p10: 3, p50: 4, p90: 6, p95: 7), neverShare: 0.2, alwaysShare: 0, point: 4,
          pays: .from, unit: "month")
      ],
      frontier: [
        FrontierStretch(
          option: "bedrock-on-demand", from: 0.25, to: 0.62, outputTokensPerDayFrom: 1.2e8,
          outputTokensPerDayTo: 3.1e8),
        FrontierStretch(
          option: "base-with-burst", from: 0.62, to: 4, outputTokensPerDayFrom: 3.1e8,
          outputTokensPerDayTo: 2e9),
      ],
      map: BreakEvenMap(
        option: "base-with-burst", against: "bedrock-on-demand", volumes: steps, gpuPriceFactors: steps,
        plannedGPUHour: 2.65, outputTokensPerDay: steps.map { 5e8 * $0 },
        cheapest: steps.map { _ in steps.map { $0 > 1 ? 0 : 6 } },
        probabilityCheapest: steps.map { _ in steps.map { _ in 0.6 } },
        probabilityCheaper: steps.map { x in steps.map { 1 / (1 + $0 / x) } }, evenFactor: steps.map { $0 }),
      savings: ["base-with-burst", "spot-fp8"].map { option in
        CumulativeSaving(
          option: option, against: "bedrock-on-demand",
          months: Fixture.months.enumerated().map { index, month in
            .init(month: month, saving: spread(Double(index) * 9000 - 40_000), positiveShare: 0.4)
          })
      })
    return result
  }

  @Test("the page has the sections with their findings, and stays well-formed")
  func page() throws {
    let (page, source) = try ReportPageTests.page(Self.result)
    #expect(page.ids.contains("break-even-map") && page.ids.contains("payback"))
    #expect(source.contains("up to 0.62× (about 310"))
    #expect(source.contains("is likelier to cost less while GPUs cost under 1.00× of the plan, $2.65"))
    #expect(source.contains("has paid back against Bedrock on demand by May 2027 in half of the futures"))
    #expect(source.contains("$2.90") && source.contains("chart-map") && source.contains("chart-payback"))
  }

  @Test("documents of before have none of it, and still are a report")
  func before() throws {
    let (page, _) = try ReportPageTests.page(Fixture.result)
    #expect(!page.ids.contains("break-even-map") && !page.ids.contains("payback"))
  }

  @Test("the tables hold every pair, cell, month and stretch")
  func tables() throws {
    let files = try rendered(Self.result)
    func records(_ name: String) throws -> [[String: String]] {
      CSVReader.records(try #require(files[name]))
    }
    let breakEvens = try records("break_even.csv")
    #expect(breakEvens.count == Fixture.breakEvens.count + 2)
    let price = try #require(breakEvens.first { $0["axis"] == "gpu-price" })
    #expect(price["pays"] == "up to" && price["point"] == "2.9" && price["unit"] == "$ per GPU-hour")
    #expect(breakEvens.contains { $0["option"] == "spot-fp8" && $0["against"] == "self-hosted-fp8" })
    let map = try records("break_even_map.csv")
    #expect(map.count == 25)
    let cell = try #require(map.first { $0["volume_multiple"] == "1" && $0["gpu_price_multiple"] == "2" })
    #expect(cell["gpu_hour_usd"] == "5.3" && cell["cheapest_option"] == "bedrock-on-demand")
    #expect(cell["probability_cheaper"] == "0.333333")
    let payback = try records("payback.csv")
    #expect(payback.count == 24 && payback[5]["cumulative_saving_p50_usd"] == "5000.00")
    #expect(try records("frontier.csv").map { $0["option"] } == ["bedrock-on-demand", "base-with-burst"])
  }

  @Test("what fits no option or no cell is refused")
  func refusals() {
    func refuses(_ change: (inout FlipResult) -> Void) -> Bool {
      var result = Self.result
      guard var flips = result.flips else { return false }
      change(&flips)
      result.flips = flips
      return (try? ReportFiles.render(result)) == nil
    }
    #expect(!refuses { _ in })
    #expect(refuses { $0.runnerUp = "gone" })
    #expect(refuses { $0.frontier[0].option = "gone" })
    #expect(refuses { $0.savings[1].months.removeLast() })
    #expect(refuses { $0.map?.cheapest[1][1] = 99 })
    #expect(refuses { $0.map?.evenFactor.removeLast() })
    #expect(refuses { $0.map?.volumes[0] = 0 })
  }
}
