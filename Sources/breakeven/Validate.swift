// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven validate`: every problem of a scenario with its place, and nothing run.

import CommandLineKit
import NumberFormatting
import Planning
import Scenario

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a scenario, its catalog and its traces without running it.",
    discussion: "Prints every problem as file:line:column, what is wrong, and what would be right.",
    examples: ["breakeven validate workloads/support-assistant.yaml"])

  @OptionGroup var input: ScenarioOptions

  mutating func run() throws {
    let model = try input.model(findsSizes: false)
    for warning in model.scenario.warnings { Terminal.writeDiagnostic("Warning: \(warning)\n") }
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    let scenario = model.scenario
    try Terminal.write(
      "\(scenario.name) is good: \(counted(scenario.demand.uses.count, "use case")), "
        + "\(counted(model.options.count, "option")), \(counted(scenario.horizon.months, "month")); "
        + "\(counted(model.physical.inputs.count, "uncertain physical input")) and "
        + "\(counted(model.price.inputs.count, "uncertain price"))\n")
  }
}
