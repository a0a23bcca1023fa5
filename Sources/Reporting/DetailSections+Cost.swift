// SPDX-License-Identifier: GPL-3.0-or-later
// The details that are about money: how costs are spread over futures, over months and over components.

import Charts
import Decision
import NumberFormatting

extension DetailSections {
  var distribution: Markup {
    let chart = LineChart(
      head: head(
        "chart-distribution", "Cumulative distribution of total cost by option", findings.distribution),
      series: result.options.map { option in
        LineChart.Series(
          key: subject.key(option),
          points: option.costQuantiles.enumerated().map { .init(x: $0.element, y: Double($0.offset) / 100) },
          isEmphasized: option.name == subject.recommended.name)
      },
      xAxis: ChartAxis(title: "Total cost over \(subject.horizon)", label: NumberText.axisMoney),
      yAxis: ChartAxis(title: "Share of futures that cost at most this") {
        NumberText.percent($0, digits: 0)
      },
      yDomain: 0...1,
      guides: [.init(value: 0.5, label: "P50"), .init(value: 0.9, label: "P90")])
    var table = HTMLTable(
      "Total cost by percentile of futures",
      columns: [.text("Percentile")] + result.options.map { .number("\(name: $0.title)") })
    for percent in stride(from: 0, through: 100, by: 5) {
      table.append(["P\(percent)"] + result.options.map { "\(NumberText.money($0.costQuantiles[percent]))" })
    }
    return section(
      id: "distribution", finding: findings.distribution,
      about: """
        Further left is cheaper; steeper is surer. Where two lines cross, the cheaper option depends on how lucky you are.
        """,
      charts: [chart], file: "cost_distribution.csv", tables: [table])
  }

  var ranges: Markup {
    let chart = RangeChart(
      head: head("chart-ranges", "P10, P50, P90 and P95 of total cost by option", findings.ranges),
      legend: .init(low: "P10", dot: "P50", high: "P90", diamond: "P95"),
      groups: [
        .init(
          rows: subject.ranked.map { option in
            let cost = option.totalCost
            return .init(
              key: subject.key(option), low: cost.p10, dot: cost.p50, high: cost.p90, diamond: cost.p95,
              note: NumberText.moneyRange(cost.p10, cost.p90),
              isEmphasized: option.name == subject.recommended.name)
          })
      ],
      axis: ChartAxis(title: "Total cost over \(subject.horizon)", label: NumberText.axisMoney))
    var table = HTMLTable(
      "Total cost, worst cases and regret by option",
      columns: [
        .text("Option"), .number("Mean"), .number("P10"), .number("P50"), .number("P90"), .number("P95"),
        .number("Worst 5\(NumberText.space)%"), .number("Expected regret"), .number("$ per request"),
      ])
    for option in subject.ranked {
      let cost = option.totalCost
      let amounts = [
        cost.mean, cost.p10, cost.p50, cost.p90, cost.p95, option.conditionalValueAtRisk95,
        // Options that serve too little are not compared, so that there is nothing to regret.
        option.meetsServiceLevel ? option.expectedRegret : .nan, option.costPerRequest.mean,
      ]
      table.append(["\(name: option.title)"] + amounts.map { "\(NumberText.money($0))" })
    }
    let options = FirstPage.table(subject, subject.ranked, caption: "All options by mean cost")
    return section(
      id: "ranges", finding: findings.ranges,
      about:
        "Four of five futures lie between the ends of each line; the diamond is the bad case, which one in twenty exceeds.",
      charts: [chart], file: "options.csv", tables: [options, table])
  }

  var monthly: Markup {
    let options = subject.stays ? [subject.recommended] : [subject.recommended, subject.today]
    let chart = ColumnChart(
      head: head("chart-monthly", "Cost by month and component", findings.monthly),
      keys: subject.components,
      panels: options.enumerated().map { index, option in
        .init(
          title: index == 0 ? "Recommended: \(option.title)" : "Today: \(option.title)",
          columns: option.monthly.map { CalendarText.month($0.month) },
          segments: option.monthly.map { subject.amounts($0.components) })
      },
      axis: ChartAxis(title: "Mean cost per month, not discounted", label: NumberText.axisMoney))
    var table = HTMLTable(
      "Cost by month, not discounted",
      columns: [.text("Month")]
        + options.flatMap { option -> [HTMLTable.Column] in
          [
            .number("\(name: option.title), mean"), .number("P10"), .number("P90"),
          ]
        })
    for (index, month) in subject.recommended.monthly.enumerated() {
      var cells: [Markup] = ["\(CalendarText.month(month.month))"]
      for option in options {
        guard option.monthly.indices.contains(index) else {
          cells += ["–", "–", "–"]
          continue
        }
        let cost = option.monthly[index].cost
        cells += [cost.mean, cost.p10, cost.p90].map { "\(NumberText.money($0))" }
      }
      table.append(cells)
    }
    return section(
      id: "monthly", finding: findings.monthly,
      about: "Both panels have the same scale. One-off costs fall in the month in which they are paid.",
      charts: [chart], file: "monthly_cost.csv, monthly_components.csv", tables: [table])
  }

  var components: Markup {
    let chart = BarChart(
      head: head("chart-components", "Cost components by option", findings.components),
      keys: subject.components,
      rows: subject.ranked.map { option in
        let total = option.components.map(\.mean).reduce(0, +)
        return .init(
          label: option.title, note: NumberText.money(total), values: subject.amounts(option.components),
          isEmphasized: option.name == subject.recommended.name)
      },
      axis: ChartAxis(title: "Mean cost over \(subject.horizon), not discounted", label: NumberText.axisMoney)
    )
    var table = HTMLTable(
      "Mean cost by component, not discounted",
      columns: [.text("Option"), .text("Component"), .number("Mean cost"), .number("Share")])
    for option in subject.ranked {
      let total = option.components.map(\.mean).reduce(0, +)
      for part in option.components {
        table.append([
          "\(name: option.title)", "\(name: part.component)", "\(NumberText.money(part.mean))",
          total > 0 ? "\(NumberText.percent(part.mean / total))" : "–",
        ])
      }
    }
    return section(
      id: "components", finding: findings.components,
      about:
        "The amounts at the bars’ ends are the undiscounted totals; they differ a little from the discounted ones above.",
      charts: [chart], file: "components.csv", tables: [table])
  }
}
