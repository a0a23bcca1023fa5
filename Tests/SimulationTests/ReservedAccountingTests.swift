// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of token accounting and of overflow, to the token, against cases worked out by hand.

import Quantities
import Simulation
import Testing
import Workload

private let instant = ServiceLatency(firstToken: .zero, perOutputToken: .zero)
private let fast = ServiceLatency(firstToken: Seconds(0.25), perOutputToken: .zero)
private let slow = ServiceLatency(firstToken: Seconds(2), perOutputToken: .zero)

/// A request: second, input, output.
private typealias Ask = (Double, Int32, Int32)

/// One unit in front of an API. Two budgets: 600 input and 120 output tokens a minute. One budget: 600 tokens a minute.
private func run(
  _ requests: [Ask], accounting: TokenAccounting = TokenAccounting(), overflow: ReservedOverflow = .next,
  units: Int = 1, window: Double = 60, simulated: Double = 300, latency: ServiceLatency = fast
) -> WindowResult {
  let option = OptionConfiguration(
    modelOfUseCase: [0], objectives: [ServiceObjective()],
    chain: [
      .reserved(
        ReservedConfiguration(
          units: [ReservedUnits(units: units, inputTokensPerMinute: 600, outputTokensPerMinute: 120)],
          window: Seconds(window), latency: latency, accounting: accounting, overflow: overflow)),
      .metered(MeteredConfiguration(serves: [true], latency: slow)),
    ], models: 1)
  return simulate(
    option, requests.map { Request(arrival: $0.0, inputTokens: $0.1, outputTokens: $0.2, useCase: 0) },
    window: simulated, log: true)
}

/// Which supply served each request, in the order of the requests; -1 where none did.
private func supplies(_ result: WindowResult, of count: Int) -> [Int] {
  (0..<count).map { number in
    result.log.first { $0.number == number }.map { Int($0.supply) } ?? -1
  }
}

@Suite("Reserved throughput: accounting")
struct ReservedAccountingTests {
  @Test("Two budgets, fixed windows: the budget is whole again at the window's edge, not before")
  func fixedEdges() {
    // 500 of 600 at 59 s; 101 do not fit at 59.999 s; at 60 s they do; the 499 left of that window fit at 119.5 s.
    let asks: [Ask] = [
      (59, 500, 1), (59.999, 101, 1), (60, 101, 1), (119.5, 499, 1), (119.75, 1, 1), (120, 600, 1),
    ]
    let result = run(asks)
    #expect(supplies(result, of: asks.count) == [0, 1, 0, 0, 1, 0])
    #expect(result.bill.reserved[0][0].inputUsed == 1700)
    #expect(result.bill.supplies[1][0].inputTokens == 102)
  }

  @Test(
    "Two budgets, continuous: what is taken comes back at the rate of the units, and no more than a window's")
  func continuous() {
    // 600 gone at 0 s; 10 a second come in: 99 at 9.9 s do not hold 100; 100 at 10 s do. Then 0; at 200 s full: 600.
    let asks: [Ask] = [(0, 600, 1), (9.875, 100, 1), (10, 100, 1), (200, 600, 1), (200, 1, 1)]
    let result = run(asks, accounting: TokenAccounting(isContinuous: true))
    #expect(supplies(result, of: asks.count) == [0, 1, 0, 0, 1])
    #expect(result.bill.reserved[0][0].inputUsed == 1300)
    #expect(result.bill.reserved[0][0].outputUsed == 3)
  }

  @Test("Two budgets, continuous: an overdrawn output budget is worked off second by second")
  func continuousDebt() {
    // 120 − 300 = −180; 2 a second: 0 at 90 s (nothing left), 0.5 at 90.25 s.
    let asks: [Ask] = [(0, 1, 300), (90, 1, 1), (90.25, 1, 1)]
    let result = run(asks, accounting: TokenAccounting(isContinuous: true))
    #expect(supplies(result, of: asks.count) == [0, 1, 0])
  }

