// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of text: comma-separated values as RFC 4180 describes them, read without an allocation per field.

/// A table with a line of column names, record by record.
///
///     var table = try CSVReader(TextReader(path: "requests.csv"))
///     let tokens = try table.requiredColumn("ContextTokens")
///     while try table.nextRecord() { total += table.wholeNumber(tokens) ?? 0 }
///
/// Fields may stand in double quotes and then hold delimiters, line ends and doubled quotes. The delimiter is the
/// comma; or the semicolon or tab where the line of names has no comma. Blank lines are passed over.
public struct CSVReader: ~Copyable {
  /// The text, for the place of problems and the bytes that `fields` points into.
  public internal(set) var text: TextReader
  /// The names of the columns, without spaces around them.
  public private(set) var columns: [String] = []
  /// The fields of the present record, without their quotes, as ranges of `text.bytes`.
  public private(set) var fields: [Range<Int>] = []
  private var delimiter = UInt8(ascii: ",")

  private static let quote = UInt8(ascii: "\"")

  /// Reads the line of names.
  /// - Throws: an empty file; a name that stands twice; whatever is wrong with the line.
  public init(_ text: consuming TextReader) throws(TextProblem) {
    self.text = text
    let first = self.text.peek(1 << 16)
    let names = first.prefix { $0 != UInt8(ascii: "\n") }
    if !names.contains(delimiter) {
      for other in [UInt8(ascii: ";"), UInt8(ascii: "\t")] where names.contains(other) { delimiter = other }
    }
    guard try readFields() else {
      throw problem("the file is empty; a table starts with a line of column names")
    }
    for index in fields.indices {
      let name = string(index)
      let trimmed = name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      columns.append(String(trimmed))
    }
    for (index, name) in columns.enumerated() where !name.isEmpty && columns[..<index].contains(name) {
      throw problem(at: index, "the column \(Self.shown(name)) stands twice; rename one of them")
    }
  }

  /// The next record; false at the end.
  /// - Throws: a record with more or fewer fields than there are columns, an open or misplaced quote, and what is wrong
  ///   with the text.
  /// - Complexity: O(length of the record).
  public mutating func nextRecord() throws(TextProblem) -> Bool {
    while try readFields() {
      if fields.count == columns.count { return true }
      if fields.count == 1, fields[0].isEmpty { continue }
      throw problem(
        at: fields.count - 1,
        "the row has \(fields.count) of \(columns.count) columns; is the file truncated?")
    }
    return false
  }

  /// Goes on behind a record that was refused: with the line after the one it began in, as an open quote would otherwise
  /// take in all that follows.
  /// - Throws: the failure of the source.
  public mutating func recover() throws(TextProblem) {
    if !isRecordWhole { try text.skipLine() }
  }

  /// Whether the present record was read to its end, so that the next one begins at a known place.
  private var isRecordWhole = false

  /// The place of a column by its name, without regard to case; nil where there is none.
  public func column(_ name: String) -> Int? {
    columns.firstIndex(of: name) ?? columns.firstIndex { $0.lowercased() == name.lowercased() }
  }

  /// The place of a column that must be there.
  /// - Throws: that it is missing, with the names there are.
  public func requiredColumn(_ name: String) throws(TextProblem) -> Int {
    if let place = column(name) { return place }
    throw TextProblem(
      file: text.file, line: 1, column: 1,
      message:
        "the column \(name) is missing; the first line names \(Self.shown(columns.joined(separator: ", ")))"
    )
  }

  /// A field as text.
  public func string(_ field: Int) -> String { String(decoding: text.bytes[fields[field]], as: UTF8.self) }

  /// Whether a field is empty.
  public func isEmpty(_ field: Int) -> Bool { fields[field].isEmpty }

  /// A field of decimal digits alone, at most 18 of them, as a number; nil for any other.
  public func wholeNumber(_ field: Int) -> Int? { DecimalBytes.wholeNumber(text.bytes, fields[field]) }

  /// A field as a finite number with an optional sign, fraction and exponent; nil for any other.
  public func number(_ field: Int) -> Double? { DecimalBytes.number(text.bytes, fields[field]) }

  /// A problem of a field, at its first byte.
  public func problem(at field: Int, _ message: String) -> TextProblem {
    text.problem(at: fields.indices.contains(field) ? fields[field].lowerBound : text.retained, message)
  }

  /// A problem of the present record, at its first byte.
  public func problem(_ message: String) -> TextProblem { text.problem(at: text.retained, message) }

  /// Splits the next record; false at the end.
  private mutating func readFields() throws(TextProblem) -> Bool {
    isRecordWhole = false
    guard let line = try text.nextLine() else { return false }
    if !Self.split(text.bytes, line, delimiter, into: &fields) { try splitQuoted(line) }
    isRecordWhole = true
    return true
  }

  /// Splits a line without quotes; false where it has one.
  private static func split(
    _ bytes: borrowing [UInt8], _ line: Range<Int>, _ delimiter: UInt8, into fields: inout [Range<Int>]
  ) -> Bool {
    fields.removeAll(keepingCapacity: true)
    let bytes = bytes.span
    var start = line.lowerBound
    var index = start
    while index < line.upperBound {
      let byte = bytes[index]
      if byte == delimiter {
        fields.append(start..<index)
        start = index + 1
      } else if byte == quote {
        return false
      }
      index += 1
    }
    fields.append(start..<line.upperBound)
    return true
  }

  /// Splits a record with quoted fields, which may take in further lines.
  private mutating func splitQuoted(_ line: Range<Int>) throws(TextProblem) {
    fields.removeAll(keepingCapacity: true)
    // All places are relative to the record's start: reading on moves the bytes.
    var length = line.count
    var index = 0
    while true {
      var base = text.retained
      if index < length, text.bytes[base + index] == Self.quote {
        let opening = index
        var written = index + 1
        var read = index + 1
        while true {
          if read == length {
            guard let longer = try text.extendedLine(), longer.count > length else {
              throw text.problem(
                at: text.retained + opening,
                "the quote that opens here is never closed; close it, or remove it")
            }
            base = text.retained
            let end = longer.count
            // The line end within the quotes belongs to the field, a carriage return before it too.
            while read < end, text.bytes[base + read] != Self.quote {
              text.bytes[base + written] = text.bytes[base + read]
              written += 1
              read += 1
            }
            length = end
            continue
          }
          let byte = text.bytes[base + read]
          if byte == Self.quote {
            if read + 1 < length, text.bytes[base + read + 1] == Self.quote {
              read += 1
            } else {
              break
            }
          }
          // In place: what is read is never behind what is written.
          text.bytes[base + written] = byte
          written += 1
          read += 1
        }
        fields.append(opening + 1..<written)
        index = read + 1
        if index < length, text.bytes[base + index] != delimiter {
          throw text.problem(
            at: base + index, "text after a closing quote; double a quote that belongs to the field")
        }
      } else {
        let start = index
        while index < length, text.bytes[base + index] != delimiter {
          if text.bytes[base + index] == Self.quote {
            throw text.problem(
              at: base + index,
              "a quote within a field that does not begin with one; quote the whole field and double the quote"
            )
          }
          index += 1
        }
        fields.append(start..<index)
      }
      if index >= length { break }
      index += 1
    }
    let base = text.retained
    for field in fields.indices {
      fields[field] = fields[field].lowerBound + base..<fields[field].upperBound + base
    }
  }

  private static func shown(_ name: String) -> String { TextProblem.excerpt(ArraySlice(name.utf8)) }
}
