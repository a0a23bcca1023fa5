// SPDX-License-Identifier: GPL-3.0-or-later
// Reserved throughput to the token, against cases worked out by hand.

import Quantities
import Simulation
import Testing
import Workload

/// Units of 600 input and 120 output tokens a minute in front of an API, and some requests: (second, input, output).
private func run(units: Int, _ requests: [(Double, Int32, Int32)], window: Double) -> BillOfQuantities {
  let latency = ServiceLatency(firstToken: Seconds(0.1), perOutputToken: Seconds(0.01))
  let option = OptionConfiguration(
    modelOfUseCase: [0], objectives: [ServiceObjective()],
    chain: [
      .reserved(
        ReservedConfiguration(
          units: [ReservedUnits(units: units, inputTokensPerMinute: 600, outputTokensPerMinute: 120)],
          window: Seconds(60), latency: latency)),
      .metered(MeteredConfiguration(serves: [true], latency: latency)),
    ], models: 1)
  return simulate(
    option,
    requests.map { Request(arrival: $0.0, inputTokens: $0.1, outputTokens: $0.2, useCase: 0) },
    window: window
  ).bill
}

@Suite("Reserved throughput")
struct ReservedTests {
  @Test("What exceeds the window's input budget spills over; the next window starts afresh")
  func inputBudget() {
    let bill = run(
      units: 1, [(1, 400, 10), (2, 300, 10), (3, 200, 10), (59.9, 1, 1), (60, 600, 10)], window: 120)
    // 400 and 200 fit 600; 300 does not, nor the 1 left over; at 60 s the budget is whole again.
    #expect(bill.reserved[0][0].inputUsed == 1200)
    #expect(bill.supplies[0][0].refused == 2)
    #expect(bill.supplies[1][0].inputTokens == 301)
    #expect(bill.supplies[1][0].outputTokens == 11)
  }

  @Test("Output overdraws the window it falls in and is worked off by those that follow")
  func outputDebt() {
    // 300 tokens against 120 a minute leave a debt of 180: window 1 starts at -60 and refuses, window 2 at 60.
    let bill = run(units: 1, [(0, 10, 300), (61, 10, 10), (121, 10, 10)], window: 180)
    #expect(bill.supplies[0][0].admitted == 2)
    #expect(bill.supplies[0][0].refused == 1)
    #expect(bill.reserved[0][0].outputUsed == 310)
  }

  @Test("A prompt larger than a whole window's budget is taken by an untouched window only")
  func largePrompt() {
    let bill = run(
      units: 1, [(0, 900, 1), (30, 10, 1), (61, 10, 1), (120, 10, 1), (125, 900, 1)], window: 180)
    // 900 of 600 leaves -300; at 60 s 300 are left again; at 120 s it is whole, 10 are taken, 900 do not fit 590.
    #expect(bill.reserved[0][0].inputUsed == 920)
    #expect(bill.supplies[1][0].inputTokens == 910)
  }

  @Test("Unused units are held all the same, and no units take nothing")
  func held() {
    let bill = run(units: 3, [], window: 7200)
    #expect(bill.reserved[0][0].unitHours == 6)
    #expect(bill.reserved[0][0].inputCapacity == 3 * 600 * 120)
    #expect(bill.reserved[0][0].outputCapacity == 3 * 120 * 120)
    #expect(run(units: 0, [(0, 1, 1)], window: 60).supplies[0][0].refused == 1)
  }
}
