// SPDX-License-Identifier: GPL-3.0-or-later
// The capacity of replicas for people and programs: the rates within the limits, and throughput against interactivity.

import Calibration
import Catalog
import CommandLineKit
import NumberFormatting
import Reporting

/// What `breakeven capacity` prints.
struct CapacityReport {
  /// A replica with one format and one `max_num_seqs`.
  struct Row {
    var search: CapacitySearch
    var answer: CapacityAnswer
    /// Points over offered rates, ascending; empty where nobody asked for them yet.
    var curve: [CapacityPoint]

    init(_ search: CapacitySearch, hasCurve: Bool) {
      self.search = search
      answer = search.answer()
      curve = hasCurve ? Self.curve(search) : []
    }

    /// From a twentieth of the saturated rate to all of it.
    static func curve(_ search: CapacitySearch) -> [CapacityPoint] {
      let saturated = search.saturatedRate()
      return [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map { search.point(at: saturated * $0) }
    }

    var weights: String { search.setup.weights.rawValue }
    var gpus: Double { Double(search.setup.gpus) }
    /// The answer in words, for what is no rate.
    var note: String {
      switch answer {
      case .sustained: ""
      case .missedUnloaded(let share):
        "no rate: alone on the replica \(NumberText.attainment(share)) of requests keep the limits"
      case .missedDownTo(let rate): "no rate down to \(NumberText.significant(rate)) requests/s"
      case .notLimited(let point): "not limited up to \(NumberText.significant(point.rate)) requests/s"
      }
    }
  }

  let rows: [Row]

  /// For each format the row with the highest rate; the first of its rows where none has one.
  private var best: [Row] {
    var best: [Row] = []
    for row in rows {
      if let index = best.firstIndex(where: { $0.weights == row.weights }) {
        let (old, new) = (best[index].answer.point?.rate ?? 0, row.answer.point?.rate ?? 0)
        if new > old { best[index] = row }
      } else {
        best.append(row)
      }
    }
    return best
  }

  /// The heading, the table, and the curves of the best rows.
  var text: String {
    guard let first = rows.first?.search else { return "" }
    var table = TextTable(columns: [
      .left("Weights"), .right("max_num_seqs"), .right("KV tokens"), .right("Requests/s"),
      .right("Tokens/s per GPU"), .right("Tokens/s per user"), .right("TTFT p99"), .right("TPOT p99"),
      .right("Within limits"), .left(""),
    ])
    for row in rows {
      let cells = row.answer.point.map { point in
        [
          NumberText.significant(point.rate), NumberText.significant(point.outputThroughput / row.gpus),
          Self.interactivity(point), NumberText.milliseconds(point.timeToFirstToken.p99 * 1000),
          NumberText.milliseconds(point.timePerOutputToken.p99 * 1000),
          NumberText.attainment(point.attainment),
        ]
      }
      table.add(
        [
          row.weights, "\(row.search.setup.maxSequences)",
          NumberText.count(Double(row.search.setup.capacityTokens)),
        ]
          + (cells ?? [String](repeating: "–", count: 6)) + [row.note])
    }
    let setup = first.setup
    return """
      \(setup.model.name) on \(setup.gpus) × \(setup.accelerator.name), \(setup.engine.name), KV cache in \
      \(setup.keyValueCache.rawValue)
      Prompts of \(Self.lengths(first.input)) tokens, answers of \(Self.lengths(first.output)), Poisson arrivals
      Limits: first token \(NumberText.milliseconds(first.limits.timeToFirstToken * 1000)), then \
      \(NumberText.milliseconds(first.limits.timePerOutputToken * 1000)) per token, kept by \
      \(NumberText.attainment(first.attainment)) of requests

      \(table.rendered)
      \(resolution)\(curves)
      """
  }

