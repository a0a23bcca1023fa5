// SPDX-License-Identifier: GPL-3.0-or-later
// `trace convert` as a shell runs it: files whole or absent, problems with their place, and the promised exit codes.

import Foundation
import Testing

private let azure = """
  TIMESTAMP,ContextTokens,GeneratedTokens
  2023-11-16 18:17:03.9799600,600,10
  2023-11-16 18:17:04.0319600,80,8

  """

@Suite("trace convert", .timeLimit(.minutes(15)))
struct TraceConvertTests {
  @Test("A log goes to Mooncake's lines and back, through files and pipes, plain and compressed")
  func roundTrip() async throws {
    let folder = try Folder()
    try folder.write(azure, to: "log.csv")
    let outcome = try await Program.run(["trace", "convert", "log.csv", "--out", "log.jsonl"], in: folder)
    #expect(
      outcome
        == Program.Outcome(
          exitCode: 0, output: "",
          diagnostics: "2 requests of log.csv (azure) written to log.jsonl (mooncake)\n"))
    #expect(
      try folder.text("log.jsonl") == """
        {"timestamp": 0, "input_length": 600, "output_length": 10, "hash_ids": [0, 1]}
        {"timestamp": 52, "input_length": 80, "output_length": 8, "hash_ids": [2]}

        """)
    let piped = try await Program.shell(
      "gzip -c log.csv | \"$PROGRAM\" trace convert - --out - --to azure", in: folder)
    #expect(piped.exitCode == 0 && piped.output == azure)
    #expect(try folder.names() == ["log.csv", "log.jsonl"])
  }

  @Test(
    "What is wrong is told with its place and code, and nothing is written",
    arguments: [
      (["gone.csv"], Int32(66), "gone.csv: cannot be read"),
      (["."], 66, ".: cannot be read (it is a folder)"),
      (["bad.csv"], 65, "bad.csv:3:21: ContextTokens is 'many'; a whole number of tokens is needed"),
      (["unknown.csv"], 65, "unknown.csv:1:1: the file has the columns of no format that is known"),
      (["good.csv", "--format", "mooncake"], 65, "good.csv:1:1: this is no JSON"),
      (["good.csv", "--format", "moon"], 64, "Error: The value 'moon' is invalid for '--format <format>'"),
      (["unknown.csv", "--columns", "time=a"], 64, "Error: '--columns': no column is given for input"),
      (["rates.csv"], 65, "rates.csv:1:1: the file tells usage per stretch of time"),
    ])
  func refusals(arguments: [String], exitCode: Int32, complaint: String) async throws {
    let folder = try Folder()
    let header = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,1\n"
    try folder.write(header, to: "good.csv")
    try folder.write(header + "2023-11-16T18:17:04,many,1\n", to: "bad.csv")
    try folder.write("a,b\n1,2\n", to: "unknown.csv")
    try folder.write("t_s,rate_rps\n0,1\n600,2\n", to: "rates.csv")
    let names = try folder.names()
    let outcome = try await Program.run(
      ["trace", "convert"] + arguments + ["--out", "out.jsonl"], in: folder)
    #expect(outcome.exitCode == exitCode && outcome.output.isEmpty)
    #expect(outcome.diagnostics.hasPrefix(complaint), "\(outcome.diagnostics)")
    #expect(try folder.names() == names)
  }

  @Test("A log is not replaced by what is made of it", arguments: ["log.csv", "./log.csv", "link.csv"])
  func onlyCopy(out: String) async throws {
    let folder = try Folder()
    try folder.write(azure, to: "log.csv")
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appendingPathComponent("link.csv").path, withDestinationPath: "log.csv")
    for command in [["convert"], ["fit"]] {
      let outcome = try await Program.run(["trace"] + command + ["log.csv", "--out", out], in: folder)
      #expect(outcome.exitCode == 64 && outcome.output.isEmpty)
      #expect(outcome.diagnostics.contains("'--out' would replace log.csv, which is read"))
      #expect(try folder.text("log.csv") == azure)
    }
  }

  @Test("Bad rows are skipped where that is asked for, and told")
  func skipping() async throws {
    let folder = try Folder()
    try folder.write(azure + "oops\n", to: "log.csv")
    let outcome = try await Program.run(
      ["trace", "convert", "log.csv", "--out", "-", "--to", "azure", "--skip-bad", "1"], in: folder)
    #expect(outcome.exitCode == 0 && outcome.output == azure)
    #expect(
      outcome.diagnostics.hasPrefix(
        "Warning: log.csv: 1 row skipped that could not be read; the first: log.csv:4:1: the row has 1 of 3 columns"
      ))
  }

  @Test("An output that cannot be written is told with code 73")
  func unwritable() async throws {
    let folder = try Folder()
    try folder.write(azure, to: "log.csv")
    let outcome = try await Program.run(["trace", "convert", "log.csv", "--out", "no/such/out"], in: folder)
    #expect(outcome.exitCode == 73 && outcome.diagnostics.hasPrefix("no/such/out: cannot be written"))
  }
}
