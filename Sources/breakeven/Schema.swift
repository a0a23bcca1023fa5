// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven schema`: the JSON Schema of a scenario file, for completion and checks in an editor.

import CommandLineKit
import Scenario

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of scenario files.",
    discussion: """
      Name the file in a scenario's first line, as the shipped ones do, and an editor with a YAML language server \
      completes and checks it:  # yaml-language-server: $schema=scenario.schema.json
      """,
    examples: ["breakeven schema > workloads/scenario.schema.json"])

  mutating func run() throws { try Terminal.write(ScenarioSchema.json) }
}
