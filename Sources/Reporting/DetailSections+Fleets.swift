// SPDX-License-Identifier: GPL-3.0-or-later
// The details that are about GPUs: how many are there in how many hours, how they are bought, and what a week of them
// looks like.

import Charts
import Decision
import NumberFormatting

extension DetailSections {
  /// More curves than these are left to the file.
  private static var curveLimit: Int { 3 }

  /// The load-duration curves, those of the recommended option first.
  func loads(_ loads: [(option: OptionResult, load: FleetLoad)]) -> Markup {
    // A fleet that is the same in every hour has a curve that shows nothing.
    let telling = loads.filter { $0.load.gpus(inShare: 1) < $0.load.hoursShareOfGPU.count }
    let shown = (telling.isEmpty ? loads.prefix(1) : telling.prefix(Self.curveLimit))
    let charts = shown.enumerated().map { index, one in
      loadChart(one.option, one.load, id: "chart-load-\(index + 1)", finding: findings.loads(loads))
    }
    var table = HTMLTable(
      "GPUs there, and how they are bought",
      columns: [
        .text("Option"), .text("Supply"), .text("GPU"), .text("Layers"), .number("Always there"),
        .number("Half of the hours"), .number("Most"),
      ])
    for (option, load) in loads {
      let layers = load.layers.map { layer in
        layer.gpus.map { "\($0) \(layer.purchase)" } ?? "the rest \(layer.purchase)"
      }
      table.append([
        "\(name: option.title)", "\(name: load.supply)", "\(name: load.gpu)",
        "\(layers.joined(separator: ", "))", "\(load.gpus(inShare: 1))", "\(load.gpus(inShare: 0.5))",
        "\(load.hoursShareOfGPU.count)",
      ])
    }
    let captions = shown.map { "\(name: $0.option.title) · \(name: $0.load.supply)" as Markup }
    return section(
      id: "load-duration", finding: findings.loads(loads),
      about: """
        All hours of the horizon and all futures, sorted by how many GPUs are there. What is committed is paid for in \
        every hour; what lies above is paid for while it is there. Drawn: \(captions.joined(separator: "; ")).
        """,
      charts: charts, file: "fleet_loads.csv", tables: [table])
  }

  /// Each way to buy has its colour in every curve.
  private static var slots: [String] {
    ["committed-1-year", "on-demand", "committed-3-year", "spot", "capacity-block"]
  }

  private func loadChart(
    _ option: OptionResult, _ load: FleetLoad, id: String, finding: Markup
  ) -> StepChart {
    // The curve's steps: shares at which the number changes, from the hours with most GPUs to those with least.
    var edges = [0.0]
    for share in load.hoursShareOfGPU.reversed() where share > (edges.last ?? 0) { edges.append(share) }
    if (edges.last ?? 0) < 1 { edges.append(1) }
    let counts = edges.dropFirst().map { end in load.hoursShareOfGPU.count { $0 >= end } }
    var floor = 0
    let layers = load.layers.enumerated().map { index, layer -> StepChart.Layer in
      let values: [Double]
      if let gpus = layer.gpus {
        values = counts.map { _ in Double(gpus) }
        floor += gpus
      } else {
        values = counts.map { Double(max(0, $0 - floor)) }
      }
      return .init(
        key: ChartKey(label: layer.purchase, slot: Self.slots.firstIndex(of: layer.purchase) ?? 5 + index),
        values: values)
    }
    return StepChart(
      head: head(id, "GPUs by share of hours: \(option.title), \(load.supply)", finding), edges: edges,
      layers: layers,
      ticks: [0, 0.25, 0.5, 0.75, 1].map { .init(value: $0, label: NumberText.percent($0, digits: 0)) },
      xTitle: "Share of hours with at least so many",
      yAxis: ChartAxis(
        title: "\(load.gpu) GPUs: \(option.title) · \(load.supply)", label: { NumberText.significant($0) }))
  }

  /// Two weeks of the fleets.
  func weeks(_ weeks: [FleetWeek]) -> Markup {
    let charts = weeks.map { week in
      StepChart(
        head: head(
          "chart-week-\(week.kind.rawValue)", "GPUs by hour, a \(week.kind.rawValue) week",
          findings.weeks(weeks)),
        edges: (0...168).map(Double.init), layers: Self.layers(of: week),
        ticks: CalendarText.weekdays.enumerated().map {
          .init(value: Double($0.offset * 24), label: $0.element)
        }, isStretch: true, xTitle: "Hour of the week, UTC",
        yAxis: ChartAxis(
          title:
            "GPUs, \(week.kind == .worst ? "the worst" : "a typical") week: \(CalendarText.month(week.month))",
          label: { NumberText.significant($0) }),
        marks: week.interruptedHours.map { Double($0) + 0.5 }, markLabel: "requests interrupted in the hour")
    }
    var table = HTMLTable(
      "The two weeks, by fleet",
      columns: [
        .text("Week"), .text("Supply"), .number("Most GPUs"), .number("Mean GPUs there"),
        .number("Fewest in an hour"), .number("Busy"), .number("Hours with interruptions"),
        .number("Requests within objective"),
      ])
    for week in weeks {
      for fleet in week.fleets {
        let paid = (0..<168).map(fleet.paid)
        let total = paid.reduce(0, +)
        table.append([
          "\(week.kind.rawValue), \(CalendarText.month(week.month))", "\(name: fleet.supply)",
          "\(fleet.mostGPUs)",
          "\(NumberText.significant(total / 168))", "\(NumberText.significant(paid.min() ?? 0))",
          "\(NumberText.percent(total > 0 ? fleet.busy.reduce(0, +) / total : 0))",
          "\(fleet.interrupted.count { $0 > 0 })", "\(NumberText.attainment(week.meanServiceLevel))",
        ])
      }
    }
    let seconds = NumberText.significant(weeks.first?.secondsPerHour ?? 0)
    return section(
      id: "weeks", finding: findings.weeks(weeks),
      about: """
        \(name: subject.title(weeks.first?.option ?? "")): the week of the median future’s middle month, and of the \
        future and month that serve least within the objective. The first \(seconds)\(NumberText.space)s of every \
        hour were simulated, so that interruptions in the rest of it are seen only as GPUs that are gone.
        """,
      charts: charts, file: "fleet_weeks.csv", tables: [table])
  }

