// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven size`: how many replicas or units an option should have, and how its GPU-hours are bought cheapest.

import CommandLineKit
import Decision
import Foundation
import Planning
import Scenario

struct Size: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Propose the size of an option's base and the cheapest way to buy its GPU-hours.",
    discussion: """
      Tries sizes of the option's first fleet or reserved supply, from none to what carries the month of most demand, \
      and says at which the whole chain costs least. For each fleet it sets the load-duration curve against the prices \
      of the book: a GPU is worth committing to where it is needed in more than committed price / on-demand price of \
      the hours. Sizes are tried in the median future under the prices of all; the costs of what is proposed are \
      spread over some futures of their own.
      """,
    examples: [
      "breakeven size workloads/support-assistant.yaml --option base-with-burst",
      "breakeven size workloads/support-assistant.yaml --option provisioned --json",
    ])

  @OptionGroup var input: ScenarioOptions
  @Option(
    help: ArgumentHelp("The option to size; every option that has a size where absent.", valueName: "name"))
  var option: String?
  @Option(help: ArgumentHelp("Seed of all random numbers; the scenario's where absent.", valueName: "number"))
  var seed: UInt64?
  @OptionGroup var threading: ThreadOptions
  @Option(help: ArgumentHelp("Write the sizes tried as CSV.", valueName: "file"))
  var csv: String?
  @Option(help: ArgumentHelp("Write the JSON object to a file.", valueName: "file"))
  var out: String?
  @Flag(help: "Print one JSON object.")
  var json = false
  @Flag(help: "Say nothing on standard error but what is wrong.")
  var quiet = false

  mutating func run() throws {
    let model = try input.model(seed: seed)
    let names = model.options.map(\.definition.name)
    var chosen = Array(names.indices)
    if let option {
      chosen = [try model.place(ofOption: option)]
    } else {
      chosen = chosen.filter { model.hasSize(option: $0) }
      if chosen.isEmpty {
        throw ReportedFailure(
          .badData, "no option of the scenario has a fleet or reserved units: there is nothing to size")
      }
    }
    // What cannot be written is said before anything is simulated.
    for path in [csv, out] { try ResultOutput.check(path) }
    let threads = threading.count
    var results: [SizingResult] = []
    for index in chosen {
      do {
        results.append(
          try model.sizing(option: index, threads: threads) { stage in
            if !quiet { Terminal.writeDiagnostic(Self.words(for: stage, option: names[index])) }
          })
      } catch {
        throw ReportedFailure(.badData, lines: [error.description])
      }
    }
    let report = SizeReport(results: results)
    try ResultOutput.write(report.csv, to: csv)
    try ResultOutput.write(report.json, to: out)
    try Terminal.write(json ? try report.json : report.text)
  }

  private static func words(for stage: SizingStage, option: String) -> String {
    switch stage {
    case .base(let supply, let model): "\(option): trying sizes of \(supply) for \(model)\n"
    case .purchase(let supply): "\(option): weighing how the hours of \(supply) are bought\n"
    }
  }
}
