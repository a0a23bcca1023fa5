// SPDX-License-Identifier: GPL-3.0-or-later
// Reads records of spot capacity: what was to be had at every tick.

public import TextFormats

/// A record of the capacity of one zone, as a file has it.
///
/// Two layouts are told apart by their first character. **JSON**, as the spot traces of SkyPilot have it (Z. Wu and
/// others, Can't Be Late, NSDI 2024): `{"metadata": {"gap_seconds": 300}, "data": [0, 16, 11, …]}`, or the bare list.
/// **A table** with a line of names: the values stand in the column `available`, `availability`, `capacity`, `count` or
/// `value`, or in the only one; a column `seconds` tells the tick. A file of nothing but numbers, one a line, has no
/// line of names.
public struct CapacityTraceFile: Sendable, Hashable {
  /// Seconds from one value to the next; nil where the file does not say.
  public var tickSeconds: Double?
  /// The values: instances to be had, or 1 and 0. At least one.
  public var counts: [Int32]

  /// The most that a value may be.
  public static let mostCapacity = 1_000_000
  /// The columns that values may stand in.
  private static let valueColumns = ["available", "availability", "capacity", "count", "value"]

  /// Reads a file; `-` is standard input.
  /// - Throws: the first problem with its place.
  public init(path: String) throws(TextProblem) { try self.init(TextReader(path: path)) }

  /// Reads a text.
  /// - Throws: the first problem with its place.
  /// - Complexity: O(bytes).
  public init(_ text: consuming TextReader) throws(TextProblem) {
    let file = text.file
    let first = text.peek(1024).first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    guard let first else {
      throw TextProblem(
        file: file, line: 0, column: 0,
        message: "the file is empty; a trace of availability has a value a tick")
    }
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["): try self.init(json: text)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"):
      try self.init(lines: text)
    default: try self.init(table: text)
    }
    if counts.isEmpty {
      throw TextProblem(file: file, line: 0, column: 0, message: "it has no values; give at least one a tick")
    }
  }

  private init(json text: consuming TextReader) throws(TextProblem) {
    let file = text.file
    var reader = JSONReader(text, splitsArrays: false)
    _ = try reader.nextDocument()
    let document = try reader.readValue()
    var tick: Double?
    var list = document
    if document.members != nil {
      guard let data = document["data"] else {
        throw document.problem(file: file, "`data` is missing; it has the values, one a tick")
      }
      list = data
      if let gap = document["metadata"]?["gap_seconds"] {
        guard let seconds = gap.double, seconds >= 1, seconds <= 86_400 else {
          throw gap.problem(file: file, "`gap_seconds` must be a number from 1 to 86400")
        }
        tick = seconds
      }
    }
    guard let elements = list.elements else {
      throw list.problem(file: file, "the values are \(list.kindName); write a list of numbers")
    }
    var counts: [Int32] = []
    counts.reserveCapacity(elements.count)
    for element in elements {
      guard let count = element.int64, count >= 0, count <= Self.mostCapacity else {
        throw element.problem(file: file, Self.badValue(element.double.map { "\($0)" } ?? element.kindName))
      }
      counts.append(Int32(count))
    }
    guard try !reader.nextDocument() else {
      throw reader.documentProblem("there is more than one trace in the file; give each a file of its own")
    }
    self.counts = counts
    tickSeconds = tick
  }

  private init(lines text: consuming TextReader) throws(TextProblem) {
    var counts: [Int32] = []
    while let line = try text.nextLine() {
      if line.isEmpty { continue }
      guard let count = DecimalBytes.wholeNumber(text.bytes, line), count <= Self.mostCapacity else {
        throw text.problem(at: line.lowerBound, Self.badValue(TextProblem.excerpt(text.bytes[line])))
      }
      counts.append(Int32(count))
    }
    self.counts = counts
  }

  private init(table text: consuming TextReader) throws(TextProblem) {
    var table = try CSVReader(text)
    let named = Self.valueColumns.compactMap { table.column($0) }.first
    guard let values = named ?? (table.columns.count == 1 ? 0 : nil) else {
      throw table.problem(
        "no column has the values; name one of them \(Self.valueColumns.joined(separator: ", "))")
    }
    let times = table.column("seconds")
    var counts: [Int32] = []
    var (first, last, tick) = (0.0, 0.0, Double?.none)
    while try table.nextRecord() {
      guard let count = table.wholeNumber(values), count <= Self.mostCapacity else {
        throw table.problem(
          at: values, Self.badValue(TextProblem.excerpt(ArraySlice(table.string(values).utf8))))
      }
      if let times {
        guard let time = table.number(times) else {
          throw table.problem(at: times, "`seconds` is no number; write the seconds since the first row")
        }
        if counts.isEmpty { first = time }
        if counts.count == 1 {
          guard time - last >= 1, time - last <= 86_400 else {
            throw table.problem(at: times, "the tick is \(time - last) s; it must be from 1 to 86400")
          }
          tick = time - last
        }
        if let tick, abs(time - first - tick * Double(counts.count)) > 0.5 * tick {
          throw table.problem(
            at: times,
            "the ticks are not equal: row \(counts.count + 1) should be \(first + tick * Double(counts.count)); "
              + "fill the gaps")
        }
        last = time
      }
      counts.append(Int32(count))
    }
    self.counts = counts
    tickSeconds = tick
  }

  private static func badValue(_ value: String) -> String {
    "the value is \(value); it must be a whole number from 0 to \(mostCapacity)"
  }
}
