// SPDX-License-Identifier: GPL-3.0-or-later
// The root command: what `breakeven` is, and the list of its subcommands, each in a file of its own.

import CommandLineKit

@main
struct Breakeven: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Decide between pay-per-token APIs, own GPUs, spot GPUs and reserved throughput.",
    discussion: """
      Results go to standard output, diagnostics and progress to standard error.

      Exit codes: 0 good, 64 wrong usage, 65 wrong data, 66 missing input, 70 a bug \
      of this program, 73 output cannot be written, 75 locked by another run.
      """,
    version: programVersion,
    subcommands: [
      Plan.self, Simulate.self, Calc.self, Predict.self, Accuracy.self, Calibrate.self, Validate.self,
      Schema.self,
    ],
    examples: [
      "breakeven plan workloads/support-assistant.yaml",
      "breakeven calc --gpu-hour 3 --gpus 2 --throughput 2500 --output-price 0.66",
    ])
}
