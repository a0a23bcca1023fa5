// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences about GPUs and unit costs.

import Charts
import Decision
import NumberFormatting

extension Findings {
  /// How many GPUs are there, and how much of the time the last of them.
  func loads(_ loads: [(option: OptionResult, load: FleetLoad)]) -> Markup {
    guard let (option, load) = loads.first else { return "No option has a fleet of its own." }
    let most = load.hoursShareOfGPU.count
    let always = load.gpus(inShare: 1)
    let place: Markup = "in its supply \(name: load.supply)"
    guard always < most else {
      return "\(name: option.title) has \(Self.gpus(most)) \(place) in every hour."
    }
    let whole = NumberText.percent(load.hoursShareOfGPU.last ?? 0, digits: 0)
    let first: Markup = "\(name: option.title) has up to \(Self.gpus(most)) \(place), all of them in \(whole)"
    if always == 0 {
      let none = NumberText.percent(1 - (load.hoursShareOfGPU.first ?? 0), digits: 0)
      return "\(first) of the hours and none in \(none)."
    }
    return "\(first) of the hours and \(always) in every hour."
  }

  private static func gpus(_ count: Int) -> String { "\(count) GPU\(count == 1 ? "" : "s")" }

  /// What the bad week is like beside the typical one.
  func weeks(_ weeks: [FleetWeek]) -> Markup {
    guard let worst = weeks.first(where: { $0.kind == .worst }) else { return "No week was simulated." }
    let level = NumberText.attainment(worst.meanServiceLevel)
    let lost = worst.interruptedHours.count
    let paid = (0..<168).map { hour in worst.fleets.reduce(0) { $0 + $1.paid(hour) } }
    let (least, most) = (NumberText.significant(paid.min() ?? 0), NumberText.significant(paid.max() ?? 0))
    let first: Markup = """
      In its worst week \(name: subject.title(worst.option)) has \(least) to \(most) GPUs and serves \(level) of \
      requests within their objective
      """
    let middle: Markup = lost == 0 ? "" : ", with interruptions seen in \(lost) of 168 hours"
    guard let typical = weeks.first(where: { $0.kind == .typical }) else { return first + middle + "." }
    return first + middle + "; in a typical one \(NumberText.attainment(typical.meanServiceLevel))."
  }

  /// The dearest and the cheapest use case of the recommended option.
  func unitCosts(_ options: [OptionResult]) -> Markup {
    let priced = (subject.recommended.useCaseCosts ?? []).compactMap { use in
      use.perMillionOutput.map { (use.useCase, $0) }
    }
    guard let least = priced.min(by: { $0.1 < $1.1 }), let most = priced.max(by: { $0.1 < $1.1 }) else {
      return "What use cases cost is not known for \(name: subject.recommended.title)."
    }
    let title: Markup = "\(name: subject.recommended.title)"
    if priced.count == 1 {
      return "With \(title) a million output tokens cost \(NumberText.money(most.1))."
    }
    return """
      With \(title) a million output tokens cost \(NumberText.money(least.1)) for \(name: least.0) and \
      \(NumberText.money(most.1)) for \(name: most.0).
      """
  }
}
