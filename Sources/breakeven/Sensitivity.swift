// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven sensitivity`: what a cost hangs on, with interactions, from futures made for the purpose.

import CommandLineKit
import Decision
import Foundation
import NumberFormatting
import Planning
import Scenario

struct Sensitivity: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell which uncertain inputs a cost hangs on, alone and with their interactions.",
    discussion: """
      Prints for each uncertain input the mean cost at its 10th and 90th percentile, its first-order Sobol' index (the \
      share of the variance that knowing it alone removes) and its total index (the share that is left when all else \
      is known). A plan's report has first-order indices from the futures at hand; total ones need futures that differ \
      in one input at a time. Prices cost no simulation; each physical input costs one for each point. Correlated \
      inputs have their indices together. Nothing is stored.
      """,
    examples: [
      "breakeven sensitivity workloads/support-assistant.yaml --option bedrock-on-demand",
      "breakeven sensitivity workloads/support-assistant.yaml --option spot-fp8 --against bedrock-on-demand --points 16",
    ])

  @OptionGroup var input: ScenarioOptions
  @Option(
    help: ArgumentHelp(
      "The option whose cost is studied; the one that a plan recommends where absent.", valueName: "name"))
  var option: String?
  @Option(
    help: ArgumentHelp("Study how much more it costs than this option.", valueName: "name"))
  var against: String?
  @Option(
    help: ArgumentHelp(
      "Points of each of the two sets, a power of 2 from 16 to 65536.", valueName: "count"))
  var points = 64
  @Option(help: ArgumentHelp("Seed of all random numbers; the scenario's where absent.", valueName: "number"))
  var seed: UInt64?
  @OptionGroup var threading: ThreadOptions
  @Option(help: ArgumentHelp("Write the indices as CSV.", valueName: "file"))
  var csv: String?
  @Flag(help: "Print one JSON object.")
  var json = false
  @Flag(help: "Say nothing on standard error but what is wrong.")
  var quiet = false

  mutating func validate() throws {
    guard TotalIndicesStudy.pointLimits.contains(points), points & (points - 1) == 0 else {
      throw ValidationError("--points is \(points); it must be a power of 2 from 16 to 65536, such as 64.")
    }
  }

  mutating func run() throws {
    let model = try input.model(seed: seed)
    let threads = threading.count
    let other = try against.map { try model.place(ofOption: $0, flag: "--against") }
    let named = try option.map { try model.place(ofOption: $0) }
    // What cannot be written is said before anything is simulated.
    try ResultOutput.check(csv)
    let chosen = named ?? recommended(by: model, threads: threads)
    guard chosen != other else {
      throw ValidationError(
        "--against is '\(against ?? "")', the option that is studied itself; name another with --option.")
    }
    let study: TotalIndicesStudy
    do {
      study = try TotalIndicesStudy(model, option: chosen, against: other, points: points)
    } catch {
      throw ReportedFailure(.badData, lines: [error.description])
    }
    if !quiet {
      Terminal.writeDiagnostic(
        "\(model.options[chosen].definition.name): \(NumberText.count(Double(study.simulations))) simulations of "
          + "about \(NumberText.quantity(study.requests)) requests in all; prices need none\n")
    }
    let progress = ProgressReporter("simulating", total: study.simulations, quiet: quiet)
    let result = study.run(threads: threads) { progress.advance() }
    progress.finish()
    let report = SensitivityReport(result: result)
    try ResultOutput.write(report.csv, to: csv)
    try Terminal.write(json ? try report.json : report.text)
  }

  private func recommended(by model: PlanModel, threads: Int) -> Int {
    let progress = ProgressReporter(
      "finding the recommended option", total: model.sampling.simulations, quiet: quiet)
    let option = model.recommendedOption(threads: threads) { progress.advance() }
    progress.finish()
    return option
  }
}
