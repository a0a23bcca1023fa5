// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about every axis of the break-evens, held against whole plans that were run at what the break-even says.

import Decision
import Foundation
import Planning
import Testing

@Suite("Break-evens against whole plans")
struct BreakEvenAxesTests {
  /// Two replicas, and the API for what they do not take.
  static let burst = """
    own:
      chain:
        - fleet:
            gpu: h100-sxm
            queue_limit: 0
            pools:
              llama-3.1-8b: {replicas: 1, weights: fp8, kv_cache: fp8, max_num_seqs: 8}
        - metered: {provider: bedrock}

    """

  private func outcome(
    _ options: String = fleet, rate: String = "3", growth: String = "0", months: Int = 1,
    input: String = "0.22", output: String = "0.88", gpuHour: String = "3", minutes: Int = 1,
    discountRate: String = "0", overrides: [String] = [], seed: UInt64 = 11,
    sampling: String = "{draws: 4, simulations: 4}"
  ) throws -> PlanOutcome {
    try run(
      scenario(
        rate: rate, growth: growth, options: api + options, months: months,
        represent: "{months: \(min(months, 2)), windows: 2, window_minutes: \(minutes)}",
        prices: prices(input: input, output: output, gpuHour: gpuHour), discountRate: discountRate,
        sampling: sampling),
      overrides: overrides, seed: seed)
  }

  private func found(_ axis: String, _ outcome: PlanOutcome) throws -> BreakEven {
    try #require(outcome.result.breakEvens.first { $0.axis == axis && $0.option == "own" })
  }

  /// Mean cost of the fleet less that of the API, as a share of the API's.
  private func excess(_ outcome: PlanOutcome) -> Double {
    mean(outcome.costs[1]) / mean(outcome.costs[0]) - 1
  }

