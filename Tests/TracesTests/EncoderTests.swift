// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about what is written: it reads back as it was, and says what prompts share as far as that is known.

import Foundation
import Testing
import TextFormats
import Traces
import Workload

/// A log written in a format and read again.
private func rewritten(_ text: String, _ format: TraceOutputFormat) throws -> (text: String, log: ReadLog) {
  var trace = try TraceReader(TextReader(bytes: [UInt8](text.utf8), file: "log"))
  var batch = TraceBatch()
  var encoder: TraceEncoder?
  while try trace.next(into: &batch) {
    var writer =
      encoder ?? TraceEncoder(format, blockTokens: trace.blockTokens, origin: trace.hasCalendar ? nil : 0)
    writer.append(batch)
    encoder = writer
  }
  let bytes = encoder?.bytes ?? []
  return (String(decoding: bytes, as: UTF8.self), try read(bytes).get())
}

/// A replayable trace of a text.
private func replay(_ text: String) throws -> (trace: RequestTrace, warnings: [String]) {
  var warnings: [String] = []
  let trace = try RequestTrace(TextReader(bytes: [UInt8](text.utf8), file: "log"), warnings: &warnings)
  return (trace, warnings)
}

@Suite("Writing requests")
struct EncoderTests {
  private let azure = """
    TIMESTAMP,ContextTokens,GeneratedTokens
    2023-11-16 23:59:59.9799600,4808,10
    2023-11-17 00:00:00.0319601,3180,8
    2024-02-29 12:34:56.0000000,110,0

    """

  @Test("Azure to Azure is the same text to the last digit")
  func azureToAzure() throws {
    #expect(try rewritten(azure, .azure).text == azure)
  }

  @Test("Mooncake to Mooncake is the same text")
  func mooncakeToMooncake() throws {
    let text = """
      {"timestamp": 27, "input_length": 1100, "output_length": 6, "hash_ids": [0, 1, 18446744073709551615]}
      {"timestamp": 3000, "input_length": 512, "output_length": 0, "hash_ids": [0]}

      """
    #expect(try rewritten(text, .mooncake).text == text)
  }

  @Test("Azure to Mooncake keeps lengths, milliseconds from the first request, and shares nothing")
  func azureToMooncake() throws {
    let (text, log) = try rewritten(azure, .mooncake)
    #expect(
      text.hasPrefix(
        "{\"timestamp\": 0, \"input_length\": 4808, \"output_length\": 10, \"hash_ids\": [0, 1, "))
    #expect(
      log.records.map(\.inputTokens) == [4808, 3180, 110] && log.records.map(\.blockCount) == [10, 7, 1])
    #expect(log.records[1].time == 52_000_000 && log.records[2].hasFailed)
    #expect(Set(log.blocks).count == log.blocks.count)
  }

  @Test("Bailian's blocks of 16 become the blocks of 512 that end with them")
  func bailianToMooncake() throws {
    let ids = (0..<70).map(String.init).joined(separator: ", ")
    let (_, log) = try rewritten(
      "{\"chat_id\": 1, \"timestamp\": 1.5, \"input_length\": 1110, \"output_length\": 2, \"hash_ids\": [\(ids)]}",
      .mooncake)
    #expect(log.blocks == [31, 63, 69] && log.records[0].time == 1_500_000_000)
  }

  @Test(
    "equal prompts have equal blocks; what a prompt shares with another is written alike, through generations"
  )
  func identities() throws {
    var encoder = TraceEncoder(.mooncake)
    encoder.append(time: 0, inputTokens: 1024, outputTokens: 1, content: 1)
    encoder.append(time: 1_000_000, inputTokens: 1024, outputTokens: 1, content: 1)
    encoder.append(
      time: 2_000_000, inputTokens: 2000, outputTokens: 1, content: 2, prefix: 1, sharedTokens: 1100)
    encoder.append(
      time: 3_000_000, inputTokens: 2600, outputTokens: 1, content: 3, prefix: 2, sharedTokens: 2000)
    encoder.append(time: 4_000_000, inputTokens: 600, outputTokens: 1)
    let (trace, _) = try replay(String(decoding: encoder.bytes, as: UTF8.self))
    #expect(trace.rows.map(\.content) == [1, 1, 2, 3, 4])
    #expect(trace.rows.map(\.prefix) == [0, 1, 1, 2, 0])
    #expect(trace.rows.map(\.sharedTokens) == [0, 1024, 1024, 1536, 0])
  }

  @Test(
    "for replay, a prefix is the first earlier request with the last shared block; failures are left out and told"
  )
  func replaying() throws {
    let text = """
      {"timestamp": 0, "input_length": 600, "output_length": 1, "hash_ids": [1, 2]}
      {"timestamp": 10, "input_length": 1100, "output_length": 1, "hash_ids": [1, 3, 4]}
      {"timestamp": 20, "input_length": 1030, "output_length": 1, "hash_ids": [1, 3, 5]}
      {"timestamp": 30, "input_length": 600, "output_length": 1, "hash_ids": [1, 2]}
      {"timestamp": 40, "input_length": 600, "output_length": 0, "hash_ids": [7, 8]}
      {"timestamp": 50, "input_length": 600, "output_length": 9, "hash_ids": [9, 2]}
      """
    let (trace, warnings) = try replay(text)
    #expect(trace.rows.map(\.time) == [0, 0.01, 0.02, 0.03, 0.05])
    #expect(trace.rows.map(\.content) == [1, 2, 3, 1, 4])
    #expect(trace.rows.map(\.prefix) == [0, 1, 2, 1, 0])
    #expect(trace.rows.map(\.sharedTokens) == [0, 512, 1024, 600, 0])
    #expect(trace.startOfWeek == nil)
    #expect(warnings.contains { $0.hasPrefix("1 failed request: not replayed") })
  }

  @Test("a replay of dated rows knows its place in the week, one without rows is refused")
  func weeks() throws {
    // 2023-11-16 was a Thursday.
    let (trace, _) = try replay("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 01:00:00,5,5\n")
    #expect(trace.startOfWeek == 262_800.0)
    #expect(trace.period == 3600)
    let problem = #expect(throws: TextProblem.self) {
      _ = try replay("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 01:00:00,5,0\n")
    }
    #expect(problem?.description == "log: no request in it can be replayed; name a log with requests")
  }

  @Test("a file appears whole or not at all")
  func outputFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "out-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "log.jsonl").path
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }
    do {
      var file = try OutputFile(path: path)
      try file.write([1, 2, 3])
    }
    #expect(try names().isEmpty)
    var file = try OutputFile(path: path)
    try file.write([1, 2])
    try file.write([3])
    try file.commit()
    #expect(try names() == ["log.jsonl"] && FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
    for bad in [folder.path, "/nowhere/at/all"] {
      #expect(throws: OutputFile.Problem.self) { _ = try OutputFile(path: bad).self }
    }
  }
}
