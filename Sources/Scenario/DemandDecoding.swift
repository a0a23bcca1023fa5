// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes what is asked of the models: use cases, where their requests come from, and what the calendar does to them.

import Catalog
import Quantities
import Uncertainty
import Workload
import YAMLDocument

extension ScenarioDecoder {
  func demand(_ view: MappingView) -> Demand {
    let noise = view.mapping("noise")
    var uses: [UseCase] = []
    if let named = view.mapping("uses") {
      if named.namedEntries.count > Request.mostUseCases {
        context.report(
          view.position(of: "uses"), "there are \(named.namedEntries.count) use cases",
          remedy: "write at most \(Request.mostUseCases); alike ones can be put together")
      }
      for entry in named.namedEntries {
        checkName(entry, "use case")
        let node = presetLaid(under: entry.value)
        guard let use = context.mapping(node, ScenarioKeys.use, path: named.path(of: entry.key)) else {
          continue
        }
        if let decoded = useCase(entry.key, use, isPreset: node != entry.value) { uses.append(decoded) }
      }
    }
    var demand = Demand(
      growthPerMonth: uncertain(view, "growth_per_month", "demand", default: 0),
      volume: uncertain(view, "volume", "demand", default: 1), dayNoise: noise?.number("day") ?? 0,
      hourNoise: noise?.number("hour") ?? 0, uses: uses)
    demand.minuteNoise = noise?.number("minute") ?? 0
    demand.calendar = DemandCalendar(
      holidays: steps(view, "holidays"), launches: steps(view, "launches"))
    return demand
  }

  /// Names of use cases and options end in file names and paths of overrides.
  func checkName(_ entry: YAMLEntry, _ noun: String) {
    if !DecodingContext.isIdentifier(entry.key) {
      context.report(
        entry.keyPosition, "`\(entry.key)` is no name for a \(noun)",
        remedy: "a name begins with a letter or digit and has only letters, digits, `-`, `_` and `.`")
    }
  }

  private func steps(_ view: MappingView, _ key: String) -> [DemandCalendar.Step] {
    var steps: [DemandCalendar.Step] = []
    for (index, element) in (view.elements(key) ?? []).enumerated() {
      let path = "\(view.path(of: key))[\(index)]"
      guard let part = context.mapping(element, ScenarioKeys.dayFactor, path: path) else { continue }
      let factor = part.number("factor")
      guard let text = part.text("day") else { continue }
      guard let day = CalendarDay(text) else {
        context.report(part.position(of: "day"), "`day` is `\(text)`", remedy: "write a day as YYYY-MM-DD")
        continue
      }
      if steps.contains(where: { $0.day == day }) {
        context.report(
          part.position(of: "day"), "`\(key)` has \(text) twice", remedy: "give the day one factor")
      }
      if let factor { steps.append(DemandCalendar.Step(day: day, factor: factor)) }
    }
    return steps
  }

  /// A use case with the keys of its preset that it has not got itself.
  private func presetLaid(under use: YAMLNode) -> YAMLNode {
    guard let node = use["preset"], !node.isEmpty, let name = node.text else { return use }
    let preset = known(name, among: DemandPresets.names, "preset", "the presets are", node.position)
    guard let preset = preset.flatMap(DemandPresets.named) else { return use }
    if use["trace"] != nil {
      context.report(
        node.position, "`preset` means nothing beside `trace`", remedy: "remove it: the trace has its own")
      return use
    }
    return DemandPresets.merged(use, preset)
  }

  private func useCase(_ name: String, _ view: MappingView, isPreset: Bool) -> UseCase? {
    let model = view.text("model").flatMap { knownModel($0, view.position(of: "model")) }
    let objectives = view.mapping("slo")
    let firstToken = objectives?.number("ttft_ms").map { $0 / 1000 } ?? .infinity
    let perToken = objectives?.number("tpot_ms").map { $0 / 1000 } ?? .infinity
    let deadline = view.number("deadline_hours")
    // With both given the table has already said so; either reading finds the other problems.
    let source: DemandSource? =
      view["trace"] != nil
      ? replayed(view).map(DemandSource.replayed)
      : synthesized(view, hasLengths: view["preset"] == nil || isPreset).map(DemandSource.synthesized)
    guard let model, let source else { return nil }
    var use = UseCase(
      name: name, model: model, source: source, timeToFirstTokenLimit: firstToken,
      timePerOutputTokenLimit: perToken)
    use.deadlineHours = deadline
    return use
  }

