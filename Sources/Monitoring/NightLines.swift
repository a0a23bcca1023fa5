// SPDX-License-Identifier: GPL-3.0-or-later
// What a night prints: a line for each scenario that has nothing to say, and one for each alert and failure.

import Decision
import NumberFormatting

extension ScenarioNight {
  /// The lines, each ended.
  public var text: String {
    switch outcome {
    case .failed(let code, let lines):
      return "\(name): failed (\(code)): \(lines.first ?? "no reason given")\n"
    case .planned(let planned):
      if planned.alerts.isEmpty { return "\(name): \(planned.summary)\n" }
      return planned.alerts.map { "\(name): alert \($0.kind.rawValue): \($0.sentence)\n" }.joined()
    }
  }
}

extension ScenarioNight.Planned {
  /// Decision and numbers in one line: `own stays; P50 $296 k (−2.1 %), P(cheapest) 71 %`.
  public var summary: String {
    let option = result.decision.option
    var parts = [
      previous == nil ? "first night: \(option)" : isFlip ? "now \(option)" : "\(option) stays"
    ]
    let cost = result.recommended?.totalCost.p50 ?? 0
    parts.append(
      "P50 \(NumberText.money(cost))" + (costChange.map { " (\(Self.change($0)))" } ?? "")
        + ", P(cheapest) \(NumberText.percent(result.decision.probabilityCheapest.estimate, digits: 0))")
    if let usage { parts.append(usage.summary) }
    return parts.joined(separator: "; ")
  }

  /// Whether another option is recommended than before.
  var isFlip: Bool { previous.map { $0.decision.option != result.decision.option } ?? false }

  /// The change of the recommended option's median cost, as a share; nil where it has no counterpart.
  var costChange: Double? {
    guard let new = result.recommended,
      let old = previous?.options.first(where: { $0.name == new.name })?.totalCost.p50, old != 0
    else { return nil }
    return (new.totalCost.p50 - old) / old.magnitude
  }

  /// A change in words: `unchanged`, `+1.2 %`.
  static func change(_ share: Double) -> String { share == 0 ? "unchanged" : Alert.signed(share) }
}

extension UsageAgainstPlan {
  /// Spend and volume in one line.
  public var summary: String {
    func against(_ actual: String, _ planned: String?, _ excess: Double?) -> String {
      guard let planned, let excess else { return actual }
      return "\(actual) of \(planned) planned (\(Alert.signed(excess)))"
    }
    let requests = against(
      "\(NumberText.quantity(measured.requests)) requests", plannedRequests.map(NumberText.quantity),
      volumeExcess)
    guard let dollars = measured.dollars else { return requests }
    let spend = against(
      "spent \(NumberText.money(dollars))", plannedSpend.map(NumberText.money), spendExcess)
    return "\(spend), \(requests)"
  }
}
