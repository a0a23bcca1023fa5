// SPDX-License-Identifier: GPL-3.0-or-later
// The whole path: draws are simulated, priced under many futures, compared, and put into a result document.

import Catalog
public import Decision
import Economics
import Foundation
import Quantities
import Scenario
import Simulation

/// What a run yields: the document, and each option's cost in every future.
public struct PlanOutcome: Sendable {
  /// The result document.
  public let result: PlanResult
  /// Discounted cost over the horizon by option, then future.
  public let costs: [[Double]]
  /// The name of the set that its simulated pieces are kept in; nil where none were.
  public let pieceSet: String?
}

/// The share of requests an option must serve within their objective to be recommended.
public let requiredServiceLevel = 0.95

extension PlanModel {
  /// Pieces of work that `run` reports progress on, in its first round.
  public var pieceCount: Int { sampling.simulations * levelCount }

  /// Runs the plan.
  /// - Parameters:
  ///   - threads: threads that simulate; the result does not depend on them.
  ///   - version: the program's version, for the document.
  ///   - command: the command that gives the same document again, for the document.
  ///   - archive: where pieces are kept as they finish, and looked for before they are simulated, with the name of
  ///     the program that simulates; nil keeps none. The result does not depend on it.
  ///   - progress: called once for each piece that is simulated, on any thread.
  public func run(
    threads: Int, version: String, command: String,
    archive: (keeper: any PieceArchive, program: String)? = nil, progress: @escaping @Sendable () -> Void = {}
  ) -> PlanOutcome {
    let set = archive.flatMap { pieceSet(program: $0.program) }
    let source = PieceSource(
      archive: archive.map { ($0.keeper, set) }, threads: threads, progress: progress)
    let last = rounds(from: source, threads: threads)
    var result = last.model.result(
      last.quantities, last.priced, prices: last.prices, threads: threads, version: version,
      command: command)
    result.convergence = last.account
    addLevers(to: &result, threads: threads)
    return PlanOutcome(result: result, costs: last.priced.map(\.presentValues), pieceSet: set)
  }

  /// The levers that the scenario asks for; why there are none, as a warning.
  private func addLevers(to result: inout PlanResult, threads: Int) {
    guard let wanted = scenario.levers else { return }
    do {
      result.levers = try levers(wanted, threads: threads)
    } catch {
      result.warnings.append("There are no levers: \(error.description)")
    }
  }

  /// The document of simulated and priced quantities.
  private func result(
    _ quantities: PlanQuantities, _ priced: [PricedOption], prices: PlanPrices, threads: Int,
    version: String, command: String
  ) -> PlanResult {
    let volumes = VolumeAnalysis(self, quantities, prices: prices, threads: threads)
    let comparison = Comparison(
      costs: priced.map(\.presentValues), serviceLevels: priced.map(\.serviceLevel),
      simulations: sampling.simulations)
    let recommended = comparison.recommended
    let baseline = scenario.options.firstIndex { $0.name == scenario.baseline } ?? 0
    let flips = flips(
      quantities, priced, prices: prices, volumes: volumes, comparison: comparison, threads: threads)
    let optionResults = options.indices.map { option in
      optionResult(option, priced[option], comparison: comparison, quantities: quantities)
    }
    let decision = DecisionSummary(
      sentence: "", option: options[recommended].definition.name, baseline: scenario.baseline,
      probabilityCheapest: comparison.probabilityCheapest[recommended],
      savingAgainstBaseline: Spread(
        samples: zip(priced[baseline].presentValues, priced[recommended].presentValues).map { $0 - $1 }),
      expectedRegret: comparison.expectedRegret[recommended], requiredServiceLevel: requiredServiceLevel)
    var result = PlanResult(
      run: runDescription(
        version: version, command: command, simulatedRequests: quantities.simulatedRequests),
      decision: decision, options: optionResults, breakEvens: flips.shown,
      alongVolume: volumes.points(threads: threads),
      demand: demandSummary(quantities), assumptions: assumptions(),
      warnings: warnings(priced: priced, quantities: quantities))
    result.flips = flips.rest
    result.sizes = sizes.isEmpty ? nil : sizes
    result.uncertainty = uncertainty(
      costs: priced.map(\.presentValues), candidates: comparison.candidates,
      physicalDraws: quantities.physical, prices: prices.draws, threads: threads)
    result.fidelity = quantities.fidelity
    result.differences = differences(priced, comparison: comparison, baseline: baseline)
    result.engines = engineFits
    result.fleetWeeks = fleetWeeks(of: comparison, quantities, threads: threads)
    result.widenIntervals(costs: priced.map(\.presentValues), candidates: comparison.candidates)
    result.decision.sentence = decisionSentence(result)
    return result
  }

