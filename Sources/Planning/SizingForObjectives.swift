// SPDX-License-Identifier: GPL-3.0-or-later
// `replicas: for-slo`: the fewest replicas with which the use cases keep their objectives, found by simulation.

import Decision
import NumberFormatting
import Quantities
import Scenario
import Simulation
import Workload

extension PlanModel {
  /// Finds the replicas of every pool of a fleet that is to be sized, and writes them into the option.
  ///
  /// The chain is simulated up to the fleet: what it refuses, no later supply makes good. Its pools serve different
  /// models and do not meet, so that one simulation tries a size of each.
  /// - Returns: the choices; none where the supply has nothing to size.
  /// - Throws: `unsupported`, with the pool's place, where no number of replicas is enough.
  func sizeForObjectives(
    _ option: inout OptionDefinition, supply: Int
  ) throws(PlanningProblem) -> [SizeChoice] {
    guard case .fleet(let fleet) = option.chain[supply] else { return [] }
    var choices: [SizeChoice] = []
    let open = fleet.pools.filter { $0.sizing != nil }
    // Pools for the same quantile of the demand share their simulations.
    for quantile in Set(open.compactMap(\.sizing?.quantile)).sorted() {
      let forecast = forecast(quantile: quantile)
      var searches: [PoolSearch] = []
      for pool in open where pool.sizing?.quantile == quantile {
        let useCases = scenario.demand.uses.indices.filter {
          option.models(for: scenario.demand.uses[$0]).contains(pool.model)
        }
        searches.append(
          PoolSearch(
            part: SizedPart(supply: supply, model: pool.model), useCases: useCases,
            share: pool.sizing?.share ?? requiredServiceLevel, location: pool.location))
      }
      for search in searches { try checkReach(of: search, in: option) }
      try settle(&searches, in: option, forecast)
      for search in searches {
        option = option.with(search.part, size: search.size)
        choices.append(choice(search, option, fleet, forecast))
      }
    }
    return choices
  }

  /// Tries sizes until each search has its answer.
  private func settle(
    _ searches: inout [PoolSearch], in option: OptionDefinition, _ forecast: SizingForecast
  ) throws(PlanningProblem) {
    while searches.contains(where: { $0.next != nil }) {
      var trial = option
      trial.chain = Array(option.chain.prefix(through: searches[0].part.supply))
      for search in searches { trial = trial.with(search.part, size: search.next ?? search.size) }
      let bill = try with([trial]).hourly(forecast)
      for index in searches.indices {
        guard let size = searches[index].next else { continue }
        let (part, useCases) = (searches[index].part, searches[index].useCases)
        let hours = modelIDs.firstIndex(of: part.model).map { bill.poolHours[part.supply][$0] } ?? PoolHours()
        searches[index].record(
          size, serviceLevel: useCases.map { bill.serviceLevel(useCase: $0) }.min() ?? 1,
          idleShare: hours.paid > 0 ? hours.idle / hours.paid : 1)
        if let reason = searches[index].failure {
          throw .unsupported(
            "\(searches[index].location): no number of replicas keeps the objectives of \(part.model) in "
              + "\(NumberText.attainment(searches[index].share)) of requests: \(reason)"
              + "\(Self.remark(on: option.chain[part.supply])); relax `slo`, write a smaller slo_share, or use "
              + "faster replicas")
        }
      }
    }
  }

  /// What makes a fleet hard to size.
  private static func remark(on supply: SupplyDefinition) -> String {
    guard case .fleet(let fleet) = supply, fleet.spot != nil || fleet.standbyFor != nil else { return "" }
    return
      " (it is there only part of the time, and what it refuses counts as missed even where a later supply "
      + "serves it)"
  }

