// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven runs list` and `breakeven runs show`: what is stored, and one run as `plan` printed it.

import CommandLineKit
import Decision
import Foundation
import NumberFormatting
import Reporting
import Store

extension Runs {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the stored runs, newest first.",
      discussion: "P50 is the median cost of the recommended option over the run's months, discounted.",
      examples: [
        "breakeven runs list",
        "breakeven runs list --scenario support-assistant --limit 10 --json",
      ])

    @OptionGroup var store: StoreOptions
    @Option(help: ArgumentHelp("Only the runs of this scenario.", valueName: "name"))
    var scenario: String?
    @Option(help: ArgumentHelp("Only so many of the newest.", valueName: "count"))
    var limit: Int?
    @Flag(help: "Print a JSON array.")
    var json = false

    mutating func validate() throws {
      if let limit, limit < 1 { throw ValidationError("--limit is \(limit); it must be 1 or more.") }
    }

    mutating func run() throws {
      let runs = try store.open().list(scenario: scenario, limit: limit)
      if json { return try Terminal.write(json: runs) }
      if runs.isEmpty {
        let whose = scenario.map { " of the scenario '\($0)'" } ?? ""
        Terminal.writeDiagnostic("Note: there are no runs\(whose) in '\(store.database)'\n")
        return
      }
      let hasNames = runs.contains { $0.name != nil }
      var table = TextTable(
        columns: [.right("Run"), .left("Saved"), .left("Scenario")] + (hasNames ? [.left("Name")] : []) + [
          .left("Recommends"), .right("P50"), .right("P(cheapest)"), .right("Futures"),
        ])
      for run in runs {
        table.add(
          ["\(run.id)", run.savedAt, run.scenario] + (hasNames ? [run.name ?? ""] : []) + [
            run.recommendedOption + (run.recommendedOption == run.baseline ? " (today)" : ""),
            NumberText.money(run.medianCost), NumberText.percent(run.probabilityCheapest, digits: 0),
            NumberText.count(Double(run.draws)),
          ])
      }
      try Terminal.write(table.rendered)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a stored run as it was printed when it ran.",
      discussion: "With --json the result document, byte for byte as `breakeven plan --json` printed it.",
      examples: [
        "breakeven runs show", "breakeven runs show 1 --json", "breakeven runs show support-assistant~1",
      ])

    @Argument(
      help: ArgumentHelp(
        "The run: a number, 'latest', its name, or a scenario's; 'latest' and a scenario's also with '~1'.",
        valueName: "run"))
    var reference = RunReference.latest
    @OptionGroup var store: StoreOptions
    @Flag(help: "Print the result document as JSON.")
    var json = false

    mutating func run() throws {
      let stored = try store.open().load(reference)
      let result = try stored.result(in: store.database)
      if json {
        return try Terminal.write(String(decoding: try ResultDocument.encode(result), as: UTF8.self))
      }
      let (summary, command) = (stored.summary, result.run.command)
      try Terminal.write(
        """
        Run \(summary.inWords.dropFirst("run ".count)), by breakeven \(summary.version)
        Seed \(summary.seed), \(NumberText.count(Double(summary.draws))) futures of \
        \(NumberText.count(Double(summary.simulations))) simulations
        Again: \(command)


        """ + PlanSummary(result).text)
    }
  }
}
