// SPDX-License-Identifier: GPL-3.0-or-later
// The one place that talks to libyaml: its event parser behind a type that frees what it holds.

import CYAML

/// One event of libyaml's parser, with its place counted from 1.
struct YAMLEvent {
  enum Kind {
    case streamEnd
    case documentStart
    case alias(String)
    case scalar(String, isPlain: Bool, anchor: String?, tag: String?)
    case sequenceStart(anchor: String?, tag: String?)
    case sequenceEnd
    case mappingStart(anchor: String?, tag: String?)
    case mappingEnd
    /// Stream start and document end: nothing follows from them.
    case other
  }

  var kind: Kind
  var line: Int
  var column: Int
}

/// What libyaml found wrong with the syntax.
struct YAMLSyntaxError: Error {
  var problem: String
  var line: Int
  var column: Int
}

/// Reads the events of one input in order.
@safe
struct YAMLEventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// A reader of `bytes`, taken as UTF-8 whatever they begin with. Nil where libyaml has no memory.
  init?(_ bytes: [UInt8]) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      return nil
    }
    // The parser keeps a pointer into its input, so the reader owns a copy that lives as long.
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
    _ = unsafe input.initialize(from: bytes)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    unsafe self.parser = parser
    unsafe self.input = input
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event. After `streamEnd` there is none.
  mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
    defer { unsafe yaml_event_delete(&event) }
    let mark = unsafe event.start_mark
    return YAMLEvent(
      kind: unsafe Self.kind(of: event), line: Int(clamping: mark.line) + 1,
      column: Int(clamping: mark.column) + 1)
  }

  private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
    switch unsafe event.type {
    case YAML_STREAM_END_EVENT: return .streamEnd
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_ALIAS_EVENT: return .alias(unsafe string(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        unsafe String(decoding: bytes, as: UTF8.self),
        isPlain: unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE,
        anchor: unsafe string(scalar.anchor), tag: unsafe string(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      return .sequenceStart(anchor: unsafe string(start.anchor), tag: unsafe string(start.tag))
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      return .mappingStart(anchor: unsafe string(start.anchor), tag: unsafe string(start.tag))
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    default: return .other
    }
  }

  private static func string(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let bytes = unsafe bytes else { return nil }
    return unsafe String(cString: UnsafePointer<UInt8>(bytes))
  }

  private func syntaxError() -> YAMLSyntaxError {
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "out of memory"
    if unsafe parser.pointee.error == YAML_READER_ERROR {
      // The decoder of characters gives a byte's offset instead of a line and column.
      let end = unsafe min(parser.pointee.problem_offset, input.count)
      let (line, column) = TextPlace.lineAndColumn(ofByte: end, in: unsafe Array(input))
      return YAMLSyntaxError(problem: problem, line: line, column: column)
    }
    let mark = unsafe parser.pointee.problem_mark
    return YAMLSyntaxError(
      problem: problem, line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }
}

/// Where in a text a byte stands.
enum TextPlace {
  /// Line and column, from 1, of the byte at `offset`; columns count Unicode scalars.
  static func lineAndColumn(ofByte offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    var (line, column) = (1, 1)
    for byte in bytes.prefix(offset) {
      if byte == 0x0A {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }
}
