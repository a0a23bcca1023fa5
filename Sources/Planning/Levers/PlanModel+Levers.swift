// SPDX-License-Identifier: GPL-3.0-or-later
// The levers of an option: every set of them sized, simulated on the same requests and priced, for the waterfall in one
// order and the Shapley shares over all.

import Catalog
public import Decision
import NumberFormatting
import Numerics
import Quantities
public import Scenario
import Simulation
import Uncertainty

extension PlanModel {
  /// What each lever of an option saves.
  /// - Parameters:
  ///   - wanted: the option, and what it does not state itself.
  ///   - threads: threads that simulate; the result does not depend on them.
  ///   - progress: called as each set of levers is sized, on any thread.
  /// - Throws: `unsupported` where the option has no fleet, a price is missing, or no number of replicas keeps the
  ///   objectives of a set.
  /// - Complexity: 2^levers simulations of the horizon, and about ten of its busiest month for the size of each.
  public func levers(
    _ wanted: LeversDefinition, threads: Int, progress: @escaping @Sendable () -> Void = {}
  ) throws(PlanningProblem) -> LeversResult {
    let variants = try leverVariants(wanted)
    let sets = UInt32(1) << UInt32(variants.levers.count)
    let sizedSets = (0..<sets).filter { variants.sized($0) == $0 }
    let found = parallelMap(count: sizedSets.count, threads: threads) { place in
      defer { progress() }
      return Result { () throws(PlanningProblem) in
        try self.sizedForLevers(variants.unsized(sizedSets[place]))
      }
    }
    var sized: [UInt32: OptionDefinition] = [:]
    for (set, result) in zip(sizedSets, found) { sized[set] = try result.get() }
    let definitions = (0..<sets).compactMap { set in
      sized[variants.sized(set)].map { variants.option(set, sized: $0) }
    }
    var plans: [PlanModel] = []
    for definition in definitions { plans.append(try with([definition])) }
    let trials = Self.trials(plans, in: medianFuture, threads: threads)
    // All in one plan, so that a price has the same value for every set.
    let together = try with(definitions)
    let prices = together.priceDraws()
    let costs = definitions.indices.map {
      together.costs(of: trials[$0], prices: prices, option: $0)
    }
    let means = costs.map { Moments($0).mean }
    let shares = shapleyShares(measures: variants.levers.count) { means[0] - means[Int($0)] }
    func state(_ set: Int) -> LeverState {
      Self.state(definitions[set], trials[set], costs: costs[set])
    }
    var taken = 0
    let steps = variants.levers.indices.map { place in
      let before = taken
      taken |= 1 << place
      return LeverStep(
        lever: variants.levers[place], saving: Self.saving(from: costs[before], to: costs[taken]),
        shapleyShare: shares[place], state: state(taken))
    }
    let all = Int(sets) - 1
    var (besides, notes) = ([LeverBeside](), variants.notes)
    for measure in DemandMeasure.all(of: wanted) {
      guard let changed = measure.applied(to: scenario.demand) else {
        notes.append(
          "\(measure.title): no use case is synthesized, and the requests of a log are what they are"
        )
        continue
      }
      let (definition, trial) = try self.beside(
        changed, variants: variants, set: UInt32(all), threads: threads)
      let ownCosts = together.costs(of: trial, prices: prices, option: all)
      besides.append(
        LeverBeside(
          name: measure.name, title: measure.title,
          saving: Self.saving(from: costs[all], to: ownCosts),
          state: Self.state(definition, trial, costs: ownCosts)))
    }
    return LeversResult(
      option: wanted.option,
      title: options.first { $0.definition.name == wanted.option }?.definition.title ?? "",
      largestModel: variants.largest, futures: prices.count, start: state(0), steps: steps,
      besides: besides,
      simulatedSets: Int(sets), notes: notes)
  }

  /// Sets of levers whose replicas are to be found: what `levers` calls its progress for.
  /// - Throws: as `levers`.
  public func leverSizings(_ wanted: LeversDefinition) throws(PlanningProblem) -> Int {
    let variants = try leverVariants(wanted)
    return (0..<(UInt32(1) << UInt32(variants.levers.count))).count { variants.sized($0) == $0 }
  }

