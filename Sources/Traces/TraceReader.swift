// SPDX-License-Identifier: GPL-3.0-or-later
// The one way into a request log: any format in, records in order of time out, in constant memory.

public import TextFormats

/// Reads a request log of any format as a stream of records in order of time.
///
///     var trace = try TraceReader(path: "requests.csv")
///     var batch = TraceBatch()
///     while try trace.next(into: &batch) { tokens += batch.records.reduce(0) { $0 + Int($1.outputTokens) } }
///     for warning in trace.warnings { print(warning) }
///
/// Memory holds one line and the rows of the window in which times may run back. Whatever is not taken as it stands is
/// counted in `warnings`. The text of prompts is never kept.
public struct TraceReader: ~Copyable {
  /// The name of the file in problems.
  public let file: String
  /// The format the file has.
  public let format: TraceFormat
  /// Tokens of a block of `TraceBatch.blocks`: 512 for Mooncake, 16 for Bailian, nil for formats without blocks.
  public let blockTokens: Int?
  private var sink: RecordSink
  private let parser: AnyRequestParser
  private var isAtEnd = false

  /// Opens a file; `-` is standard input.
  /// - Throws: that it cannot be read, that its format is unknown or bucketed, or what is wrong with its first line.
  public init(path: String, options: TraceReadingOptions = TraceReadingOptions()) throws(TextProblem) {
    try self.init(TextReader(path: path), options: options)
  }

  /// Reads a text: of a file, or bytes in memory.
  /// - Throws: that its format is unknown or bucketed, or what is wrong with its first line.
  public init(_ text: consuming TextReader, options: TraceReadingOptions = TraceReadingOptions())
    throws(TextProblem)
  {
    let file = text.file
    try self.init(OpenedTrace(text, options), file: file, options: options)
  }

  init(
    _ opened: consuming OpenedTrace, file: String, options: TraceReadingOptions
  ) throws(TextProblem) {
    let opened = try Self.parser(opened, file: file, options)
    self.file = file
    format = opened.format
    parser = opened.parser
    blockTokens = format == .mooncake ? 512 : format == .bailian ? 16 : nil
    sink = RecordSink(window: options.sortWindow, skipLimit: options.skipBad)
    if format == .bedrock { sink.models = NameTable(normalize: NameTable.bedrockModel) }
    if format == .litellm { sink.useCases = NameTable(normalize: RequestTags.first) }
  }

  /// The parser of an opened file.
  private static func parser(
    _ opened: consuming OpenedTrace, file: String, _ options: TraceReadingOptions
  ) throws(TextProblem) -> (parser: AnyRequestParser, format: TraceFormat) {
    let key = options.useCaseKey
    switch consume opened {
    case .table(let table, let format):
      if format.isBucketed { throw Self.bucketed(file) }
      let columns = try TableFormats.columns(table, format: format, options: options)
      let parser = CSVRequestParser(table, columns, timeUnit: options.columns?.timeUnit)
      return (BoxedRequestParser(parser), format)
    case .json(let json, let format, let isPaged):
      switch format {
      case .mooncake, .bailian:
        let schema = BlockTraceSchema(isBailian: format == .bailian)
        return (BoxedRequestParser(JSONRequestParser(json, schema, isPaged: isPaged)), format)
      case .bedrock:
        let schema = BedrockSchema(useCaseKey: key)
        return (BoxedRequestParser(JSONRequestParser(json, schema, isPaged: isPaged)), format)
      case .litellm:
        let schema = LiteLLMSchema(useCaseKey: key)
        return (BoxedRequestParser(JSONRequestParser(json, schema, isPaged: isPaged)), format)
      case .langfuse:
        let schema = LangfuseSchema(useCaseKey: key)
        return (BoxedRequestParser(JSONRequestParser(json, schema, isPaged: isPaged)), format)
      case .opentelemetry:
        let schema = OpenTelemetrySchema(useCaseKey: key)
        return (BoxedRequestParser(JSONRequestParser(json, schema, isPaged: isPaged)), format)
      case .azure, .burstgpt, .csv, .openaiUsage, .rateTable: throw Self.bucketed(file)
      }
    }
  }

  private static func bucketed(_ file: String) -> TextProblem {
    TextProblem(
      file: file, line: 1, column: 1,
      message:
        "the file tells usage per stretch of time, not single requests; a log of requests is needed here")
  }

  /// The models' names, which `TraceRecord.model` points into, as far as read; the first is empty, for records that name
  /// none.
  public var models: [String] { sink.models.names }
  /// The use cases' names, which `TraceRecord.useCase` points into, as far as read; the first is empty, for records that
  /// name none.
  public var useCases: [String] { sink.useCases.names }
  /// Whether times are dates, as far as read; else they count from the trace's own zero.
  public var hasCalendar: Bool { sink.hasCalendar }
  /// Rows that could not be read and were skipped, as far as read.
  public var skippedRows: Int { sink.skipped }
  /// What was skipped, sorted, changed or left out, with counts, as far as read.
  public var warnings: [String] { sink.warnings }

  /// Reads on into a batch, which loses what it held; false at the end.
  /// - Throws: the first problem that may not be skipped, with its place.
  /// - Complexity: O(bytes) in all, O(log n) a row more for rows that run back.
  public mutating func next(into batch: inout TraceBatch) throws(TextProblem) -> Bool {
    batch.removeAll()
    while true {
      if sink.release(into: &batch, all: isAtEnd) { return true }
      if isAtEnd { return false }
      isAtEnd = try !parser.parseSome(into: &sink)
    }
  }
}

/// Reads usage per stretch of time: pages of OpenAI's usage API, and tables of rates.
public struct UsageReader: Sendable {
  /// The name of the file in problems.
  public let file: String
  /// The format the file has.
  public let format: TraceFormat
  /// The stretches in order of time.
  public let buckets: [UsageBucket]
  /// The models' names, which `UsageBucket.model` points into; the first is empty, for stretches that name none.
  public let models: [String]
  /// Whether times are dates; else they count from the source's own zero.
  public let hasCalendar: Bool
  /// What was skipped, with counts.
  public let warnings: [String]

  /// Reads a file; `-` is standard input.
  /// - Throws: that it cannot be read or has another format, or what is wrong with it, with its place.
  public init(path: String, options: TraceReadingOptions = TraceReadingOptions()) throws(TextProblem) {
    try self.init(TextReader(path: path), options: options)
  }

  /// Reads a text.
  /// - Throws: that it has another format, or what is wrong with it, with its place.
  public init(_ text: consuming TextReader, options: TraceReadingOptions = TraceReadingOptions())
    throws(TextProblem)
  {
    let file = text.file
    try self.init(OpenedTrace(text, options), file: file, options: options)
  }

  init(
    _ opened: consuming OpenedTrace, file: String, options: TraceReadingOptions
  ) throws(TextProblem) {
    self.file = file
    var sink = RecordSink(window: options.sortWindow, skipLimit: options.skipBad)
    switch consume opened {
    case .table(let table, let format):
      self.format = format
      guard format == .rateTable else { throw Self.unbucketed(file) }
      buckets = try RateTable.read(table, into: &sink)
    case .json(let json, let format, _):
      self.format = format
      guard format == .openaiUsage else { throw Self.unbucketed(file) }
      buckets = try OpenAIUsage.read(json, into: &sink)
    }
    models = sink.models.names
    hasCalendar = sink.hasCalendar
    warnings = sink.warnings
  }

  private static func unbucketed(_ file: String) -> TextProblem {
    TextProblem(
      file: file, line: 1, column: 1,
      message: "the file is a log of requests, not usage per stretch of time")
  }
}
