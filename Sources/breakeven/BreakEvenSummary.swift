// SPDX-License-Identifier: GPL-3.0-or-later
// What would turn the answer, as the terminal shows it: all options against today's in one table, and in words what
// concerns the choice at hand.

import CommandLineKit
import Decision
import NumberFormatting
import Reporting

/// The break-evens of a result for the terminal.
struct BreakEvenSummary {
  private let result: PlanResult

  init(_ result: PlanResult) { self.result = result }

  /// The table and the words; empty where there is only one option.
  var text: String {
    guard !result.breakEvens.isEmpty else { return "" }
    return table + details
  }

  /// The axes in the order of the columns.
  private static let axes = [
    ("volume", "Volume"), ("utilization", "Utilization"), ("gpu-price", "GPU-hour"),
    ("output-price", "1M output"), ("throughput", "Per replica"), ("payback", "Payback"),
  ]

  private var table: String {
    let today = result.decision.baseline
    let axes = Self.axes.filter { axis in
      result.breakEvens.contains { $0.axis == axis.0 && $0.against == today }
    }
    var table = TextTable(
      columns: [.left("Costs less than \(title(today))")] + axes.map { .right($0.1) })
    for option in result.options where option.name != today {
      table.add(
        [option.title]
          + axes.map { axis in
            let found = result.breakEvens.first {
              $0.option == option.name && $0.against == today && $0.axis == axis.0
            }
            return found.map(cell) ?? "–"
          })
    }
    return table.rendered + "\n"
  }

  private func cell(_ found: BreakEven) -> String {
    let side = found.axis == "payback" ? "" : found.pays == .upTo ? "≤ " : "≥ "
    return switch found.verdict {
    case .never: "never"
    case .always: "always"
    case .at(let value), .median(let value): side + NumberText.breakEven(value, axis: found.axis)
    }
  }

  /// The axes of the recommended option against today's, or where that is recommended of the next best, each with its
  /// P10–P90.
  private var details: String {
    let today = result.decision.baseline
    let chosen = result.decision.option == today ? result.flips?.runnerUp : result.decision.option
    let found = result.breakEvens.filter { $0.option == chosen && $0.against == today }
    guard let chosen, !found.isEmpty else { return "" }
    var table = TextTable(columns: [.left(""), .left(""), .left("")])
    for found in found {
      let name = Self.axes.first { $0.0 == found.axis }?.1 ?? found.axis
      table.add("  \(name)", found.finding, found.range ?? "")
    }
    return "\(title(chosen)) against \(title(today)):\n\(table.rendered)"
  }

  private func title(_ name: String) -> String {
    result.options.first { $0.name == name }?.title ?? name
  }
}
