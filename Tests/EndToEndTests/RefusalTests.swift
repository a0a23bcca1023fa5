// SPDX-License-Identifier: GPL-3.0-or-later
// Bad input is refused as a whole before anything runs: where, what is wrong, what would be right, and the exit code.

import Foundation
import Testing

/// A passage of the small scenario, what takes its place, and the one line that the program then says.
struct SpoiltScenario: Sendable, CustomTestStringConvertible {
  var passage: String
  var replacement: String
  var complaint: String
  var exitCode: Int32 = 65

  var testDescription: String { complaint }
}

/// A trace of one use case and the line it is refused with.
struct SpoiltTrace: Sendable, CustomTestStringConvertible {
  var text: String
  var complaint: String

  var testDescription: String { complaint }
}

@Suite("Bad input", .timeLimit(.minutes(15)))
struct RefusalTests {
  static let scenarios = [
    SpoiltScenario(
      passage: "burstiness", replacement: "burstines",
      complaint: "small.yaml:18:7: unknown key `burstines` in demand.uses.code; did you mean `burstiness`?"),
    SpoiltScenario(
      passage: "rate: 0.5", replacement: "rate: often",
      complaint:
        "small.yaml:17:13: `rate` is `often`, which is not a number; write a number such as 3, 0.5 or 1e6"),
    SpoiltScenario(
      passage: "on-demand: {pert: [1.5, 2.6, 4.0]}", replacement: "on-demand: -2.5",
      complaint: "small.yaml:66:18: `on-demand` is -2.5; it must be 0 or more"),
    SpoiltScenario(
      passage: "on-demand: {pert: [1.5, 2.6, 4.0]}", replacement: "on-demand: 1e308",
      complaint: "small.yaml:66:18: `on-demand` is 1e308; numbers go up to 1e15"),
    SpoiltScenario(
      passage: "on-demand: {pert: [1.5, 2.6, 4.0]}", replacement: "on-demand: {p10: 0.001, p90: 2500}",
      complaint:
        "small.yaml:66:24: p90 2500 of `on-demand` is 2500000 times p10 0.001; a factor of at most 1000000 is "
        + "taken; are both in one unit?"),
    SpoiltScenario(
      passage: "{p10: 10, p90: 120}", replacement: "{p10: 120, p90: 10}",
      complaint: "small.yaml:13:28: p10 120 of `output_tokens` is above p90 10; swap them"),
    SpoiltScenario(
      passage: "    chain:\n      - metered: {provider: bedrock}\n  own:",
      replacement: "    chain: []\n  own:",
      complaint: "small.yaml:24:12: options.api.chain is empty; give at least 1"),
    SpoiltScenario(
      passage: "tensor_parallel: 2, weights: fp8", replacement: "tensor_parallel: 1, weights: bf16",
      complaint:
        "small.yaml:33:13: llama-3.3-70b in bf16 does not fit 1 × h100-sxm: each GPU lacks 62.7 GiB for weights, "
        + "activations and 2048 tokens; what fits is tensor_parallel: 2, or tensor_parallel: 1 with weights: fp8"
    ),
    SpoiltScenario(
      passage: "mean_up_hours: 3", replacement: "mean_up_hours: 0.0001",
      complaint: "small.yaml:42:43: `mean_up_hours` is 0.0001; it must be from 0.01 to 100000"),
    SpoiltScenario(
      passage: "llama-3.1-8b: {replicas: 1, weights: fp8}",
      replacement: "llama-3.1-8b: {replicas: 0, weights: fp8}",
      complaint: "small.yaml:32:38: `replicas` is 0; it must be from 1 to 10000"),
    SpoiltScenario(
      passage: "baseline: api\n", replacement: "baseline: apo\n",
      complaint: "small.yaml:58:11: there is no option `apo`; did you mean `api`?"),
    SpoiltScenario(
      passage: "model: llama-3.3-70b\n      rate: 0.5\n      burstiness: 0.5\n      input_tokens: 600\n"
        + "      output_tokens: {p10: 20, p90: 200}",
      replacement: "model: llama-3.3-70b\n      trace: gone.csv",
      complaint: "small.yaml:17:14: the trace gone.csv is not there; check its path", exitCode: 66),
  ]

