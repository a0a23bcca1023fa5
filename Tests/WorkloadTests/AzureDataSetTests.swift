// SPDX-License-Identifier: GPL-3.0-or-later
// The reader against the published Azure LLM inference trace of 2023, where the data set lies beside the checkout.

import Foundation
import Testing
import Workload

/// The hour of code completion of 2023-11-16, in a data folder beside the package.
private let codeTrace = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
  .appending(path: "../shared/data/azure-2023/AzureLLMInferenceTrace_code.csv").standardizedFileURL.path

@Suite(
  "Azure 2023 code trace",
  .enabled(
    if: FileManager.default.isReadableFile(atPath: codeTrace),
    "AzureLLMInferenceTrace_code.csv of github.com/Azure/AzurePublicDataset is not in ../shared/data/azure-2023"
  ))
struct AzureDataSetTests {
  @Test("every row is read, and nothing else: counts and sums equal those of the plain text")
  func sums() throws {
    let trace = try RequestTrace(azure: codeTrace)
    let text = try String(contentsOfFile: codeTrace, encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).dropFirst()
    let fields = lines.map { $0.split(separator: ",") }
    #expect(trace.rows.count == 8819)
    #expect(trace.rows.count == lines.count)
    #expect(trace.rows.reduce(0) { $0 + Int($1.inputTokens) } == fields.reduce(0) { $0 + (Int($1[1]) ?? 0) })
    #expect(trace.rows.reduce(0) { $0 + Int($1.outputTokens) } == fields.reduce(0) { $0 + (Int($1[2]) ?? 0) })
  }

  @Test("the span is that of the first and last timestamp")
  func span() throws {
    let trace = try RequestTrace(azure: codeTrace)
    let text = try String(contentsOfFile: codeTrace, encoding: .utf8)
    func secondsOfDay(_ line: Substring) -> Double {
      let clock = line.prefix { $0 != "," }.split(separator: " ")[1].split(separator: ":")
      return clock.reduce(0) { $0 * 60 + (Double($1) ?? .nan) }
    }
    let lines = text.split(whereSeparator: \.isNewline).dropFirst()
    let first = try #require(lines.first)
    let last = try #require(lines.last)
    #expect(abs(trace.span - (secondsOfDay(last) - secondsOfDay(first))) < 1e-6)
    #expect(trace.rows.first?.time == 0)
  }

  @Test("rate, burstiness and lengths are the published ones within 1 %")
  func publishedStatistics() throws {
    let trace = try RequestTrace(azure: codeTrace)
    let gaps = zip(trace.rows, trace.rows.dropFirst()).map { $1.time - $0.time }
    let input = trace.rows.map(\.inputTokens).sorted()
    let output = trace.rows.map(\.outputTokens).sorted()
    func quantile(_ values: [Int32], _ share: Double) -> Double {
      Double(values[Int(share * Double(values.count - 1))])
    }
    expectClose(Double(trace.rows.count) / trace.period, 2.567, within: 0.01, "requests a second")
    expectClose(variance(gaps).squareRoot() / mean(gaps), 13.15, within: 0.01, "variation of the gaps")
    expectClose(gaps.max() ?? 0, 217, within: 0.01, "longest gap")
    expectClose(mean(input.map(Double.init)), 2048, within: 0.01, "mean input")
    expectClose(mean(output.map(Double.init)), 27.9, within: 0.01, "mean output")
    expectClose(quantile(input, 0.5), 1469, within: 0.01, "input p50")
    expectClose(quantile(input, 0.9), 5187, within: 0.01, "input p90")
    #expect(quantile(output, 0.5) == 13)
    #expect(quantile(output, 0.9) == 55)
  }
}
