// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes how many replicas a pool has and when, and how long they take to start.

import Catalog
import YAMLDocument

/// How many replicas a pool has.
struct PoolSize {
  /// The most there can be.
  var replicas: Int
  var scaling: ScalingDefinition?
  /// What decides their number, where the scenario leaves it open.
  var sizing: ObjectiveSizing?
}

extension ScenarioDecoder {
  /// How many replicas a pool has; nil, with the problem reported, where that cannot be read.
  func poolSize(_ view: MappingView) -> PoolSize? {
    if view["autoscale"] != nil {
      guard let autoscale = view.mapping("autoscale").flatMap(autoscale) else { return nil }
      return PoolSize(replicas: autoscale.maximum, scaling: .autoscale(autoscale))
    }
    if view["schedule"] != nil {
      guard let hours = schedule(view) else { return nil }
      return PoolSize(replicas: hours.max() ?? 0, scaling: .schedule(hours))
    }
    return replicaCount(view).map { PoolSize(replicas: $0.replicas, sizing: $0.sizing) }
  }

  private func autoscale(_ view: MappingView) -> AutoscaleDefinition? {
    let metric = view.choice("metric", as: ScalingMetricName.self)
    let target = view.number("target")
    let minimum = view.integer("min")
    let maximum = view.integer("max")
    if let minimum, let maximum, minimum > maximum {
      context.report(
        view.position(of: "min"), "`min` is \(minimum), above `max`, which is \(maximum)",
        remedy: "write at most \(maximum), or a greater max")
    }
    if metric == .utilization, let target, target > 1 {
      let hint = target <= 100 ? "; \(plain(target)) % is \(plain(target / 100))" : ""
      context.report(
        view.position(of: "target"), "a utilization of \(plain(target)) is never reached",
        remedy: "it must be above 0, at most 1\(hint)")
    }
    guard let metric, let target, let maximum, minimum != nil || view["min"] == nil else { return nil }
    var result = AutoscaleDefinition(
      metric: metric, target: target, minimum: min(minimum ?? 1, maximum), maximum: maximum)
    result.evaluationSeconds = view.number("evaluation_seconds") ?? result.evaluationSeconds
    result.tolerance = view.number("tolerance") ?? result.tolerance
    result.scaleUpWindowSeconds = view.number("scale_up_window_seconds") ?? result.scaleUpWindowSeconds
    result.scaleDownWindowSeconds = view.number("scale_down_window_seconds") ?? result.scaleDownWindowSeconds
    result.cooldownSeconds = view.number("cooldown_seconds") ?? result.cooldownSeconds
    result.scaleUpLimit = view.integer("scale_up_limit")
    result.scaleDownLimit = view.integer("scale_down_limit")
    result.whenEmpty = view.choice("when_empty", as: EmptyPoolName.self)
    return result
  }

  /// Replicas in each hour of the week; stretches neither overlap nor leave hours that nothing is said of.
  private func schedule(_ view: MappingView) -> [Int]? {
    var hours = [Int?](repeating: nil, count: 168)
    var otherwise: Int?
    var isWhole = true
    for (index, node) in (view.elements("schedule") ?? []).enumerated() {
      let path = "\(view.path).schedule.\(index)"
      guard let entry = context.mapping(node, ScenarioKeys.scheduleEntry, path: path) else {
        isWhole = false
        continue
      }
      let days = self.days(entry)
      let (from, to) = (entry.integer("from"), entry.integer("to"))
      guard let replicas = entry.integer("replicas"), let days,
        from != nil || entry["from"] == nil, to != nil || entry["to"] == nil
      else {
        isWhole = false
        continue
      }
      if entry["days"] == nil, entry["from"] == nil, entry["to"] == nil {
        if otherwise != nil {
          context.report(
            node.position, "two stretches of the schedule name neither days nor hours",
            remedy: "only one can be all that no other names")
          isWhole = false
        }
        otherwise = replicas
        continue
      }
      let (first, last) = (from ?? 0, to ?? 24)
      guard first < last else {
        context.report(
          entry.position(of: "to"), "a stretch from \(first) to \(last) ends before it begins",
          remedy: "write two stretches where one goes over midnight")
        isWhole = false
        continue
      }
      let own = days.flatMap { day in (first..<last).map { day * 24 + $0 } }
      if let taken = own.first(where: { hours[$0] != nil }) {
        context.report(
          node.position, "two stretches of the schedule hold on \(Self.hourText(taken))",
          remedy: "let each hour of the week be in one stretch")
        isWhole = false
      }
      for hour in own { hours[hour] = replicas }
    }
    guard isWhole, view["schedule"]?.elements?.isEmpty == false else { return nil }
    if otherwise == nil, let gap = hours.firstIndex(of: nil) {
      context.report(
        view.position(of: "schedule"),
        "the schedule does not say how many replicas there are on " + Self.hourText(gap),
        remedy: "add {replicas: …}, without days and hours, for all that no stretch names")
      return nil
    }
    let whole = hours.map { $0 ?? otherwise ?? 0 }
    if whole.allSatisfy({ $0 == 0 }) {
      context.report(
        view.position(of: "schedule"), "the schedule never has a replica", remedy: "write some, or no pool")
      return nil
    }
    return whole
  }

