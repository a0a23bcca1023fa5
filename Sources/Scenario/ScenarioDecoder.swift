// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes a scenario's tree from the top: the parts come first, then what only the parts together can tell.

import Catalog
import Quantities
import Uncertainty
import YAMLDocument

/// Decodes one scenario. Every problem goes to the context; a part that has one reads as nil.
struct ScenarioDecoder {
  let context: DecodingContext
  /// The catalog; the scenario's prices are laid over it as they are read.
  var reference: ReferenceData
  /// The months of the horizon, where they could be read.
  var horizonMonths = 12

  /// An option beside the places its checks report at.
  struct DecodedOption {
    var definition: OptionDefinition
    var position: SourcePosition
    /// Where each supply of the chain stands, by its index.
    var supplyPositions: [SourcePosition]
    /// Whether every supply of the chain was read; if not, what is missing would only repeat another problem.
    var isWhole: Bool
    /// Where what happens before the chain is said.
    var gatewayPositions = GatewayPositions()
  }

  mutating func scenario(_ root: YAMLNode, digest: String) -> ScenarioDefinition? {
    guard let view = context.mapping(root, ScenarioKeys.root, path: "") else { return nil }
    if let prices = view.mapping("prices") { layPrices(prices) }
    horizonMonths = root["horizon"]?["months"]?.text.flatMap { Int($0) } ?? horizonMonths
    let name = view.identifier("name")
    let title = view.text("title")
    let demand = view.mapping("demand").map(demand)
    let decoded = view.mapping("options").map(options) ?? []
    let baseline = baseline(view, decoded)
    let horizon = view.mapping("horizon").flatMap(horizon)
    let rate = view.uncertain("discount_rate") ?? UncertainValue(name: "discount_rate", 0)
    let sampling = sampling(view)
    let correlations = correlations(view)
    let budget = view.number("budget")
    let penalties = penalties(view, demand)
    let paths = horizon.map { pricePaths(view, decoded, $0) } ?? []
    let levers = levers(view, decoded)
    let (alerts, nightly) = (alerts(view), nightly(view))
    if let demand { checkCoverage(decoded, demand) }
    if let demand, let horizon { checkWaiting(decoded, demand, horizon, uses: root["demand"]?["uses"]) }
    if let horizon {
      warnOfPrices(decoded, demand, horizon)
      warnOfTerms(decoded, horizon)
    }
    guard let name, let demand, let baseline, let horizon else { return nil }
    let warnings = InputProblems(context.warnings).diagnostics.map(\.description)
    var scenario = ScenarioDefinition(
      name: name, title: title ?? name, demand: demand, options: decoded.map(\.definition),
      baseline: baseline, horizon: horizon, discountRate: rate, sampling: sampling,
      correlations: correlations, budget: budget, reference: reference, warnings: warnings, digest: digest)
    scenario.pricePaths = paths
    scenario.penalties = penalties
    scenario.levers = levers
    scenario.alert = alerts
    scenario.nightly = nightly
    return scenario
  }

  private func baseline(_ view: MappingView, _ options: [DecodedOption]) -> String? {
    guard let name = view.text("baseline") else { return options.first?.definition.name }
    // All names of the file count, also of options that have problems of their own.
    let names = view["options"]?.entries?.map(\.key) ?? []
    return known(name, among: names, "option", "the options are", view.position(of: "baseline"))
  }

  private func horizon(_ view: MappingView) -> Horizon? {
    let months = view.integer("months") ?? 12
    var start: CalendarMonth?
    if let text = view.text("start") {
      start = CalendarMonth(text)
      if start == nil {
        context.report(view.position(of: "start"), "`start` is `\(text)`", remedy: "write a month as YYYY-MM")
      } else if start?.year ?? 0 > 9000 {
        context.report(
          view.position(of: "start"), "`start` is `\(text)`", remedy: "plan before the year 9000")
        start = nil
      }
    }
    let represent = representation(view, months: months)
    guard let start, let represent else { return nil }
    return Horizon(start: start, months: months, represent: represent)
  }

  private func representation(_ horizon: MappingView, months: Int) -> Representation? {
    let week = Representation(months: months, windows: nil, windowSeconds: 3600)
    guard let node = horizon["represent"] else { return week }
    if let text = node.text {
      if text == "week" { return week }
      let message =
        text == "full" ? "simulating every hour of a month is not offered" : "`represent` is `\(text)`"
      context.report(
        node.position, message,
        remedy: "write week, or {months: …, windows: …, window_minutes: …}")
      return nil
    }
    guard let view = horizon.mapping("represent") else { return nil }
    let simulated = view.integer("months") ?? months
    if simulated > months {
      context.report(
        view.position(of: "months"), "\(simulated) months are to be simulated of a horizon of \(months)",
        remedy: "write at most \(months)")
    }
    let windows = view.integer("windows")
    let minutes = view.number("window_minutes")
    if minutes != nil, view["windows"] == nil {
      context.report(
        view.position(of: "window_minutes"), "`window_minutes` means nothing without `windows`",
        remedy: "add windows: 12, or remove it")
    }
    let warmUp = view.number("warm_up_minutes")
    if warmUp != nil, view["windows"] == nil {
      context.report(
        view.position(of: "warm_up_minutes"), "`warm_up_minutes` means nothing without `windows`",
        remedy: "the whole week has nothing before it; add windows: 12, or remove it")
    }
    var representation = Representation(
      months: simulated, windows: windows, windowSeconds: (minutes ?? 60) * 60)
    representation.warmUpSeconds = (warmUp ?? 0) * 60
    return representation
  }

  /// `name` if it is among `candidates`; else nil, with the nearest candidate suggested.
  func known(
    _ name: String, among candidates: [String], _ noun: String, _ all: String, _ position: SourcePosition
  ) -> String? {
    if candidates.contains(name) { return name }
    context.report(
      position, "there is no \(noun) `\(name)`",
      remedy: NearestName.remedy(for: name, among: candidates, all: all))
    return nil
  }

  /// `id` if the catalog has such a model.
  func knownModel(_ id: String, _ position: SourcePosition) -> String? {
    known(id, among: reference.models.keys.sorted(), "model", "the catalog has", position)
  }

  /// An uncertain value under a key, or a certain default under its path.
  func uncertain(_ view: MappingView?, _ key: String, _ path: String, default value: Double) -> UncertainValue
  {
    view?.uncertain(key) ?? UncertainValue(name: "\(path).\(key)", value)
  }
}
