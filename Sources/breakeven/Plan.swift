// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven plan`: from a scenario to a decision, a report and a stored run.

import Catalog
public import CommandLineKit
import Decision
import Foundation
import Planning
public import Scenario
import Reporting
import Store

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulate and price every option of a scenario, and decide.",
    discussion: """
      Prints a table of the options and the decision; writes a report (HTML and CSV files) and stores the run. The \
      same scenario and seed give the same bytes, whatever the number of threads. What is simulated is stored as it \
      finishes: an interrupted run continues where it was, and one that differs in prices alone simulates nothing.
      """,
    examples: [
      "breakeven plan workloads/support-assistant.yaml",
      "breakeven plan workloads/support-assistant.yaml --draws 512 --seed 7 --json",
      "breakeven plan workloads/support-assistant.yaml --target 0.05 --max-draws 4096",
      "breakeven plan workloads/replay-code-assistant.yaml \\",
      "    --set demand.uses.code.trace=trace.csv",
    ])

  @OptionGroup var input: ScenarioOptions
  @Option(help: ArgumentHelp("Seed of all random numbers; the scenario's where absent.", valueName: "number"))
  var seed: UInt64?
  @Option(help: ArgumentHelp("Futures to price; the scenario's number where absent.", valueName: "count"))
  var draws: Int?
  @Option(
    help: ArgumentHelp(
      "Add futures until the recommended option's mean cost is known to this share, as 0.01.",
      valueName: "share"))
  var target: Double?
  @Option(
    help: ArgumentHelp(
      "The most futures to price on the way to the target; 16 times the first where absent.",
      valueName: "count"))
  var maxDraws: Int?
  @Option(
    help: ArgumentHelp(
      "Simulate every draw, or few and predict the others; the scenario's choice where absent.",
      valueName: "full|fast"))
  var fidelity: Fidelity?
  @OptionGroup var threading: ThreadOptions
  @Option(help: ArgumentHelp("Folder of the report; reports/<scenario> where absent.", valueName: "folder"))
  var out: String?
  @OptionGroup var store: StoreOptions
  @Flag(help: "Simulate everything, also what an earlier run has stored.")
  var fresh = false
  @Flag(help: "Print the result document as JSON instead of the table.")
  var json = false
  @Flag(help: "Print no progress.")
  var quiet = false
  @Flag(help: "Say what is read and how it is run.")
  var verbose = false

  mutating func validate() throws {
    if let draws, !(1...1_048_576).contains(draws) {
      throw ValidationError("--draws is \(draws); it must be a whole number from 1 to 1,048,576.")
    }
    if let target, !(target > 0 && target <= 1) {
      throw ValidationError("--target is \(target); it must be a share above 0 and up to 1, as 0.01.")
    }
    if let maxDraws, !(1...1_048_576).contains(maxDraws) {
      throw ValidationError("--max-draws is \(maxDraws); it must be a whole number from 1 to 1,048,576.")
    }
    if out?.isEmpty == true { throw ValidationError("--out is empty; name a folder.") }
    if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other; name one.") }
  }

  mutating func run() throws {
    let texts = input.texts
    let model = try input.model(
      seed: seed, draws: draws, target: target, maximumDraws: maxDraws, fidelity: fidelity)
    var settings = RunInputs.Settings()
    (settings.seed, settings.draws, settings.fidelity) = (seed, draws, fidelity?.rawValue)
    (settings.target, settings.maximumDraws) = (target, maxDraws)
    let inputs = texts.flatMap { RunInputs($0, settings: settings) }
    let folder = URL(fileURLWithPath: out ?? "reports/\(model.scenario.name)", isDirectory: true)
    if !quiet, model.sampling.simulations != model.scenario.sampling.simulations {
      Terminal.writeDiagnostic(
        "Note: \(model.sampling.draws) futures are shared among \(model.sampling.simulations) simulations, not "
          + "\(model.scenario.sampling.simulations)\n")
    }
    let threads = threading.count
    let command = PlanCommand(
      scenario: input.scenario, changes: input.set, catalog: input.catalog, fidelity: fidelity,
      target: target, maximumDraws: maxDraws
    ).words(for: model)
    let execution = try PlanExecution(
      model, command: command, output: try RunOutput(folder: folder, database: store.database),
      threads: threads, isFresh: fresh, quiet: quiet)
    let interruption = Interruption(lastWords: execution.lastWords(again: command))
    if verbose {
      Terminal.writeDiagnostic(
        """
        Scenario \(model.scenario.digest.prefix(12)), catalog \(model.scenario.reference.digest.prefix(12))
        \(model.options.count) options; \(model.sampling.draws) futures of \
        \(model.sampling.simulations) simulations, seed \(model.sampling.seed), \
        in \(model.pieceCount) pieces on \(threads) threads
        Report in \(folder.relativePath), run in \(store.database)

        """)
    }
    let outcome = execution.simulate()
    let run = try interruption.completing { try execution.store(outcome, inputs: inputs) }
    try Terminal.write(
      json
        ? String(decoding: try ResultDocument.encode(outcome.result), as: UTF8.self)
        : PlanSummary(outcome.result).text)
    if !quiet {
      Terminal.writeDiagnostic(
        "Run \(run) is stored in \(store.database); the report is \(folder.appendingPathComponent("report.html").relativePath)\n"
      )
    }
  }
}

extension Fidelity: ExpressibleByArgument {}