  /// Refuses objectives that not even an idle replica keeps: each of some requests is served alone.
  private func checkReach(of search: PoolSearch, in option: OptionDefinition) throws(PlanningProblem) {
    let alone = option.with(search.part, size: 1)
    let plan = try with([alone])
    guard case .fleet(let fleet) = plan.options[0].supplies[search.part.supply],
      let model = modelIDs.firstIndex(of: search.part.model), let pool = fleet.pools[model]
    else { return }
    let configuration = fleet.pool(pool, physical: physical.medians, schedules: [.always])
    let medians = physical.medians
    for useCase in search.useCases {
      let sample = demand.drawn(medians, draw: 0).sample(
        useCases: [useCase], count: 400, longest: configuration.longestRequest)
      guard !sample.isEmpty else { continue }
      let result = Self.servedAlone(
        sample, by: configuration, plan.options[0], models: modelIDs.count, model: model)
      let share = result.bill.serviceLevel(useCase: useCase)
      guard share < search.share else { continue }
      let use = scenario.demand.uses[useCase]
      func against(_ histogram: LatencyHistogram, _ limit: Double, _ what: String) -> String? {
        guard limit.isFinite, let seen = histogram.quantile(search.share), seen > limit else { return nil }
        return "\(what) is \(NumberText.milliseconds(seen * 1000)) at the "
          + "\(NumberText.percent(search.share)) quantile, asked is \(NumberText.milliseconds(limit * 1000))"
      }
      let reasons = [
        against(
          result.quality.timeToFirstToken[useCase], use.timeToFirstTokenLimit, "its time to first token"),
        against(
          result.quality.timePerOutputToken[useCase], use.timePerOutputTokenLimit, "its time per output token"
        ),
      ].compactMap(\.self)
      throw .unsupported(
        "\(search.location): no number of replicas keeps the objective of \(use.name) in "
          + "\(NumberText.attainment(search.share)) of requests: even a replica with nothing else to do keeps it in "
          + "\(NumberText.attainment(share))"
          + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: "; ")))")
          + "; relax `slo`, write a smaller slo_share, or use faster replicas")
    }
  }

  /// Requests served one by one, each by a replica that has nothing else to do.
  private static func servedAlone(
    _ requests: [Request], by pool: PoolConfiguration, _ option: OptionBlueprint, models: Int, model: Int
  ) -> WindowResult {
    // An answer that takes an hour keeps no objective anyway.
    let apart = 3600.0
    var configuration = pool
    configuration.queueLimit = nil
    var simulation = OptionSimulation(
      OptionConfiguration(
        modelOfUseCase: option.modelOfUseCase, objectives: option.objectives,
        chain: [
          .fleet(FleetConfiguration(pools: (0..<models).map { $0 == model ? configuration : nil }))
        ], models: models), window: Seconds(apart * Double(requests.count)))
    let spread = requests.enumerated().map { place, request in
      var request = request
      request.arrival = apart * Double(place)
      return request
    }
    simulation.offer(spread.span)
    return simulation.finish()
  }

  private func choice(
    _ search: PoolSearch, _ option: OptionDefinition, _ fleet: FleetDefinition, _ forecast: SizingForecast
  ) -> SizeChoice {
    let month = scenario.horizon.start.advanced(by: forecast.month).description
    let demand =
      forecast.multiple == 1
      ? "the median demand of \(month)"
      : "\(NumberText.multiple(forecast.multiple)) the median demand of \(month)"
    let level = search.levels[search.size] ?? 1
    let fewer = search.levels[search.size - 1].map {
      ", one fewer in \(NumberText.attainment($0))"
    }
    let count = "\(search.size) replica\(search.size == 1 ? "" : "s")"
    return SizeChoice(
      option: option.name, supply: fleet.name, model: search.part.model, rule: "for-slo", size: search.size,
      requiredServiceLevel: search.share, month: month, demandMultiple: forecast.multiple,
      trials: search.levels.sorted { $0.key < $1.key }.map { .init(size: $0.key, serviceLevel: $0.value) },
      sentence:
        "\(option.title): \(fleet.name) has \(count) of \(search.part.model), the fewest that keep its "
        + "objectives in \(NumberText.attainment(search.share)) of requests: at \(demand) they do in "
        + "\(NumberText.attainment(level))\(fewer ?? "")")
  }
}

/// The search for the fewest replicas of one pool: doubling until the objectives are kept, then bisection, then a look
/// at the next larger size.
///
/// The share of requests within their objective grows with the replicas but for small disturbances: a request may be
/// routed beside a longer one by chance. So the answer is the smallest size found by bisection that keeps the objectives
/// and whose next larger one keeps them too; the next smaller one was tried and does not.
struct PoolSearch: Sendable {
  var part: SizedPart
  /// The use cases that the pool answers.
  var useCases: [Int]
  /// The share of requests of each that has to keep its objective.
  var share: Double
  var location: String
  /// Service level of the worst use case by size tried.
  private(set) var levels: [Int: Double] = [:]
  /// The largest size known to be too small.
  private var tooSmall = 0
  /// The smallest size known to be enough.
  private var enough: Int?
  /// Doublings in a row that have changed nothing though the replicas were idle most of the time.
  private var idleDoublings = 0
  /// Why no size is enough.
  private(set) var failure: String?

  /// The most replicas tried.
  static let most = 10_000

  init(part: SizedPart, useCases: [Int], share: Double, location: String) {
    self.part = part
    self.useCases = useCases
    self.share = share
    self.location = location
  }

  /// The answer, once `next` is nil.
  var size: Int { enough ?? max(1, tooSmall) }

  /// The size to try next; nil where the answer is known.
  var next: Int? {
    guard failure == nil else { return nil }
    guard let enough else { return min(Self.most, max(1, 2 * tooSmall)) }
    if enough - tooSmall > 1 { return (enough + tooSmall) / 2 }
    return levels[enough + 1] == nil ? enough + 1 : nil
  }

  /// Takes note of a size that was tried.
  mutating func record(_ size: Int, serviceLevel: Double, idleShare: Double) {
    levels[size] = serviceLevel
    let keeps = serviceLevel >= share
    guard let enough else {
      if keeps {
        self.enough = size
        return
      }
      let before = levels[size / 2] ?? 0
      idleDoublings = serviceLevel - before < 1e-4 && idleShare > 0.5 ? idleDoublings + 1 : 0
      tooSmall = size
      if idleDoublings >= 2 || size >= Self.most {
        failure =
          "with \(size) of them, \(NumberText.percent(idleShare, digits: 0)) idle, it is "
          + "\(NumberText.attainment(serviceLevel))"
      }
      return
    }
    if size < enough {
      if keeps { self.enough = size } else { tooSmall = size }
    } else if !keeps {
      // A larger size that misses: chance has helped the smaller one. The search goes on above.
      tooSmall = size
      idleDoublings = 0
      self.enough = levels.keys.filter { $0 > size && (levels[$0] ?? 0) >= share }.min()
    }
  }
}
