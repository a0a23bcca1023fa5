// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven what-if`: what a change would do to costs and to the decision, before and after.

import CommandLineKit
import Decision
import Foundation
import Planning
import Reporting
import Scenario
import Store
import YAMLDocument

struct WhatIf: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "Ask what a change would do to costs and to the decision.",
    discussion: """
      Asked of a scenario file as it is now, or of a stored run as it was made. A change of prices alone is answered \
      from what an earlier run has simulated, in a blink; other changes are simulated, on the same random numbers. \
      --sweep moves one or two inputs through a range: path=from..to:n, or path=from..to:nlog for equal ratios.
      """,
    examples: [
      "breakeven what-if support-assistant --set discount_rate=0.1 \\",
      "    --set prices.gpu_hour.h100-sxm.spot='{pert: [1, 1.5, 2.5]}'",
      "breakeven what-if workloads/replay-code-assistant.yaml --set demand.volume=2",
      "breakeven what-if latest --sweep prices.gpu_hour.h100-sxm.on-demand=1..4:7",
      "breakeven what-if latest --set prices.api.bedrock.factor=0.5 --save half-price",
    ])

  @Argument(
    help: ArgumentHelp(
      "A scenario file, or a run: a number, 'latest', its name, or a scenario's; the built-in scenario where absent.",
      valueName: "scenario|run"))
  var base: String?
  @Option(help: ArgumentHelp("Change a value; again for more changes.", valueName: "path=value"))
  var set: [String] = []
  @Option(
    help: ArgumentHelp("Move a number through a range; twice for two axes.", valueName: "path=from..to:n"))
  var sweep: [String] = []
  @Option(
    help: ArgumentHelp(
      "Folder with catalog files whose entries go before the built-in ones.", valueName: "folder"))
  var catalog: String?
  @Option(help: ArgumentHelp("Seed of all random numbers; the base's where absent.", valueName: "number"))
  var seed: UInt64?
  @Option(help: ArgumentHelp("Futures to price; the base's number where absent.", valueName: "count"))
  var draws: Int?
  @Option(
    help: ArgumentHelp(
      "Simulate every draw, or few and predict the others; the base's choice where absent.",
      valueName: "full|fast"))
  var fidelity: Fidelity?
  @OptionGroup var threading: ThreadOptions
  @OptionGroup var store: StoreOptions
  @Option(help: ArgumentHelp("Store the changed plan as a run with this name.", valueName: "name"))
  var save: String?
  @Option(help: ArgumentHelp("Write the figures as CSV; - for standard output.", valueName: "file"))
  var csv: String?
  @Flag(help: "Print one JSON object.")
  var json = false
  @Flag(help: "Print no progress and no notes.")
  var quiet = false

  mutating func validate() throws {
    if set.isEmpty && sweep.isEmpty {
      throw ValidationError(
        "Nothing is changed: add --set path=value, such as --set demand.volume=1.2, or --sweep.")
    }
    if let draws, !(1...1_048_576).contains(draws) {
      throw ValidationError("--draws is \(draws); it must be a whole number from 1 to 1,048,576.")
    }
    if json && csv == "-" {
      throw ValidationError("--json and --csv - both want standard output; name a file.")
    }
    let axes = try SweepAxis.axes(sweep)
    for axis in axes {
      if set.contains(where: { Override($0)?.path == axis.path }) {
        throw ValidationError("--set and --sweep both change \(axis.path); leave one of them out.")
      }
    }
    guard let save else { return }
    if !sweep.isEmpty {
      throw ValidationError("--save stores one plan, and a sweep is many; save a point with --set.")
    }
    guard case .recent(scenario: save, back: 0) = RunReference(save), !save.contains("/") else {
      throw ValidationError(
        "--save is '\(save)'; a name is no number, not 'latest', and has no '~' or '/', as 'cheap-spot'.")
    }
  }

  mutating func run() throws {
    // Nobody wants to wait to hear that a file cannot be written.
    if let csv { _ = try ResultOutput(path: csv) }
    var settings = RunInputs.Settings()
    (settings.seed, settings.draws, settings.fidelity) = (seed, draws, fidelity?.rawValue)
    let base = try WhatIfBase(base, catalogDirectory: catalog, store: store, settings: settings)
    if !quiet { for note in base.notes { Terminal.writeDiagnostic("Note: \(note)\n") } }
    let threads = threading.count
    let again = (["breakeven"] + CommandLine.arguments.dropFirst()).map(ShellText.quoted).joined(
      separator: " ")
    let session = WhatIfSession(
      base: base, changes: set, threads: threads, database: store.database, quiet: quiet, command: again)
    if !sweep.isEmpty {
      let report = SweepReport(try session.sweep(try SweepAxis.axes(sweep)))
      if let csv { try ResultOutput(path: csv).finish(report.csv) }
      if csv != "-" { try json ? Terminal.write(json: report.sweep) : Terminal.write(report.text) }
      return
    }
    let answer = try session.answer(savingAs: save)
    let report = WhatIfReport(answer)
    if let csv { try ResultOutput(path: csv).finish(report.csv) }
    if csv != "-" { try json ? Terminal.write(json: answer) : Terminal.write(report.text) }
  }
}