  /// What only made-up requests have.
  private static let synthesizedKeys = ScenarioKeys.shape.map(\.name).filter { $0 != "profile" }

  private func replayed(_ view: MappingView) -> ReplayedDemand? {
    for key in Self.synthesizedKeys where view["rate"] == nil && view["preset"] == nil {
      if view[key] != nil {
        context.report(
          view.position(of: key), "`\(key)` means nothing beside `trace`",
          remedy: "remove it: the trace has its own")
      }
    }
    let speedup = view.number("speedup") ?? 1
    let curve = view["profile"] == nil ? nil : loadCurve(view)
    var columns: [String: String] = [:]
    if let named = view.mapping("columns") {
      for entry in named.namedEntries { columns[entry.key] = named.text(entry.key) }
    }
    guard let file = view.text("trace") else { return nil }
    let position = view.position(of: "trace")
    let folder = position.isOverride ? "." : InputFile.folder(of: position.source)
    let path = InputFile.path(file, in: folder)
    guard InputFile.isFile(path) else {
      context.report(
        position, "the trace \(path) is not there", remedy: "check its path", kind: .missingInput)
      return nil
    }
    if view["profile"] != nil, curve == nil { return nil }
    var demand = ReplayedDemand(path: path, location: position.description, speedup: speedup)
    demand.profile = curve
    demand.format = view.text("format")
    demand.columns = columns
    return demand
  }

  /// The load curve of a use case: 168 factors of mean 1, all alike where it has none.
  func loadCurve(_ use: MappingView) -> [Double]? {
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
    if let given = view["hourly"] ?? view["harmonics"] {
      if let days = view["days"] {
        context.report(
          days.position, "`days` means nothing beside `\(view["hourly"] != nil ? "hourly" : "harmonics")`",
          remedy: "remove it: the whole week is given")
      }
      if view["hourly"] != nil {
        guard let factors = factors("hourly", ProfilePresets.hoursPerWeek) else { return nil }
        week = ProfilePresets.normalized(factors)
      } else {
        guard let harmonics = harmonics(view) else { return nil }
        week = self.week(of: harmonics, given.position)
      }
      if week == nil { reportEmptyWeek(given.position) }
    } else {
      let (weekday, weekend) = (factors("weekday", 24), factors("weekend", 24))
      let days = factors("days", 7)
      guard let weekday, let weekend, view["days"] == nil || days != nil else { return nil }
      week = ProfilePresets.hourly(weekday: weekday, weekend: weekend, days: days)
      if week == nil { reportEmptyWeek(view.position) }
    }
    return week
  }

  private func harmonics(_ view: MappingView) -> [ProfilePresets.Harmonic]? {
    guard let elements = view.elements("harmonics") else { return nil }
    let harmonics = elements.enumerated().compactMap { index, element -> ProfilePresets.Harmonic? in
      let path = "\(view.path(of: "harmonics"))[\(index)]"
      guard let part = context.mapping(element, ScenarioKeys.harmonic, path: path) else { return nil }
      let (cycles, amplitude) = (part.integer("cycles_per_week"), part.number("amplitude"))
      let peak = part.number("peak_hour")
      guard let cycles, let amplitude, let peak else { return nil }
      return ProfilePresets.Harmonic(cyclesPerWeek: cycles, amplitude: amplitude, peakHour: peak)
    }
    return harmonics.count == elements.count ? harmonics : nil
  }

  /// The share of the mean that harmonics may fall below nothing before a reader is told.
  private static let clippedTolerance = 0.02

  private func week(of harmonics: [ProfilePresets.Harmonic], _ position: SourcePosition) -> [Double]? {
    guard let week = ProfilePresets.hourly(harmonics) else { return nil }
    if week.clipped > Self.clippedTolerance {
      context.warn(
        position,
        "the harmonics fall below nothing by \(plain((week.clipped * 1000).rounded() / 10)) % of the mean, which is cut off "
          + "and made up for elsewhere", remedy: "lower their amplitudes, or give 168 factors as `hourly`")
    }
    return week.factors
  }

  private func reportEmptyWeek(_ position: SourcePosition) {
    context.report(position, "the load curve has no load", remedy: "at least one factor must be above 0")
  }
}
