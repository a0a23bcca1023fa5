// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes how a scenario wants its futures sampled, and which inputs it says move together.

import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  func sampling(_ root: MappingView) -> Sampling {
    let view = root.mapping("sampling")
    let draws = view?.integer("draws") ?? 1024
    let simulations = view?.integer("simulations") ?? 16
    let replicates = view?.integer("replicates")
    // An override of the draws alone is a wish for more or fewer futures: the planner rounds it to whole
    // simulations.
    if let view, draws % simulations != 0, !view.position(of: "draws").isOverride {
      context.report(
        view.position(of: "draws"), "\(draws) draws do not divide into \(simulations) simulations",
        remedy: "write \((draws / simulations + 1) * simulations) draws, or other simulations")
    }
    if let view, let replicates, simulations % replicates != 0 {
      let fitting = (1...replicates).last { simulations % $0 == 0 } ?? 1
      context.report(
        view.position(of: "replicates"),
        "\(simulations) simulations do not divide into \(replicates) replicates",
        remedy: "write \(fitting) replicates, or \((simulations / replicates + 1) * replicates) simulations")
    }
    var sampling = Sampling(
      draws: draws, simulations: simulations, seed: UInt64(view?.integer("seed") ?? 1),
      method: view?.choice("method", as: SamplingMethod.self) ?? .sobol, wantedReplicates: replicates,
      fidelity: view?.choice("fidelity", as: Fidelity.self) ?? .full, fast: fastSampling(view))
    sampling.target = view.flatMap { target($0, draws: draws) }
    if let view, sampling.target != nil, sampling.replicates < Self.fewestTargetReplicates {
      context.report(
        view.position(of: "target"),
        "a target needs \(Self.fewestTargetReplicates) replicates or more, whose scatter says how near it is",
        remedy: "write simulations: 32")
    }
    if let view, sampling.target != nil, sampling.fidelity == .fast {
      context.report(
        view.position(of: "fidelity"), "a target is reached by simulating, not by predicting",
        remedy: "write fidelity: full, or remove `target`")
    }
    return sampling
  }

  /// What a fast run simulates.
  private func fastSampling(_ view: MappingView?) -> FastSampling {
    var fast = FastSampling()
    fast.simulations = view?.integer("fast_simulations") ?? fast.simulations
    fast.errorLimit = view?.number("fast_error_limit") ?? fast.errorLimit
    return fast
  }

  /// Student's t for fewer is above 4: what they promise, another look would take back.
  private static let fewestTargetReplicates = 4

  private func target(_ view: MappingView, draws: Int) -> SamplingTarget? {
    let maximum = view.integer("maximum")
    guard let wanted = view.mapping("target") else {
      if maximum != nil, view["target"] == nil {
        context.report(
          view.position(of: "maximum"), "`maximum` means nothing without `target`",
          remedy: "add target: {mean_cost: 0.01}, or remove it")
      }
      return nil
    }
    let target = SamplingTarget(
      meanCost: wanted.number("mean_cost"), probabilityCheapest: wanted.number("probability_cheapest"),
      maximumDraws: maximum)
    if wanted["mean_cost"] == nil, wanted["probability_cheapest"] == nil {
      context.report(
        view.position(of: "target"), "`target` names nothing",
        remedy: "write mean_cost, probability_cheapest or both")
    }
    if let maximum, maximum < draws {
      context.report(
        view.position(of: "maximum"), "a maximum of \(maximum) futures is less than the \(draws) draws",
        remedy: "write \(draws) or more")
    }
    return target
  }

  /// The pairs of inputs that move together. Whether their names are those of uncertain inputs is found out when the
  /// plan is made, which knows what reads them.
  func correlations(_ root: MappingView) -> [InputCorrelation] {
    var result: [InputCorrelation] = []
    for (index, node) in (root.elements("correlations") ?? []).enumerated() {
      let path = "correlations.\(index)"
      guard let view = context.mapping(node, ScenarioKeys.correlation, path: path) else { continue }
      let value = view.number("value")
      let names = (view.elements("between") ?? []).compactMap { context.text($0, "between") }
      guard let value, names.count == 2 else { continue }
      if names[0] == names[1] {
        context.report(
          view.position(of: "between"), "`between` names \(names[0]) twice", remedy: "name two inputs")
      }
      if result.contains(where: { Set([$0.first, $0.second]) == Set(names) }) {
        context.report(
          node.position, "the correlation between \(names[0]) and \(names[1]) is given twice",
          remedy: "remove one of them")
      }
      result.append(
        InputCorrelation(
          first: names[0], second: names[1], value: value, location: node.position.description))
    }
    return result
  }
}
