// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven levers`: what routing, FP8, continuous batching, caching and spot each save.

import CommandLineKit
import Decision
import Foundation
import Planning
import Scenario

struct Levers: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what each measure saves, from everything on the largest model to an option as it is.",
    discussion: """
      Begins with every request on the largest model, one by one, in BF16, and pulls one lever after another: routing, \
      FP8, continuous batching, a cache of answers, spot. Every set of levers is simulated on the same requests, with \
      as many replicas as it needs for its objectives, and priced in all futures; the last column is each lever's \
      saving averaged over all orders (its Shapley share). The scenario's block `levers` says what the option does not.
      """,
    examples: [
      "breakeven levers workloads/support-assistant.yaml --option spot-fp8",
      "breakeven levers workloads/support-assistant.yaml --option spot-fp8 \\",
      "    --set levers.option=spot-fp8 --set levers.cap_output_tokens=256 --csv levers.csv",
    ])

  @OptionGroup var input: ScenarioOptions
  @Option(
    help: ArgumentHelp(
      "The option with all levers; that of the scenario's block where absent.", valueName: "name"))
  var option: String?
  @Option(help: ArgumentHelp("Seed of all random numbers; the scenario's where absent.", valueName: "number"))
  var seed: UInt64?
  @OptionGroup var threading: ThreadOptions
  @Option(help: ArgumentHelp("Write the steps as CSV.", valueName: "file"))
  var csv: String?
  @Flag(help: "Print one JSON object.")
  var json = false
  @Flag(help: "Say nothing on standard error but what is wrong.")
  var quiet = false

  mutating func run() throws {
    let model = try input.model(seed: seed)
    var wanted = model.scenario.levers
    if let option {
      _ = try model.place(ofOption: option)
      wanted = wanted ?? LeversDefinition(option: option)
      wanted?.option = option
    }
    guard let wanted else {
      throw ValidationError("the scenario has no block `levers`; name an option with --option.")
    }
    // What cannot be written is said before anything is simulated.
    try ResultOutput.check(csv)
    let progress = ProgressReporter("sizing", total: try sets(wanted, of: model), quiet: quiet)
    let again = (["breakeven"] + CommandLine.arguments.dropFirst()).map(ShellText.quoted).joined(
      separator: " ")
    let interruption = Interruption {
      progress.finish()
      return "Interrupted: nothing is written, and what is simulated is not kept. To begin again: \(again)\n"
    }
    let result: LeversResult
    do {
      defer { progress.finish() }
      result = try model.levers(wanted, threads: threading.count) {
        progress.advance()
      }
    } catch {
      throw ReportedFailure(.badData, lines: [error.description])
    }
    let report = LeversReport(result: result)
    try interruption.completing {
      try ResultOutput.write(report.csv, to: csv)
    }
    try Terminal.write(json ? try report.json : report.text)
  }

  private func sets(_ wanted: LeversDefinition, of model: PlanModel) throws -> Int {
    do {
      return try model.leverSizings(wanted)
    } catch {
      throw ReportedFailure(.badData, lines: [error.description])
    }
  }
}
