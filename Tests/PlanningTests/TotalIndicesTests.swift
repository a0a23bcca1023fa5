// SPDX-License-Identifier: GPL-3.0-or-later
// Total indices of plans whose variance can be taken apart by hand: a sum of prices, a product of a price and a volume,
// correlated prices, and inputs that do not vary.

import Decision
import Foundation
import Planning
import Scenario
import Testing
import Uncertainty

@Suite("Total indices of a plan")
struct TotalIndicesTests {
  private static let gpu = "prices.gpu_hour.h100-sxm.on-demand"
  private static let factor = "prices.api.bedrock.factor"

  private func text(
    gpuHour: String = "{uniform: [2, 4]}", factor: String = "1", volume: String = "1", people: String = "0",
    rate: String = "2", minutes: String = "0.5", more: String = ""
  ) -> String {
    let own = fleet + "  costs: {people_per_month: \(people)}\n"
    return scenario(
      rate: rate, volume: volume, options: api + own,
      represent: "{months: 1, windows: 2, window_minutes: \(minutes)}",
      prices: prices(gpuHour: gpuHour, factor: factor), sampling: "{draws: 16, simulations: 8, seed: 5}")
      + more
  }

  private func study(_ text: String, option: Int, against: Int? = nil, points: Int = 16) throws
    -> TotalIndicesStudy
  {
    try TotalIndicesStudy(try plan(text), option: option, against: against, points: points)
  }

  private func index(_ name: String, of result: TotalIndicesResult) throws -> TotalIndex {
    try #require(result.indices.first { $0.name == name }, "no index of \(name)")
  }

