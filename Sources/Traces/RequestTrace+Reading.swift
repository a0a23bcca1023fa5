// SPDX-License-Identifier: GPL-3.0-or-later
// Takes a whole log into memory, as a plan replays it.

public import TextFormats
public import Workload

extension RequestTrace {
  /// Reads a log of any format whole; `-` is standard input.
  ///
  /// Requests that failed are left out, for nobody knows what they would have generated. Prompts that the log tells to be
  /// equal share a content, numbered from 1 in order of appearance. Where it has hashes of blocks, a request's prefix is
  /// the content of the first earlier request that has the last block it shares, and the tokens shared are those of all
  /// its blocks up to there.
  ///
  /// - Parameter warnings: gains what was skipped, sorted, changed or left out.
  /// - Throws: the first problem with its place; that there are no requests.
  /// - Complexity: O(bytes) time; 32 bytes a request, and some tens for each distinct prompt and block.
  public init(
    reading path: String, options: TraceReadingOptions = TraceReadingOptions(), warnings: inout [String]
  ) throws(TextProblem) {
    try self.init(TextReader(path: path), options: options, warnings: &warnings)
  }

  /// Reads a log of any format whole, without its warnings.
  /// - Throws: the first problem with its place; that there are no requests.
  public init(reading path: String, options: TraceReadingOptions = TraceReadingOptions()) throws(TextProblem)
  {
    var warnings: [String] = []
    try self.init(reading: path, options: options, warnings: &warnings)
  }

  /// Reads the text of a log whole.
  /// - Throws: the first problem with its place; that there are no requests.
  public init(
    _ text: consuming TextReader, options: TraceReadingOptions = TraceReadingOptions(),
    warnings: inout [String]
  ) throws(TextProblem) {
    var trace = try TraceReader(text, options: options)
    var identities = PromptIdentities(blockTokens: trace.blockTokens ?? 0)
    var rows: [Row] = []
    var first: Int64?
    var failed = 0
    var batch = TraceBatch()
    while try trace.next(into: &batch) {
      var block = 0
      for record in batch.records {
        let blocks = batch.blocks[block..<block + Int(record.blockCount)]
        block += Int(record.blockCount)
        if record.hasFailed || record.outputTokens < 1 {
          failed += 1
          continue
        }
        let start = first ?? record.time
        first = start
        var row = Row(
          time: Double(record.time - start) / 1e9, inputTokens: record.inputTokens,
          outputTokens: record.outputTokens)
        identities.identify(&row, content: record.content, blocks: blocks)
        rows.append(row)
      }
    }
    warnings += trace.warnings
    if failed > 0 {
      warnings.append(
        "\(failed == 1 ? "1 failed request" : "\(failed) failed requests"): not replayed, for what they would have "
          + "generated is not known")
    }
    guard let first else {
      throw TextProblem(
        file: trace.file, line: 0, column: 0,
        message: "no request in it can be replayed; name a log with requests")
    }
    self.init(rows: rows, startOfWeek: trace.hasCalendar ? Self.secondsOfWeek(first) : nil)
  }

  /// Seconds from the Monday 00:00 UTC before a time in nanoseconds since 1970, which began on a Thursday.
  private static func secondsOfWeek(_ time: Int64) -> Double {
    let week: Int64 = 604_800_000_000_000
    let sinceMonday = (time % week + 3 * 86_400_000_000_000) % week
    return Double(sinceMonday < 0 ? sinceMonday + week : sinceMonday) / 1e9
  }
}

/// Numbers prompts, and finds what each shares with those before it.
private struct PromptIdentities {
  let blockTokens: Int
  private var contents: [UInt64: UInt32] = [:]
  /// The content of the first request that has a block.
  private var owners: [UInt64: UInt32] = [:]

  init(blockTokens: Int) { self.blockTokens = blockTokens }

  mutating func identify(_ row: inout RequestTrace.Row, content: UInt64, blocks: ArraySlice<UInt64>) {
    guard content != 0 else { return }
    let number = contents[content] ?? UInt32(contents.count + 1)
    contents[content] = number
    row.content = number
    var shared = 0
    for block in blocks {
      guard let owner = owners[block] else { break }
      shared += 1
      row.prefix = owner
    }
    row.sharedTokens = Int32(min(shared * blockTokens, Int(row.inputTokens)))
    for block in blocks.dropFirst(shared) { owners[block] = number }
  }
}
