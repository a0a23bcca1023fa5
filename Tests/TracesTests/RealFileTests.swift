// SPDX-License-Identifier: GPL-3.0-or-later
// The readers against the published files, where the data folder lies beside the checkout.

import Foundation
import Testing
import TextFormats
import Traces

private let azure = "azure-2023/AzureLLMInferenceTrace_code.csv"
private let mooncake = "mooncake/synthetic_trace.jsonl"
private let hourly = "azure-2024/conv_hourly.csv"
private let serveGen = "servegen/m-small_rate_10min.csv"

@Suite("Published files")
struct RealFileTests {
  @Test(
    "Azure 2023 code: every row and nothing else, by counts and sums of the plain text",
    .enabled(
      if: hasDataFile(azure), "\(azure) of github.com/Azure/AzurePublicDataset is not in ../shared/data"))
  func azureCode() throws {
    let log = try ReadLog(TextReader(path: dataFile(azure)))
    let text = try String(contentsOfFile: dataFile(azure), encoding: .utf8)
    let fields = text.split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",") }
    #expect(log.format == .azure && log.hasCalendar && log.warnings.isEmpty)
    #expect(log.records.count == 8819 && fields.count == 8819)
    #expect(log.records.map { Int($0.inputTokens) } == fields.map { Int($0[1]) })
    #expect(log.records.map { Int($0.outputTokens) } == fields.map { Int($0[2]) })
    func secondsOfDay(_ field: Substring) -> Double {
      field.split(separator: " ")[1].split(separator: ":").reduce(0) { $0 * 60 + (Double($1) ?? .nan) }
    }
    let start = secondsOfDay(fields[0][0])
    for (seconds, field) in zip(log.seconds, fields) {
      #expect(abs(seconds - (secondsOfDay(field[0]) - start)) < 1e-6)
    }
  }

  @Test(
    "Mooncake synthetic: every row with its blocks, as Foundation reads them",
    .enabled(
      if: hasDataFile(mooncake), "\(mooncake) of github.com/kvcache-ai/Mooncake is not in ../shared/data"))
  func mooncakeSynthetic() throws {
    let log = try ReadLog(TextReader(path: dataFile(mooncake)))
    #expect(log.format == .mooncake && !log.hasCalendar && log.blockTokens == 512)
    let lines = try String(contentsOfFile: dataFile(mooncake), encoding: .utf8).split(separator: "\n")
    #expect(log.records.count == 3993 && lines.count == 3993)
    var block = 0
    for (record, line) in zip(log.records, lines) {
      let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(Double(record.time) == (row["timestamp"] as? Double ?? .nan) * 1e6)
      #expect(Int(record.inputTokens) == row["input_length"] as? Int)
      #expect(Int(record.outputTokens) == row["output_length"] as? Int)
      let ids = try #require(row["hash_ids"] as? [Int])
      let next = block + Int(record.blockCount)
      #expect(log.blocks[block..<next].map { Int($0) } == ids)
      block = next
    }
    #expect(block == log.blocks.count)
  }

  @Test(
    "Azure 2024 conversation: 168 hours whose requests are those of the minutes times 60",
    .enabled(if: hasDataFile(hourly), "\(hourly) is not in ../shared/data"))
  func azureHours() throws {
    let usage = try UsageReader(path: dataFile(hourly))
    #expect(usage.format == .rateTable && usage.hasCalendar && usage.buckets.count == 168)
    #expect(usage.buckets.allSatisfy { $0.duration == 3600 })
    #expect(abs((usage.buckets.first?.requests ?? 0) - 1525.7 * 60) < 1e-6)
    // 2024-05-12 was a Sunday.
    #expect(usage.buckets.first?.start == 1_715_472_000_000_000_000)
  }

  @Test(
    "ServeGen m-small: 14 days of 10-minute rates",
    .enabled(if: hasDataFile(serveGen), "\(serveGen) of Alibaba ServeGen is not in ../shared/data"))
  func serveGenRates() throws {
    let usage = try UsageReader(path: dataFile(serveGen))
    #expect(usage.format == .rateTable && !usage.hasCalendar && usage.buckets.count == 2016)
    #expect(usage.buckets.allSatisfy { $0.duration == 600 })
    #expect(abs((usage.buckets.first?.requests ?? 0) - 809.762 * 600) < 1e-6)
    #expect(usage.buckets.last?.start == 1_209_000_000_000_000)
  }
}
