// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven predict`: what a serving benchmark would print, from a simulation instead of a GPU.

import Calibration
import Catalog
import CommandLineKit
import Foundation

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict what a serving benchmark would measure, without a GPU.",
    discussion: """
      Simulates the load of `vllm bench serve` with random prompts on one replica, step by step as the engine's \
      scheduler works, with the efficiencies of the catalog. Lengths are uniform on \
      [N·(1 − ratio), N·(1 + ratio)], as vLLM draws them; every answer has its whole length.
      """,
    examples: [
      "breakeven predict --model llama-3.3-70b --gpu h100-sxm --tensor-parallel-size 2 --quantization fp8 \\",
      "    --random-input-len 1024 --random-output-len 1024 --max-concurrency 64 --num-prompts 640",
      "breakeven predict --model llama-3.1-8b --gpu l40s --request-rate 4 --num-prompts 500 --json",
    ])

  @OptionGroup var server: ServerOptions
  @OptionGroup var lengths: LengthOptions
  @Option(help: ArgumentHelp("Requests in all.", valueName: "count"))
  var numPrompts = 1000
  @Option(help: ArgumentHelp("Requests in work at most; no limit where absent.", valueName: "count"))
  var maxConcurrency: Int?
  @Option(help: ArgumentHelp("Requests per second; inf sends all at once.", valueName: "rate"))
  var requestRate = Double.infinity
  @Option(
    help: ArgumentHelp(
      "Shape of the gamma distribution of the gaps: 1 is Poisson, more is more even.", valueName: "shape"))
  var burstiness = 1.0
  @Option(
    help: ArgumentHelp("Longest prompt and answer together; the model's where absent.", valueName: "tokens"))
  var maxModelLen: Int?
  @Option(help: ArgumentHelp("Seed of lengths and gaps.", valueName: "number"))
  var seed: UInt64 = 0
  @Flag(help: "Print one JSON object with the keys of `vllm bench serve --save-result`.")
  var json = false

  mutating func validate() throws {
    for (name, value) in [
      ("--num-prompts", numPrompts), ("--max-concurrency", maxConcurrency ?? 1),
    ] { _ = try ServerOptions.positive(value, name) }
    if numPrompts > 10_000_000 {
      throw ValidationError("--num-prompts is \(numPrompts); at most 10,000,000.")
    }
    guard requestRate > 0 else {
      throw ValidationError("--request-rate is \(requestRate); it must be above 0, or inf.")
    }
    guard burstiness > 0 else { throw ValidationError("--burstiness is \(burstiness); it must be above 0.") }
  }

  mutating func run() throws {
    let setup = try server.setup(in: try server.reference())
    var load = ServingLoad(
      input: lengths.input,
      output: lengths.output, requests: numPrompts,
      concurrency: maxConcurrency, rate: requestRate.isFinite ? requestRate : nil)
    load.burstiness = burstiness
    load.seed = seed
    let limit = maxModelLen ?? setup.model.contextLength
    let longest = load.input.longest + load.output.longest
    if longest > limit {
      throw ReportedFailure(
        .badData,
        "a prompt and its answer have up to \(longest) tokens, more than the \(limit) of "
          + (maxModelLen == nil ? "\(setup.model.id)'s context" : "--max-model-len") + "; shorten them")
    }
    if longest > setup.capacityTokens {
      throw ReportedFailure(
        .badData,
        "a prompt and its answer have up to \(longest) tokens, more than the \(setup.capacityTokens) that the "
          + "KV cache holds; shorten them, or use more GPUs")
    }
    let report = PredictionReport(setup: setup, load: load, outcome: setup.simulate(load))
    try Terminal.write(json ? report.json : report.text)
  }
}
