// SPDX-License-Identifier: GPL-3.0-or-later
// Reads request traces in the format of the Azure LLM inference data sets of 2023 and 2024.

import Foundation
import Quantities

extension RequestTrace {
  /// Reads a file with the columns `TIMESTAMP`, `ContextTokens` and `GeneratedTokens`, found by name.
  ///
  /// Timestamps are `YYYY-MM-DD hh:mm:ss` with up to nine fractional digits and, optionally, an offset such as `+00:00`
  /// or `Z`. Lines end in LF or CRLF; the last need not end at all.
  /// - Throws: a located problem: a missing column, a malformed or truncated row, a time before its predecessor's.
  /// - Complexity: O(bytes), one pass.
  public init(azure file: String) throws(TraceProblem) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file), options: .mappedIfSafe)
    } catch {
      throw TraceProblem(
        file: file, line: 0, column: 0, message: "cannot be read; name an existing, readable trace file")
    }
    try self.init(azure: [UInt8](data), file: file)
  }

  /// Reads the bytes of such a file, which problems name `file`.
  /// - Throws: the same problems, but for a file that cannot be read.
  public init(azure bytes: [UInt8], file: String) throws(TraceProblem) {
    var scanner = AzureScanner(file: file, bytes: bytes)
    self.init(rows: try scanner.rows())
  }
}

/// The one pass over the bytes of a trace.
private struct AzureScanner {
  let file: String
  let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var lineStart = 0
  private var day: (text: ArraySlice<UInt8>, seconds: Int)?