  private func leverVariants(_ wanted: LeversDefinition) throws(PlanningProblem) -> LeverVariants {
    guard let option = options.first(where: { $0.definition.name == wanted.option })?.definition,
      let variants = LeverVariants(wanted, of: option, in: scenario)
    else {
      throw .unsupported(
        "option `\(wanted.option)` has no fleet, so that no lever moves it; name one that has")
    }
    guard case .fleet(let fleet) = variants.unsized(0).chain[0],
      scenario.reference.prices.gpuHour(of: fleet.gpu, region: fleet.region)[.onDemand] != nil
    else {
      throw .unsupported(
        "the levers of `\(wanted.option)` begin with GPUs on demand, which have no price; add "
          + "prices.gpu_hour with `on-demand`")
    }
    guard modelIDs.contains(variants.largest) else {
      throw .unsupported(
        "`\(variants.largest)` answers in no option of the scenario; name a `largest_model` that does: "
          + modelIDs.joined(separator: ", "))
    }
    return variants
  }

  /// An option with the fewest replicas that keep the objectives in the month of most demand.
  private func sizedForLevers(_ definition: OptionDefinition) throws(PlanningProblem)
    -> OptionDefinition
  {
    var definition = definition
    _ = try sizeForObjectives(&definition, supply: 0)
    return definition
  }

  /// All levers under another demand.
  private func beside(
    _ demand: Demand, variants: LeverVariants, set: UInt32, threads: Int
  ) throws(PlanningProblem) -> (OptionDefinition, SizingTrial) {
    var changed = scenario
    changed.demand = demand
    let plan = try PlanModel(unsized: changed, sampling: sampling)
    let sized = try plan.sizedForLevers(variants.unsized(variants.sized(set)))
    let definition = variants.option(set, sized: sized)
    return (
      definition,
      Self.trials([try plan.with([definition])], in: plan.medianFuture, threads: threads)[0]
    )
  }

  private static func saving(from before: [Double], to after: [Double]) -> Spread {
    Spread(samples: zip(before, after).map { $0 - $1 })
  }

  private static func state(
    _ definition: OptionDefinition, _ trial: SizingTrial, costs: [Double]
  ) -> LeverState {
    guard case .fleet(let fleet) = definition.chain[0] else {
      preconditionFailure("levers without a fleet")
    }
    let replicas = fleet.pools.map { pool in
      "\(NumberText.count(Double(pool.replicas))) × \(pool.model) on \(pool.gpusPerReplica) GPU"
        + (pool.gpusPerReplica == 1 ? "" : "s")
    }
    return LeverState(
      cost: Spread(samples: costs), gpus: fleet.mostGPUs,
      replicas: replicas.joined(separator: ", "),
      serviceLevel: trial.total.serviceLevel)
  }
}

/// A measure that changes the requests instead of the serving.
private enum DemandMeasure {
  /// Answers end after so many tokens.
  case cap(Int)
  /// This share of every prompt is left out.
  case trim(Double)

  static func all(of wanted: LeversDefinition) -> [DemandMeasure] {
    (wanted.capOutputTokens.map { [.cap($0)] } ?? [])
      + (wanted.trimInputShare.map { [.trim($0)] } ?? [])
  }

  var name: String {
    switch self {
    case .cap: "cap-output-tokens"
    case .trim: "trim-input"
    }
  }

  var title: String {
    switch self {
    case .cap(let most): "answers of at most \(NumberText.count(Double(most))) tokens"
    case .trim(let share): "prompts shorter by \(NumberText.percent(share, digits: 0))"
    }
  }

  /// The demand with the measure; nil where it changes no use case.
  func applied(to demand: Demand) -> Demand? {
    var changed = demand
    for index in changed.uses.indices {
      guard case .synthesized(var synthesized) = changed.uses[index].source else { continue }
      switch self {
      case .cap(let most): synthesized.outputTokens = synthesized.outputTokens.capped(at: most)
      case .trim(let share): synthesized.inputTokens = synthesized.inputTokens.scaled(by: 1 - share)
      }
      changed.uses[index].source = .synthesized(synthesized)
    }
    let isSynthesized = demand.uses.contains {
      if case .synthesized = $0.source { true } else { false }
    }
    return isSynthesized ? changed : nil
  }
}

extension TokenLengths {
  fileprivate func capped(at most: Int) -> TokenLengths {
    var lengths = self
    lengths.maximum = min(maximum, most)
    lengths.minimum = min(minimum, lengths.maximum)
    return lengths
  }

  fileprivate func scaled(by factor: Double) -> TokenLengths {
    func tokens(_ count: Int) -> Int { max(1, Int((Double(count) * factor).rounded())) }
    return TokenLengths(
      distribution: distribution.scaled(by: factor), minimum: tokens(minimum),
      maximum: tokens(maximum))
  }
}
