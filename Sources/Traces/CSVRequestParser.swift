// SPDX-License-Identifier: GPL-3.0-or-later
// Tables with a row per request: formats differ in the names of their columns, so one parser reads them all.

import TextFormats

/// The columns of a table of requests, as places in its rows.
struct RequestColumns {
  var time: Int
  var input: Int
  var output: Int
  var cached: Int?
  var model: Int?
  var useCase: Int?
  var session: Int?
  var content: Int?
  /// Seconds to the first token, or its time.
  var firstToken: Int?
  var firstTokenTime: Int?
  /// Seconds to the last token, or its time.
  var duration: Int?
  var end: Int?
  var cost: Int?
  var cacheHit: Int?
  /// Whether the request failed, by a word such as `failure`.
  var status: Int?
  /// The kind of the row, of which `kinds` are requests.
  var kind: Int?
  var kinds: [String] = []
}

/// Reads tables with a row per request.
struct CSVRequestParser: ~Copyable, RequestParser {
  private var table: CSVReader
  private let columns: RequestColumns
  // Apart from the other columns, which need not be touched in most rows.
  private let time: Int
  private let input: Int
  private let output: Int
  private var times: TimeText
  private var otherTimes = TimeText()
  /// Whether any column beyond the first three is read: most rows of the large traces have no other.
  private let isPlain: Bool

  init(_ table: consuming CSVReader, _ columns: RequestColumns, timeUnit: TraceColumns.TimeUnit? = nil) {
    self.table = table
    self.columns = columns
    time = columns.time
    input = columns.input
    output = columns.output
    times = TimeText(unit: timeUnit)
    isPlain =
      [
        columns.cached, columns.model, columns.useCase, columns.session, columns.content, columns.firstToken,
        columns.firstTokenTime, columns.duration, columns.end, columns.cost, columns.cacheHit, columns.status,
        columns.kind,
      ].allSatisfy { $0 == nil }
  }

  mutating func recover() throws(TextProblem) { try table.recover() }

  mutating func parse(into sink: inout RecordSink) throws(TextProblem) -> Bool {
    guard try table.nextRecord() else { return false }
    if !isPlain, !isRequest(&sink) { return true }
    guard let nanoseconds = times.nanoseconds(table.text.bytes, table.fields[time]) else {
      throw wrong(time, times.example)
    }
    var row = TraceRecord(time: nanoseconds, inputTokens: 0, outputTokens: 0)
    if table.isEmpty(output) {
      sink.note(.emptyLength)
      row.hasFailed = true
      if !table.isEmpty(input) { row.inputTokens = try tokens(input) }
    } else {
      row.outputTokens = try tokens(output)
      row.inputTokens = try tokens(input)
    }
    if !isPlain { try readMore(&row, &sink) }
    sink.hasCalendar = times.hasCalendar
    if let message = sink.add(row) { throw table.problem(at: time, message) }
    return true
  }

  /// Whether the row is of a kind that is a request; counts it where it is not.
  private func isRequest(_ sink: inout RecordSink) -> Bool {
    guard let kind = columns.kind, !columns.kinds.contains(table.string(kind)) else { return true }
    sink.note(table.string(kind).lowercased().contains("embedding") ? .embedding : .otherOperation)
    return false
  }

  /// The columns that only some tables have.
  private mutating func readMore(_ row: inout TraceRecord, _ sink: inout RecordSink) throws(TextProblem) {
    if let model = columns.model { row.model = try name(model, of: "models", in: &sink.models) }
    if let useCase = columns.useCase { row.useCase = try name(useCase, of: "use cases", in: &sink.useCases) }
    if let cached = columns.cached, !table.isEmpty(cached) { row.cachedInputTokens = try tokens(cached) }
    if let session = columns.session, !table.isEmpty(session) {
      row.session = ByteHash.of(table.text.bytes, table.fields[session])
    }
    if let content = columns.content, !table.isEmpty(content) {
      row.content = ByteHash.of(table.text.bytes, table.fields[content])
    }
    if let firstToken = columns.firstToken { row.firstToken = try seconds(firstToken) }
    if let duration = columns.duration { row.duration = try seconds(duration) }
    if let cost = columns.cost { row.dollars = try seconds(cost) }
    if let place = columns.firstTokenTime { row.firstToken = try seconds(to: place, from: row.time) }
    if let place = columns.end { row.duration = try seconds(to: place, from: row.time) }
    if let hit = columns.cacheHit { row.wasCached = table.string(hit).lowercased() == "true" }
    if let status = columns.status {
      row.hasFailed =
        row.hasFailed || ["failure", "failed", "error"].contains(table.string(status).lowercased())
    }
  }

  private func tokens(_ column: Int) throws(TextProblem) -> Int32 {
    if let count = table.wholeNumber(column), count <= Int(Int32.max) { return Int32(count) }
    // Some exports write whole numbers as floating point: 12.0.
    if let count = table.number(column), count >= 0, let whole = Int32(exactly: count) { return whole }
    throw wrong(column, "a whole number of tokens")
  }

  private func seconds(_ column: Int) throws(TextProblem) -> Float {
    if table.isEmpty(column) { return .nan }
    guard let value = table.number(column) else {
      throw wrong(column, "a number")
    }
    return Float(value)
  }

  private mutating func seconds(to column: Int, from start: Int64) throws(TextProblem) -> Float {
    if table.isEmpty(column) { return .nan }
    guard let time = otherTimes.nanoseconds(table.text.bytes, table.fields[column]) else {
      throw wrong(column, otherTimes.example)
    }
    return TraceRecord.seconds(from: start, to: time)
  }

  private func name(_ column: Int, of what: String, in names: inout NameTable) throws(TextProblem) -> UInt16 {
    guard let number = names.number(table.text.bytes, table.fields[column]) else {
      throw table.problem(
        at: column, "more than 65,535 \(what); is \(table.columns[column]) the right column?")
    }
    return number
  }

  /// The problem of a field that is not what it should be.
  private func wrong(_ column: Int, _ needed: String) -> TextProblem {
    let shown = TextProblem.excerpt(table.text.bytes[table.fields[column]])
    return table.problem(at: column, "\(table.columns[column]) is '\(shown)'; \(needed) is needed")
  }
}

extension TraceRecord {
  /// Seconds between two times of a log; not a number where the second is before the first.
  static func seconds(from start: Int64, to end: Int64) -> Float {
    let (difference, overflow) = end.subtractingReportingOverflow(start)
    return overflow || difference < 0 ? .nan : Float(Double(difference) * 1e-9)
  }
}
