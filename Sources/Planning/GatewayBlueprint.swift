// SPDX-License-Identifier: GPL-3.0-or-later
// What happens before an option's chain, ready to be simulated in any future.

import Catalog
import Decision
import NumberFormatting
import Quantities
import Scenario
import Simulation

/// Routes whose shares and rates may be uncertain, and what else stands before the chain.
struct GatewayBlueprint: Sendable {
  /// The routes of one use case.
  struct Route: Sendable {
    /// Models that requests go to first; a share of nil is what the others leave.
    var shares: [(model: Int, share: InputReference?)]
    var escalations: [(from: Int, to: Int, rate: InputReference)]

    /// Every model that requests may come to.
    var reached: Set<Int> {
      var models = Set(shares.map(\.model))
      // An escalation may stand before the one that leads to it.
      for _ in escalations {
        for escalation in escalations where models.contains(escalation.from) { models.insert(escalation.to) }
      }
      return models
    }

    /// The route in one future. Shares that chance lets sum to more than 1 are scaled down to 1 and leave nothing.
    func routing(_ physical: [Double], models: Int) -> UseCaseRouting {
      var values = Array(repeating: 0.0, count: models)
      for (model, share) in shares {
        if let share { values[model] = min(max(share.value(in: physical), 0), 1) }
      }
      let sum = values.reduce(0, +)
      if let rest = shares.first(where: { $0.share == nil })?.model, sum < 1 {
        values[rest] = 1 - sum
      } else {
        values = values.map { $0 / sum }
      }
      var next: [UseCaseRouting.Escalation?] = Array(repeating: nil, count: models)
      for (from, to, rate) in escalations {
        next[from] = .init(to: to, rate: min(max(rate.value(in: physical), 0), 1))
      }
      return UseCaseRouting(shares: values, escalations: next)
    }
  }

  /// By use case.
  var routes: [Route]
  var cache: ResponseCacheConfiguration?
  /// Requests that can wait for room in a fleet; nil where none can.
  var offline: OfflineConfiguration?

  /// Whether any use case has more than one model.
  private var isRouted: Bool { routes.contains { $0.shares.count > 1 || !$0.escalations.isEmpty } }
  /// Whether anything stands before the chain.
  var isPresent: Bool { isRouted || cache != nil || offline != nil }

  /// What stands before the chain in one future; nil where nothing does.
  func configuration(_ physical: [Double], models: Int) -> GatewayConfiguration? {
    guard isPresent else { return nil }
    return GatewayConfiguration(
      routing: routes.map { $0.routing(physical, models: models) }, cache: cache, offline: offline)
  }
}

extension OptionCompiler {
  /// What stands before an option's chain.
  func gateway(_ option: OptionDefinition, physical: inout UncertainInputs) -> GatewayBlueprint {
    func index(_ id: String) -> Int {
      guard let index = models.firstIndex(where: { $0.id == id }) else {
        preconditionFailure("an unchecked scenario: \(id)")
      }
      return index
    }
    var routes: [GatewayBlueprint.Route] = []
    for use in scenario.demand.uses {
      var route = GatewayBlueprint.Route(shares: [], escalations: [])
      for share in option.firstModels(for: use) {
        route.shares.append((index(share.model), share.share.map { physical.reference($0) }))
      }
      for escalation in option.rule(for: use)?.escalations ?? [] {
        // A rule for all may speak of models that this use case never comes to.
        guard option.models(for: use).contains(escalation.from) else { continue }
        route.escalations.append(
          (index(escalation.from), index(escalation.to), physical.reference(escalation.rate)))
      }
      routes.append(route)
    }
    var gateway = GatewayBlueprint(routes: routes)
    if let cache = option.gateway.cache {
      gateway.cache = ResponseCacheConfiguration(
        timeToLive: Seconds(cache.timeToLiveSeconds), entries: cache.entries ?? .max,
        latency: Seconds(cache.latencyMilliseconds / 1000))
    }
    let uses = scenario.demand.uses
    if uses.contains(where: option.canFill) {
      gateway.offline = OfflineConfiguration(
        deadlines: uses.map { option.canFill($0) ? $0.deadlineHours.map { Seconds($0 * 3600) } : nil },
        share: option.gateway.offline.share, margin: Seconds(option.gateway.offline.marginMinutes * 60))
    }
    return gateway
  }
}

extension OptionBlueprint {
  /// The models that answer a use case, in words: the model's id, or shares and escalations at medians.
  func modelsInWords(useCase: Int, medians: [Double]) -> String {
    let routing = gateway.routes[useCase].routing(medians, models: models.count)
    func text(_ share: Double) -> String { DecimalText.trimmed(share, digits: 3) }
    let chosen = gateway.routes[useCase].shares.map(\.model).filter { routing.shares[$0] > 0 }
    var words = chosen.map { model in
      chosen.count == 1 ? models[model].id : "\(models[model].id) \(text(routing.shares[model]))"
    }
    for (model, escalation) in routing.escalations.enumerated() {
      guard let escalation else { continue }
      words.append("\(models[model].id) → \(models[escalation.to].id) \(text(escalation.rate))")
    }
    return words.joined(separator: ", ")
  }

  /// What became of requests before the chain, by use case; nil where nothing stands there.
  func gatewayResults(
    _ bill: BillOfQuantities, useCases: [UseCase], _ medians: [Double]
  ) -> [GatewayResult]? {
    guard gateway.isPresent else { return nil }
    return useCases.enumerated().map { index, use in
      let requests = bill.requests[index]
      func share(_ part: Double) -> Double { requests.arrived > 0 ? part / requests.arrived : 0 }
      return GatewayResult(
        useCase: use.name, models: modelsInWords(useCase: index, medians: medians),
        cached: share(requests.cached), coalesced: share(requests.coalesced),
        escalated: share(requests.escalated), filled: share(requests.filled), late: share(requests.late))
    }
  }
}