  private func days(_ entry: MappingView) -> [Int]? {
    guard entry["days"] != nil else { return Array(0..<7) }
    guard let nodes = entry.elements("days") else { return nil }
    let days = nodes.compactMap { node -> Int? in
      guard let name = context.text(node, "days") else { return nil }
      guard let day = ScenarioKeys.days.firstIndex(of: name) else {
        context.report(
          node.position, "`days` has `\(name)`",
          remedy: NearestName.remedy(for: name, among: ScenarioKeys.days, all: "the days are"))
        return nil
      }
      return day
    }
    return days.count == nodes.count ? days : nil
  }

  /// An hour of the week in words.
  private static func hourText(_ hour: Int) -> String {
    "\(ScenarioKeys.days[hour / 24]) from \(hour % 24) to \(hour % 24 + 1)"
  }

  func checkSpares(_ spares: Int, of size: PoolSize, _ view: MappingView) {
    var least = size.replicas
    if case .schedule(let hours) = size.scaling { least = hours.filter { $0 > 0 }.min() ?? least }
    if spares >= least {
      context.report(
        view.position(of: "spares"),
        "of \(least) replica\(least == 1 ? "" : "s") \(spares) are to be spares, and none would serve",
        remedy: "write at most \(least - 1), or more replicas")
    }
  }

  /// The phases of a fleet's start-up; nil where none are given.
  func startupPhases(_ fleet: MappingView) -> StartupPhases? {
    guard let view = fleet.mapping("startup") else { return nil }
    if fleet["startup_seconds"] != nil {
      context.report(
        fleet.position(of: "startup_seconds"), "`startup_seconds` and `startup` both say how long it takes",
        remedy: "keep one of them")
    }
    var phases = StartupPhases()
    phases.provisionSeconds = view.number("provision_seconds") ?? phases.provisionSeconds
    phases.imageGigabytes = view.number("image_gb") ?? phases.imageGigabytes
    phases.imageMegabytesPerSecond = view.number("image_mb_per_s") ?? phases.imageMegabytesPerSecond
    phases.weightsMegabytesPerSecond = view.number("weights_mb_per_s") ?? phases.weightsMegabytesPerSecond
    phases.compileSeconds = view.number("compile_seconds") ?? phases.compileSeconds
    return phases
  }

  /// What the fleet's other keys say against scaling.
  func checkScaling(_ fleet: MappingView, _ pools: [PoolDefinition]) {
    if fleet["standby_for"] != nil, let pool = pools.first(where: { $0.scaling != nil }) {
      context.report(
        fleet.position(of: "standby_for"),
        "replicas that stand in for a spot fleet's cannot also be scaled, as those of \(pool.model) are",
        remedy: "remove it, or give the pool `replicas`")
    }
    if fleet["load_bound"] != nil, fleet.node["router"]?.text != RouterPolicy.prefixAffine.rawValue {
      context.report(
        fleet.position(of: "load_bound"), "`load_bound` means nothing without `router: prefix-affine`",
        remedy: "remove it, or choose that router")
    }
  }

  /// Warns of pools that can be without any replica while nothing else takes their requests.
  func warnOfEmptyPools(_ option: DecodedOption, _ models: [String]) {
    let chain = option.definition.chain
    for (index, supply) in chain.enumerated() {
      guard case .fleet(let fleet) = supply else { continue }
      for pool in fleet.pools where models.contains(pool.model) && pool.canBeEmptyWithoutHolding {
        guard !chain.dropFirst(index + 1).contains(where: { serves($0, pool.model) }) else { continue }
        context.warn(
          option.supplyPositions[index],
          "the pool of \(pool.model) in option `\(option.definition.name)` can be without a replica, and nothing "
            + "later in the chain serves its requests then: they are lost",
          remedy: "keep a replica, let an autoscaler hold them (when_empty: hold), or add a supply")
      }
    }
  }
}

extension PoolDefinition {
  /// Whether its last replica can go, and requests are not held then.
  var canBeEmptyWithoutHolding: Bool {
    switch scaling {
    case nil: false
    case .schedule(let hours): hours.contains(0)
    case .autoscale(let autoscale): autoscale.minimum == 0 && autoscale.whenEmpty == .overflow
    }
  }
}
