// SPDX-License-Identifier: GPL-3.0-or-later
// The details that are about serving: when demand comes, what fleets do with their hours, how long requests wait.

import Charts
import Decision
import NumberFormatting

/// A fleet of an option.
struct FleetRow {
  var option: OptionResult
  var supply: SupplyResult

  /// Every fleet of a result, in the scenario's order.
  static func all(_ result: PlanResult) -> [FleetRow] {
    result.options.flatMap { option in
      option.supplies.filter { !$0.gpuHours.isEmpty }.map { FleetRow(option: option, supply: $0) }
    }
  }

  /// All hours paid.
  var total: Double { supply.gpuHours.map(\.hours).reduce(0, +) }

  /// Hours in a state.
  func hours(of state: String) -> Double {
    supply.gpuHours.filter { $0.state == state }.map(\.hours).reduce(0, +)
  }
}

extension DetailSections {
  var demand: Markup {
    let rates = result.demand.hourOfWeekRate
    let rows = (0..<7).map { day in Array(rates[day * 24..<day * 24 + 24]) }
    let chart = HeatMap(
      head: head("chart-demand", "Requests per second by hour and weekday", findings.demand),
      rows: CalendarText.weekdays, columns: (0..<24).map(String.init), values: rows,
      unit: "requests per second"
    ) { NumberText.significant($0) }
    var hours = HTMLTable(
      "Requests per second by hour of the week (UTC), first month",
      columns: [.text("Hour")] + CalendarText.weekdays.map { .number("\($0)") })
    for hour in 0..<24 {
      hours.append(["\(hour):00"] + rows.map { "\(NumberText.significant($0[hour]))" })
    }
    var uses = HTMLTable(
      "Demand by use case, first month",
      columns: [
        .text("Use case"), .text("Model"), .text("Source"), .number("Requests per day"),
        .number("Mean input tokens"), .number("Mean output tokens"),
      ])
    for use in result.demand.useCases {
      uses.append([
        "\(name: use.name)", "\(name: use.model)", "\(name: use.source)",
        "\(NumberText.count(use.requestsPerDay))",
        "\(NumberText.significant(use.meanInputTokens))", "\(NumberText.significant(use.meanOutputTokens))",
      ])
    }
    var months = HTMLTable(
      "Demand by month, mean over futures",
      columns: [.text("Month"), .number("Requests"), .number("Input tokens"), .number("Output tokens")])
    for month in result.demand.monthly {
      months.append([
        "\(CalendarText.month(month.month))", "\(NumberText.quantity(month.requests))",
        "\(NumberText.quantity(month.inputTokens))", "\(NumberText.quantity(month.outputTokens))",
      ])
    }
    return section(
      id: "demand", finding: findings.demand,
      about:
        "All use cases together, first month. Capacity that is paid by the hour is paid in the pale hours too.",
      charts: [chart], file: "demand_by_hour.csv, demand_by_use.csv, demand_monthly.csv",
      tables: [uses, months, hours])
  }

  func fleets(_ rows: [FleetRow]) -> Markup {
    let named = Set(rows.flatMap(\.supply.gpuHours).map(\.state))
    let states = ReportTables.states.filter(named.contains) + named.subtracting(ReportTables.states).sorted()
    let keys = states.enumerated().map { ChartKey(label: $0.element, slot: $0.offset) }
    let chart = BarChart(
      head: head("chart-fleets", "GPU-hours by state and fleet", findings.fleets(rows)),
      keys: keys,
      rows: rows.map { row in
        let busy = row.total > 0 ? row.hours(of: "busy") / row.total : 0
        return .init(
          label: "\(row.option.title) · \(row.supply.name)",
          note: "\(NumberText.percent(busy, digits: 0)) busy",
          values: states.map(row.hours), isEmphasized: row.option.name == subject.recommended.name)
      },
      axis: ChartAxis(title: "GPU-hours paid over \(subject.horizon)", label: NumberText.axisQuantity))
    var table = HTMLTable(
      "What each supply did over the horizon, mean over futures",
      columns: [
        .text("Option"), .text("Supply"), .text("Kind"), .number("Requests"), .number("Output tokens"),
        .number("Recomputed tokens"), .number("Interrupted"), .number("Throttled"),
        .number("Paid by the token"), .number("GPU-hours"), .number("Unit-hours"), .number("Used"),
      ])
    for option in result.options {
      for supply in option.supplies {
        let hours = supply.gpuHours.map(\.hours).reduce(0, +)
        table.append([
          "\(name: option.title)", "\(name: supply.name)", "\(supply.kind)",
          "\(NumberText.quantity(supply.requests))",
          "\(NumberText.quantity(supply.outputTokens))", "\(NumberText.quantity(supply.recomputedTokens))",
          supply.interruptedRequests.map { "\(NumberText.quantity($0))" } ?? "–",
          supply.throttled.map { "\(NumberText.quantity($0))" } ?? "–",
          supply.payAsYouGoRequests.map { "\(NumberText.quantity($0))" } ?? "–",
          supply.gpuHours.isEmpty ? "–" : "\(NumberText.quantity(hours))",
          supply.unitHours == 0 ? "–" : "\(NumberText.quantity(supply.unitHours))",
          supply.utilization.map { "\(NumberText.percent($0))" } ?? "–",
        ])
      }
    }
    return section(
      id: "fleets", finding: findings.fleets(rows),
      about: "Idle, booting and draining hours are paid for and answer nothing.",
      charts: [chart], file: "supplies.csv", tables: [table])
  }

