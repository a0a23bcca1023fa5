// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes interruptions.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  /// - Parameter startup: the fleet's start-up, seconds, for a warning where lives are shorter.
  func spot(_ fleet: MappingView, _ purchase: PurchaseType?, startup: Double) -> SpotDefinition? {
    guard let view = fleet.mapping("spot") else {
      if purchase == .spot, fleet.node["spot"] == nil {
        context.report(
          fleet.position(of: "purchase"), "a spot fleet needs its interruptions",
          remedy: "add spot: {mean_up_hours: {p10: 4, p90: 40}, mean_down_hours: {p10: 0.5, p90: 3}}")
      }
      return nil
    }
    if let purchase, purchase != .spot {
      context.report(
        fleet.position(of: "spot"), "`spot` means nothing with purchase \(purchase.rawValue)",
        remedy: "write purchase: spot, or remove it")
    }
    let zones = view.integer("zones")
    let notice = view.number("notice_seconds") ?? 120
    if view["trace"] != nil {
      guard let trace = spotTrace(view) else { return nil }
      if let zones, zones != trace.paths.count {
        context.report(
          view.position(of: "zones"),
          "there are \(zones) zones but \(trace.paths.count) trace\(trace.paths.count == 1 ? "" : "s")",
          remedy: "give each zone a trace, or remove `zones`")
      }
      return SpotDefinition(source: .trace(trace), zones: trace.paths.count, noticeSeconds: notice)
    }
    for key in ["tick_seconds", "full_capacity"] where view[key] != nil {
      context.report(
        view.position(of: key), "`\(key)` means nothing without `trace`", remedy: "add trace, or remove it")
    }
    guard let process = spotProcess(view, startup: startup) else { return nil }
    if zones ?? 1 == 1, process.zoneCorrelation > 0 {
      context.warn(
        view.position(of: "zone_correlation"), "`zone_correlation` means nothing in one zone",
        remedy: "add zones: 3, or remove it")
    }
    return SpotDefinition(source: .process(process), zones: zones ?? 1, noticeSeconds: notice)
  }

  private func spotProcess(_ view: MappingView, startup: Double) -> SpotProcessDefinition? {
    let up = view.uncertain("mean_up_hours")
    let down = view.uncertain("mean_down_hours")
    for (key, other) in [("mean_up_hours", "mean_down_hours"), ("mean_down_hours", "mean_up_hours")]
    where view.node[key] == nil && (view.node[other] != nil || view.node["kills"] == nil) {
      context.report(
        view.position, "`\(key)` is missing from \(view.path)",
        remedy: view.node[other] == nil
          ? "add `\(key)`, or `kills`, or a `trace`" : "give it beside `\(other)`")
    }
    let shape = view.number("shape") ?? 0.6
    let correlation = view.number("zone_correlation") ?? 0
    let kills = view.mapping("kills").flatMap { spotKills($0, startup: startup) }
    let droughts = view.mapping("droughts").flatMap { part -> SpotDroughtsDefinition? in
      let (between, length) = (part.uncertain("mean_between_hours"), part.uncertain("mean_hours"))
      guard let between, let length else { return nil }
      return SpotDroughtsDefinition(meanBetweenHours: between, meanHours: length)
    }
    warnIfShort(up, view.position(of: "mean_up_hours"), "a zone stays available", startup: startup)
    guard (up != nil && down != nil) || (up == nil && down == nil && kills != nil) else { return nil }
    return SpotProcessDefinition(
      meanUpHours: up, meanDownHours: down, shape: shape, zoneCorrelation: correlation, kills: kills,
      droughts: droughts)
  }

  private func spotKills(_ view: MappingView, startup: Double) -> SpotKillsDefinition? {
    let up = view.uncertain("mean_up_hours")
    let replacement = uncertain(view, "replacement_hours", view.path, default: 0)
    let share = view.number("batch_share")
    guard let up else { return nil }
    warnIfShort(up, view.position(of: "mean_up_hours"), "a replica lives", startup: startup)
    return SpotKillsDefinition(meanUpHours: up, replacementHours: replacement, batchShare: share)
  }

  /// Warns where capacity is gone before a replica has started, as a rule.
  private func warnIfShort(
    _ hours: UncertainValue?, _ position: SourcePosition, _ what: String, startup: Double
  ) {
    guard let hours, hours.distribution.quantile(0.5) * 3600 < startup else { return }
    context.warn(
      position,
      "\(what) for \(plain((hours.distribution.quantile(0.5) * 36000).rounded() / 10)) s, but a start-up takes "
        + "\(plain(startup)) s: most replicas are gone before they serve",
      remedy: "raise it, or lower startup_seconds")
  }

  private func spotTrace(_ view: MappingView) -> SpotTraceDefinition? {
    let foreign = ["mean_up_hours", "mean_down_hours", "shape", "zone_correlation", "kills", "droughts"]
    for key in foreign where view[key] != nil {
      context.report(
        view.position(of: key), "`\(key)` means nothing beside `trace`",
        remedy: "remove it: the trace has its own")
    }
    let tick = view.number("tick_seconds")
    let full = view.integer("full_capacity")
    guard let node = view["trace"] else { return nil }
    let files =
      node.elements == nil ? [node] : context.elements(node, view.path(of: "trace"), count: 1...64) ?? []
    let paths = files.compactMap { file -> String? in
      guard let name = context.text(file, "trace") else { return nil }
      let folder = file.position.isOverride ? "." : InputFile.folder(of: file.position.source)
      let path = InputFile.path(name, in: folder)
      guard InputFile.isFile(path) else {
        context.report(
          file.position, "the trace \(path) is not there", remedy: "check its path", kind: .missingInput)
        return nil
      }
      return path
    }
    guard !paths.isEmpty, paths.count == files.count else { return nil }
    return SpotTraceDefinition(
      paths: paths, digests: paths.map { SHA256.hexDigest(context.readFile($0) ?? []) },
      location: node.position.description, tickSeconds: tick, fullCapacity: full)
  }
}
