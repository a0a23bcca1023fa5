// SPDX-License-Identifier: GPL-3.0-or-later
// How `breakeven trace stats` shows its result to a person: tables and a chart of the load over time.

import CommandLineKit
import NumberFormatting
import Traces

/// The statistics of a log for the terminal.
struct StatisticsReport {
  let summary: TraceSummary
  let file: String
  let format: String
  let chart: TerminalChart

  init(_ summary: TraceSummary, file: String, format: String) {
    self.summary = summary
    self.file = file
    self.format = format
    // Gaps of a chart line up only on a terminal's full width.
    chart = TerminalChart(columns: min(Terminal.columns, 120), rows: 6) { NumberText.axisQuantity($0) }
  }

  /// Everything, part by part.
  var text: String {
    [heading, arrivals, load, lengths, sharing, conversations, tallies]
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var heading: String {
    var text = "\(file) (\(format)): \(NumberText.count(summary.requests)) requests"
    if let duration = summary.durationSeconds { text += " in \(Self.span(duration))" }
    if let rate = summary.ratePerSecond { text += ", \(NumberText.significant(rate)) a second" }
    if let failed = summary.failed, failed > 0 {
      text += "; \(NumberText.count(Double(failed))) failed"
    }
    return text + "\n"
  }

  private static func span(_ seconds: Double) -> String {
    let space = NumberText.space
    switch seconds {
    case ..<180: return NumberText.significant(seconds) + space + "s"
    case ..<10_800: return NumberText.significant(seconds / 60) + space + "min"
    case ..<259_200: return NumberText.significant(seconds / 3600) + space + "h"
    default: return NumberText.significant(seconds / 86_400) + space + "days"
    }
  }

  private static func figure(_ value: Double?) -> String { value.map { NumberText.significant($0) } ?? "–" }

  private static func multiple(_ value: Double?) -> String { value.map(NumberText.multiple) ?? "–" }

  /// Bursts at the scale of seconds.
  private var arrivals: String {
    guard let dispersion = summary.indexOfDispersion, let peak = summary.peakOverMean else { return "" }
    var table = TextTable(columns: [.left("Arrivals"), .right("1 s"), .right("10 s"), .right("60 s")])
    table.add(
      "Index of dispersion (1 is Poisson)", Self.figure(dispersion.oneSecond),
      Self.figure(dispersion.tenSeconds), Self.figure(dispersion.sixtySeconds))
    table.add(
      "Peak / mean", Self.multiple(peak.oneSecond), Self.multiple(peak.tenSeconds),
      Self.multiple(peak.sixtySeconds))
    let variation =
      summary.interArrivalCV.map {
        "Gaps between requests have a coefficient of variation of \(NumberText.significant($0)) (1 is Poisson).\n"
      }
      ?? (summary.tickSeconds.map {
        "The log's clock ticks every \(Self.span($0)): too coarse to tell the gaps between requests.\n"
      } ?? "")
    return table.rendered + variation
  }

  /// The shape of hours and weeks, and the chart.
  private var load: String {
    var table = TextTable(columns: [.left("Load"), .right("")])
    func add(_ name: String, _ value: Double?) {
      if let value { table.add(name, NumberText.multiple(value)) }
    }
    add("Peak hour / mean", summary.peakHourOverMean)
    add("Quietest hour / mean", summary.troughHourOverMean)
    add("Weekend / weekday", summary.weekendOverWeekday)
    add("Peak bucket / mean", summary.buckets?.peakOverMean)
    if let variation = summary.hourlyCV {
      table.add("Variation of hours", NumberText.significant(variation))
    }
    if let missing = summary.buckets?.missing, missing > 0 {
      table.add("Empty buckets, taken for holes in the log", NumberText.count(Double(missing)))
    }
    let figures = table.rows.isEmpty ? "" : table.rendered
    if let week = summary.hourOfWeek {
      let mean = summary.hourly.mean
      return figures + "\nRequests per hour of the week, UTC\n"
        + chart.bars(week.map { $0 * mean }, labels: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
    }
    if summary.minutes.count > 1 {
      return figures + (figures.isEmpty ? "" : "\n") + "Requests per minute over the trace\n"
        + chart.bars(summary.minutes)
    }
    guard summary.hourly.coveredHours >= 2 else { return figures }
    return figures + "\nRequests per hour over the trace\n" + chart.bars(summary.hourly.requests)
  }

  private var lengths: String {
    var table = TextTable(columns: [
      .left("Tokens"), .right("Mean"), .right("SD"), .right("p10"), .right("p50"), .right("p90"),
      .right("p95"), .right("p99"), .right("Max"),
    ])
    for (name, lengths) in [("Input", summary.inputTokens), ("Output", summary.outputTokens)] {
      guard let lengths else { continue }
      table.add(
        [name, NumberText.significant(lengths.mean), NumberText.significant(lengths.sd)]
          + [lengths.p10, lengths.p50, lengths.p90, lengths.p95, lengths.p99, lengths.max].map {
            NumberText.count(Double($0))
          })
    }
    if table.rows.isEmpty {
      guard let input = summary.buckets?.inputTokensPerRequest,
        let output = summary.buckets?.outputTokensPerRequest
      else { return "" }
      return
        "Tokens per request: \(NumberText.significant(input)) in, \(NumberText.significant(output)) out\n"
    }
    let correlation = summary.rankCorrelation.map {
      "Rank correlation of input and output: \(NumberText.significant($0, digits: 2)).\n"
    }
    return table.rendered + (correlation ?? "")
  }

  /// Repetitions of whole prompts and of beginnings.
  private var sharing: String {
    var text = ""
    if let share = summary.duplicateShare {
      text += "\(NumberText.percent(share)) of the requests repeat a whole prompt that came before.\n"
    } else if let share = summary.duplicateLengthShare {
      text += "\(NumberText.percent(share)) of the requests have both lengths of one that came before "
      text += "(at most so many repeat it).\n"
    }
    guard let prefixes = summary.prefixShare else { return text }
    var table = TextTable(columns: [
      .left("Prefix cache"), .right("Blocks"), .right("Hits, blocks"), .right("Hits, tokens"),
    ])
    for size in prefixes.cacheSizes {
      table.add(
        NumberText.quantity(Double(size.tokens)) + " tokens", NumberText.count(Double(size.blocks)),
        NumberText.percent(size.shareOfBlocks), NumberText.percent(size.shareOfTokens))
    }
    table.add(
      "endless", NumberText.count(Double(prefixes.distinctBlocks)),
      NumberText.percent(prefixes.shareOfBlocks), NumberText.percent(prefixes.shareOfTokens))
    if prefixes.sampledShare < 1 {
      text += "Prefixes are estimated from \(NumberText.percent(prefixes.sampledShare)) of the blocks.\n"
    }
    return text + table.rendered
  }

  private var conversations: String {
    var text = ""
    if let sessions = summary.sessions {
      text += "\(NumberText.count(Double(sessions.count))) conversations with "
      text += "\(NumberText.significant(sessions.meanTurns)) turns on average, \(sessions.p99Turns) at p99"
      if let gap = sessions.gapSecondsP50 { text += "; \(Self.span(gap)) between turns (median)" }
      text += ".\n"
    }
    var table = TextTable(columns: [
      .left("Latency"), .right("Mean"), .right("p50"), .right("p90"), .right("p95"), .right("p99"),
    ])
    for (name, latency) in [
      ("First token", summary.firstTokenSeconds), ("Whole answer", summary.endToEndSeconds),
    ] {
      guard let latency else { continue }
      table.add(
        [name]
          + [latency.mean, latency.p50, latency.p90, latency.p95, latency.p99].map {
            NumberText.milliseconds($0 * 1000)
          })
    }
    return text + (table.rows.isEmpty ? "" : (text.isEmpty ? "" : "\n") + table.rendered)
  }

  /// Models and use cases, where there are names.
  private var tallies: String {
    [("Model", summary.models), ("Use case", summary.useCases)].compactMap { title, tallies in
      guard tallies.contains(where: { !$0.name.isEmpty }) else { return nil }
      var table = TextTable(columns: [
        .left(title), .right("Requests"), .right("Failed"), .right("Tokens in"), .right("Cached"),
        .right("Tokens out"),
      ])
      for tally in tallies.sorted(by: { ($0.requests, $1.name) > ($1.requests, $0.name) }) {
        table.add(
          tally.name.isEmpty ? "(none named)" : tally.name, NumberText.count(Double(tally.requests)),
          NumberText.count(Double(tally.failed)), NumberText.quantity(Double(tally.inputTokens)),
          NumberText.quantity(Double(tally.cachedInputTokens)),
          NumberText.quantity(Double(tally.outputTokens)))
      }
      return table.rendered
    }.joined(separator: "\n")
  }
}
