// SPDX-License-Identifier: GPL-3.0-or-later
// What a format is to the reader: something that moves rows from a text into the sink.

import TextFormats

/// Reads the rows of one format.
protocol RequestParser: ~Copyable {
  /// Reads the next row, or the rows of the next document, into the sink; false at the end.
  mutating func parse(into sink: inout RecordSink) throws(TextProblem) -> Bool
  /// Goes on behind a row that was refused.
  mutating func recover() throws(TextProblem)
}

extension RequestParser where Self: ~Copyable {
  /// Reads rows until some thousand wait in the sink; false at the end.
  /// - Throws: the first problem that may not be skipped.
  mutating func parseSome(into sink: inout RecordSink) throws(TextProblem) -> Bool {
    let target = sink.count + 8192
    while sink.count < target {
      do throws(TextProblem) {
        if try !parse(into: &sink) { return false }
      } catch {
        guard sink.skip(error) else { throw error }
        try recover()
      }
    }
    return true
  }
}

/// A parser of any format: the format is looked up once in some thousand rows.
class AnyRequestParser {
  func parseSome(into sink: inout RecordSink) throws(TextProblem) -> Bool { false }
}

/// A parser of a certain format.
final class BoxedRequestParser<Parser: RequestParser & ~Copyable>: AnyRequestParser {
  private var parser: Parser

  init(_ parser: consuming Parser) { self.parser = parser }

  override func parseSome(into sink: inout RecordSink) throws(TextProblem) -> Bool {
    try parser.parseSome(into: &sink)
  }
}
