// SPDX-License-Identifier: GPL-3.0-or-later
// The detail that holds the plan against the run before.

import Charts
import Decision
import NumberFormatting

extension DetailSections {
  /// What changed since an earlier run.
  func changes(since earlier: EarlierRun) -> Markup {
    let finding = findings.changes(since: earlier)
    let options = earlier.comparison.options
    let groups = options.compactMap { option -> RangeChart.Group? in
      let slot = result.options.firstIndex { $0.name == option.name } ?? result.options.count
      func row(_ label: String, _ value: (RunComparison.Figure) -> Double?) -> RangeChart.Row? {
        guard let p10 = value(option.p10), let p50 = value(option.p50), let p90 = value(option.p90) else {
          return nil
        }
        return .init(
          key: ChartKey(label: label, slot: slot), low: p10, dot: p50, high: p90,
          note: NumberText.money(p50), isEmphasized: label == "now" && option.name == subject.recommended.name
        )
      }
      let rows = [row("before") { $0.old }, row("now") { $0.new }].compactMap(\.self)
      return rows.isEmpty ? nil : .init(title: option.title, rows: rows)
    }
    let chart = RangeChart(
      head: head("chart-changes", "P10, P50 and P90 of total cost by option, before and now", finding),
      legend: .init(low: "P10", dot: "P50", high: "P90"), groups: groups,
      axis: ChartAxis(title: "Total cost over \(subject.horizon)", label: NumberText.axisMoney))
    return section(
      id: "changes", finding: finding,
      about: """
        Held against the newest stored run of this scenario that came to something else. What was put in, break-evens and \
        assumptions are listed where they changed.
        """,
      charts: [chart], file: "changes.csv",
      tables: ComparisonSection(tables: ComparisonTables(earlier.comparison)).parts)
  }
}

extension Findings {
  /// Whether the decision stays, and what the recommended option costs now.
  func changes(since earlier: EarlierRun) -> Markup {
    let comparison = earlier.comparison
    func title(_ name: String) -> String {
      comparison.options.first { $0.name == name }?.title ?? name
    }
    let now = title(comparison.newOption)
    let since: Markup = "Since run \(String(earlier.run)) of \(earlier.day)"
    if comparison.decisionFlips {
      return "\(since) the decision flips: \(name: title(comparison.oldOption)) → \(name: now)."
    }
    guard let cost = comparison.options.first(where: { $0.name == comparison.newOption })?.p50,
      let old = cost.old, let new = cost.new, old != new
    else { return "\(since) the decision stays, and so does what \(name: now) costs." }
    let amounts = ComparisonTables.amounts(cost, NumberText.money, relative: true)
    return "\(since) the decision stays; the median cost of \(name: now) went \(amounts)."
  }
}