  @Test("in a sum of two prices each has the share of its variance, first order and total alike")
  func linear() throws {
    let hours = try hours(from: "2026-12", months: 1)[0] * 2
    // Uniforms of width 2 GPU-hours and of width $2,000: variances in the ratio of the squared widths.
    let study = try study(text(people: "{uniform: [0, 2000]}"), option: 1, points: 64)
    let result = study.run(threads: 2)
    let (gpuWidth, peopleWidth) = (2 * hours, 2000.0)
    let exact = gpuWidth * gpuWidth / (gpuWidth * gpuWidth + peopleWidth * peopleWidth)
    let gpu = try index(Self.gpu, of: result)
    let people = try #require(result.indices.first { $0.name.hasSuffix("people_per_month") })
    for (found, wanted) in [(gpu, exact), (people, 1 - exact)] {
      #expect(found.kind == .price)
      #expect(abs(found.firstOrder.value - wanted) < 0.01, "\(found.name) \(found.firstOrder)")
      #expect(abs(found.total.value - wanted) < 0.01, "\(found.name) \(found.total)")
      #expect(found.total.low <= found.total.value && found.total.value <= found.total.high)
    }
    #expect(try index("chance", of: result).total.value < 1e-9)
    expectClose(result.mean.value, 3 * hours + 1000, within: 0.002)
    expectClose(
      result.standardDeviation, ((gpuWidth * gpuWidth + peopleWidth * peopleWidth) / 12).squareRoot(),
      within: 0.02)
    // The tornado: the mean where one price is at its tenth percentile and the other as uncertain as ever.
    let swing = try #require(gpu.swings.first)
    expectClose(try #require(swing.costAtP10), 2.2 * hours + 1000, within: 0.005)
    expectClose(try #require(swing.costAtP90), 3.8 * hours + 1000, within: 0.005)
  }

  @Test("in a product of a price and a volume the total exceeds the first order by the interaction")
  func interaction() throws {
    // Means 1, variances v = (2·0.9)²/12 each: Var(XY) = 2v + v², of which v² is the interaction.
    let wide = "{uniform: [0.1, 1.9]}"
    let study = try study(
      text(factor: wide, volume: wide, rate: "10", minutes: "1"), option: 0, points: 64)
    let result = study.run(threads: 2)
    let variance = 1.8 * 1.8 / 12
    let (first, total) = (1 / (2 + variance), (1 + variance) / (2 + variance))
    for name in ["demand.volume", Self.factor] {
      let found = try index(name, of: result)
      #expect(abs(found.firstOrder.value - first) < 0.05, "\(name) \(found.firstOrder)")
      #expect(abs(found.total.value - total) < 0.05, "\(name) \(found.total)")
      #expect(found.total.value > found.firstOrder.value + 0.05)
    }
    // Thousands of requests leave little to chance.
    #expect(try index("chance", of: result).total.value < 0.02)
  }

  @Test("of a difference, what both options have in common cancels")
  func difference() throws {
    let result = try study(
      text(factor: "{uniform: [0.5, 1.5]}", people: "{uniform: [0, 2000]}"), option: 1, against: 0
    ).run(threads: 2)
    #expect(result.option == "own" && result.against == "api")
    let names = Set(result.indices.map(\.name))
    #expect(names.isSuperset(of: [Self.gpu, Self.factor, "chance"]))
    let single = try study(text(), option: 1).run(threads: 2)
    let other = try study(text(), option: 0).run(threads: 2)
    let both = try study(text(), option: 1, against: 0).run(threads: 2)
    expectClose(both.mean.value, single.mean.value - other.mean.value, within: 1e-9)
  }

  @Test("only physical inputs and chance are simulated")
  func simulations() throws {
    let few = try study(text(people: "{uniform: [0, 2000]}"), option: 0)
    let more = try study(text(volume: "{uniform: [0.5, 1.5]}"), option: 0)
    #expect(more.simulations == few.simulations + 16)
  }

  @Test("correlated prices have one index together, which is that of their joint variance")
  func correlated() throws {
    let pair = """
      correlations:
        - {between: [\(Self.gpu), \(Self.factor)], value: 0.8}

      """
    let result = try study(
      text(factor: "{uniform: [0.5, 1.5]}", people: "{uniform: [0, 2000]}", more: pair), option: 1, against: 0
    ).run(threads: 2)
    let group = try #require(result.indices.first { $0.kind == .correlated })
    #expect(Set(group.swings.map(\.input)) == [Self.gpu, Self.factor])
    #expect(!result.indices.contains { $0.name == Self.gpu })
    let people = try #require(result.indices.first { $0.name.hasSuffix("people_per_month") })
    #expect(abs(group.total.value + people.total.value - 1) < 0.1)
    // The correlation with an input of an option that is not studied says nothing of this one.
    let alone = try study(text(factor: "{uniform: [0.5, 1.5]}", more: pair), option: 1).run(threads: 2)
    #expect(try index(Self.gpu, of: alone).kind == .price)
  }

  @Test("an input that does not vary is said to, and nothing is NaN where nothing varies at all")
  func constant() throws {
    try withConstantDistribution("3") { constant in
      let result = try study(text(gpuHour: constant), option: 1).run(threads: 2)
      #expect(result.constantInputs == [Self.gpu])
      #expect(result.warnings.contains { $0.contains(Self.gpu) && $0.contains("taken as certain") })
      #expect(!result.indices.contains { $0.name == Self.gpu })
      #expect(result.standardDeviation == 0)
      for found in result.indices {
        for value in [found.firstOrder, found.total].flatMap({ [$0.value, $0.low, $0.high] }) {
          #expect(value == 0, "\(found.name)")
        }
      }
    }
  }

  @Test("the result does not depend on the number of threads, to the bit")
  func threads() throws {
    let study = try study(
      text(factor: "{uniform: [0.5, 1.5]}", volume: "{uniform: [0.5, 1.5]}"), option: 1, against: 0)
    let one = study.run(threads: 1)
    for threads in [2, 3, 8] { #expect(study.run(threads: threads) == one) }
  }

  @Test("what would take too long is refused, with what to do instead")
  func tooMuch() throws {
    let problem = #expect(throws: PlanningProblem.self) {
      try study(
        text(volume: "{uniform: [0.5, 1.5]}", rate: "20000", minutes: "60"), option: 0, points: 4096)
    }
    let message = try #require(problem).description
    #expect(message.contains("fewer points") && message.contains("horizon.represent.windows"))
  }

  @Test("the option that a plan recommends is found without the plan")
  func recommended() throws {
    for gpuHour in ["{uniform: [0.1, 0.2]}", "{uniform: [20, 40]}"] {
      let model = try plan(text(gpuHour: gpuHour))
      let outcome = model.run(threads: 2, version: "", command: "")
      #expect(
        model.options[model.recommendedOption(threads: 2)].definition.name == outcome.result.decision.option)
    }
  }
}