  @Test("One budget: an output token counts as four input tokens (PTU)")
  func weighted() {
    // 100 + 4·50 = 300 of 600; 280 + 4·80 = 600 > 300, but only the prompt's 280 are known: −300 are left.
    // The next window starts at 300: 301 do not fit, 300 do, and then nothing is left.
    let asks: [Ask] = [(0, 100, 50), (1, 301, 1), (2, 280, 80), (60, 301, 1), (61, 300, 1), (62, 1, 1)]
    let result = run(asks, accounting: TokenAccounting(outputWeight: 4))
    #expect(supplies(result, of: asks.count) == [0, 1, 0, 1, 0, 1])
    let totals = result.bill.reserved[0][0]
    #expect(totals.weightedUsed == 300 + 600 + 304)
    #expect(totals.weightedCapacity == 3000)
    #expect(totals.inputUsed == 680 && totals.outputUsed == 131)
    #expect(totals.inputCapacity == 0 && totals.outputCapacity == 0)
    #expect(totals.utilization == 1204.0 / 3000)
  }

  @Test("One budget, continuous: the leaky bucket of Azure's provisioned throughput")
  func weightedContinuous() {
    // 200 + 4·150 = 800 of 600: −200. 10 a second: 0 at 20 s, 100 at 30 s.
    let asks: [Ask] = [(0, 200, 150), (20, 1, 1), (30, 101, 1), (30, 100, 1)]
    let result = run(asks, accounting: TokenAccounting(outputWeight: 4, isContinuous: true))
    #expect(supplies(result, of: asks.count) == [0, 1, 1, 0])
  }

  @Test("max_tokens are charged at once and given back when the answer is done")
  func maxTokens() {
    // Each asks for 100 and generates 10, within 8 s. 1: 100 + 4·100 = 500 of 600 are charged, so that 2 does not fit
    // at 1 s; at 8 s 4·90 come back: 460. 3 needs 60 + 400 = 460: it fits, 4 no longer does; 3 gives back at 16.5 s.
    let asks: [Ask] = [(0, 100, 10), (1, 100, 10), (8.5, 60, 10), (9, 1, 1), (16.5, 1, 1)]
    let eight = ServiceLatency(firstToken: Seconds(8), perOutputToken: .zero)
    let result = run(
      asks, accounting: TokenAccounting(outputWeight: 4, maxTokens: 100), latency: eight)
    // 3's 360 at 16.5 s are too few for 1 + 400.
    #expect(supplies(result, of: asks.count) == [0, 1, 0, 1, 1])
    #expect(result.bill.reserved[0][0].weightedUsed == 140 + 100)
    // Two budgets: 100 of 120 output tokens are charged, 90 come back at 8 s; 20 + 90 = 110 hold 100 again.
    let two = run(asks, accounting: TokenAccounting(maxTokens: 100), latency: eight)
    #expect(supplies(two, of: asks.count) == [0, 1, 0, 1, 0])
  }

  @Test("What the prompt cache holds counts by its weight", arguments: [(0.0, 2), (0.5, 1), (1.0, 0)])
  func cachedWeight(weight: Double, expected: Int) {
    // A text of 400 tokens, then prompts of 400 + 100: uncached they count 500, cached 100 + weight · 400.
    var requests = [
      Request(arrival: 0, inputTokens: 500, outputTokens: 1, useCase: 0, prefix: 7, sharedTokens: 400)
    ]
    for second in [61.0, 62, 63] {
      requests.append(
        Request(arrival: second, inputTokens: 500, outputTokens: 1, useCase: 0, prefix: 7, sharedTokens: 400))
    }
    requests[1].prefix = 0
    requests[1].sharedTokens = 0
    requests[1].inputTokens = 400
    let option = OptionConfiguration(
      modelOfUseCase: [0], objectives: [ServiceObjective()],
      chain: [
        .reserved(
          ReservedConfiguration(
            units: [ReservedUnits(units: 1, inputTokensPerMinute: 702, outputTokensPerMinute: 1)],
            window: Seconds(60), latency: instant,
            accounting: TokenAccounting(outputWeight: 1, cachedInputWeight: weight),
            promptCache: PromptCachePolicy(ttl: Seconds(300), minTokens: 128)))
      ], models: 1)
    // In the second window 400 + 1 are taken first; 301 are left for prompts of 100 + weight · 400 and one token.
    let result = simulate(option, requests, window: 120, log: true)
    #expect(result.log.count == 2 + expected)
    #expect(result.bill.supplies[0][0].cachedInputTokens == Double(400 * expected))
  }