  private func runDescription(version: String, command: String, simulatedRequests: Int) -> RunDescription {
    RunDescription(
      version: version, scenario: scenario.name, title: scenario.title, scenarioDigest: scenario.digest,
      catalogDigest: scenario.reference.digest, command: command, seed: sampling.seed, draws: sampling.draws,
      simulations: sampling.simulations, startMonth: scenario.horizon.start.description,
      months: scenario.horizon.months, representation: representationInWords,
      simulatedRequests: simulatedRequests, availabilityTraces: availabilityTraces)
  }

  /// The records of spot capacity that were replayed, in the order in which options name them; nil where there are none.
  private var availabilityTraces: [TraceDigest]? {
    var digests: [TraceDigest] = []
    for option in scenario.options {
      for case .fleet(let fleet) in option.chain {
        guard case .trace(let trace)? = fleet.spot?.source else { continue }
        for (path, digest) in zip(trace.paths, trace.digests) {
          let entry = TraceDigest(path: path, digest: digest)
          if !digests.contains(entry) { digests.append(entry) }
        }
      }
    }
    return digests.isEmpty ? nil : digests
  }

  /// One option's part of the document.
  private func optionResult(
    _ option: Int, _ priced: PricedOption, comparison: Comparison, quantities: PlanQuantities
  ) -> OptionResult {
    let definition = options[option].definition
    let statistics = comparison.statistics[option]
    var result = OptionResult(
      name: definition.name, title: definition.title, totalCost: statistics.totalCost,
      conditionalValueAtRisk95: statistics.conditionalValueAtRisk95,
      probabilityCheapest: comparison.probabilityCheapest[option],
      expectedRegret: comparison.expectedRegret[option], costPerMillionOutput: priced.costPerMillionOutput,
      costPerRequest: priced.costPerRequest, servedShare: priced.servedShare,
      serviceLevel: priced.serviceLevel, meetsServiceLevel: priced.serviceLevel >= requiredServiceLevel,
      costQuantiles: statistics.costQuantiles, components: priced.components, monthly: priced.monthly,
      supplies: priced.supplies, latency: latencies(option, quality: quantities.quality[option], priced),
      retries: definition.retry == nil ? nil : priced.retries)
    result.gateway = priced.gateway
    result.charges = priced.charges
    result.fleetLoads = priced.fleetLoads.isEmpty ? nil : priced.fleetLoads
    result.useCaseCosts = priced.useCaseCosts
    return result
  }

  private func latencies(_ option: Int, quality: ServiceQuality, _ priced: PricedOption) -> [LatencyResult] {
    func percentiles(_ histogram: LatencyHistogram) -> Percentiles {
      func milliseconds(_ share: Double) -> Double { (histogram.quantile(share) ?? 0) * 1000 }
      return Percentiles(p50: milliseconds(0.5), p90: milliseconds(0.9), p99: milliseconds(0.99))
    }
    func limit(_ seconds: Double) -> Double? { seconds.isFinite ? seconds * 1000 : nil }
    return scenario.demand.uses.enumerated().map { index, use in
      LatencyResult(
        useCase: use.name, timeToFirstToken: percentiles(quality.timeToFirstToken[index]),
        timePerOutputToken: percentiles(quality.timePerOutputToken[index]),
        endToEnd: percentiles(quality.endToEnd[index]),
        timeToFirstTokenLimit: limit(use.timeToFirstTokenLimit),
        timePerOutputTokenLimit: limit(use.timePerOutputTokenLimit),
        serviceLevel: priced.serviceLevelByUseCase[index])
    }
  }
}