  /// A plan whose demand is a trace, played once at every volume: 600 requests in ten minutes, and no chance.
  private func replayed(_ options: String, gpuHour: String, volume: Double = 1) throws -> PlanOutcome {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("flips-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    var rows = "TIMESTAMP,ContextTokens,GeneratedTokens\n"
    for second in 0..<600 {
      let (minute, rest) = second.quotientAndRemainder(dividingBy: 60)
      rows += "2024-01-01 00:\(minute < 10 ? "0" : "")\(minute):\(rest < 10 ? "0" : "")\(rest),1000,200\n"
    }
    try rows.write(to: file, atomically: true, encoding: .utf8)
    return try run(
      """
      name: replayed
      baseline: api
      demand:
        volume: \(volume)
        uses:
          chat: {model: llama-3.1-8b, trace: \(file.path)}
      options:
      \((api + options).split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      horizon: {start: 2026-12, months: 1, represent: week}
      prices:
      \(prices(gpuHour: gpuHour).split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      sampling: {draws: 2, simulations: 2}

      """)
  }

  /// The volume of equal costs by bisection, each step a whole plan.
  private func bisection(
    around point: Double, _ outcome: (Double) throws -> PlanOutcome
  ) throws -> Double {
    var (low, high) = (point / 1.25, point * 1.25)
    for _ in 0..<9 {
      let middle = (low * high).squareRoot()
      if excess(try outcome(middle)) > 0 { low = middle } else { high = middle }
    }
    return (low * high).squareRoot()
  }

  @Test(
    "bisection over whole plans finds the break-even volume within 1 %",
    arguments: [
      (fleet, "0.4"), (fleet, "0.9"), (BreakEvenAxesTests.burst, "0.5"), (BreakEvenAxesTests.burst, "1"),
    ])
  func volumeByBisection(options: String, gpuHour: String) throws {
    let planned = try replayed(options, gpuHour: gpuHour)
    let point = try #require(try found("volume", planned).point)
    #expect(point > 0.3 && point < 3)
    let bisected = try bisection(around: point) { try replayed(options, gpuHour: gpuHour, volume: $0) }
    expectClose(point, bisected, within: 0.01)
  }

  @Test("plans at the break-even price of a GPU-hour or of output tokens cost the same", arguments: 1...4)
  func repricedPlans(seed: UInt64) throws {
    let sampling = "{draws: 8, simulations: 4}"
    let planned = try outcome(seed: seed, sampling: sampling)
    let hour = try found("gpu-price", planned)
    #expect(hour.pays == .upTo && hour.planned == 3)
    let cheap = try outcome(gpuHour: "\(try #require(hour.point))", seed: seed, sampling: sampling)
    #expect(abs(excess(cheap)) < 1e-9)
    let token = try found("output-price", planned)
    #expect(token.pays == .from && token.planned.map { abs($0 - 0.88) < 1e-12 } == true)
    let dear = try outcome(output: "\(try #require(token.point))", seed: seed, sampling: sampling)
    #expect(abs(excess(dear)) < 1e-9)
    // At other prices the answer is on the side that was said.
    #expect(excess(try outcome(gpuHour: "\(0.98 * hour.point!)", seed: seed, sampling: sampling)) < 0)
    #expect(excess(try outcome(output: "\(0.98 * token.point!)", seed: seed, sampling: sampling)) > 0)
  }

  @Test("a break-even price in dollars does not depend on what the price is believed to be")
  func pricesOfUncertainFutures() throws {
    let certain = try found("gpu-price", outcome(sampling: "{draws: 32, simulations: 4}"))
    let uncertain = try found(
      "gpu-price", outcome(gpuHour: "{uniform: [2, 4]}", sampling: "{draws: 32, simulations: 4}"))
    let (one, many) = (try #require(certain.value), try #require(uncertain.value))
    expectClose(many.p10, one.p10, within: 1e-9)
    expectClose(many.p90, one.p90, within: 1e-9)
    // As a multiple of what is planned it is as uncertain as the plan.
    let multiple = try #require(uncertain.multiple)
    #expect(multiple.p90 > 1.3 * multiple.p10)
  }

  @Test("where neither GPUs nor tokens are what an option costs, no price of them turns the answer")
  func neverAndAlways() throws {
    let dear = try outcome(
      """
      own:
        costs: {people_per_month: 100000}
        chain: [{fleet: {gpu: h100-sxm, pools: {llama-3.1-8b: {replicas: 2, weights: fp8, kv_cache: fp8}}}}]

      """)
    for axis in ["gpu-price", "throughput", "payback"] {
      let found = try found(axis, dear)
      #expect(found.neverShare == 1 && found.value == nil && found.point == nil)
      #expect(found.finding.hasPrefix("never"), "\(found.finding)")
    }
    // An API beside people who are paid in any case: cheaper without tokens, dearer with them.
    let beside = try outcome("own: {costs: {people_per_month: 1}, chain: [metered: {provider: bedrock}]}\n")
    #expect(try found("output-price", beside).finding.hasPrefix("never"))
    #expect(beside.result.breakEvens.allSatisfy { $0.axis != "gpu-price" && $0.axis != "throughput" })
    let free = try outcome(input: "20", gpuHour: "0.01")
    let always = try found("output-price", free)
    #expect(always.alwaysShare == 1 && always.value == nil && always.finding.hasPrefix("always"))
  }

  @Test("at full utilization the break-even throughput is the closed form's")
  func throughput() throws {
    // $6 an hour against $0.66 per 1M output tokens: 2,525 tokens per second.
    let outcome = try outcome(
      """
      own:
        chain:
          - fleet:
              gpu: h100-sxm
              pools:
                llama-3.1-8b: {replicas: 1, tensor_parallel: 2, throughput: 2500}

      """, rate: "12", input: "0", output: "0.66", minutes: 3, sampling: "{draws: 2, simulations: 2}")
    let speed = try found("throughput", outcome)
    let utilization = try found("utilization", outcome)
    // The saturated replica does what it was said to do.
    expectClose(try #require(speed.planned), 2500, within: 0.01)
    let busy = try #require(utilization.planned)
    expectClose(busy, 1, within: 0.1, "utilization")
    expectClose(try #require(speed.point) * busy, 2525, within: 0.01)
    // Where GPUs are all there is to pay, the two axes say the same.
    expectClose(
      speed.point! / speed.planned!, try #require(utilization.point) / busy, within: 1e-6)
  }

  @Test("a ledger of three lines pays back in the month that a hand finds")
  func payback() throws {
    // 350 a month today; 1,000 once and then 100 or 220 a month. The API's tokens are the same in both.
    func month(_ discountRate: String, people: Int, months: Int = 12) throws -> BreakEven {
      try #require(
        try run(
          scenario(
            rate: "0.01",
            options: """
              api: {costs: {people_per_month: 350}, chain: [metered: {provider: bedrock}]}
              own:
                costs: {people_per_month: \(people), one_off: 1000}
                chain: [metered: {provider: bedrock}]

              """, months: months, represent: "{months: 1, windows: 2, window_minutes: 2}",
            prices: prices(), discountRate: discountRate, sampling: "{draws: 4, simulations: 4}")
        ).result.breakEvens.first { $0.axis == "payback" })
    }
    // At 250 saved a month four months only even it out, discounted not even that.
    #expect(try month("0.1", people: 100).point == 5)
    // 130 · 8 is 1,040. At 100 % a year a month is worth 0.9439 of the one before: 130 · (1 − 0.9439^n) / 0.0561 is 939 with
    // the ninth month and 1,016 with the tenth.
    #expect(try month("0", people: 220).point == 8)
    #expect(try month("1", people: 220).point == 10)
    #expect(try month("0.1", people: 100, months: 3).finding.hasPrefix("never"))
  }

  @Test("the saving by month ends with the saving of the whole horizon")
  func savings() throws {
    let outcome = try outcome(growth: "0.05", months: 6, discountRate: "0.2")
    let saving = try #require(outcome.result.flips?.savings.first)
    #expect(saving.option == "own" && saving.against == "api" && saving.months.count == 6)
    let whole = zip(outcome.costs[0], outcome.costs[1]).map { $0 - $1 }
    expectClose(try #require(saving.months.last).saving.mean, mean(whole), within: 1e-9)
    #expect(saving.months[0].month == "2026-12")
  }

  @Test("the frontier covers the axis, and changes hands at the break-even volume")
  func frontier() throws {
    let outcome = try outcome()
    let frontier = try #require(outcome.result.flips?.frontier)
    #expect(frontier.first?.from == 0.25 && frontier.last?.to == 4)
    #expect(zip(frontier, frontier.dropFirst()).allSatisfy { $0.to == $1.from && $0.option != $1.option })
    #expect(frontier.map(\.option) == ["api", "own"])
    #expect(outcome.result.decision.sentence.hasPrefix("Keep api until about "))
    #expect(
      outcome.result.decision.sentence.contains("; then own. At planned demand it is the cheapest in 100"))
    let turn = frontier[0].to
    #expect(turn == (try found("volume", outcome)).point)
  }

  @Test("a cell of the map is a plan at that volume and price")
  func map() throws {
    let sampling = "{draws: 32, simulations: 4}"
    let outcome = try outcome(gpuHour: "{uniform: [2, 4]}", sampling: sampling)
    let map = try #require(outcome.result.flips?.map)
    #expect(map.option == "own" && map.against == "api")
    let one = try #require(map.volumes.firstIndex(of: 1))
    let share = Double(zip(outcome.costs[1], outcome.costs[0]).count { $0 < $1 }) / 32
    #expect(map.probabilityCheaper[one][one] == share)
    #expect(map.volumes.count == 17 && map.gpuPriceFactors.count == 17)
    for (place, point) in outcome.result.alongVolume.enumerated() {
      #expect(map.probabilityCheapest[place][one] == point.probabilityCheapest.max())
      // The line of even chances parts the cells in which it is likelier from those in which it is not.
      guard let even = map.evenFactor[place] else { continue }
      for (factor, chance) in zip(map.gpuPriceFactors, map.probabilityCheaper[place]) {
        #expect(factor < even ? chance >= 0.5 : chance <= 0.5, "\(chance) at \(factor), even at \(even)")
      }
    }
    #expect(map.evenFactor.contains { $0 != nil })
    let half = try #require(map.gpuPriceFactors.firstIndex(of: 0.5))
    let cheap = try self.outcome(gpuHour: "{uniform: [1, 2]}", sampling: sampling)
    let cheaper = Double(zip(cheap.costs[1], cheap.costs[0]).count { $0 < $1 }) / 32
    #expect(map.probabilityCheaper[one][half] == cheaper)
  }

  @Test("every pair of options is asked, each once")
  func pairs() throws {
    let result = try outcome(fleet + Self.burst.replacingOccurrences(of: "own:", with: "burst:")).result
    let all = result.breakEvens + (result.flips?.otherBreakEvens ?? [])
    let volumes = all.filter { $0.axis == "volume" }.map { Set([$0.option, $0.against]) }
    #expect(volumes.count == 3 && Set(volumes).count == 3)
    #expect(Set(all.map(\.axis)).count == 6)
    #expect(result.breakEvens.allSatisfy { $0.against == "api" || $0.option == result.decision.option })
  }
}
