// SPDX-License-Identifier: GPL-3.0-or-later
// The sections that say where the answer turns: along volume, and along every other axis.

import Charts
import Decision
import NumberFormatting

extension DetailSections {
  var alongVolume: Markup {
    let points = result.alongVolume.sorted { $0.volume < $1.volume }
    let frontier = result.flips?.frontier ?? []
    let finding = findings.frontier(frontier)
    let chart = AreaChart(
      head: head(
        "chart-volume", "Probability of being the cheapest along demand volume", finding),
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
    var turns = HTMLTable(
      "Cheapest on average among the options that meet the service level",
      columns: [.text("Option"), .number("From"), .number("To"), .number("Output tokens per day, to")])
    for stretch in frontier {
      turns.append([
        "\(name: subject.title(stretch.option))", "\(NumberText.multiple(stretch.from))",
        "\(NumberText.multiple(stretch.to))", "\(NumberText.quantity(stretch.outputTokensPerDayTo))",
      ])
    }
    return section(
      id: "along-volume", finding: finding,
      about: """
        The height of an area is an option’s chance to be the cheapest if demand were that multiple of the plan. The cheapest \
        on average need not be the likeliest.
        """,
      charts: [chart], file: frontier.isEmpty ? "along_volume.csv" : "along_volume.csv, frontier.csv",
      tables: frontier.isEmpty ? [table] : [turns, table])
  }

  var breakEvens: Markup {
    var table = HTMLTable(
      "Where each option costs the same as the one it is held against",
      columns: [
        .text("Option"), .text("Against"), .text("Axis"), .text("Finding"), .number("Equal mean costs"),
        .number("P10"), .number("P50"), .number("P90"), .number("As planned"), .number("Never pays"),
        .number("Always pays"),
      ])
    for found in FirstPage.breakEvens(subject) {
      func cell(_ value: Double?) -> Markup {
        value.map { "\(NumberText.breakEven($0, axis: found.axis))" } ?? "–"
      }
      let spread = found.value
      let values = [found.point, spread?.p10, spread?.p50, spread?.p90, found.planned].map(cell)
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
      most, and more than 100\(NumberText.space)% cannot be reached; prices are of a GPU-hour and of 1M output tokens, \
      throughput is of one replica that always has work. P10 to P90 are over the futures that have a break-even.</p>
      \(axes.html)<p class='csv'>Numbers: <code>break_even.csv</code></p>
      <details><summary>Show each with its range</summary>
      \(table.html)</details>
      </section>

      """
  }

  /// Every option against today's, one axis a column.
  private var axes: HTMLTable {
    let all = [
      ("volume", "Volume"), ("utilization", "Utilization"), ("gpu-price", "GPU-hour"),
      ("output-price", "1M output tokens"), ("throughput", "Throughput per replica"), ("payback", "Payback"),
    ]
    let found = result.breakEvens.filter { $0.against == subject.today.name }
    let axes = all.filter { axis in found.contains { $0.axis == axis.0 } }
    var table = HTMLTable(
      "Where each option costs less than \(name: subject.today.title)",
      columns: [.text("Option")] + axes.map { .number("\($0.1)") })
    for option in subject.ranked where option.name != subject.today.name {
      table.append(
        ["\(name: option.title)"]
          + axes.map { axis in
            found.first { $0.option == option.name && $0.axis == axis.0 }.map(cell) ?? "–"
          })
    }
    return table
  }

  private func cell(_ found: BreakEven) -> Markup {
    let side: Markup = found.axis == "payback" ? "" : found.pays == .upTo ? "up to " : "from "
    return switch found.verdict {
    case .never: "never"
    case .always: "always"
    case .at(let value), .median(let value): "\(side)\(NumberText.breakEven(value, axis: found.axis))"
    }
  }
}
