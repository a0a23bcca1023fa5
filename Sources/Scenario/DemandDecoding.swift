// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes what is asked of the models: use cases, their load curves, lengths and traces.

import Catalog
import Uncertainty
import Workload
import YAMLDocument

extension ScenarioDecoder {
  func demand(_ view: MappingView) -> Demand {
    let noise = view.mapping("noise")
    var uses: [UseCase] = []
    if let named = view.mapping("uses") {
      for entry in named.namedEntries {
        checkName(entry, "use case")
        guard let use = named.mapping(entry.key) else { continue }
        if let decoded = useCase(entry.key, use) {
          refuseMixture(of: decoded, with: uses.first, entry.keyPosition)
          uses.append(decoded)
        }
      }
    }
    return Demand(
      growthPerMonth: uncertain(view, "growth_per_month", "demand", default: 0),
      volume: uncertain(view, "volume", "demand", default: 1), dayNoise: noise?.number("day") ?? 0,
      hourNoise: noise?.number("hour") ?? 0, uses: uses)
  }

  /// A trace knows nothing of hours and weeks, so that requests from statistics cannot be laid beside it.
  private func refuseMixture(of use: UseCase, with first: UseCase?, _ position: SourcePosition) {
    switch (first?.source, use.source) {
    case (.replayed, .synthesized), (.synthesized, .replayed):
      context.report(
        position, "`\(use.name)` mixes replayed with synthesized use cases",
        remedy: "give every use case a `trace` or none of them")
    default: break
    }
  }

  /// Names of use cases and options end in file names and paths of overrides.
  func checkName(_ entry: YAMLEntry, _ noun: String) {
    if !DecodingContext.isIdentifier(entry.key) {
      context.report(
        entry.keyPosition, "`\(entry.key)` is no name for a \(noun)",
        remedy: "a name begins with a letter or digit and has only letters, digits, `-`, `_` and `.`")
    }
  }

  private func useCase(_ name: String, _ view: MappingView) -> UseCase? {
    let model = view.text("model").flatMap { knownModel($0, view.position(of: "model")) }
    let objectives = view.mapping("slo")
    let firstToken = objectives?.number("ttft_ms").map { $0 / 1000 } ?? .infinity
    let perToken = objectives?.number("tpot_ms").map { $0 / 1000 } ?? .infinity
    // With both given the table has already said so; either reading finds the other problems.
    let source: DemandSource? =
      view["trace"] != nil
      ? replayed(view).map(DemandSource.replayed) : synthesized(view).map(DemandSource.synthesized)
    guard let model, let source else { return nil }
    return UseCase(
      name: name, model: model, source: source, timeToFirstTokenLimit: firstToken,
      timePerOutputTokenLimit: perToken)
  }

  private func replayed(_ view: MappingView) -> ReplayedDemand? {
    for key in ["profile", "burstiness", "input_tokens", "output_tokens"] where view["rate"] == nil {
      if view[key] != nil {
        context.report(
          view.position(of: key), "`\(key)` means nothing beside `trace`",
          remedy: "remove it: the trace has its own")
      }
    }
    let speedup = view.number("speedup") ?? 1
    guard let file = view.text("trace") else { return nil }
    let position = view.position(of: "trace")
    let folder = position.isOverride ? "." : InputFile.folder(of: position.source)
    let path = InputFile.path(file, in: folder)
    guard InputFile.isFile(path) else {
      context.report(
        position, "the trace \(path) is not there", remedy: "check its path", kind: .missingInput)
      return nil
    }
    return ReplayedDemand(path: path, location: position.description, speedup: speedup)
  }

  private func synthesized(_ view: MappingView) -> SynthesizedDemand? {
    if view["speedup"] != nil {
      context.report(
        view.position(of: "speedup"), "`speedup` means nothing without `trace`",
        remedy: "change `rate` instead")
    }
    let rate = view.uncertain("rate")
    let burstiness = view.number("burstiness") ?? 1
    let profile = profile(view)
    let input = lengths(view, "input_tokens")
    let output = lengths(view, "output_tokens")
    guard let rate, let profile, let input, let output else { return nil }
    return SynthesizedDemand(
      rate: rate, profile: profile, burstiness: burstiness, inputTokens: input, outputTokens: output)
  }

  private func lengths(_ view: MappingView, _ key: String) -> TokenLengths? {
    guard let node = view[key] else {
      if view["rate"] != nil, view.node[key] == nil {
        context.report(
          view.position, "`\(key)` is missing from \(view.path)",
          remedy: "add it, such as \(key): {p10: 180, p90: 900, max: 4096}")
      }
      return nil
    }
    guard let lengths = context.tokenLengths(node, key, path: view.path(of: key)) else { return nil }
    return TokenLengths(
      distribution: lengths.distribution, minimum: lengths.minimum, maximum: lengths.maximum)
  }

  private func profile(_ use: MappingView) -> [Double]? {
    guard let node = use["profile"] else { return ProfilePresets.hourly(named: "flat") }
    if let name = node.text {
      let preset = known(
        name, among: ProfilePresets.names, "load curve", "the load curves are", node.position)
      return preset.flatMap(ProfilePresets.hourly(named:))
    }
    guard let view = use.mapping("profile") else { return nil }
    func factors(_ key: String, _ count: Int) -> [Double]? {
      view[key].flatMap {
        context.numbers($0, view.path(of: key), count: count...count, in: .notNegative)
      }
    }
    let week: [Double]?
    if let hourly = view["hourly"] {
      guard let factors = factors("hourly", ProfilePresets.hoursPerWeek) else { return nil }
      if let days = view["days"] {
        context.report(
          days.position, "`days` means nothing beside `hourly`",
          remedy: "remove it: the 168 factors say it all")
      }
      week = ProfilePresets.normalized(factors)
      if week == nil { reportEmptyWeek(hourly.position) }
    } else {
      let (weekday, weekend) = (factors("weekday", 24), factors("weekend", 24))
      let days = factors("days", 7)
      guard let weekday, let weekend, view["days"] == nil || days != nil else { return nil }
      week = ProfilePresets.hourly(weekday: weekday, weekend: weekend, days: days)
      if week == nil { reportEmptyWeek(view.position) }
    }
    return week
  }

  private func reportEmptyWeek(_ position: SourcePosition) {
    context.report(position, "the load curve has no load", remedy: "at least one factor must be above 0")
  }
}