  init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  private static let columns = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]

  mutating func rows() throws(TraceProblem) -> [RequestTrace.Row] {
    guard !bytes.isEmpty else {
      throw TraceProblem(
        file: file, line: 1, column: 1,
        message: "the file is empty; a trace starts with the line \(Self.columns.joined(separator: ","))")
    }
    let header = fields()
    let names = header.map { String(decoding: bytes[$0], as: UTF8.self).trimmingCharacters(in: .whitespaces) }
    var places: [Int] = []
    for column in Self.columns {
      guard let place = names.firstIndex(of: column) else {
        throw problem(
          at: lineStart,
          "the column \(column) is missing; the first line must name \(Self.columns.joined(separator: ", "))")
      }
      places.append(place)
    }
    var rows: [RequestTrace.Row] = []
    var first = 0
    var previous = 0
    while nextLine() {
      let row = fields()
      if row.count == 1 && row[0].isEmpty { continue }
      guard row.count == names.count else {
        throw problem(
          at: row.last?.lowerBound ?? lineStart,
          "the row has \(row.count) of \(names.count) columns; is the file truncated?")
      }
      let time = try timestamp(row[places[0]])
      if rows.isEmpty {
        first = time
      } else if time < previous {
        throw problem(
          at: row[places[0]].lowerBound,
          "the time is before that of the row above; sort the trace by TIMESTAMP")
      }
      previous = time
      rows.append(
        RequestTrace.Row(
          time: Double(time - first) * 1e-9, inputTokens: try count(row[places[1]], of: "ContextTokens"),
          outputTokens: try count(row[places[2]], of: "GeneratedTokens")))
    }
    guard !rows.isEmpty else { throw problem(at: lineStart, "the trace has no rows below its header") }
    return rows
  }

  /// Moves to the next line; false at the end.
  private mutating func nextLine() -> Bool {
    guard position < bytes.count else { return false }
    position += 1
    line += 1
    lineStart = position
    return position < bytes.count
  }

  /// The fields of the present line; leaves the position at its line feed or the end.
  private mutating func fields() -> [Range<Int>] {
    var fields: [Range<Int>] = []
    var start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      if bytes[position] == UInt8(ascii: ",") {
        fields.append(start..<position)
        start = position + 1
      }
      position += 1
    }
    let end =
      position > start && bytes[position - 1] == UInt8(ascii: "\r") ? position - 1 : position
    fields.append(start..<end)
    return fields
  }

  private func problem(at position: Int, _ message: String) -> TraceProblem {
    TraceProblem(file: file, line: line, column: position - lineStart + 1, message: message)
  }

  private func count(_ field: Range<Int>, of column: String) throws(TraceProblem) -> Int32 {
    guard let value = digits(field), value >= 1, value <= Int(Int32.max) else {
      throw problem(
        at: field.lowerBound,
        "\(column) is '\(text(field))'; a whole number of tokens from 1 is needed")
    }
    return Int32(value)
  }

  /// The start of a field for a message, fit for a terminal: control characters are shown as U+FFFD.
  private func text(_ field: Range<Int>) -> String {
    let scalars = String(decoding: bytes[field].prefix(40), as: UTF8.self).unicodeScalars
    return String(
      String.UnicodeScalarView(scalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }

  /// The number written by decimal digits alone.
  private func digits(_ field: Range<Int>) -> Int? {
    guard !field.isEmpty, field.count <= 10 else { return nil }
    var value = 0
    for byte in bytes[field] {
      guard byte >= 48, byte <= 57 else { return nil }
      value = value * 10 + Int(byte - 48)
    }
    return value
  }

  /// Nanoseconds since 1970.
  private mutating func timestamp(_ field: Range<Int>) throws(TraceProblem) -> Int {
    let start = field.lowerBound
    func two(_ offset: Int) -> Int? { digits(start + offset..<start + offset + 2) }
    guard field.count >= 19, let seconds = daySeconds(start..<start + 10),
      bytes[start + 10] == UInt8(ascii: " ") || bytes[start + 10] == UInt8(ascii: "T"),
      let hour = two(11), hour < 24, let minute = two(14), minute < 60, let second = two(17), second < 61,
      bytes[start + 13] == UInt8(ascii: ":"), bytes[start + 16] == UInt8(ascii: ":"),
      let rest = fractionAndOffset(start + 19..<field.upperBound)
    else {
      throw problem(
        at: start, "TIMESTAMP is '\(text(field))'; a time such as 2023-11-16 18:17:03.9799600 is needed")
    }
    return (seconds + hour * 3600 + minute * 60 + second - rest.offset) * 1_000_000_000 + rest.nanoseconds
  }

  /// Seconds from 1970 to the start of a day; the last one is remembered, for rows share their days.
  private mutating func daySeconds(_ field: Range<Int>) -> Int? {
    if let day, day.text == bytes[field] { return day.seconds }
    let start = field.lowerBound
    // Nanoseconds since 1970 and their differences fit 64 bits up to 2262; a trace of other years is a mistake.
    guard let year = digits(start..<start + 4), (1970..<2200).contains(year),
      digits(start + 5..<start + 7) != nil, digits(start + 8..<start + 10) != nil,
      let parsed = CalendarDay(String(decoding: bytes[field], as: UTF8.self))
    else { return nil }
    let seconds = parsed.daysSince1970 * 86_400
    day = (bytes[field], seconds)
    return seconds
  }

  /// Reads `.9799600`, `+02:00`, `Z`, or nothing.
  private func fractionAndOffset(_ field: Range<Int>) -> (nanoseconds: Int, offset: Int)? {
    var position = field.lowerBound
    var nanoseconds = 0
    if position < field.upperBound, bytes[position] == UInt8(ascii: ".") {
      position += 1
      var unit = 100_000_000
      let start = position
      while position < field.upperBound, bytes[position] >= 48, bytes[position] <= 57 {
        nanoseconds += Int(bytes[position] - 48) * unit
        unit /= 10
        position += 1
      }
      guard position > start, position - start <= 9 else { return nil }
    }
    if position == field.upperBound { return (nanoseconds, 0) }
    if bytes[position] == UInt8(ascii: "Z") {
      return position + 1 == field.upperBound ? (nanoseconds, 0) : nil
    }
    let sign = bytes[position] == UInt8(ascii: "+") ? 1 : bytes[position] == UInt8(ascii: "-") ? -1 : 0
    guard sign != 0, field.upperBound - position == 6, bytes[position + 3] == UInt8(ascii: ":"),
      let hours = digits(position + 1..<position + 3), hours < 24,
      let minutes = digits(position + 4..<position + 6), minutes < 60
    else { return nil }
    return (nanoseconds, sign * (hours * 3600 + minutes * 60))
  }
}
