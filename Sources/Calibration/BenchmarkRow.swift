// SPDX-License-Identifier: GPL-3.0-or-later
// A table of published measurements: one metric of one configuration a row, read as it stands.

public import TextFormats

/// A row of a table of measurements.
public struct BenchmarkRow: Sendable, Hashable {
  /// Its line in the file, from 1.
  public var line: Int
  /// Who measured.
  public var source: String
  /// The model as the source names it.
  public var model: String
  /// The GPU as the source names it.
  public var gpu: String
  /// GPUs in all, as written.
  public var gpuCount: String
  /// Size of the tensor-parallel group, as written.
  public var tensorParallel: String
  /// Number format of the weights, as written, and remarks on it.
  public var precision: String
  /// Input tokens, as written.
  public var inputTokens: String
  /// Output tokens, as written.
  public var outputTokens: String
  /// Concurrency, rate, or another load, as written.
  public var load: String
  /// What was measured.
  public var metric: String
  /// What came out.
  public var value: Double
  /// Conditions, in words.
  public var notes: String

  /// Reads a table with the columns `source`, `model`, `gpu`, `gpu_count`, `tp`, `precision`, `isl`, `osl`,
  /// `concurrency_or_qps`, `metric`, `value` and `notes`, in any order and among others.
  /// - Throws: what is wrong with the file, with its place; a value that is not a finite number is.
  public static func read(_ reader: consuming TextReader) throws(TextProblem) -> [BenchmarkRow] {
    var table = try CSVReader(reader)
    var columns: [Int] = []
    for name in [
      "source", "model", "gpu", "gpu_count", "tp", "precision", "isl", "osl", "concurrency_or_qps", "metric",
      "value", "notes",
    ] { columns.append(try table.requiredColumn(name)) }
    var rows: [BenchmarkRow] = []
    while try table.nextRecord() {
      let text = columns.map { table.string($0) }
      guard let value = table.number(columns[10]), value.isFinite else {
        throw table.problem(
          at: columns[10], "the value is `\(text[10])`; it must be a finite number, such as 21.4")
      }
      rows.append(
        BenchmarkRow(
          line: table.text.lineNumber, source: text[0], model: text[1], gpu: text[2], gpuCount: text[3],
          tensorParallel: text[4], precision: text[5], inputTokens: text[6], outputTokens: text[7],
          load: text[8], metric: text[9], value: value, notes: text[11]))
    }
    return rows
  }
}