  /// How exact the rates are, where there are any.
  private var resolution: String {
    let runs = Set(
      rows.filter { if case .sustained = $0.answer { true } else { false } }.map(\.search.requests))
    guard let least = runs.min() else { return "" }
    return
      "Each rate is exact to \(NumberText.percent(CapacitySearch.resolution, digits: 0)): one higher by that "
      + "much misses the limits with the same requests, \(NumberText.count(Double(least)))"
      + (runs.count > 1 ? " or more" : "") + " of them.\n\n"
  }

  private var curves: String {
    var lines: [TerminalChart.Line] = []
    var table = TextTable(columns: [
      .left("Weights"), .right("max_num_seqs"), .right("Offered requests/s"), .right("Tokens/s per user"),
      .right("Tokens/s per GPU"), .right("Within limits"), .left(""),
    ])
    for row in best {
      let curve = row.curve.isEmpty ? Row.curve(row.search) : row.curve
      lines.append(
        TerminalChart.Line(
          name: "\(row.weights), \(row.search.setup.maxSequences)",
          points: curve.map {
            TerminalChart.Line.Point(x: $0.tokensPerSecondPerUser, y: $0.outputThroughput / row.gpus)
          }))
      for point in curve {
        table.add(
          row.weights, "\(row.search.setup.maxSequences)", NumberText.significant(point.rate),
          Self.interactivity(point), NumberText.significant(point.outputThroughput / row.gpus),
          NumberText.attainment(point.attainment), point.keepsUp ? "" : "backlog grows")
      }
    }
    let chart = TerminalChart(columns: min(Terminal.columns, 100), rows: 12) { NumberText.axisQuantity($0) }
    let drawn = chart.lines(lines, fromZero: true) { NumberText.axisQuantity($0) }
    return "Tokens/s per GPU against tokens/s per user\n\(drawn)\n\(table.rendered)"
  }

  private static func interactivity(_ point: CapacityPoint) -> String {
    NumberText.significant(point.tokensPerSecondPerUser)
  }

  private static func lengths(_ range: LengthRange) -> String {
    range.shortest == range.longest
      ? NumberText.count(Double(range.longest))
      : "\(NumberText.count(Double(range.shortest)))–\(NumberText.count(Double(range.longest)))"
  }

  /// The points of all curves, and those of the answers, marked.
  var csv: String {
    var table = CSVTable(header: [
      "model", "gpu", "gpus", "engine", "weights", "kv_cache", "max_num_seqs", "kv_cache_tokens", "kind",
      "request_rate", "output_tokens_per_s_per_gpu", "tokens_per_s_per_user", "within_limits", "keeps_up",
      "median_ttft_ms", "p99_ttft_ms", "median_tpot_ms", "p99_tpot_ms", "mean_in_system",
    ])
    for row in rows {
      let setup = row.search.setup
      func add(_ point: CapacityPoint, _ kind: String) {
        table.append(
          [
            .text(setup.model.id), .text(setup.accelerator.id), .integer(setup.gpus), .text(setup.engine.id),
            .text(row.weights), .text(setup.keyValueCache.rawValue), .integer(setup.maxSequences),
            .integer(setup.capacityTokens), .text(kind), .number(point.rate, digits: 6),
            .number(point.outputThroughput / row.gpus, digits: 3),
            point.tokensPerSecondPerUser.isFinite ? .number(point.tokensPerSecondPerUser, digits: 3) : .empty,
            .number(point.attainment, digits: 6), .flag(point.keepsUp),
            .number(point.timeToFirstToken.median * 1000, digits: 3),
            .number(point.timeToFirstToken.p99 * 1000, digits: 3),
            .number(point.timePerOutputToken.median * 1000, digits: 3),
            .number(point.timePerOutputToken.p99 * 1000, digits: 3), .number(point.meanInSystem, digits: 3),
          ])
      }
      if let point = row.answer.point { add(point, "capacity") }
      for point in row.curve { add(point, "curve") }
    }
    return table.text
  }
}
