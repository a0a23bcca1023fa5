// SPDX-License-Identifier: GPL-3.0-or-later
// The fixture with everything that a result may lack: uncertainty, rounds, differences, fleets hour by hour, unit costs.

import Decision
import Foundation
import Uncertainty

extension Fixture {
  static func interval(_ value: Double) -> IntervalEstimate {
    IntervalEstimate(value: value, low: value * 0.6, high: value * 1.5)
  }

  /// The result with every optional part, its names ending in `suffix`.
  static func detailed(suffix: String = "") -> PlanResult {
    var result = Self.result
    let names = result.options.map(\.name)
    let costs = CostIntervals([1, 2, 3, 4].map { $0 * 100_000 }, parts: [0..<2, 2..<4])
    let inputs = [
      ("demand.volume", 22_900.0, 0.41), ("prices.gpu_hour.h100-sxm.on-demand", 9_400, 0.22),
      ("engines.vllm.components.bandwidth_efficiency", 2_100, 0.08), ("demand.uses.classify.rate", 0, 0),
    ]
    result.uncertainty = UncertaintyResult(
      method: "sobol", replicates: 8, budget: 500_000,
      options: names.map {
        OptionUncertainty(
          option: $0, cost: costs, probabilityAboveBudget: Probability(estimate: 0.23, low: 0.2, high: 0.27),
          dominatedBy: [])
      },
      perfectInformation: interval(40_500),
      inputs: inputs.map { name, worth, share in
        InputSensitivity(
          name: name + suffix, kind: "price", p10: 0.5, p90: 1.5, information: interval(worth),
          effects: names.map {
            InputEffect(
              option: $0, costAtP10: 341_000 - 200_000 * share, costAtP90: 341_000 + 240_000 * share,
              firstOrderIndex: interval(share))
          })
      },
      groups: [
        GroupSensitivity(
          name: "prices" + suffix, inputs: ["prices.a", "prices.b"], information: interval(11_000))
      ])
    result.convergence = ConvergenceResult(
      ending: .target, meanCostTarget: 0.02, probabilityCheapestTarget: nil, maximumDraws: 8192,
      rounds: [1, 2].map { round in
        ConvergenceRound(
          replicates: 8, simulations: 16 * round, draws: 1024 * round, option: result.decision.option,
          meanCost: round == 1 ? nil : interval(341_000),
          probabilityCheapest: result.decision.probabilityCheapest)
      }, variances: names.map { CostVariance(option: $0, betweenSimulations: 3, withinSimulations: 1) })
    result.fidelity = FidelitySummary(
      simulated: 16, predicted: 48, errorLimit: 0.02,
      options: names.map { OptionFidelity(option: $0, costError: 0.011, serviceLevelError: 0.003) })
    result.sizes = [
      SizeChoice(
        option: names[6], supply: "base", model: "llama-4-scout", rule: "for-slo", size: 4,
        requiredServiceLevel: 0.95, month: nil, demandMultiple: 1, trials: [],
        sentence: "The fleet base has 4 replicas\(suffix).")
    ]
    let saving = [("bedrock-on-demand", 92_000.0), ("spot-fp8", -21_000)]
    let cost = (0..<200).map { Double($0) * 100 }
    result.differences = saving.map { against, mean in
      let other = cost.enumerated().map { place, value -> Double in
        let noise = Double((place * 37) % 200 - 100) * 1500
        return value + mean + noise
      }
      return CostDifference(
        option: names[6], cost: cost, against: against, otherCost: other)
    }
    result.engines = [
      EngineFit(
        engine: "vllm", source: "measurements\(suffix)", verifiedOn: "2026-11-01",
        coefficients: [
          .init(name: "bandwidth_efficiency", value: 0.7213, relativeError: 0.0136),
          .init(name: "step_overhead_seconds", value: 0.0021, relativeError: 0),
        ])
    ]
    for index in result.options.indices {
      let total = result.options[index].components.reduce(0) { $0 + $1.mean }
      result.options[index].useCaseCosts = result.demand.useCases.enumerated().map { place, use in
        UseCaseCost(
          useCase: use.name + suffix, model: use.model, cost: total * Double(place + 1) / 6, requests: 2e8,
          outputTokens: 4e10 * Double(place + 1))
      }
      result.options[index].fleetLoads = result.options[index].supplies.filter { !$0.gpuHours.isEmpty }.map {
        FleetLoad(
          supply: $0.name + suffix, gpu: "h100-sxm",
          layers: [.init(purchase: "committed-1-year", gpus: 3), .init(purchase: "on-demand", gpus: nil)],
          hoursShareOfGPU: [1, 1, 1, 1, 0.82, 0.4, 0.31, 0.07])
      }
    }
    result.fleetWeeks = [FleetWeek.Kind.typical, .worst].map { week($0, suffix: suffix) }
    return result
  }

  private static func week(_ kind: FleetWeek.Kind, suffix: String) -> FleetWeek {
    let isWorst = kind == .worst
    let hours = (0..<168).map(Double.init)
    func wave(_ hour: Double, _ shift: Double) -> Double { sin((hour - shift) / 24 * 2 * .pi) }
    func isBad(_ hour: Double) -> Bool { isWorst && hour > 60 && hour < 70 }
    func fleet(_ name: String, _ most: Int, _ shift: Double) -> FleetWeek.Fleet {
      FleetWeek.Fleet(
        supply: name + suffix, mostGPUs: most,
        busy: hours.map {
          6 + 3 * sin(($0 - shift) / 24 * 2 * .pi) - (isWorst && $0 > 60 && $0 < 70 ? 5 : 0)
        },
        idle: hours.map { 2 - wave($0, shift) }, booting: hours.map { $0 == 71 ? 2.5 : 0 },
        draining: hours.map { _ in 0 },
        interrupted: hours.map { isWorst && Int($0) % 40 == 20 ? 17 : 0 })
    }
    return FleetWeek(
      option: "base-with-burst", kind: kind, month: isWorst ? "2027-11" : "2027-05", draw: 3,
      secondsPerHour: 240, requestsPerSecond: hours.map { 20 + 9 * wave($0, 0) },
      serviceLevel: hours.map { isBad($0) ? 0.4 : 0.98 },
      fleets: [fleet("base", 12, 8.6), fleet("fallback", 12, 3)])
  }
}
