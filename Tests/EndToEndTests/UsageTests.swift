// SPDX-License-Identifier: GPL-3.0-or-later
// `usage` as a shell runs it: dollars checked by hand, no prompt in any output, and the promised exit codes.

import Foundation
import Testing

/// Logs of every format that may carry prompts and answers; the word `canary` stands where they do.
private let logsWithBodies = [
  "bedrock.jsonl": """
  {"timestamp":"2026-11-16T09:00:00Z","modelId":"meta.llama3-3-70b-instruct-v1:0","input":{"inputBodyJson":{"prompt":"canary"},"inputTokenCount":1000000},"output":{"outputBodyJson":{"generation":"canary"},"outputTokenCount":500000},"requestMetadata":{"use_case":"chat"}}
  {"timestamp":"2026-11-16T09:01:00Z","modelId":"us.meta.llama3-3-70b-instruct-v1:0","input":{"inputBodyJson":{"prompt":"canary"},"inputTokenCount":1000000},"output":{"outputTokenCount":500000}}

  """,
  "litellm.jsonl": """
  {"call_type":"acompletion","startTime":"2026-11-16T09:00:00Z","endTime":"2026-11-16T09:00:02Z","prompt_tokens":10,"completion_tokens":20,"model":"llama-3.3-70b","spend":0.25,"status":"success","messages":[{"role":"user","content":"canary"}],"response":{"content":"canary"},"proxy_server_request":{"body":"canary"}}

  """,
  "opentelemetry.jsonl": """
  {"name":"chat","startTimeUnixNano":"1735689600000000000","endTimeUnixNano":"1735689602000000000","attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"llama-3.3-70b"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"100"}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":"7"}},{"key":"gen_ai.input.messages","value":{"stringValue":"canary"}},{"key":"gen_ai.output.messages","value":{"stringValue":"canary"}}]}

  """,
  "langfuse.jsonl": """
  {"id":"1","traceId":"t","type":"GENERATION","startTime":"2026-11-16T09:00:00Z","endTime":"2026-11-16T09:00:02Z","model":"llama-3.3-70b","usageDetails":{"input":10,"output":20},"input":"canary","output":"canary"}

  """,
  "langfuse.csv": """
  id,traceId,type,startTime,endTime,model,inputUsage,outputUsage,totalCost,input,output
  1,t,GENERATION,2026-11-16 09:00:00,2026-11-16 09:00:02,llama-3.3-70b,10,20,0.25,canary,"canary, too"

  """,
  "litellm.csv": """
  startTime,endTime,prompt_tokens,completion_tokens,model,spend,messages,response
  2026-11-16 09:00:00,2026-11-16 09:00:02,10,20,llama-3.3-70b,0.25,"[{""content"": ""canary""}]",canary

  """,
]

@Suite("usage", .timeLimit(.minutes(15)))
struct UsageTests {
  private struct Document: Decodable {
    struct Row: Decodable {
      struct Duplicates: Decodable {
        var requests: Double
        var dollars: Double?
      }
      struct Latency: Decodable {
        var count: Int
        var p50: Double
      }
      var name: String
      var requests: Double
      var failed: Double
      var outputTokens: Double?
      var dollars: Double?
      var unpricedRequests: Double
      var duplicates: Duplicates?
      var durationSeconds: Latency?
    }
    var models: [Row]
    var useCases: [Row]
    var total: Row
  }

  private func document(_ arguments: [String], in folder: Folder) async throws -> Document {
    let outcome = try await Program.run(["usage"] + arguments + ["--json"], in: folder)
    try #require(outcome.exitCode == 0, "\(outcome.diagnostics)")
    return try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
  }

