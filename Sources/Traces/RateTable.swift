// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of rates: requests per stretch of time, as dashboards export them and data sets publish them.

import TextFormats

/// Reads a table with a row per stretch of time.
enum RateTable {
  /// How a column counts requests.
  enum Measure {
    /// Requests per this many seconds.
    case rate(perSeconds: Double)
    /// Requests of the whole stretch.
    case count
  }

  private static let timeNames = [
    "t_s", "time_s", "seconds", "hour_utc", "time", "timestamp", "start", "start_time", "date",
    "window_start",
  ]
  private static let measures: [(name: String, measure: Measure)] = [
    ("rate_rps", .rate(perSeconds: 1)), ("rps", .rate(perSeconds: 1)),
    ("requests_per_second", .rate(perSeconds: 1)), ("requests_per_s", .rate(perSeconds: 1)),
    ("requests_per_min", .rate(perSeconds: 60)), ("requests_per_minute", .rate(perSeconds: 60)),
    ("requests_per_hour", .rate(perSeconds: 3600)), ("requests", .count), ("num_requests", .count),
    ("api_requests", .count), ("num_model_requests", .count),
  ]

  /// The column of rates of a table of this kind; nil for other tables.
  static func rateColumn(_ table: borrowing CSVReader) -> (column: Int, measure: Measure)? {
    guard timeColumn(table) != nil else { return nil }
    for (name, measure) in measures {
      if let column = table.column(name) { return (column, measure) }
    }
    return nil
  }

  private static func timeColumn(_ table: borrowing CSVReader) -> Int? {
    for name in timeNames {
      if let column = table.column(name) { return column }
    }
    return nil
  }

  /// The stretches of a table. A stretch is as long as the shortest step between times that follow one another; where a
  /// step is longer the source has a gap, which stays one.
  static func read(
    _ table: consuming CSVReader, into sink: inout RecordSink
  ) throws(TextProblem) -> [UsageBucket] {
    guard let time = timeColumn(table), let (rate, measure) = rateColumn(table) else {
      throw TextProblem(
        file: table.text.file, line: 1, column: 1,
        message: "a column of times (\(timeNames.joined(separator: ", "))) and one of requests "
          + "(\(measures.map(\.name).joined(separator: ", "))) are needed")
    }
    let model = table.column("model")
    let tokens = (
      table.column("input_tokens") ?? table.column("prompt_tokens"), table.column("cached_input_tokens"),
      table.column("output_tokens") ?? table.column("completion_tokens")
    )
    var times = TimeText()
    var buckets: [UsageBucket] = []
    while true {
      do throws(TextProblem) {
        guard try table.nextRecord() else { break }
        func number(_ column: Int) throws(TextProblem) -> Double {
          guard let value = table.number(column), value >= 0 else {
            throw table.problem(
              at: column,
              "\(table.columns[column]) is '\(TextProblem.excerpt(table.text.bytes[table.fields[column]]))'; "
                + "a number of 0 or more is needed")
          }
          return value
        }
        guard let start = Self.start(&times, table, time) else {
          throw table.problem(
            at: time,
            "\(table.columns[time]) is '\(TextProblem.excerpt(table.text.bytes[table.fields[time]]))'; "
              + "\(times.example) is needed")
        }
        // An empty cell is a gap of the source, as a missing row is.
        if table.isEmpty(rate) { continue }
        var bucket = UsageBucket(start: start, duration: 0, requests: try number(rate))
        if let column = tokens.0 { bucket.inputTokens = try number(column) }
        if let column = tokens.1 { bucket.cachedInputTokens = try number(column) }
        if let column = tokens.2 { bucket.outputTokens = try number(column) }
        if let model, let known = sink.models.number(table.text.bytes, table.fields[model]) {
          bucket.model = known
        }
        if let last = buckets.last, start < last.start {
          throw table.problem(at: time, "the time is before that of the row above; sort the table by time")
        }
        buckets.append(bucket)
      } catch {
        guard sink.skip(error) else { throw error }
        try table.recover()
      }
    }
    var step = Int64.max
    for (before, after) in zip(buckets, buckets.dropFirst()) where after.start > before.start {
      step = min(step, after.start - before.start)
    }
    guard step < .max else {
      throw table.problem("the table has no two times, so that nothing tells how long a row's stretch is")
    }
    let seconds = Double(step) * 1e-9
    sink.hasCalendar = times.hasCalendar
    for index in buckets.indices {
      buckets[index].duration = seconds
      if case .rate(let unit) = measure { buckets[index].requests *= seconds / unit }
    }
    return buckets
  }

  /// The time of a row, also of a date alone.
  private static func start(_ times: inout TimeText, _ table: borrowing CSVReader, _ column: Int) -> Int64? {
    let field = table.fields[column]
    if field.count == 10, table.text.bytes[field.lowerBound + 4] == UInt8(ascii: "-") {
      let whole = Array(table.text.bytes[field]) + Array(" 00:00:00".utf8)
      return times.nanoseconds(whole, 0..<whole.count)
    }
    return times.nanoseconds(table.text.bytes, field)
  }
}
