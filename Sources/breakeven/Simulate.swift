// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven simulate`: one option, once, without sampling: what its supplies did and how fast they answered.

import CommandLineKit
import Decision
import Foundation
import NumberFormatting
import Planning
import Scenario

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulate one option once, with every uncertain input at its median.",
    discussion: """
      Shows the first month's simulated windows: requests and tokens as simulated (not scaled to a month), latency \
      percentiles, and hours by state. A replayed trace runs once from its first request to its last.
      """,
    examples: [
      "breakeven simulate workloads/support-assistant.yaml --option self-hosted-fp8",
      "breakeven simulate workloads/replay-code-assistant.yaml --option bedrock-on-demand --json",
    ])

  @OptionGroup var input: ScenarioOptions
  @Option(help: ArgumentHelp("The option to simulate.", valueName: "name"))
  var option: String
  @Option(help: ArgumentHelp("Seed of all random numbers; the scenario's where absent.", valueName: "number"))
  var seed: UInt64?
  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func run() throws {
    let model = try input.model(seed: seed)
    let report = model.simulateOnce(option: try model.place(ofOption: option))
    if json {
      try Terminal.write(json: report)
    } else {
      try Terminal.write(SimulationSummary(report).text)
    }
  }
}

/// A simulation for the terminal.
private struct SimulationSummary {
  private let report: SimulationReport

  init(_ report: SimulationReport) { self.report = report }

  var text: String {
    let totals = report.totals
    let hours = NumberText.significant(report.simulatedHours)
    return """
      \(report.scenario), option \(report.option), seed \(report.seed): \(hours) h simulated
      \(NumberText.count(Double(totals.arrived))) requests arrived: \(NumberText.count(Double(totals.served))) \
      served, \(cached)\(NumberText.count(Double(totals.throttled))) throttled, \
      \(NumberText.count(Double(totals.failed))) failed, \(NumberText.count(Double(totals.inFlight))) in flight\(retries)
      \(NumberText.significant(totals.requestsPerSecond)) requests/s, \
      \(NumberText.count(totals.outputTokensPerSecond)) output tokens/s, \
      \(NumberText.attainment(totals.serviceLevel)) within their objective \
      (\(NumberText.significant(totals.goodRequestsPerSecond)) requests/s)

      \(useCases)
      \(gateway)\(supplies)
      \(ServicesTable(report).text)\(pools)\(sizes)\(warnings)
      """
  }

  private var warnings: String {
    (report.warnings ?? []).map { "\nWarning: \($0)" }.joined() + (report.warnings == nil ? "" : "\n")
  }

  /// What was committed and what was sized, a line each.
  private var sizes: String {
    let commitments = report.supplies.compactMap { supply in
      supply.commitment.map { commitment in
        "\(supply.name): \(commitment.gpus) GPUs committed, \(NumberText.significant(commitment.usedHours)) "
          + "GPU-hours of them used, \(NumberText.significant(commitment.unusedHours)) not, and "
          + "\(NumberText.significant(commitment.hoursAbove)) above"
      }
    }
    let lines = commitments + (report.sizes ?? []).map(\.sentence)
    return lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n") + "\n"
  }

  /// Said only where clients ask again.
  private var retries: String {
    guard let retried = report.totals.retried, retried > 0 else { return "" }
    return "; \(NumberText.count(Double(retried))) retries"
  }

  private var useCases: String {
    var table = TextTable(columns: [
      .left("Use case"), .left("Model"), .right("Requests"), .right("Tokens in"), .right("Tokens out"),
      .right("TTFT p50"), .right("p99"), .right("TPOT p50"), .right("p99"), .right("End to end p50"),
      .right("p99"), .right("In time"),
    ])
    for use in report.useCases {
      table.add(
        use.name, use.model, NumberText.count(Double(use.arrived)),
        NumberText.quantity(Double(use.inputTokens)),
        NumberText.quantity(Double(use.outputTokens)), NumberText.milliseconds(use.timeToFirstToken.p50),
        NumberText.milliseconds(use.timeToFirstToken.p99),
        NumberText.milliseconds(use.timePerOutputToken.p50),
        NumberText.milliseconds(use.timePerOutputToken.p99), NumberText.milliseconds(use.endToEnd.p50),
        NumberText.milliseconds(use.endToEnd.p99), NumberText.attainment(use.serviceLevel))
    }
    return table.rendered
  }

