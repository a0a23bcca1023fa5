// SPDX-License-Identifier: GPL-3.0-or-later
// The sections of two axes at once: volume with GPU price, and money with time.

import Charts
import Decision
import NumberFormatting

extension DetailSections {
  /// The map and the payback of what is recommended, or of the next best where today's option is.
  var flips: [Markup] {
    guard let flips = result.flips else { return [] }
    let name = subject.stays ? flips.runnerUp : subject.recommended.name
    return [
      flips.map.map(breakEvenMap),
      flips.savings.first { $0.option == name && !$0.months.isEmpty }.map { savings(flips.savings, of: $0) },
    ].compactMap(\.self)
  }

  /// Where in the plane of volume and GPU price the recommended option costs less than today's.
  func breakEvenMap(_ map: BreakEvenMap) -> Markup {
    let (mine, theirs) = (subject.title(map.option), subject.title(map.against))
    let finding = findings.map(map)
    let chart = FlipMap(
      head: head("chart-map", "Chance to cost less, by demand volume and GPU price", finding),
      xs: map.volumes, ys: map.gpuPriceFactors, chances: map.probabilityCheaper, even: map.evenFactor,
      xAxis: ChartAxis(
        title: "Demand, multiple of the plan", kind: .logarithmic, label: NumberText.axisMultiple),
      yAxis: ChartAxis(title: "GPU-hour price, multiple of the plan", kind: .logarithmic) {
        NumberText.axisMultiple($0)
      }, likely: "\(mine) costs less in every future", unlikely: "\(theirs) costs less in every future")
    let shown = map.volumes.indices.filter { $0 % 2 == 0 }
    var table = HTMLTable(
      "Share of futures in which \(name: mine) costs less than \(name: theirs)",
      columns: [.text("GPU-hour")] + shown.map { .number("\(NumberText.axisMultiple(map.volumes[$0]))") })
    for (row, factor) in map.gpuPriceFactors.enumerated().reversed() {
      table.append(
        ["\(NumberText.axisMultiple(factor)), \(NumberText.money(factor * map.plannedGPUHour))"]
          + shown.map { "\(NumberText.percent(map.probabilityCheaper[$0][row], digits: 0))" })
    }
    return section(
      id: "break-even-map", finding: finding,
      about: """
        Every cell is the plan at that volume, with all GPU-hour prices of all options multiplied by that factor. An option \
        that misses its service level there has no chance.
        """,
      charts: [chart], file: "break_even_map.csv", tables: [table])
  }

  /// What each option has saved against today's by the end of each month.
  func savings(_ savings: [CumulativeSaving], of first: CumulativeSaving) -> Markup {
    let finding = findings.saving(first)
    func series(_ saving: CumulativeSaving) -> BandChart.Series? {
      result.options.first { $0.name == saving.option }.map {
        BandChart.Series(key: subject.key($0), values: saving.months.map(\.saving.p50))
      }
    }
    let months = first.months
    let chart = series(first).map { main in
      BandChart(
        head: head("chart-payback", "Cumulative saving against today, with P10 to P90", finding),
        columns: months.map { CalendarText.month($0.month) }, series: main, low: months.map(\.saving.p10),
        high: months.map(\.saving.p90), band: "P10–P90 of \(subject.title(first.option))",
        others: savings.filter { $0.option != first.option }.compactMap(series),
        axis: ChartAxis(
          title: "Saved since the first month, median, discounted", label: NumberText.axisMoney))
    }
    var table = HTMLTable(
      "Cumulative saving of \(name: subject.title(first.option)), discounted",
      columns: [
        .text("Month"), .number("Mean"), .number("P10"), .number("P50"), .number("P90"),
        .number("Futures ahead"),
      ])
    for month in months {
      let amounts = [month.saving.mean, month.saving.p10, month.saving.p50, month.saving.p90]
      table.append(
        ["\(CalendarText.month(month.month))"] + amounts.map { "\(NumberText.money($0))" }
          + ["\(NumberText.percent(month.positiveShare, digits: 0))"])
    }
    return section(
      id: "payback", finding: finding,
      about: """
        What today’s option would have cost up to the end of each month, less what the other costs, in dollars of the first \
        month. Above zero the change has paid back.
        """,
      charts: chart.map { [$0] } ?? [], file: "payback.csv", tables: [table])
  }
}

extension Findings {
  /// The map: up to which price of a GPU-hour the option is as likely to cost less as not, at the planned volume.
  func map(_ map: BreakEvenMap) -> Markup {
    let (mine, theirs) = (subject.title(map.option), subject.title(map.against))
    let place = map.volumes.indices.min { abs(map.volumes[$0] - 1) < abs(map.volumes[$1] - 1) } ?? 0
    guard let factor = map.evenFactor[place] else {
      let chances = map.probabilityCheaper[place]
      let always = chances.allSatisfy { $0 >= 0.5 }
      return """
        At the planned volume \(name: always ? mine : theirs) is likelier to cost less at every GPU price between \
        \(NumberText.multiple(map.gpuPriceFactors[0])) and \
        \(NumberText.multiple(map.gpuPriceFactors[map.gpuPriceFactors.count - 1])) of the plan.
        """
    }
    let gains = map.probabilityCheaper[place][0] >= 0.5
    return """
      At the planned volume \(name: gains ? mine : theirs) is likelier to cost less while GPUs cost under \
      \(NumberText.multiple(factor)) of the plan, \(NumberText.money(factor * map.plannedGPUHour)) per GPU-hour; above \
      that \(name: gains ? theirs : mine).
      """
  }

  /// The saving: by when it has paid back in half of the futures, and how far apart good and bad futures end.
  func saving(_ saving: CumulativeSaving) -> Markup {
    let (mine, theirs) = (subject.title(saving.option), subject.title(saving.against))
    guard let last = saving.months.last else { return "No months were priced." }
    let turn = payback(cumulative: saving.months.map(\.saving.p50))
    let range = NumberText.moneyRange(last.saving.p10, last.saving.p90)
    switch turn {
    case .always:
      return
        "\(name: mine) is ahead of \(name: theirs) from the first month on; it ends \(range) ahead (P10–P90)."
    case .at(let month):
      let name = saving.months[Int(month) - 1].month
      return """
        \(name: mine) has paid back against \(name: theirs) by \(CalendarText.month(name)) in half of the futures; it \
        ends \(range) ahead (P10–P90).
        """
    case .never:
      return """
        \(name: mine) does not pay back against \(name: theirs) within \(subject.horizon) in half of the futures; it ends \
        \(range) ahead (P10–P90).
        """
    }
  }

  /// Along volume: who is cheapest on average from where to where.
  func frontier(_ stretches: [FrontierStretch]) -> Markup {
    guard stretches.count > 1 else { return alongVolume }
    let parts = stretches.enumerated().map { index, stretch -> Markup in
      let title = subject.title(stretch.option)
      if index == stretches.count - 1 { return "then \(name: title)" }
      let end: Markup =
        "\(NumberText.multiple(stretch.to)) (about \(NumberText.quantity(stretch.outputTokensPerDayTo)) output tokens a day)"
      return "\(name: title) up to \(end)"
    }
    return "Cheapest on average, by multiple of the planned demand: " + parts.joined(separator: ", ") + "."
  }
}
