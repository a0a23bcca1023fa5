// SPDX-License-Identifier: GPL-3.0-or-later
// Replays of traces, among them the public one that the tool's numbers are quoted for.

import Foundation
import Testing

/// The Azure LLM inference trace of 2023 (code), where a checkout has it beside it.
private let azureTrace: String? = [
  "../shared/data/azure-2023/AzureLLMInferenceTrace_code.csv",
  "shared/data/azure-2023/AzureLLMInferenceTrace_code.csv",
].map { Program.repository.appending(path: $0).standardizedFileURL.path }
  .first { FileManager.default.fileExists(atPath: $0) }

@Suite("Replayed traces", .timeLimit(.minutes(15)))
struct ReplayTests {
  @Test(
    "INV-1: of the Azure 2023 code trace all 8,819 requests arrive and are accounted for, with all their tokens",
    .enabled(if: azureTrace != nil, "the Azure trace is not beside this checkout"),
    arguments: ["self-hosted-fp8", "bedrock-on-demand"])
  func azure(_ option: String) async throws {
    let trace = try #require(azureTrace)
    // Counted from the file by nothing but commas and line ends.
    let rows = try String(contentsOfFile: trace, encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst()
      .map { $0.split(separator: ",") }
    let tokens = (1...2).map { column in rows.reduce(0) { $0 + (Int($1[column]) ?? 0) } }
    #expect(rows.count == 8819)
    let scenario = Program.repository.appending(path: "workloads/replay-code-assistant.yaml").path
    let outcome = try await Program.run(
      [
        "simulate", scenario, "--option", option, "--set", "demand.uses.code.trace=\(trace)", "--json",
      ], in: Folder())
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    let document = try Document(outcome.output)
    let totals = try #require(document["totals"] as? [String: Double])
    #expect(totals["arrived"] == 8819 && totals["served"] == 8819)
    #expect(["throttled", "failed", "inFlight"].allSatisfy { totals[$0] == 0 })
    #expect(totals["inputTokens"] == Double(tokens[0]))
    #expect(totals["outputTokens"] == Double(tokens[1]))
    let supply = try #require((document["supplies"] as? [[String: Any]])?.first)
    #expect(supply["inputTokens"] as? Int == tokens[0] && supply["outputTokens"] as? Int == tokens[1])
  }

  @Test("A plan of a trace says how short the trace is, and counts each month's requests by its hours")
  func plan() async throws {
    let folder = try SmallScenario.folder(Trace.scenario)
    try folder.write(Trace.text, to: "trace.csv")
    let outcome = try await Program.run(["plan", "small.yaml", "--json"], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    let document = try Document(outcome.output)
    #expect((document["warnings"] as? [String])?.contains { $0.contains("trace covers") } == true)
    // Four requests stand for their span and a mean gap, a third of it.
    let period = 5.12504 * 4 / 3
    let months = try #require((document["demand"] as? [String: Any])?["monthly"] as? [[String: Any]])
    for month in months {
      let requests = try #require(month["requests"] as? Double)
      #expect(isClose(requests, 31 * 86_400 / period * 4), "\(month)")
      #expect(isClose(month["inputTokens"] as? Double ?? .nan, requests / 4 * 11_992))
      #expect(isClose(month["outputTokens"] as? Double ?? .nan, requests / 4 * 349))
    }
  }

  @Test("A trace of one request, and one whose requests all come at once, can be planned", arguments: [1, 3])
  func degenerate(_ rows: Int) async throws {
    let folder = try SmallScenario.folder(Trace.scenario)
    let row = "2023-11-16 18:17:03,100,10\n"
    try folder.write(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n" + String(repeating: row, count: rows), to: "trace.csv")
    let outcome = try await Program.run(["plan", "small.yaml", "--json"], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    #expect(try Document(outcome.output).numbers.allSatisfy { $0.isFinite })
  }
}
