// SPDX-License-Identifier: GPL-3.0-or-later
// The public traces that statistics are held against, where they lie beside the checkout.

import Foundation
import Traces

/// Files of public traces in a data folder beside the package, read plainly: what is tested is not the readers.
enum RealTraces {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "../shared/data")
    .standardizedFileURL

  static func path(_ file: String) -> String { folder.appending(path: file).path }
  static func isThere(_ file: String) -> Bool { FileManager.default.isReadableFile(atPath: path(file)) }

  static let azureCode = "azure-2023/AzureLLMInferenceTrace_code.csv"
  static let azureHours = "azure-2024/conv_hourly.csv"
  static let mooncake = "mooncake/synthetic_trace.jsonl"
  static let serveGen = "servegen/m-small_rate_10min.csv"

  private static func lines(_ file: String) throws -> [Substring] {
    try String(contentsOfFile: path(file), encoding: .utf8).split(whereSeparator: \.isNewline)
  }

  /// `2023-11-16 18:17:03.9799600,4808,10`, all of one day, which was a Thursday.
  static func azureCodeRecords() throws -> [TraceRecord] {
    let day: Int64 = 19677 * 86_400_000_000_000
    return try lines(azureCode).dropFirst().map { line in
      let fields = line.split(separator: ",")
      let clock = fields[0].split(separator: " ")[1].split(separator: ":")
      let seconds = clock.reduce(0) { $0 * 60 + (Double($1) ?? .nan) }
      return TraceRecord(
        time: day + Int64((seconds * 1e7).rounded()) * 100, inputTokens: Int32(fields[1]) ?? -1,
        outputTokens: Int32(fields[2]) ?? -1)
    }
  }

  /// `{"timestamp": 0, "input_length": 40160, "output_length": 6, "hash_ids": [0, 1]}`.
  static func mooncakeBatch() throws -> TraceBatch {
    var batch = TraceBatch()
    for line in try lines(mooncake) {
      let numbers = line.split { !$0.isNumber }.compactMap { Int64($0) }
      var record = TraceRecord(
        time: numbers[0] * 1_000_000, inputTokens: Int32(numbers[1]), outputTokens: Int32(numbers[2]))
      record.blockCount = Int32(numbers.count - 3)
      batch.records.append(record)
      batch.blocks += numbers.dropFirst(3).map { UInt64($0) }
    }
    return batch
  }

  /// `2024-05-12T00:00:00Z,1525.7`: requests per minute, hour by hour from a Sunday's midnight.
  static func azureHourBuckets() throws -> [UsageBucket] {
    let start: Int64 = 19855 * 86_400_000_000_000
    return try lines(azureHours).dropFirst().enumerated().map { index, line in
      let perMinute = Double(line.split(separator: ",")[1]) ?? .nan
      return UsageBucket(
        start: start + Int64(index) * 3_600_000_000_000, duration: 3600, requests: perMinute * 60)
    }
  }

  /// `600,789.867,20,1.2459`: seconds from the trace's zero and requests per second.
  static func serveGenBuckets() throws -> [UsageBucket] {
    try lines(serveGen).dropFirst().map { line in
      let fields = line.split(separator: ",").map { Double($0) ?? .nan }
      return UsageBucket(start: Int64(fields[0]) * 1_000_000_000, duration: 600, requests: fields[1] * 600)
    }
  }
}
