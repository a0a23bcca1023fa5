// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes what happens before an option's chain, and checks what its rules say of models and use cases.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  /// Where the rules of a gateway stand, for checks that need the whole scenario.
  struct GatewayPositions {
    var rules: [SourcePosition] = []
    var route: SourcePosition?
    var cache: SourcePosition?
  }

  /// - Returns: nil for the definition where part of it could not be read.
  func gateway(_ option: MappingView) -> (definition: GatewayDefinition?, positions: GatewayPositions) {
    var gateway = GatewayDefinition()
    var positions = GatewayPositions()
    var isWhole = true
    if option["route"] != nil { positions.route = option.position(of: "route") }
    let named = option.mapping("routing")
    for entry in named?.namedEntries ?? [] {
      guard let view = named?.mapping(entry.key), let rule = rule(entry.key, view) else {
        isWhole = false
        continue
      }
      gateway.routing.append(rule)
      positions.rules.append(entry.keyPosition)
    }
    if let cache = option.mapping("cache") {
      positions.cache = option.position(of: "cache")
      gateway.cache = responseCache(cache)
    }
    if let offline = option.mapping("offline") {
      gateway.offline.share = offline.number("share") ?? gateway.offline.share
      gateway.offline.marginMinutes = offline.number("margin_minutes") ?? gateway.offline.marginMinutes
    }
    return (isWhole ? gateway : nil, positions)
  }

  func responseCache(_ view: MappingView) -> ResponseCacheDefinition {
    ResponseCacheDefinition(
      timeToLiveSeconds: view.number("ttl_seconds") ?? 1, entries: view.integer("entries"),
      latencyMilliseconds: view.number("latency_ms") ?? 0)
  }

  private func rule(_ useCase: String, _ view: MappingView) -> RoutingRule? {
    if view["shares"] == nil && view["escalate"] == nil {
      context.report(
        view.position, "\(view.path) says nothing", remedy: "give it `shares`, `escalate` or both")
      return nil
    }
    let shares = view.mapping("shares").map(shares)
    let escalations = view.mapping("escalate").map(escalations)
    if view["shares"] != nil, shares == nil { return nil }
    if view["escalate"] != nil, escalations == nil { return nil }
    guard let shares = shares ?? [], let escalations = escalations ?? [] else { return nil }
    return RoutingRule(useCase: useCase == "*" ? nil : useCase, shares: shares, escalations: escalations)
  }

  private func shares(_ view: MappingView) -> [RoutingRule.ModelShare]? {
    var shares: [RoutingRule.ModelShare] = []
    for entry in view.namedEntries {
      let model = knownModel(entry.key, entry.keyPosition)
      let isRest = entry.value.text == ScenarioKeys.rest
      let share =
        isRest
        ? nil
        : context.uncertain(entry.value, entry.key, path: view.path(of: entry.key), in: .from(0, to: 1))
      if let model, isRest || share != nil { shares.append(.init(model: model, share: share)) }
    }
    guard shares.count == view.namedEntries.count, !shares.isEmpty else { return nil }
    return checkSum(shares, view) ? shares : nil
  }

  /// How far from 1 the sum of shares may be: that of thirds written with six digits.
  private static let sumTolerance = 1e-5

  /// Whether the shares are all there is: they sum to 1, or one is what the others leave.
  private func checkSum(_ shares: [RoutingRule.ModelShare], _ view: MappingView) -> Bool {
    let rests = shares.count { $0.share == nil }
    let certain = shares.compactMap { share -> Double? in
      if case .constant(let value)? = share.share?.distribution { value } else { nil }
    }
    let sum = certain.reduce(0, +)
    let isCertain = certain.count == shares.count - rests
    let written = plain((sum * 1e6).rounded() / 1e6)
    if rests > 1 {
      context.report(
        view.position, "\(rests) of \(view.path) are `\(ScenarioKeys.rest)`",
        remedy: "one at most can be what the others leave")
    } else if rests == 1 {
      if sum < 1 { return true }
      context.report(
        view.position, "\(view.path) sum to \(written) beside `\(ScenarioKeys.rest)`",
        remedy: "they must leave something, or name no rest")
    } else if !isCertain {
      context.report(
        view.position, "\(view.path) are uncertain, and nothing makes them sum to 1",
        remedy: "write `\(ScenarioKeys.rest)` for one of the models: it gets what the others leave")
    } else {
      if abs(sum - 1) <= Self.sumTolerance { return true }
      context.report(
        view.position, "\(view.path) sum to \(written)",
        remedy: "they must sum to 1; one of them may be `\(ScenarioKeys.rest)`")
    }
    return false
  }

  private func escalations(_ view: MappingView) -> [RoutingRule.Escalation]? {
    var escalations: [RoutingRule.Escalation] = []
    var places: [SourcePosition] = []
    for entry in view.namedEntries {
      let from = knownModel(entry.key, entry.keyPosition)
      guard let part = view.mapping(entry.key) else { continue }
      let to = part.text("to").flatMap { knownModel($0, part.position(of: "to")) }
      let rate = part.uncertain("rate")
      guard let from, let to, let rate else { continue }
      escalations.append(.init(from: from, to: to, rate: rate))
      places.append(part.position(of: "to"))
    }
    guard escalations.count == view.namedEntries.count, !escalations.isEmpty else { return nil }
    return hasNoCircle(escalations, places) ? escalations : nil
  }

  /// Whether no answer is given again by a model that has given it.
  private func hasNoCircle(_ escalations: [RoutingRule.Escalation], _ places: [SourcePosition]) -> Bool {
    for (index, first) in escalations.enumerated() {
      var path = [first.from, first.to]
      while let next = escalations.first(where: { $0.from == path[path.count - 1] }) {
        if path.contains(next.to) || path.count > escalations.count { break }
        path.append(next.to)
      }
      let last = path[path.count - 1]
      let closes = first.to == first.from || escalations.contains { $0.from == last && $0.to == first.from }
      guard closes else { continue }
      if first.to != first.from { path.append(first.from) }
      context.report(
        places[index], "the escalations run in a circle: \(path.joined(separator: " → "))",
        remedy: "let the largest model's answers be good enough")
      return false
    }
    return true
  }

  /// Checks the rules of an option against the use cases.
  func checkRules(_ option: DecodedOption, _ demand: Demand) {
    let names = demand.uses.map(\.name)
    let (gateway, positions) = (option.definition.gateway, option.gatewayPositions)
    for (rule, position) in zip(gateway.routing, positions.rules) {
      if let name = rule.useCase, known(name, among: names, "use case", "they are", position) == nil {
        continue
      }
      let uses = demand.uses.filter { option.definition.rule(for: $0) == rule }
      let reached = uses.flatMap { option.definition.models(for: $0) }
      for escalation in rule.escalations where !uses.isEmpty && !reached.contains(escalation.from) {
        context.report(
          position, "answers of \(escalation.from) are to be given again, but none are asked of it",
          remedy: "give it a share, or remove the escalation")
      }
      if uses.isEmpty, rule.useCase == nil {
        context.warn(
          position, "every use case has a rule of its own beside `*`", remedy: "the rule `*` can be removed")
      }
    }
    if let place = positions.route, !demand.uses.isEmpty,
      demand.uses.allSatisfy({ option.definition.rule(for: $0)?.shares.isEmpty == false })
    {
      context.report(
        place, "`route` means nothing beside `routing`: every use case has shares",
        remedy: "remove one of them")
    }
  }

  /// Times to live longer than this share of a window are mostly cut off by its end.
  private static let windowShare = 0.25

  /// Checks what waits against the time that is simulated.
  func checkWaiting(_ options: [DecodedOption], _ demand: Demand, _ horizon: Horizon, uses: YAMLNode?) {
    guard horizon.represent.windows != nil else { return }
    let minutes = plain(horizon.represent.windowSeconds / 60)
    for use in demand.uses {
      guard let hours = use.deadlineHours, let position = uses?[use.name]?["deadline_hours"]?.position else {
        continue
      }
      let filling = options.filter { $0.isWhole && $0.definition.canFill(use) }.map(\.definition.name)
      guard let option = filling.first else { continue }
      context.report(
        position,
        "requests of \(use.name) may wait \(plain(hours)) h for room in option `\(option)`, but windows of "
          + "\(minutes) min are simulated", remedy: "write represent: week, or {months: …} without windows")
    }
    for option in options {
      guard let cache = option.definition.gateway.cache, let position = option.gatewayPositions.cache,
        cache.timeToLiveSeconds > Self.windowShare * horizon.represent.windowSeconds
      else { continue }
      context.warn(
        position,
        "a cache that keeps answers for \(plain(cache.timeToLiveSeconds)) s begins empty in each window of "
          + "\(minutes) min: it will seem to know less than it would",
        remedy: "write represent: week")
    }
  }
}