  @Test("A spoilt scenario is refused in one line by plan, validate and simulate alike", arguments: scenarios)
  func scenario(_ spoilt: SpoiltScenario) async throws {
    let folder = try SmallScenario.folder(
      SmallScenario.replacing(spoilt.passage, by: spoilt.replacement))
    for arguments in [["plan"], ["validate"], ["simulate", "--option", "api"]] {
      let outcome = try await Program.run(arguments + ["small.yaml"], in: folder)
      #expect(
        outcome
          == Program.Outcome(exitCode: spoilt.exitCode, output: "", diagnostics: spoilt.complaint + "\n"))
    }
    #expect(try folder.names() == ["small.yaml"], "something was written")
  }

  private static let rows = """
    TIMESTAMP,ContextTokens,GeneratedTokens
    2023-11-16 18:17:03,4808,10
    2023-11-16 18:17:04,110,27

    """

  static let traces = [
    SpoiltTrace(
      text: rows + "2023-11-16 18:15:02,5,5\n",
      complaint:
        "trace.csv:4:1: the time runs back by 122 s, more than the 60 s within which rows are sorted; sort the file "
        + "by time"),
    SpoiltTrace(
      text: rows + "2023-11-16 18:1",
      complaint: "trace.csv:4:1: the row has 1 of 3 columns; is the file truncated?"),
    SpoiltTrace(
      text: rows + "2023-11-16 18:17:09,5\n",
      complaint: "trace.csv:4:21: the row has 2 of 3 columns; is the file truncated?"),
    SpoiltTrace(
      text: rows + "2023-11-16 18:17:09,-5,3\n",
      complaint: "trace.csv:4:21: ContextTokens is '-5'; a whole number of tokens is needed"),
    SpoiltTrace(
      text: "TIMESTAMP,A,GeneratedTokens\n",
      complaint:
        "trace.csv:1:1: the column ContextTokens is missing; the first line must name TIMESTAMP, ContextTokens, "
        + "GeneratedTokens"),
    SpoiltTrace(
      text: "TIMESTAMP,ContextTokens,GeneratedTokens\n",
      complaint: "trace.csv: no request in it can be replayed; name a log with requests"),
    SpoiltTrace(
      text: "",
      complaint: "trace.csv:1:1: the file is empty; a table starts with a line of column names"),
  ]

  @Test("A spoilt trace is refused at its place by plan, validate and simulate alike", arguments: traces)
  func trace(_ spoilt: SpoiltTrace) async throws {
    let folder = try SmallScenario.folder(Trace.scenario)
    try folder.write(spoilt.text, to: "trace.csv")
    for arguments in [["plan"], ["validate"], ["simulate", "--option", "api"]] {
      let outcome = try await Program.run(arguments + ["small.yaml"], in: folder)
      #expect(outcome == Program.Outcome(exitCode: 65, output: "", diagnostics: spoilt.complaint + "\n"))
    }
    #expect(try folder.names() == ["small.yaml", "trace.csv"])
  }

  @Test("All problems are told at once, in the order of their places")
  func several() async throws {
    let text = SmallScenario.replacing("burstiness", by: "burstines")
      .replacingOccurrences(of: "rate: 0.5", with: "rate: often")
      .replacingOccurrences(of: "gpu: h100-sxm", with: "gpu: h100-sxn")
    let outcome = try await Program.run(["plan", "small.yaml"], in: SmallScenario.folder(text))
    #expect(outcome.exitCode == 65)
    let places = outcome.diagnosticLines.map { $0.prefix { $0 != " " } }
    #expect(
      places == [
        "small.yaml:17:13:", "small.yaml:18:7:", "small.yaml:30:16:", "small.yaml:40:16:",
        "small.yaml:48:16:",
      ])
    #expect(outcome.diagnostics.contains("there is no GPU `h100-sxn`; did you mean `h100-sxm`?"))
  }

  @Test(
    "Files that are no scenario",
    arguments: [
      ("", "small.yaml:1:1: the file is empty"),
      ("{{{{", "small.yaml:2:1: not valid YAML: did not find expected node content"),
      ("name: \u{0}", "small.yaml:1:7: there is a NUL byte; a YAML file is UTF-8 text"),
    ])
  func noScenario(_ text: String, _ complaint: String) async throws {
    let outcome = try await Program.run(["plan", "small.yaml"], in: SmallScenario.folder(text))
    #expect(outcome == Program.Outcome(exitCode: 65, output: "", diagnostics: complaint + "\n"))
  }

  @Test("A missing scenario ends with 66, as does a folder")
  func missing() async throws {
    let folder = try Folder()
    let gone = try await Program.run(["plan", "gone.yaml"], in: folder)
    #expect(gone.exitCode == 66)
    #expect(gone.diagnostics == "gone.yaml: the scenario file cannot be read; check its path\n")
    let here = try await Program.run(["plan", "."], in: folder)
    #expect(here.exitCode == 66 && here.diagnostics == ".: this is a folder; check its path\n")
    #expect(try folder.names().isEmpty)
  }

  @Test(
    "A wrong command line ends with 64, says what would be right, and points to the help",
    arguments: [
      (["plan", "--draws", "0"], "Error: --draws is 0; it must be a whole number from 1 to 1,048,576."),
      (["plan", "--threads", "0"], "Error: --threads is 0; it must be a whole number from 1 to 1024."),
      (
        ["plan", "--seed", "-1"],
        "Error: The value '-1' is invalid for '--seed <number>': it must be a whole number of 0 or more."
      ),
      (["plan", "--jason"], "Error: Unknown option '--jason'. Did you mean '--json'?"),
      (["plann"], "Error: Unknown subcommand 'plann'. Did you mean 'plan'?"),
      (["plan", "a.yaml", "b.yaml"], "Error: Unexpected argument: 'b.yaml'."),
      (["plan", "--out", ""], "Error: --out is empty; name a folder."),
      (
        ["plan", "--database", ":memory:"],
        "Error: --database is ':memory:', which keeps nothing; name a file."
      ),
      (["plan", "--out"], "Error: Missing value for '--out <folder>'."),
      (
        ["simulate", "--option", "gone"],
        "Error: --option is 'gone', which the scenario does not have; it has bedrock-on-demand, all-on-maverick, "
          + "self-hosted-bf16, self-hosted-fp8, spot-fp8, provisioned, base-with-burst."
      ),
      (
        ["calc"],
        "Error: Missing '--gpu-hour <dollars>', '--throughput <tokens/s>', '--output-price <dollars>'."
      ),
      (
        ["calc", "--gpu-hour", "-3", "--throughput", "2500", "--output-price", "1"],
        "Error: --gpu-hour is -3; it must be a number of 0 or more."
      ),
    ])
  func usage(_ arguments: [String], _ complaint: String) async throws {
    let folder = try Folder()
    let outcome = try await Program.run(arguments, in: folder)
    #expect(outcome.exitCode == 64 && outcome.output.isEmpty)
    #expect(outcome.diagnosticLines.first == complaint)
    #expect(outcome.diagnosticLines.last?.hasPrefix("See 'breakeven") == true)
    #expect(try folder.names().isEmpty)
  }

  @Test(
    "An override is checked like the file, and its path named",
    arguments: [
      (
        "demand.uses.chat.rate=-1",
        "--set demand.uses.chat.rate: `rate` is -1; it must be above 0, at most 100000"
      ),
      (
        "demand.uses.chat.rat=3",
        "--set demand.uses.chat.rat: unknown key `rat` in demand.uses.chat; did you mean `rate`?"
      ),
      (
        "options.own.chain.1.fleet.gpu=x",
        "--set options.own.chain.1.fleet.gpu: `1` is no element of options.own.chain; its elements are 0 to 0"
      ),
      (
        "options.own.chain.0.fleet.pools.llama-3.1-8b.replicas=0",
        "--set options.own.chain.0.fleet.pools.llama-3.1-8b.replicas: `replicas` is 0; it must be from 1 to 10000"
      ),
      (
        "nothing",
        "--set nothing: an override needs a path and a value; write --set path=value, such as --set demand.volume=1.2"
      ),
    ])
  func overrides(_ override: String, _ complaint: String) async throws {
    let outcome = try await Program.run(
      ["validate", "small.yaml", "--set", override], in: SmallScenario.folder())
    #expect(outcome == Program.Outcome(exitCode: 65, output: "", diagnostics: complaint + "\n"))
  }

  @Test("Demand that no machine gets through is refused at once, not simulated for ever")
  func endless() async throws {
    let folder = try SmallScenario.folder()
    for settings in [
      ["demand.growth_per_month=1", "horizon.months=120"],
      ["demand.uses.chat.rate=100000", "demand.volume=10000"],
    ] {
      let outcome = try await Program.run(
        ["plan", "small.yaml"] + settings.flatMap { ["--set", $0] }, in: folder)
      #expect(outcome.exitCode == 65 && outcome.output.isEmpty)
      #expect(outcome.diagnostics.contains("more than can be waited for"))
      #expect(outcome.diagnosticLines.count == 1)
    }
  }
}
