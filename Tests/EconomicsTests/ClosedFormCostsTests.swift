// SPDX-License-Identifier: GPL-3.0-or-later
// The closed form against the field's worked example, its limits, and the laws it must obey for any prices.

import Economics
import Foundation
import Quantities
import Testing

@Suite("Closed-form costs")
struct ClosedFormCostsTests {
  /// Two H100s at $3 against an API at $0.17 in and $0.66 out.
  private func example(
    throughput: Double = 2500, utilization: Double = 1, inputPerOutput: Double = 0
  ) -> ClosedFormCosts {
    ClosedFormCosts(
      gpuHour: 3, gpus: 2, outputTokensPerSecond: throughput, utilization: utilization, inputPrice: 0.17,
      outputPrice: 0.66, inputPerOutput: inputPerOutput)
  }

  @Test(
    "INV-9: the field's worked example comes out",
    arguments: [
      (2500.0, 0.0, 0.6667, 0.66, 1.0101, 1.0101, false, false),
      (5000.0, 0.0, 0.3333, 0.66, 0.5051, 0.5051, true, true),
      (2500.0, 4.0, 0.6667, 1.34, 1.0101, 0.4975, false, true),
      (5000.0, 4.0, 0.3333, 1.34, 0.5051, 0.2488, true, true),
    ])
  func workedExample(
    throughput: Double, inputPerOutput: Double, selfHost: Double, api: Double, plain: Double,
    blended: Double, breaksEven: Bool, breaksEvenBlended: Bool
  ) {
    let costs = example(throughput: throughput, inputPerOutput: inputPerOutput)
    #expect(abs(costs.selfHostPerMillionOutput - selfHost) < 5e-5)
    #expect(abs(costs.apiPerMillionOutput - api) < 1e-12)
    #expect(abs(costs.breakEvenUtilization - plain) < 5e-5)
    #expect(abs(costs.breakEvenUtilizationBlended - blended) < 5e-5)
    #expect(costs.breaksEven == breaksEven)
    #expect(costs.breaksEvenBlended == breaksEvenBlended)
  }

  @Test("An API charges for input and output by the million")
  func apiCost() {
    let cost = ClosedFormCosts.apiCost(
      input: Tokens(4e6), output: Tokens(5e5), inputPrice: 0.17, outputPrice: 0.66)
    #expect(abs(cost.rawValue - 1.01) < 1e-12)
  }

  @Test("A utilization of 0 costs without bound per token and leaves the break-even as it is")
  func idle() {
    let costs = example(utilization: 0)
    #expect(costs.selfHostPerMillionOutput == .infinity)
    #expect(costs.breakEvenUtilization == example().breakEvenUtilization)
  }

  @Test("Against a free API own GPUs never pay, unless they are free as well")
  func freeAPI() {
    let costs = ClosedFormCosts(gpuHour: 3, gpus: 1, outputTokensPerSecond: 1000, outputPrice: 0)
    #expect(costs.breakEvenUtilization == .infinity)
    #expect(!costs.breaksEven)
    let free = ClosedFormCosts(gpuHour: 0, gpus: 1, outputTokensPerSecond: 1000, outputPrice: 0)
    #expect(free.breakEvenUtilization == 0)
    #expect(free.breaksEven)
  }

  @Test("JSON holds every field, and null where a number has no bound")
  func json() throws {
    let costs = ClosedFormCosts(
      gpuHour: 3, gpus: 1, outputTokensPerSecond: 1000, utilization: 0, inputPrice: 1, outputPrice: 0)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(costs), as: UTF8.self)
    #expect(
      text == """
        {"apiPerMillionOutput":0,"breakEvenUtilization":null,"breakEvenUtilizationBlended":null,\
        "breaksEven":false,"breaksEvenBlended":false,"selfHostPerMillionOutput":null}
        """)
  }

  @Test("Laws that hold for any prices", arguments: UInt64(1)...40)
  func laws(seed: UInt64) {
    var random = CounterRandom(seed: seed, draw: 0, purpose: .testing)
    func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.nextUniform() }
    let gpuHour = uniform(0.5, 12)
    let gpus = Int(uniform(1, 17))
    let throughput = uniform(50, 20_000)
    let utilization = uniform(0.05, 1)
    let inputPrice = uniform(0.01, 5)
    let outputPrice = uniform(0.01, 15)
    let inputPerOutput = uniform(0, 30)
    let factor = uniform(1.1, 9)
    /// The drawn case with some of its inputs multiplied.
    func costs(gpu: Double = 1, speed: Double = 1, use: Double = 1, api: Double = 1) -> ClosedFormCosts {
      ClosedFormCosts(
        gpuHour: gpuHour * gpu, gpus: gpus, outputTokensPerSecond: throughput * speed,
        utilization: utilization * use, inputPrice: inputPrice * api, outputPrice: outputPrice * api,
        inputPerOutput: inputPerOutput)
    }
    let base = costs()

    // At the break-even utilization, where there is one, both sides cost the same.
    if base.breakEvenUtilizationBlended <= 1 {
      let there = costs(use: base.breakEvenUtilizationBlended / utilization)
      #expect(isClose(there.selfHostPerMillionOutput, there.apiPerMillionOutput))
    }
    // A dearer GPU never makes self-hosting pay sooner, a dearer API never later.
    #expect(costs(gpu: factor).breakEvenUtilization > base.breakEvenUtilization)
    #expect(costs(api: factor).breakEvenUtilizationBlended < base.breakEvenUtilizationBlended)
    // Paying for input too can only help self-hosting, whose price already includes it.
    #expect(base.breakEvenUtilizationBlended <= base.breakEvenUtilization)
    // Break-even depends on ratios alone: another currency changes nothing.
    let currency = costs(gpu: factor, api: factor)
    #expect(isClose(currency.breakEvenUtilization, base.breakEvenUtilization))
    #expect(isClose(currency.breakEvenUtilizationBlended, base.breakEvenUtilizationBlended))
    // Twice as fast at half the utilization is the same output.
    let faster = costs(speed: 2, use: 0.5)
    #expect(isClose(faster.selfHostPerMillionOutput, base.selfHostPerMillionOutput))
  }

  private func isClose(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= 1e-12 * max(abs(left), abs(right))
  }
}
