// SPDX-License-Identifier: GPL-3.0-or-later
// What every section of the page looks up in a result: who is recommended, who is today's option, what colour each
// option has, and which cost components are worth a colour.

import Charts
import Decision

/// A checked result, and what its sections share.
struct ReportSubject {
  let result: PlanResult
  /// The run that it is held against; nil for none.
  let earlier: EarlierRun?
  /// The options by mean cost, cheapest first; ties in the scenario's order.
  let ranked: [OptionResult]
  let recommended: OptionResult
  let today: OptionResult
  /// Cost components of all options that are named in charts, largest first; what is left is "Other".
  let components: [ChartKey]

  /// The name of the components that have no colour of their own.
  static let other = "Other"
  /// A palette has eight colours, and the eighth is for what is left.
  private static let namedComponents = 7

  init(_ result: PlanResult, since earlier: EarlierRun? = nil) {
    self.result = result
    self.earlier = earlier
    ranked = result.options.enumerated().sorted {
      ($0.element.totalCost.mean, $0.offset) < ($1.element.totalCost.mean, $1.offset)
    }.map(\.element)
    let named = { (name: String) in
      guard let option = result.options.first(where: { $0.name == name }) else {
        preconditionFailure("a checked result names the option \(name), which it has not")
      }
      return option
    }
    recommended = named(result.decision.option)
    today = named(result.decision.baseline)

    var totals: [(name: String, total: Double)] = []
    for part in result.options.flatMap(\.components) {
      if let index = totals.firstIndex(where: { $0.name == part.component }) {
        totals[index].total += part.mean.magnitude
      } else {
        totals.append((part.component, part.mean.magnitude))
      }
    }
    let sorted = totals.filter { $0.total > 0 }.sorted {
      $0.total != $1.total ? $0.total > $1.total : $0.name < $1.name
    }
    var names = sorted.map(\.name)
    if names.count > Self.namedComponents + 1 { names = names.prefix(Self.namedComponents) + [Self.other] }
    components = names.enumerated().map { ChartKey(label: $0.element, slot: $0.offset) }
  }

  /// Whether today's option is the recommended one.
  var stays: Bool { recommended.name == today.name }

  /// An option's title by its id.
  func title(_ name: String) -> String {
    result.options.first { $0.name == name }?.title ?? name
  }

  /// An option's name and colour, the same in every chart: the recommended option has the first colour, today's the
  /// second, the others theirs in the scenario's order.
  func key(_ option: OptionResult) -> ChartKey {
    let first = [recommended.name, today.name]
    let order =
      (stays ? [recommended.name] : first) + result.options.map(\.name).filter { !first.contains($0) }
    return ChartKey(label: option.title, slot: order.firstIndex(of: option.name) ?? 0)
  }

  /// The amounts of the charts' components in a list of an option's.
  func amounts(_ parts: [CostComponent]) -> [Double] {
    var amounts = components.map { _ in 0.0 }
    for part in parts where part.mean != 0 {
      let index = components.firstIndex { $0.label == part.component } ?? components.indices.last
      if let index { amounts[index] += part.mean }
    }
    return amounts
  }

  /// `12 months from Dec 2026`.
  var horizon: String {
    let months = result.run.months
    return "\(months) month\(months == 1 ? "" : "s") from \(CalendarText.month(result.run.startMonth))"
  }
}
