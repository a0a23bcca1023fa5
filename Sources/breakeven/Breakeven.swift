// SPDX-License-Identifier: GPL-3.0-or-later
// The root command: what `breakeven` is, and the list of its subcommands, each in a file of its own.

import CommandLineKit

@main
struct Breakeven: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Decide between pay-per-token APIs, own GPUs, spot GPUs and reserved throughput.",
    discussion: "Results go to standard output, diagnostics and progress to standard error.",
    version: versionText,
    subcommands: [
      Plan.self, WhatIf.self, Nightly.self, Simulate.self, Size.self, Sensitivity.self, Levers.self,
      Trace.self, Usage.self, Predict.self, Capacity.self, Accuracy.self, Calibrate.self, Calc.self,
      CatalogCommand.self, Prices.self, Runs.self, Report.self, Export.self, StoreCommand.self,
      Validate.self, Schema.self, Completions.self, Man.self,
    ],
    examples: [
      "breakeven plan workloads/support-assistant.yaml",
      "breakeven calc --gpu-hour 3 --gpus 2 --throughput 2500 --output-price 0.66",
    ],
    sections: [
      HelpSection(
        "Exit codes",
        [
          ("0", "All is well."),
          ("3", "A threshold was crossed."),
          ("64", "The command line is wrong."),
          ("65", "An input or the database is wrong."),
          ("66", "An input is missing."),
          ("70", "A bug of this program."),
          ("73", "An output cannot be written."),
          ("75", "Another run holds the database."),
          ("130, 143", "Interrupted by Ctrl-C, or ended by a signal."),
        ]),
      HelpSection(
        "Environment",
        [
          ("COLUMNS", "The width that help is wrapped to; the terminal's where absent."),
          ("NO_COLOR", "Where set, nothing is colored."),
        ]),
    ])
}
