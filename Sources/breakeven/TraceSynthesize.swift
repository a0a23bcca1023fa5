// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven trace synthesize`: the requests of a scenario's demand, as a log that other tools read.

import CommandLineKit
import Planning
import Quantities
import Scenario
import Traces
import Workload

struct TraceSynthesize: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Write the requests of a scenario's demand, in constant memory.",
    discussion: """
      Every hour is an hour of the calendar from the first day of the month on, with its growth, holidays, launches \
      and noise; uncertain inputs are at their medians. The same scenario and seed give the same bytes, and a longer \
      log begins with a shorter one.
      """,
    examples: [
      "breakeven trace synthesize workloads/support-assistant.yaml --hours 24 --out day.jsonl",
      "breakeven trace synthesize workloads/support-assistant.yaml --requests 1000 --to azure \\",
      "    --set demand.volume=2 --out -",
    ])

  @OptionGroup var input: ScenarioOptions
  @Option(help: ArgumentHelp("Where to write; - is standard output.", valueName: "file"))
  var out: String
  @Option(help: "The format to write.")
  var to: TraceOutputFormat = .mooncake
  @Option(help: ArgumentHelp("Write only this use case's requests.", valueName: "name"))
  var use: String?
  @Option(
    help: ArgumentHelp(
      "Hours to write; a week where neither this nor --requests is given.", valueName: "hours"))
  var hours: Double?
  @Option(help: ArgumentHelp("Requests to write.", valueName: "count"))
  var requests: Int?
  @Option(
    help: ArgumentHelp("Month to begin with; the horizon's first where absent.", valueName: "YYYY-MM"))
  var startMonth: String?
  @Option(help: ArgumentHelp("Seed of all random numbers; the scenario's where absent.", valueName: "number"))
  var seed: UInt64?

  mutating func validate() throws {
    if hours != nil, requests != nil {
      throw ValidationError("--hours and --requests are both given; keep one of them.")
    }
    if let hours, !(hours > 0 && hours <= DemandTimeline.mostHours) {
      throw ValidationError(
        "--hours is \(hours.defaultValueDescription); it must be above 0, at most "
          + "\(Int(DemandTimeline.mostHours)).")
    }
    if let requests, requests < 1 {
      throw ValidationError("--requests is \(requests); it must be 1 or more.")
    }
    if let startMonth, CalendarMonth(startMonth) == nil {
      throw ValidationError("--start-month is '\(startMonth)'; write a month as YYYY-MM.")
    }
    if out.isEmpty { throw ValidationError("--out is empty; name a file, or - for standard output.") }
  }

  mutating func run() throws {
    let model = try input.model(seed: seed, findsSizes: false)
    let names = model.scenario.demand.uses.map(\.name)
    var chosen: Int32?
    if let use {
      guard let index = names.firstIndex(of: use) else {
        throw ReportedFailure(
          .badData,
          lines: ["there is no use case '\(use)'; the use cases are \(names.joined(separator: ", "))"])
      }
      chosen = Int32(index)
    }
    let first = model.scenario.horizon.start
    let month = startMonth.flatMap { CalendarMonth($0) } ?? first
    guard month >= first, month.year <= 9000 else {
      throw ReportedFailure(
        .badData,
        lines: ["--start-month is \(month); the horizon begins with \(first), name no earlier month"])
    }
    var timeline = model.timeline(
      from: month, hours: hours ?? (requests == nil ? 168 : DemandTimeline.mostHours))
    let origin = Int64(timeline.start.daysSince1970) * 86_400_000_000_000
    var output = try ResultOutput(path: out)
    var encoder = TraceEncoder(to, origin: origin)
    var buffer = Array(
      repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: 4096)
    let wanted = requests ?? .max
    var written = 0
    while written < wanted {
      let count = timeline.requests.fill(&buffer)
      for request in buffer[0..<count]
      where written < wanted && (chosen == nil || request.useCase == chosen) {
        encoder.append(
          time: origin + Int64(request.arrival * 1e9), inputTokens: request.inputTokens,
          outputTokens: request.outputTokens, content: request.content, prefix: request.prefix,
          sharedTokens: request.sharedTokens)
        written += 1
      }
      try output.send(&encoder)
      if count < buffer.count { break }
    }
    try output.finish(&encoder)
    Terminal.writeDiagnostic(
      "\(written) request\(written == 1 ? "" : "s") from \(timeline.start) 00:00 UTC on, seed \(model.sampling.seed), "
        + "written to \(out == "-" ? "standard output" : out) (\(to.rawValue))\n")
    if let requests, written < requests {
      Terminal.writeDiagnostic(
        "Warning: the demand of \(Int(DemandTimeline.mostHours)) hours has no more requests than that\n")
    }
  }
}
