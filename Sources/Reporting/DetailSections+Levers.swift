// SPDX-License-Identifier: GPL-3.0-or-later
// What each measure saves: the waterfall from everything on the largest model to the option as it is.

import Charts
import Decision
import NumberFormatting

extension LeversResult {
  /// How many times what is left the start may be before the waterfall's axis is logarithmic.
  private static let mostOnALine = 12.0

  var end: LeverState { steps.last?.state ?? start }

  /// The steps as bars, the whole amounts first and last.
  var rows: [WaterfallChart.Row] {
    var before = start.cost.mean
    var rows = [
      WaterfallChart.Row(
        label: "All on \(largestModel), one by one", note: NumberText.money(before), before: nil,
        after: before)
    ]
    for step in steps {
      let after = step.state.cost.mean
      rows.append(
        .init(
          label: step.lever.title, note: (after > before ? "+" : "") + NumberText.money(after - before),
          before: before,
          after: after))
      before = after
    }
    rows.append(.init(label: "With all of them", note: NumberText.money(before), before: nil, after: before))
    return rows
  }

  var axisKind: Scale.Kind {
    let costs = [start.cost.mean] + steps.map(\.state.cost.mean)
    let (low, high) = (costs.min() ?? 0, costs.max() ?? 0)
    return low > 0 && high > Self.mostOnALine * low ? .logarithmic : .linear
  }
}

extension DetailSections {
  func levers(_ levers: LeversResult) -> Markup {
    let finding = findings.levers(levers)
    let isLogarithmic = levers.axisKind == .logarithmic
    let chart = WaterfallChart(
      head: head("chart-levers", "What each measure saves, one after another", finding), rows: levers.rows,
      axis: ChartAxis(
        title: "Mean cost over \(subject.horizon)"
          + (isLogarithmic ? ", equal lengths are equal shares" : ""),
        kind: levers.axisKind, label: NumberText.axisMoney))
    var steps = HTMLTable(
      "Measures one after another",
      columns: [
        .text("Measure"), .number("Cost after it"), .number("GPUs"), .number("In time"),
        .number("Saves here"),
        .number("P10"), .number("P90"), .number("Saves over all orders"),
      ])
    steps.append([
      "none of them", "\(NumberText.money(levers.start.cost.mean))", "\(levers.start.gpus)",
      "\(NumberText.attainment(levers.start.serviceLevel))", "–", "–", "–", "–",
    ])
    for step in levers.steps {
      steps.append(
        ["\(name: step.lever.title)", "\(NumberText.money(step.state.cost.mean))"]
          + ["\(step.state.gpus)", "\(NumberText.attainment(step.state.serviceLevel))"]
          + [step.saving.mean, step.saving.p10, step.saving.p90, step.shapleyShare].map {
            "\(NumberText.money($0))"
          })
    }
    for measure in levers.besides {
      steps.append(
        ["besides: \(name: measure.title)", "\(NumberText.money(measure.state.cost.mean))"]
          + ["\(measure.state.gpus)", "\(NumberText.attainment(measure.state.serviceLevel))"]
          + [measure.saving.mean, measure.saving.p10, measure.saving.p90].map { "\(NumberText.money($0))" }
          + ["–"])
    }
    return section(
      id: "levers", finding: finding,
      about: """
        Every bar is a simulation of its own on the same requests, with as many replicas as it needs to answer in time. \
        What a measure saves depends on what was done before it: its mean over all orders is in the table.
        """,
      charts: [chart], file: "levers.csv", tables: [steps])
  }
}

extension Findings {
  func levers(_ levers: LeversResult) -> Markup {
    guard let most = levers.steps.max(by: { $0.shapleyShare < $1.shapleyShare }) else {
      return "No measure applies to \(name: levers.title)"
    }
    let share = levers.start.cost.mean - levers.end.cost.mean
    return """
      \(name: most.lever.title) saves most on the way to \(name: levers.title): \
      \(NumberText.money(most.shapleyShare)) of \(NumberText.money(share))
      """
  }
}
