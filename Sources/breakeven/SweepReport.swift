// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep for the terminal, as lines over one axis or letters over two, and as a tidy table.

import CommandLineKit
import Decision
import Foundation
import NumberFormatting
import Reporting

/// What a sweep found.
struct SweepReport {
  /// What it is of.
  let sweep: WhatIfSweep

  init(_ sweep: WhatIfSweep) { self.sweep = sweep }

  /// The question, the chart, the points in a table where there is one axis, and where the decision flips.
  var text: String {
    let axes = sweep.axes.map { axis in
      "  \(axis.path) from \(Self.value(axis.values[0])) to \(Self.value(axis.values[axis.values.count - 1]))"
        + "\(axis.isLogarithmic ? " in equal ratios" : "")\n"
    }
    let heading =
      "\(sweep.title), from \(sweep.base)\n" + sweep.changes.map { "  what if \($0)\n" }.joined()
      + axes.joined()
    let body = sweep.axes.count == 1 ? chart + "\n" + table : grid
    return "\(heading)\n\(body)\n\(flips)\n"
  }

  // MARK: One axis

  /// Mean cost of every option along the axis.
  private var chart: String {
    let axis = sweep.axes[0]
    func place(_ value: Double) -> Double { axis.isLogarithmic ? log(value) : value }
    let lines = options.map { option in
      TerminalChart.Line(
        name: option.name,
        points: sweep.points.compactMap { point in
          point.options.first { $0.name == option.name }.map {
            .init(x: place(point.values[0]), y: $0.outlook.totalCost.mean)
          }
        })
    }
    let chart = TerminalChart(rows: 16) { NumberText.axisMoney($0) }
    return chart.lines(lines) { Self.value(axis.isLogarithmic ? exp($0) : $0) }
  }

  /// What is recommended at every point.
  private var table: String {
    var table = TextTable(columns: [
      .right(sweep.axes[0].path), .left("Take"), .right("Mean"), .right("P10"), .right("P90"),
      .right("In time"), .right("P(cheapest)"),
    ])
    for point in sweep.points {
      guard let option = point.options.first(where: { $0.name == point.recommended }) else { continue }
      let (outlook, cost) = (option.outlook, option.outlook.totalCost)
      table.add(
        Self.value(point.values[0]), option.name, NumberText.money(cost.mean), NumberText.money(cost.p10),
        NumberText.money(cost.p90), NumberText.attainment(outlook.serviceLevel),
        NumberText.percent(outlook.probabilityCheapest.estimate, digits: 0))
    }
    return table.rendered
  }

  /// The options of all points, in the order of their first.
  private var options: [WhatIfSweep.Option] {
    var seen: Set<String> = []
    return sweep.points.flatMap(\.options).filter { seen.insert($0.name).inserted }
  }

  // MARK: Two axes

  /// A letter for the option to take at each point: the first axis goes up, the second to the right.
  private var grid: String {
    let (rows, columns) = (sweep.axes[0], sweep.axes[1])
    let letters = self.letters
    let names = rows.values.map(Self.value)
    let width = names.map(\.count).max() ?? 0
    // Wide enough for the labels below, as long as they fit the terminal.
    let labels = columns.values.map(Self.value)
    let room = max(1, (Terminal.columns - width - 2) / columns.values.count)
    let step = min(room, (labels.map(\.count).max() ?? 1) + 1)
    var text = "\(rows.path) ↑, \(columns.path) →\n\n"
    for row in rows.values.indices.reversed() {
      var line = String(repeating: " ", count: width - names[row].count) + names[row] + " │"
      for column in columns.values.indices {
        let point = sweep.points[row * columns.values.count + column]
        line += String(repeating: " ", count: step - 1) + (letters[point.recommended] ?? "?")
      }
      text += line + "\n"
    }
    text +=
      String(repeating: " ", count: width) + " └"
      + String(repeating: "─", count: step * columns.values.count) + "\n"
    text += String(repeating: " ", count: width + 2)
    let longest = labels.map(\.count).max() ?? 1
    if step > longest {
      text += labels.map { String(repeating: " ", count: step - $0.count) + $0 }.joined()
    } else {
      let (first, last) = (labels[0], labels[labels.count - 1])
      let between = max(1, step * columns.values.count - first.count - last.count)
      text += first + String(repeating: " ", count: between) + last
    }
    text += "\n\n"
    for option in options where sweep.points.contains(where: { $0.recommended == option.name }) {
      text += "\(letters[option.name] ?? "?")  \(option.title)\n"
    }
    return text
  }

  /// A letter for every option: the first of its name that is still free, else the next in the alphabet.
  private var letters: [String: String] {
    var letters: [String: String] = [:]
    var free = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".map(String.init)
    for option in options {
      let own = option.name.uppercased().map(String.init).first { free.contains($0) }
      guard let letter = own ?? free.first else { continue }
      letters[option.name] = letter
      free.removeAll { $0 == letter }
    }
    return letters
  }

  // MARK: Flips

  /// Where the decision changes, a line each; that it does not, otherwise.
  private var flips: String {
    if sweep.flips.isEmpty {
      return "The decision does not flip: \(sweep.points[0].recommended) at every point."
    }
    let lines = sweep.flips.map { flip in
      let path = sweep.axes[flip.axis].path
      var line =
        "The decision flips between \(path) \(Self.value(flip.low)) and \(Self.value(flip.high))"
      if let crossing = flip.crossing { line += ", at about \(NumberText.significant(crossing))" }
      if let other = flip.other {
        line += ", where \(sweep.axes[1 - flip.axis].path) is \(Self.value(other))"
      }
      return "\(line): \(flip.from) → \(flip.to)"
    }
    let more = lines.count - Self.mostFlips
    return (lines.prefix(Self.mostFlips) + (more > 0 ? ["… and \(more) flips more, which --json lists"] : []))
      .joined(separator: "\n")
  }

  /// Flips that are told; a fine grid has one in every row and column.
  private static let mostFlips = 24

  /// A value of an axis, to four significant digits.
  private static func value(_ value: Double) -> String { NumberText.significant(value, digits: 4) }

  // MARK: Table

  /// A row for each point and option.
  var csv: String {
    var table = CSVTable(
      columns: sweep.axes.map { .init($0.path, .number, "The value that is set.") } + [
        .init("option", .string, "The option's id."),
        .init("mean_cost_usd", .number, unit: "USD", "Mean cost over futures, discounted."),
        .init("p10_cost_usd", .number, unit: "USD", "10th percentile of the cost."),
        .init("p50_cost_usd", .number, unit: "USD", "Median of the cost."),
        .init("p90_cost_usd", .number, unit: "USD", "90th percentile of the cost."),
        .init("p_cheapest", .number, "Probability of being the cheapest that serves well enough."),
        .init("service_level", .number, "Share of requests served within their objective."),
        .init("meets_service_level", .boolean, "Whether that is enough to be recommended."),
        .init("recommended", .boolean, "Whether it is the option to take."),
      ])
    for point in sweep.points {
      for option in point.options {
        table.append(
          point.values.map { .number($0, digits: 9) } + [.text(option.name)] + option.outlook.csvCells
            + [.flag(option.name == point.recommended)])
      }
    }
    return table.text
  }
}