  var latency: Markup {
    let first = latencyChart(
      id: "chart-ttft", title: "Time to first token by use case and option", axis: "Time to first token",
      value: \.timeToFirstToken, limit: \.timeToFirstTokenLimit)
    let second = latencyChart(
      id: "chart-tpot", title: "Time per output token by use case and option", axis: "Time per output token",
      value: \.timePerOutputToken, limit: \.timePerOutputTokenLimit)
    var table = HTMLTable(
      "Latency and service level by option and use case",
      columns: [
        .text("Option"), .text("Use case"), .number("TTFT P50"), .number("P90"), .number("P99"),
        .number("Objective"), .number("TPOT P50"), .number("P90"), .number("P99"), .number("Objective"),
        .number("End to end P90"), .number("Served within"),
      ])
    for option in subject.ranked {
      for use in option.latency {
        let (ttft, tpot) = (use.timeToFirstToken, use.timePerOutputToken)
        let limits = [use.timeToFirstTokenLimit, use.timePerOutputTokenLimit].map { limit -> Markup in
          limit.map { "\(NumberText.milliseconds($0))" } ?? "–"
        }
        let times = { (values: [Double]) in values.map { "\(NumberText.milliseconds($0))" as Markup } }
        table.append(
          ["\(name: option.title)", "\(name: use.useCase)"] + times([ttft.p50, ttft.p90, ttft.p99]) + [
            limits[0]
          ]
            + times([tpot.p50, tpot.p90, tpot.p99]) + [limits[1]] + times([use.endToEnd.p90]) + [
              "\(NumberText.attainment(use.serviceLevel))"
            ])
      }
    }
    return section(
      id: "latency", finding: findings.latency,
      about: """
        Percentiles over all simulated requests, on a logarithmic axis. The upright line is the objective; what stands at \
        the right is the share of requests served within both objectives.
        """,
      charts: [first, second], file: "latency.csv", tables: [table])
  }

  /// One latency by use case, every option a row.
  private func latencyChart(
    id: String, title: String, axis: String, value: KeyPath<LatencyResult, Percentiles>,
    limit: KeyPath<LatencyResult, Double?>
  ) -> RangeChart {
    var uses: [String] = []
    for use in subject.ranked.flatMap(\.latency).map(\.useCase) where !uses.contains(use) { uses.append(use) }
    let groups = uses.map { use -> RangeChart.Group in
      var bound: Double?
      var rows: [RangeChart.Row] = []
      for option in subject.ranked {
        guard let latency = option.latency.first(where: { $0.useCase == use }) else { continue }
        bound = bound ?? latency[keyPath: limit]
        let times = latency[keyPath: value]
        rows.append(
          .init(
            key: subject.key(option), low: times.p50, dot: times.p50, high: times.p99, diamond: times.p90,
            note: NumberText.attainment(latency.serviceLevel),
            isEmphasized: option.name == subject.recommended.name))
      }
      return .init(
        title: use, limit: bound, limitLabel: bound.map { "objective \(NumberText.milliseconds($0))" } ?? "",
        rows: rows)
    }
    return RangeChart(
      head: head(id, title, findings.latency),
      legend: .init(low: "", dot: "P50", high: "P99", diamond: "P90"), groups: groups,
      axis: ChartAxis(title: axis, kind: .logarithmic, label: NumberText.milliseconds))
  }
}
