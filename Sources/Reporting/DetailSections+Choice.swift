// SPDX-License-Identifier: GPL-3.0-or-later
// The details that are about the choice itself: what it saves against others, what its cost hangs on, and what it is
// worth to find out first.

import Charts
import Decision
import NumberFormatting
import Uncertainty

extension DetailSections {
  /// More inputs than these move nothing that is seen.
  static var inputLimit: Int { 12 }

  /// The end of an input's path, which tells inputs apart, where the whole has no room in a chart.
  static func short(_ path: String) -> String {
    guard path.count > 34 else { return path }
    var kept = ""
    for part in path.split(separator: ".", omittingEmptySubsequences: false).reversed() {
      guard kept.isEmpty || kept.count + part.count < 33 else { return "…" + kept }
      kept = kept.isEmpty ? String(part) : "\(part).\(kept)"
    }
    return kept
  }

  func differences(_ differences: [CostDifference]) -> Markup {
    let chart = LineChart(
      head: head("chart-savings", "Distribution of what the choice saves", findings.differences(differences)),
      series: differences.map { one in
        LineChart.Series(
          key: ChartKey(
            label: "against \(subject.title(one.against))",
            slot: result.options.first { $0.name == one.against }.map { subject.key($0).slot } ?? 1),
          points: one.savingQuantiles.enumerated().map { .init(x: $0.element, y: Double($0.offset) / 100) },
          isEmphasized: one.against == subject.today.name)
      },
      xAxis: ChartAxis(title: "Saving over \(subject.horizon)", label: NumberText.axisMoney),
      yAxis: ChartAxis(title: "Share of futures that save at most this") {
        NumberText.percent($0, digits: 0)
      }, yDomain: 0...1, guides: [.init(value: 0.5, label: "P50")])
    var table = HTMLTable(
      "Saving over \(subject.horizon), future by future",
      columns: [
        .text("Against"), .number("Mean"), .number("P10"), .number("P50"), .number("P90"),
        .number("Futures in which it saves"),
      ])
    for one in differences {
      let saving = one.saving
      table.append(
        ["\(name: subject.title(one.against))"]
          + [saving.mean, saving.p10, saving.p50, saving.p90].map { "\(NumberText.money($0))" }
          + ["\(NumberText.percent(one.cheaperShare, digits: 0))"])
    }
    return section(
      id: "savings", finding: findings.differences(differences),
      about: """
        What the other option costs less what \(name: subject.recommended.title) costs, in the same future: left of \
        $0 the choice was wrong.
        """,
      charts: [chart], file: "savings.csv", tables: [table])
  }

  /// What moves the recommended option's cost.
  func sensitivity(_ uncertainty: UncertaintyResult) -> Markup {
    let moving = findings.moving(uncertainty)
    let shown = moving.prefix(Self.inputLimit)
    let chart = TornadoChart(
      head: head(
        "chart-tornado", "What each uncertain input moves the cost by", findings.sensitivity(uncertainty)),
      lowKey: "input at its P10", highKey: "input at its P90", noteTitle: "of the variance",
      middle: subject.recommended.totalCost.mean,
      middleLabel: "mean \(NumberText.money(subject.recommended.totalCost.mean))",
      rows: shown.map { input, effect in
        .init(
          label: Self.short(input.name), atLow: effect.costAtP10, atHigh: effect.costAtP90,
          note: NumberText.percent(effect.firstOrderIndex.value, digits: 0))
      },
      axis: ChartAxis(title: "Mean cost over \(subject.horizon)", label: NumberText.axisMoney))
    var table = HTMLTable(
      "What moves the cost of \(name: subject.recommended.title)",
      columns: [
        .text("Input"), .number("Its P10"), .number("Its P90"), .number("Mean cost at P10"),
        .number("Mean cost at P90"), .number("Sobol’ index, first order"),
      ])
    for (input, effect) in moving {
      let index = effect.firstOrderIndex
      table.append([
        "<code>\(name: input.name)</code>", "\(NumberText.significant(input.p10))",
        "\(NumberText.significant(input.p90))", "\(NumberText.money(effect.costAtP10))",
        "\(NumberText.money(effect.costAtP90))",
        "\(NumberText.probability(index.value, index.low, index.high))",
      ])
    }
    let kept: Markup =
      moving.count > shown.count ? " The \(shown.count) largest of \(moving.count) inputs are drawn." : ""
    return section(
      id: "sensitivity", finding: findings.sensitivity(uncertainty),
      about: """
        The mean cost of \(name: subject.recommended.title) where one input is at its P10 or P90 and all others are \
        as uncertain as ever; at the right the input’s first-order Sobol’ index.\(kept)
        """,
      charts: [chart], file: "sensitivity.csv", tables: [table])
  }

  /// What it is worth to find out before deciding.
  func information(_ uncertainty: UncertaintyResult) -> Markup {
    let all = uncertainty.perfectInformation
    let everything = (name: "Everything, chance included", worth: all, slot: 6)
    let groups = uncertainty.groups.filter { $0.inputs.count > 1 && $0.information.value > 0 }
      .map { (name: "\($0.name).*: \($0.inputs.count) inputs", worth: $0.information, slot: 2) }
    let inputs = uncertainty.inputs.filter { $0.information.value > 0 }
      .map { (name: $0.name, worth: $0.information, slot: 0) }
    let shown =
      [everything] + groups.sorted { $0.worth.value > $1.worth.value }.prefix(4)
      + inputs.prefix(Self.inputLimit - 5)
    let chart = RangeChart(
      head: head("chart-information", "What finding out is worth", findings.information(uncertainty)),
      legend: .init(low: "95 % interval from", dot: "worth at most", high: "to"),
      groups: [
        .init(
          rows: shown.map { row in
            .init(
              key: ChartKey(label: Self.short(row.name), slot: row.slot), low: row.worth.low,
              dot: row.worth.value,
              high: row.worth.high, note: NumberText.money(row.worth.value))
          })
      ], axis: ChartAxis(title: "Worth over \(subject.horizon), at most", label: NumberText.axisMoney))
    var table = HTMLTable(
      "What knowing it exactly before deciding is worth, at most",
      columns: [.text("Found out"), .number("Worth"), .number("95\(NumberText.space)% interval")])
    for row in [everything] + groups + inputs {
      table.append([
        "\(name: row.name)", "\(NumberText.money(row.worth.value))",
        "\(NumberText.moneyRange(row.worth.low, row.worth.high))",
      ])
    }
    return section(
      id: "information", finding: findings.information(uncertainty),
      about: """
        A pilot or a negotiation that settles an input can save this much on average, by another choice where it turns \
        out badly (EVPPI). What costs more to find out is not worth it; worths do not add up.
        """,
      charts: [chart], file: "information.csv", tables: [table])
  }
}
