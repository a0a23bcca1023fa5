// SPDX-License-Identifier: GPL-3.0-or-later
// The sections that say where the answer turns: along volume, and along every other axis.

import Charts
import Decision
import NumberFormatting

extension DetailSections {
  var alongVolume: Markup {
    let points = result.alongVolume.sorted { $0.volume < $1.volume }
    let chart = AreaChart(
      head: head(
        "chart-volume", "Probability of being the cheapest along demand volume", findings.alongVolume),
      xs: points.map(\.volume),
      layers: result.options.enumerated().map { index, option in
        .init(key: subject.key(option), values: points.map { $0.probabilityCheapest[index] })
      },
      xAxis: ChartAxis(
        title: "Demand, multiple of the plan", kind: .logarithmic, label: NumberText.axisMultiple),
      yAxis: ChartAxis(title: "Share of futures in which the option is the cheapest") {
        NumberText.percent($0, digits: 0)
      },
      yMaximum: max(1, points.map { $0.probabilityCheapest.reduce(0, +) }.max() ?? 1),
      guide: .init(value: 1, label: "as planned"))
    var table = HTMLTable(
      "P(cheapest) by demand volume",
      columns: [.text("Demand"), .number("Output tokens per day")]
        + result.options.map { .number("\(name: $0.title)") })
    for point in points {
      table.append(
        ["\(NumberText.axisMultiple(point.volume))", "\(NumberText.quantity(point.outputTokensPerDay))"]
          + point.probabilityCheapest.map { "\(NumberText.percent($0, digits: 0))" })
    }
    return section(
      id: "along-volume", finding: findings.alongVolume,
      about:
        "The height of an area is an option’s chance to be the cheapest if demand were that multiple of the plan.",
      charts: [chart], file: "along_volume.csv", tables: [table])
  }

  var breakEvens: Markup {
    var table = HTMLTable(
      "Where each option costs the same as the one it is held against",
      columns: [
        .text("Option"), .text("Against"), .text("Axis"), .text("Finding"), .number("P10"), .number("P50"),
        .number("P90"), .number("Never pays"), .number("Always pays"),
      ])
    for found in FirstPage.breakEvens(subject) {
      let values: [Markup] =
        found.value.map { [$0.p10, $0.p50, $0.p90].map { "\(NumberText.breakEven($0, axis: found.axis))" } }
        ?? [
          "–", "–", "–",
        ]
      table.append(
        [
          "\(name: subject.title(found.option))", "\(name: subject.title(found.against))", "\(found.axis)",
          "\(name: found.finding)",
        ] + values + [
          "\(NumberText.percent(found.neverShare, digits: 0))",
          "\(NumberText.percent(found.alwaysShare, digits: 0))",
        ])
    }
    return """
      <section class='detail' id='break-even'>
      <h3>\(findings.breakEvens)</h3>
      <p class='about'>Volume is a multiple of the planned demand; utilization is a share of what the fleet can do at \
      most, and more than 100\(NumberText.space)% cannot be reached.</p>
      \(table.html)<p class='csv'>Numbers: <code>break_even.csv</code></p>
      </section>

      """
  }
}