  /// Busy GPUs fleet by fleet, then what is paid for and serves nothing.
  private static func layers(of week: FleetWeek) -> [StepChart.Layer] {
    func sum(_ part: (FleetWeek.Fleet) -> [Double]) -> [Double] {
      week.fleets.reduce(Array(repeating: 0, count: 168)) { sums, fleet in
        zip(sums, part(fleet)).map { $0 + $1 }
      }
    }
    let idle = sum(\.idle)
    let moving = sum { zip($0.booting, $0.draining).map { $0 + $1 } }
    let named = week.fleets.prefix(4).enumerated().map { index, fleet in
      StepChart.Layer(
        key: ChartKey(
          label: week.fleets.count > 1 ? "\(fleet.supply), busy" : "busy", slot: index == 0 ? 0 : index + 2),
        values: fleet.busy)
    }
    return named + [
      .init(key: ChartKey(label: "idle", slot: 1), values: idle),
      .init(key: ChartKey(label: "booting, draining or spare", slot: 2), values: moving),
    ]
  }

  /// What a use case costs.
  func unitCosts(_ options: [OptionResult]) -> Markup {
    let shown = [subject.recommended, subject.today]
    let kept = options.filter { option in shown.contains { $0.name == option.name } }
    let uses = options.first?.useCaseCosts ?? []
    let chart = RangeChart(
      head: head(
        "chart-unit-costs", "Cost per million output tokens by use case", findings.unitCosts(options)),
      legend: .init(low: "", dot: "$ per 1M output tokens", high: ""),
      groups: uses.map { use in
        .init(
          title: use.useCase,
          rows: options.compactMap { option in
            let own = option.useCaseCosts?.first { $0.useCase == use.useCase }
            guard let price = own?.perMillionOutput else { return nil }
            return .init(
              key: subject.key(option), low: price, dot: price, high: price, note: NumberText.money(price),
              isEmphasized: kept.contains { $0.name == option.name })
          })
      },
      axis: ChartAxis(
        title: "$ per 1M output tokens, undiscounted", kind: .logarithmic, label: NumberText.axisMoney))
    var table = HTMLTable(
      "Cost by option and use case, undiscounted",
      columns: [
        .text("Option"), .text("Use case"), .text("Model"), .number("Cost"), .number("Share"),
        .number("$ per 1M output tokens"), .number("$ per 1,000 requests"),
      ])
    for option in options {
      let total = (option.useCaseCosts ?? []).reduce(0) { $0 + $1.cost }
      for use in option.useCaseCosts ?? [] {
        table.append([
          "\(name: option.title)", "\(name: use.useCase)", "\(name: use.model)",
          "\(NumberText.money(use.cost))",
          total > 0 ? "\(NumberText.percent(use.cost / total))" : "–",
          use.perMillionOutput.map { "\(NumberText.money($0))" } ?? "–",
          use.perThousandRequests.map { "\(NumberText.money($0))" } ?? "–",
        ])
      }
    }
    return section(
      id: "unit-costs", finding: findings.unitCosts(options),
      about: """
        Tokens bought are charged to the use case that asked for them; GPU-hours and reserved units to the models by \
        their hours, and within a model by tokens computed, input and output alike; what nobody causes (people, \
        platform, one-off) in proportion.
        """,
      charts: [chart], file: "use_case_costs.csv", tables: [table])
  }
}

extension FleetLoad {
  /// GPUs that are there in at least this share of the hours.
  func gpus(inShare share: Double) -> Int { hoursShareOfGPU.count { $0 >= share - 1e-9 } }
}

extension FleetWeek {
  /// Hours of the week in which any fleet lost requests.
  var interruptedHours: [Int] {
    (0..<168).filter { hour in fleets.contains { $0.interrupted[hour] > 0 } }
  }

  /// Share of the week's requests within their objective.
  var meanServiceLevel: Double {
    let arrived = requestsPerSecond.reduce(0, +)
    guard arrived > 0 else { return 1 }
    return zip(requestsPerSecond, serviceLevel).reduce(0) { $0 + $1.0 * $1.1 } / arrived
  }
}