  @Test(
    "Unused units are held, whatever the accounting",
    arguments: [TokenAccounting(), TokenAccounting(outputWeight: 3)])
  func unused(accounting: TokenAccounting) {
    let totals = run([], accounting: accounting, units: 4, simulated: 1800).bill.reserved[0][0]
    #expect(totals.unitHours == 2)
    #expect(totals.utilization == 0)
    #expect(totals.inputCapacity + totals.weightedCapacity == 4 * 600 * 30)
    #expect(totals.inputUsed + totals.outputUsed + totals.weightedUsed == 0)
  }
}

/// Two budgets, and one: the same requests fill both.
private let kinds = [TokenAccounting(), TokenAccounting(outputWeight: 1)]

@Suite("Reserved throughput: overflow")
struct ReservedOverflowTests {
  /// 500 of 600 input tokens, then 200 that do not fit before 60 s, then 50 that do.
  private let asks: [Ask] = [(10, 500, 1), (20, 200, 3), (21, 50, 1)]

  @Test("next: the next supply is asked", arguments: kinds)
  func next(accounting: TokenAccounting) {
    let result = run(asks, accounting: accounting)
    #expect(supplies(result, of: 3) == [0, 1, 0])
    #expect(result.bill.supplies[0][0].refused == 1)
    #expect(result.bill.requests[0].throttled == 0)
  }

  @Test("reject: the chain ends, and the request is throttled", arguments: kinds)
  func reject(accounting: TokenAccounting) {
    let result = run(asks, accounting: accounting, overflow: .reject)
    #expect(supplies(result, of: 3) == [0, -1, 0])
    #expect(result.bill.requests[0].throttled == 1)
    #expect(result.bill.supplies[1][0].admitted == 0)
    #expect(result.bill.reserved[0][0].inputUsed == 550)
  }

  @Test(
    "retry: it asks again after each back-off and is served in the window that has room", arguments: kinds)
  func retry(accounting: TokenAccounting) throws {
    // Refused at 20, 28, 44 s (8, 16, 32 later: at 76 s the budget is whole).
    let policy = RetryPolicy(retries: 3, firstDelay: Seconds(8), longestDelay: Seconds(100), jitter: 0)
    let result = run(asks, accounting: accounting, overflow: .retry(policy))
    #expect(supplies(result, of: 3) == [0, 0, 0])
    #expect(try #require(result.log.first { $0.number == 1 }).firstToken == 76.25)
    #expect(result.bill.supplies[0][0].throttled == 3)
    #expect(result.bill.requests[0].retried == 3)
    // With one retry fewer it goes to the next supply when the last is refused, at 44 s.
    let impatient = RetryPolicy(retries: 2, firstDelay: Seconds(8), longestDelay: Seconds(100), jitter: 0)
    let spilled = run(asks, accounting: accounting, overflow: .retry(impatient))
    #expect(supplies(spilled, of: 3) == [0, 1, 0])
    #expect(try #require(spilled.log.first { $0.number == 1 }).firstToken == 46)
    #expect(spilled.bill.supplies[0][0].throttled == 2 && spilled.bill.supplies[0][0].refused == 1)
  }

  @Test("pay-as-you-go: the provider serves it by the token, and the budgets are untouched", arguments: kinds)
  func payAsYouGo(accounting: TokenAccounting) throws {
    let result = run(asks, accounting: accounting, overflow: .payAsYouGo(slow))
    #expect(supplies(result, of: 3) == [0, 0, 0])
    let totals = result.bill.reserved[0][0]
    #expect(totals.spilledRequests == 1 && totals.spilledInput == 200 && totals.spilledOutput == 3)
    #expect(totals.inputUsed == 550 && totals.outputUsed == 2)
    #expect(result.bill.supplies[0][0].inputTokens == 750 && result.bill.supplies[0][0].outputTokens == 5)
    #expect(result.bill.supplies[0][0].refused == 0)
    #expect(try #require(result.log.first { $0.number == 1 }).firstToken == 22)
  }
}