  private var cached: String {
    report.totals.cached.map { "\(NumberText.count(Double($0))) from the cache, " } ?? ""
  }

  /// What became of requests before the chain, where anything stands there.
  private var gateway: String {
    var table = TextTable(columns: [
      .left("Before the chain"), .right("Cached"), .right("Coalesced of them"), .right("Escalated"),
      .right("In spare room"), .right("Late"),
    ])
    var isEmpty = true
    for use in report.useCases {
      guard let counts = use.gateway else { continue }
      isEmpty = false
      table.add(
        [use.name]
          + [counts.cached, counts.coalesced, counts.escalated, counts.filled, counts.late].map {
            NumberText.count(Double($0))
          })
    }
    return isEmpty ? "" : "\(table.rendered)\n"
  }

  /// The four senses of utilization, one column each, and what goes with them.
  private var pools: String {
    var table = TextTable(columns: [
      .left("Pool"), .left("Model"), .right("Replicas"), .right("Time on"), .right("Time busy"),
      .right("Places filled"), .right("Of saturated tokens/s"), .right("Batch mean"), .right("p99"),
      .right("Queue mean"), .right("p99"), .right("ITL p50"), .right("p99"), .right("Input cached"),
    ])
    for supply in report.supplies {
      for pool in supply.pools {
        let cached = Double(supply.cachedInputTokens ?? 0) / Double(max(1, supply.inputTokens))
        table.add(
          supply.name, pool.model, NumberText.count(Double(pool.replicas)),
          NumberText.percent(pool.shareOfTimeOn), NumberText.percent(pool.shareOfServingTimeBusy),
          NumberText.percent(pool.shareOfPlacesFilled),
          pool.shareOfSaturatedThroughput.map { NumberText.percent($0) } ?? "–",
          NumberText.significant(pool.meanBatch), NumberText.significant(pool.p99Batch),
          NumberText.significant(pool.meanQueue), NumberText.significant(pool.p99Queue),
          NumberText.milliseconds(pool.interTokenLatency.p50),
          NumberText.milliseconds(pool.interTokenLatency.p99), NumberText.percent(cached))
      }
    }
    return report.supplies.contains { !$0.pools.isEmpty } ? table.rendered : ""
  }

  private var supplies: String {
    var table = TextTable(columns: [
      .left("Supply"), .left("Kind"), .right("Admitted"), .right("Refused"), .right("Served"),
      .right("Tokens out"), .right("Recomputed"), .right("Hours"), .right("Busy"), .right("Idle"),
      .right("Booting"), .right("Draining"), .right("Time busy or reserve used"),
    ])
    for supply in report.supplies {
      let paid = supply.kind == "reserved" ? supply.unitHours : supply.gpuHours.reduce(0) { $0 + $1.hours }
      let states = ["busy", "idle", "booting", "draining"].map { state in
        supply.gpuHours.first { $0.state == state }.map { NumberText.significant($0.hours) } ?? "–"
      }
      table.add(
        [
          supply.name, supply.kind, NumberText.count(Double(supply.admitted)),
          NumberText.count(Double(supply.refused)), NumberText.count(Double(supply.served)),
          NumberText.quantity(Double(supply.outputTokens)),
          NumberText.quantity(Double(supply.recomputedTokens)),
          supply.kind == "metered" ? "–" : NumberText.significant(paid),
        ] + states + [supply.utilization.map { NumberText.percent($0) } ?? "–"])
    }
    return table.rendered + losses
  }

  /// What became of replicas and spares, a line for each fleet of which there is something to say.
  private var losses: String {
    let lines = report.supplies.compactMap { supply -> String? in
      var parts: [String] = []
      if let available = supply.spotAvailability {
        parts.append(
          "spot capacity for a replica \(NumberText.percent(available)) of the time in the long run")
      }
      if let interrupted = supply.interrupted, interrupted > 0 {
        parts.append("\(NumberText.count(Double(interrupted))) requests interrupted")
      }
      if let spare = supply.gpuHours.first(where: { $0.state == "spare" }) {
        parts.append("\(NumberText.significant(spare.hours)) GPU-hours spare")
      }
      return parts.isEmpty ? nil : "\(supply.name): \(parts.joined(separator: ", "))"
    }
    return lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n") + "\n"
  }
}