  @Test("Bedrock's own log is priced as Bedrock: 2 × (1M × $0.72 + 0.5M × $0.72) is $2.16, half of it twice")
  func handChecked() async throws {
    let folder = try Folder()
    try folder.write(logsWithBodies["bedrock.jsonl"] ?? "", to: "log.jsonl")
    try folder.write(
      """
      metered:
        bedrock:
          models:
            llama-3.3-70b:
              input: 1
              output: 3
              source: "a contract"
              verified_on: 2026-11-24

      """, to: "contract.yaml")
    let found = try await document(["log.jsonl"], in: folder)
    #expect(found.total.dollars == 2.16 && found.models.map(\.name) == ["meta.llama3-3-70b-instruct-v1:0"])
    #expect(found.total.duplicates?.requests == 1 && found.total.duplicates?.dollars == 1.08)
    #expect(
      found.useCases.map(\.name) == ["(unnamed)", "chat"] && found.useCases.map(\.dollars) == [1.08, 1.08])
    // 2 × (1 + 1.5), by a price book of one's own; and without a cache nothing is saved.
    let own = try await document(["log.jsonl", "--prices", "contract.yaml", "--cache-ttl", "30"], in: folder)
    #expect(own.total.dollars == 5 && own.total.duplicates?.requests == 0)
  }

  @Test(
    "The shipped spend log: its spend column, and Bedrock's prices for the model without one, to the cent")
  func shippedLog() async throws {
    let folder = try Folder()
    let log = Program.repository.appending(path: "workloads/traces/litellm-spend.csv").path
    var spend: [String: Double] = [:]
    var tokens = 0.0
    for line in try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells[1] == "acompletion", cells[11] == "success" else { continue }
      let (input, output) = (Double(cells[5]) ?? .nan, Double(cells[6]) ?? .nan)
      tokens += output
      // $0.22 per 1M tokens, in and out.
      let price = cells[3] == "llama-3.1-8b" ? (input + output) * 0.22e-6 : nil
      if let dollars = Double(cells[4]) ?? price { spend[String(cells[3]), default: 0] += dollars }
    }
    let found = try await document([log, "--provider", "bedrock"], in: folder)
    #expect(found.total.requests == 29 && found.total.failed == 2 && found.total.unpricedRequests == 3)
    #expect(found.total.outputTokens == tokens)
    for row in found.models {
      #expect((row.dollars == nil) == (spend[row.name] == nil), "\(row.name)")
      #expect(abs((row.dollars ?? 0) - (spend[row.name] ?? 0)) < 1e-8, "\(row.name)")
    }
    #expect(abs((found.total.dollars ?? 0) - spend.values.sorted().reduce(0, +)) < 1e-8)
    #expect(found.total.duplicates?.requests == 5 && found.total.durationSeconds?.count == 26)
  }

  @Test(
    "Prompts and answers are in no output, whatever the format", arguments: logsWithBodies.keys.sorted())
  func canary(name: String) async throws {
    let folder = try Folder()
    try folder.write(logsWithBodies[name] ?? "", to: name)
    for format in [["--json"], [], ["--csv", "-"]] {
      let outcome = try await Program.run(
        ["usage", name, "--provider", "bedrock", "--csv", "usage.csv"] + format, in: folder)
      #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
      #expect(outcome.output.contains("llama"), "\(outcome.output)")
      #expect(!(outcome.output + outcome.diagnostics).contains("canary"))
    }
    #expect(try !folder.text("usage.csv").contains("canary"))
  }

  @Test("A model that nobody knows is named with the nearest one, and counted as not priced")
  func unknownModel() async throws {
    let folder = try Folder()
    let header = "startTime,prompt_tokens,completion_tokens,model\n"
    try folder.write(
      header + "2026-11-16 09:00:00,1000000,1,lama-3.3-70b-instruct\n"
        + "2026-11-16 09:00:01,1000000,1000000,llama-3.3-70b\n", to: "log.csv")
    let outcome = try await Program.run(["usage", "log.csv", "--provider", "bedrock"], in: folder)
    #expect(outcome.exitCode == 0 && outcome.output.contains("$1.44 and 1 request not priced"))
    #expect(
      outcome.diagnosticLines == [
        "Note: 1 request of lama-3.3-70b-instruct not priced: not in the catalog; did you mean `llama-3.3-70b`?"
      ])
  }

  @Test("OpenAI's usage pages give the same table without duplicates and latencies")
  func usagePages() async throws {
    let folder = try Folder()
    try folder.write(
      """
      {"object":"page","data":[{"object":"bucket","start_time":1764547200,"end_time":1764633600,"results":[{"input_tokens":2000000,"output_tokens":1000000,"input_cached_tokens":500000,"num_model_requests":100,"model":"llama-3.1-8b"},{"input_tokens":1000,"output_tokens":10,"num_model_requests":3,"model":"gpt-4o"}]}]}
      """, to: "usage.json")
    let found = try await document(["usage.json", "--provider", "bedrock"], in: folder)
    #expect(found.models.map(\.name) == ["llama-3.1-8b", "gpt-4o"] && found.models[1].dollars == nil)
    #expect(found.total.dollars == 0.66 && found.total.unpricedRequests == 3)
    #expect(found.total.duplicates == nil && found.total.durationSeconds == nil)
  }

  @Test(
    "What is wrong is told with its code, and no file is left",
    arguments: [
      (["gone.csv"], Int32(66), "gone.csv: cannot be read"),
      (["bad.csv"], 65, "bad.csv:3:21: ContextTokens is 'many'; a whole number of tokens is needed"),
      (["log.csv", "--prices", "gone.yaml"], 66, "gone.yaml: the price book is not there; check its path"),
      (["log.csv", "--prices", "bad.yaml"], 65, "bad.yaml:1:1: unknown key `prices`"),
      (
        ["log.csv", "--provider", "bedrok"], 64,
        "Error: '--provider' is 'bedrok', which the price book has not"
      ),
      (
        ["log.csv", "--model", "lama-3.3-70b"], 64,
        "Error: '--model' is 'lama-3.3-70b', which the catalog has not"
      ),
      (
        ["log.csv", "--model", "llama-3.3-70b"], 64,
        "Error: The log does not tell what 'llama-3.3-70b' has cost"
      ),
      (
        ["log.csv", "--cache-ttl", "-1"], 64, "Error: '--cache-ttl' must be from 0 to 1,000,000,000 seconds."
      ),
      (["log.csv", "--cache-ttl", "nan"], 64, "Error: "),
      (["usage.csv"], 64, "Error: '--csv' would replace usage.csv, which is read; name another file."),
      (["./usage.csv"], 64, "Error: '--csv' would replace ./usage.csv, which is read; name another file."),
    ])
  func refusals(arguments: [String], exitCode: Int32, complaint: String) async throws {
    let folder = try Folder()
    let header = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,1\n"
    try folder.write(header, to: "log.csv")
    try folder.write(header + "2023-11-16T18:17:04,many,1\n", to: "bad.csv")
    try folder.write("prices: 1\n", to: "bad.yaml")
    let names = try folder.names()
    let outcome = try await Program.run(["usage"] + arguments + ["--csv", "usage.csv"], in: folder)
    #expect(outcome.exitCode == exitCode && outcome.output.isEmpty)
    #expect(outcome.diagnostics.hasPrefix(complaint), "\(outcome.diagnostics)")
    #expect(try folder.names() == names)
  }

  @Test(
    "A log is never replaced by its figures, by whatever name they go", arguments: ["./log.csv", "link.csv"])
  func replacing(target: String) async throws {
    let folder = try Folder()
    try folder.write("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,1\n", to: "log.csv")
    let log = try folder.bytes("log.csv")
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: "link.csv"), withDestinationURL: folder.url.appending(path: "log.csv"))
    let outcome = try await Program.run(
      ["usage", "log.csv", "--model", "llama-3.3-70b", "--provider", "bedrock", "--csv", target], in: folder)
    #expect(outcome.exitCode == 64 && outcome.diagnostics.contains("would replace log.csv"), "\(outcome)")
    #expect(try folder.bytes("log.csv") == log && folder.names() == ["link.csv", "log.csv"])
  }

  @Test("A CSV that cannot be written is told with code 73, before the log is read")
  func unwritable() async throws {
    let folder = try Folder()
    let outcome = try await Program.run(["usage", "gone.csv", "--csv", "no/such/usage.csv"], in: folder)
    #expect(outcome.exitCode == 73 && outcome.diagnostics.hasPrefix("no/such/usage.csv: cannot be written"))
  }

  @Test("Of many use cases the table shows the twenty that cost most, the CSV all")
  func manyUseCases() async throws {
    let folder = try Folder()
    var log = "startTime,prompt_tokens,completion_tokens,model,spend,request_tags\n"
    for number in 1...30 { log += "2026-11-16 09:00:00,1,1,llama,\(number),team-\(number)\n" }
    try folder.write(log, to: "log.csv")
    let outcome = try await Program.run(["usage", "log.csv", "--csv", "usage.csv"], in: folder)
    #expect(
      outcome.exitCode == 0 && outcome.output.contains("… and 10 more use cases: see --json or --csv\n"))
    #expect(outcome.output.contains("team-11 ") && !outcome.output.contains("team-10 "))
    let names = try folder.text("usage.csv").split(separator: "\n").map { $0.split(separator: ",")[1] }
    #expect(names == ["name", "llama"] + (1...30).reversed().map { "team-\($0)" } + ["all"])
  }

  @Test("A name in a log cannot write to the terminal, nor a formula to a spreadsheet")
  func hostileNames() async throws {
    let folder = try Folder()
    try folder.write(
      "startTime,prompt_tokens,completion_tokens,model,spend\n"
        + "2026-11-16 09:00:00,1,1,=1+1\u{1B}[31m,0.5\n", to: "log.csv")
    let table = try await Program.run(["usage", "log.csv"], in: folder)
    #expect(table.exitCode == 0 && table.output.contains("=1+1\u{FFFD}[31m"))
    #expect(!table.output.contains("\u{1B}"))
    let csv = try await Program.run(["usage", "log.csv", "--csv", "-"], in: folder)
    #expect(csv.output.contains("model,'=1+1"))
  }
}
