// SPDX-License-Identifier: GPL-3.0-or-later
// What stands between the parsers and whoever reads a trace: puts rows in order of time, and counts what it changes.

import NumberFormatting
import TextFormats

/// Why a row is not taken as it stands; each kind is counted and told in a warning.
enum RowNote: Int, CaseIterable {
  case noInput, noOutput, failed, emptyLength
  case embedding, otherOperation, notGeneration, withoutTokens

  /// The warning about `count` such rows.
  func warning(_ count: Int) -> String {
    let rows = count == 1 ? "1 row" : "\(count) rows"
    switch self {
    case .noInput: return "\(rows) with 0 input tokens: counted as 1, for no prompt is empty"
    case .noOutput: return "\(rows) with 0 output tokens: kept as failed requests"
    case .failed: return "\(rows) that the log calls failed: kept as failed requests"
    case .emptyLength: return "\(rows) without a number of output tokens: kept as failed requests"
    case .embedding: return "\(rows) left out: embedding calls, which generate nothing"
    case .otherOperation: return "\(rows) left out: other operations than text generation"
    case .notGeneration: return "\(rows) left out: no call of a model"
    case .withoutTokens: return "\(rows) left out: calls that name no token counts"
    }
  }
}

/// Collects rows, sorts what runs back within a window, and hands over what can no longer be preceded.
struct RecordSink {
  /// The models' names.
  var models = NameTable()
  /// The use cases' names.
  var useCases = NameTable()
  /// The block ids of the row that is being read; `add` takes them over.
  var rowBlocks: [UInt64] = []
  /// Whether the times have dates.
  var hasCalendar = false
  /// Rows skipped because they could not be read.
  private(set) var skipped = 0
  private(set) var firstSkipped: TextProblem?

  private var records: [TraceRecord] = []
  private var blocks: [UInt64] = []
  /// The latest time so far.
  private var latest = Int64.min
  private var isInOrder = true
  private var sortedRows = 0
  private var sortedBy: Int64 = 0
  private var notes = [Int](repeating: 0, count: RowNote.allCases.count)
  private let window: Int64
  private let skipLimit: Int

  init(window: Double, skipLimit: Int) {
    self.window = Int64(max(0, min(window, 1e9)) * 1e9)
    self.skipLimit = skipLimit
  }

  /// Rows waiting.
  var count: Int { records.count }

  /// Counts a row that differs from what the log says, or is left out.
  mutating func note(_ note: RowNote) { notes[note.rawValue] += 1 }

  /// Counts a row that cannot be read; false where no more may be skipped.
  mutating func skip(_ problem: TextProblem) -> Bool {
    guard skipped < skipLimit, !problem.isUnreadable else { return false }
    if skipped == 0 { firstSkipped = problem }
    skipped += 1
    rowBlocks.removeAll(keepingCapacity: true)
    return true
  }

  /// Takes a row and its blocks.
  /// - Returns: what is wrong with its time, or nil.
  @inline(__always)
  mutating func add(_ row: TraceRecord) -> String? {
    var row = row
    if row.time < latest {
      // Both times lie within ±2^63 ns; their distance may not.
      let (back, overflow) = latest.subtractingReportingOverflow(row.time)
      if overflow || back > window {
        rowBlocks.removeAll(keepingCapacity: true)
        return
          "the time runs back by \(seconds(back)) s, more than the \(seconds(window)) s within which rows are sorted; "
          + "sort the file by time"
      }
      isInOrder = false
      sortedRows += 1
      sortedBy = max(sortedBy, back)
    } else {
      latest = row.time
    }
    if row.inputTokens == 0 {
      note(.noInput)
      row.inputTokens = 1
    }
    if row.hasFailed {
      note(.failed)
    } else if row.outputTokens == 0 {
      note(.noOutput)
      row.hasFailed = true
    }
    row.blockCount = Int32(rowBlocks.count)
    records.append(row)
    if !rowBlocks.isEmpty {
      blocks.append(contentsOf: rowBlocks)
      rowBlocks.removeAll(keepingCapacity: true)
    }
    return nil
  }

  /// Moves rows that no later row can precede to a batch, in order of time; equal times in the order of the file.
  /// - Parameter all: whether no row comes any more.
  /// - Returns: whether there were any. Few among many stay, so that moving the rest costs O(1) a row.
  mutating func release(into batch: inout TraceBatch, all: Bool) -> Bool {
    guard !records.isEmpty else { return false }
    let (limit, overflow) = latest.subtractingReportingOverflow(window)
    if !all, overflow || records.count < 2 || records[records.count / 2].time >= limit { return false }
    if !isInOrder { sort() }
    var low = 0
    var high = records.count
    if !all {
      // The first that a later row may still precede.
      while low < high {
        let middle = (low + high) / 2
        if records[middle].time < limit { low = middle + 1 } else { high = middle }
      }
      high = low
    }
    if high == records.count {
      swap(&batch.records, &records)
      swap(&batch.blocks, &blocks)
      records.removeAll(keepingCapacity: true)
      blocks.removeAll(keepingCapacity: true)
      return true
    }
    guard high > 0 else { return false }
    batch.records.append(contentsOf: records[..<high])
    records.removeSubrange(..<high)
    if !blocks.isEmpty {
      let count = batch.records.reduce(0) { $0 + Int($1.blockCount) }
      batch.blocks.append(contentsOf: blocks[..<count])
      blocks.removeSubrange(..<count)
    }
    return true
  }

  private mutating func sort() {
    var starts: [Int] = []
    if !blocks.isEmpty {
      var start = 0
      for record in records {
        starts.append(start)
        start += Int(record.blockCount)
      }
    }
    let order = records.indices.sorted { (records[$0].time, $0) < (records[$1].time, $1) }
    if !blocks.isEmpty {
      var sorted: [UInt64] = []
      sorted.reserveCapacity(blocks.count)
      for index in order { sorted += blocks[starts[index]..<starts[index] + Int(records[index].blockCount)] }
      blocks = sorted
    }
    records = order.map { records[$0] }
    isInOrder = true
  }

  /// What was changed or left out, in sentences.
  var warnings: [String] {
    var warnings: [String] = []
    if let firstSkipped {
      warnings.append(
        "\(skipped == 1 ? "1 row" : "\(skipped) rows") skipped that could not be read; the first: \(firstSkipped)"
      )
    }
    if sortedRows > 0 {
      warnings.append(
        "\(sortedRows == 1 ? "1 row" : "\(sortedRows) rows") ran back in time, by up to \(seconds(sortedBy)) s: sorted"
      )
    }
    return warnings
      + RowNote.allCases.filter { notes[$0.rawValue] > 0 }.map { $0.warning(notes[$0.rawValue]) }
  }

  private func seconds(_ nanoseconds: Int64) -> String {
    NumberText.plain(Double(nanoseconds) * 1e-9)
  }
}
