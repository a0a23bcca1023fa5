// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven calc`: the closed-form comparison of own GPUs with an API, for a first look without a scenario.

import CommandLineKit
import Economics
import Foundation

struct Calc: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare own GPUs with an API by the closed formula, without a simulation.",
    discussion: """
      The formula knows no demand, no queue and no uncertainty: it says what is possible at a steady load. Prices \
      are US dollars, those of the API per 1M tokens. A break-even over 100 % means: never.
      """,
    examples: [
      "breakeven calc --gpu-hour 3 --gpus 2 --throughput 2500 --output-price 0.66",
      "breakeven calc --gpu-hour 3 --gpus 2 --throughput 5000 --utilization 0.4 \\",
      "    --input-price 0.17 --output-price 0.66 --input-per-output 4 --json",
    ])

  @Option(help: ArgumentHelp("Price of one GPU-hour.", valueName: "dollars"))
  var gpuHour: Double
  @Option(help: ArgumentHelp("GPUs that serve together.", valueName: "count"))
  var gpus = 1
  @Option(
    help: ArgumentHelp(
      "Output tokens per second that all of them reach together when saturated.", valueName: "tokens/s"))
  var throughput: Double
  @Option(help: ArgumentHelp("Share of that throughput that is used, 0 to 1.", valueName: "share"))
  var utilization = 1.0
  @Option(help: ArgumentHelp("The API's price of 1M input tokens.", valueName: "dollars"))
  var inputPrice = 0.0
  @Option(help: ArgumentHelp("The API's price of 1M output tokens.", valueName: "dollars"))
  var outputPrice: Double
  @Option(help: ArgumentHelp("Input tokens per output token.", valueName: "ratio"))
  var inputPerOutput = 0.0
  @Flag(help: "Print one JSON object; what has no bound is null.")
  var json = false

  mutating func validate() throws {
    var problems: [String] = []
    let amounts = [
      ("--gpu-hour", gpuHour), ("--input-price", inputPrice), ("--output-price", outputPrice),
      ("--input-per-output", inputPerOutput),
    ]
    for (name, value) in amounts where !(value >= 0 && value.isFinite) {
      problems.append("\(name) is \(value.defaultValueDescription); it must be a number of 0 or more.")
    }
    if gpus < 1 { problems.append("--gpus is \(gpus); it must be 1 or more.") }
    if !(throughput > 0 && throughput.isFinite) {
      problems.append(
        "--throughput is \(throughput.defaultValueDescription); it must be over 0, in output tokens per second."
      )
    }
    if !(0...1).contains(utilization) {
      let share = (utilization / 100).defaultValueDescription
      let given = utilization.defaultValueDescription
      let hint = (1...100).contains(utilization) ? " (\(given) % is \(share))" : ""
      problems.append("--utilization is \(given); it must be a share from 0 to 1\(hint).")
    }
    if !problems.isEmpty { throw ValidationError(problems.joined(separator: "\n")) }
  }

  mutating func run() throws {
    let costs = ClosedFormCosts(
      gpuHour: gpuHour, gpus: gpus, outputTokensPerSecond: throughput, utilization: utilization,
      inputPrice: inputPrice, outputPrice: outputPrice, inputPerOutput: inputPerOutput)
    if inputPrice > 0 && inputPerOutput == 0 {
      Terminal.writeDiagnostic("Note: --input-price counts for nothing without --input-per-output.\n")
    }
    try Terminal.write(json ? try Self.json(costs) : ClosedFormReport(costs, utilization: utilization).text)
  }

  private static func json(_ costs: ClosedFormCosts) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(costs), as: UTF8.self) + "\n"
  }
}
