// SPDX-License-Identifier: GPL-3.0-or-later
// A night in Markdown, for a mail or a chat: what wants attention first, then what changed, then everything.

import Decision
import NumberFormatting
import Store

extension Night {
  /// The night in Markdown.
  public var summary: String {
    let day = String(finishedAt.prefix(16)).replacing("T", with: " ")
    var blocks = ["# Breakeven, \(day) UTC", headline]
    let failures = scenarios.filter { $0.failure != nil }
    if !alerts.isEmpty {
      blocks.append("## Alerts")
      blocks.append(
        alerts.map {
          "- **\(Self.escaped($0.scenario))**, `\($0.alert.kind.rawValue)`: \(Self.escaped($0.alert.sentence))"
        }
        .joined(separator: "\n"))
    }
    if !failures.isEmpty {
      blocks.append("## Failed")
      blocks.append(
        failures.map { night in
          let lines = night.failure?.lines ?? []
          return "- **\(Self.escaped(night.name))** (\(night.exitCode)): "
            + lines.prefix(5).map(Self.escaped).joined(separator: "<br>")
        }.joined(separator: "\n"))
    }
    let changes = scenarios.compactMap { night in
      night.planned.flatMap(Self.changes).map { "- **\(Self.escaped(night.name))**: \($0)" }
    }
    if !changes.isEmpty { blocks += ["## Changed since the last good run", changes.joined(separator: "\n")] }
    if scenarios.contains(where: { $0.planned != nil }) { blocks += ["## All scenarios", table] }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// How many scenarios, and how many of them want attention.
  var headline: String {
    let count = scenarios.count
    let failed = scenarios.count { $0.failure != nil }
    let alerted = scenarios.count { $0.planned?.alerts.isEmpty == false }
    let all = "\(count) scenario\(count == 1 ? "" : "s")"
    if failed == 0, alerted == 0 { return "\(all): no threshold crossed." }
    let parts = [
      alerted > 0 ? "\(alerted) with an alert" : nil, failed > 0 ? "\(failed) failed" : nil,
    ].compactMap(\.self)
    return "\(all): \(parts.joined(separator: ", "))."
  }

  /// What is another than in the last good run; nil where nothing is, and in the first night.
  private static func changes(_ planned: ScenarioNight.Planned) -> String? {
    guard let comparison = planned.comparison else { return nil }
    var parts: [String] = []
    if comparison.decisionFlips {
      parts.append("the decision changes from \(comparison.oldOption) to \(comparison.newOption)")
    }
    for option in comparison.options where option.change != .same {
      switch option.change {
      case .added: parts.append("\(option.name) is new")
      case .removed: parts.append("\(option.name) is gone")
      default:
        let costs = [("P50", option.p50), ("P90", option.p90)].compactMap { name, figure -> String? in
          guard let old = figure.old, let new = figure.new, old != new else { return nil }
          let share = figure.relativeChange.map { " (\(Alert.signed($0)))" } ?? ""
          return "\(name) \(NumberText.money(old)) → \(NumberText.money(new))\(share)"
        }
        var words = costs
        if let old = option.probabilityCheapest.old, let new = option.probabilityCheapest.new, old != new {
          words.append(
            "P(cheapest) \(NumberText.percent(old, digits: 0)) → \(NumberText.percent(new, digits: 0))")
        }
        if !words.isEmpty { parts.append("\(option.name): \(words.joined(separator: ", "))") }
      }
    }
    for row in comparison.breakEvens where row.change == .changed && row.unit == "volume" {
      guard let old = row.p50.old, let new = row.p50.new, old != new else { continue }
      parts.append("break-even of \(row.name): \(NumberText.multiple(old)) → \(NumberText.multiple(new))")
    }
    let inputs = comparison.inputs.map(\.name)
    if !parts.isEmpty, !inputs.isEmpty { parts.append("put in otherwise: \(inputs.joined(separator: ", "))") }
    return parts.isEmpty ? nil : escaped(parts.joined(separator: "; "))
  }

  private var table: String {
    var rows = [
      "| Scenario | Recommended | P50 | P90 | Change of P50 | P(cheapest) | Break-even by volume | Actual against plan |",
      "|---|---|---:|---:|---:|---:|---|---|",
    ]
    for night in scenarios {
      guard let planned = night.planned, let best = planned.result.recommended else { continue }
      // Those of the recommended option, each under the name of the other.
      let breakEvens = planned.result.volumeBreakEvens.compactMap { breakEven, value -> String? in
        let multiple = NumberText.multiple(value)
        if breakEven.option == best.name { return "against \(breakEven.against) \(multiple)" }
        return breakEven.against == best.name ? "\(breakEven.option) \(multiple)" : nil
      }
      let chance = planned.result.decision.probabilityCheapest
      let cells = [
        night.name, best.title, NumberText.money(best.totalCost.p50), NumberText.money(best.totalCost.p90),
        planned.costChange.map(ScenarioNight.Planned.change) ?? "–",
        NumberText.probability(chance.estimate, chance.low, chance.high),
        breakEvens.isEmpty ? "–" : breakEvens.joined(separator: ", "), planned.usage?.summary ?? "–",
      ]
      rows.append("| " + cells.map(Self.escaped).joined(separator: " | ") + " |")
    }
    return rows.joined(separator: "\n")
  }

  /// Text in which nothing is markup: titles and messages come from files.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\", "|", "*", "_", "`", "[", "]", "#": result += "\\\(character)"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\n", "\r", "\r\n": result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
