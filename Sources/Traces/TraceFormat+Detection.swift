// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the format of a file by its content: names end in anything.

import TextFormats

/// A file whose first bytes have been looked at.
enum OpenedTrace: ~Copyable {
  /// A table and its format.
  case table(CSVReader, TraceFormat)
  /// JSON, its format, and whether its documents are pages with an array `data`.
  case json(JSONReader, TraceFormat, isPaged: Bool)

  /// Opens a text and finds out its format, unless the options give it.
  /// - Throws: that the format is none that is known, or what is wrong with the first line or document.
  init(_ text: consuming TextReader, _ options: TraceReadingOptions) throws(TextProblem) {
    var text = text
    let first = text.peek(1 << 16).first { $0 > UInt8(ascii: " ") }
    let format = options.columns == nil ? options.format : .csv
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      let table = try CSVReader(text)
      if let format {
        guard !Self.isAlwaysJSON(format) else {
          throw TextProblem(
            file: table.text.file, line: 1, column: 1,
            message:
              "this is no JSON, which the format \(format.rawValue) is; give another format")
        }
        self = .table(table, format)
        return
      }
      guard let found = TableFormats.detect(table) else {
        throw Self.unknown(table.text.file, "the columns of no format that is known")
      }
      self = .table(table, found)
      return
    }
    var json = JSONReader(text)
    if let format, Self.isAlwaysTable(format) {
      throw json.documentProblem(
        "this is JSON, which the format \(format.rawValue) is not; give another format")
    }
    guard try json.nextDocument() else { throw Self.unknown(json.text.file, "no documents") }
    var keys: Set<String> = []
    var isPaged = false
    do throws(TextProblem) {
      (keys, isPaged) = try Self.keys(&json)
    } catch {
      // A first document that is broken may be skipped, if the format need not be told from it.
      if format == nil { throw error }
    }
    json.unreadDocument()
    guard let chosen = format ?? Self.detect(keys) else {
      throw Self.unknown(json.text.file, "the keys of no format that is known")
    }
    self = .json(json, chosen, isPaged: isPaged)
  }

  /// Whether it tells usage per bucket of time instead of single requests.
  var isBucketed: Bool {
    switch self {
    case .table(_, let format): format.isBucketed
    case .json(_, let format, _): format.isBucketed
    }
  }

  private static func isAlwaysJSON(_ format: TraceFormat) -> Bool {
    switch format {
    case .mooncake, .bailian, .bedrock, .opentelemetry, .openaiUsage: true
    case .azure, .burstgpt, .litellm, .langfuse, .csv, .rateTable: false
    }
  }

  private static func isAlwaysTable(_ format: TraceFormat) -> Bool {
    switch format {
    case .azure, .burstgpt, .csv, .rateTable: true
    case .mooncake, .bailian, .bedrock, .opentelemetry, .openaiUsage, .litellm, .langfuse: false
    }
  }

  private static func unknown(_ file: String, _ what: String) -> TextProblem {
    let names = TraceFormat.allCases.map(\.rawValue).joined(separator: ", ")
    return TextProblem(
      file: file, line: 1, column: 1,
      message:
        "the file has \(what); give its format (\(names)), or the columns of a CSV as time=…,input=…,output=…"
    )
  }

  /// The keys of the first document; of the first element of its `data` where it is a page of such.
  private static func keys(_ json: inout JSONReader) throws(TextProblem) -> (Set<String>, isPaged: Bool) {
    var keys: Set<String> = []
    var paged: Set<String>?
    try json.beginObject()
    while let key = try json.nextKey() {
      keys.insert(key)
      guard key == "data", try json.peekKind() == .array else {
        try json.skipValue()
        continue
      }
      paged = []
      try json.beginArray()
      var isFirst = true
      while try json.nextElement() {
        guard isFirst, try json.peekKind() == .object else {
          try json.skipValue()
          continue
        }
        isFirst = false
        try json.beginObject()
        while let inner = try json.nextKey() {
          paged?.insert(inner)
          try json.skipValue()
        }
      }
    }
    if let paged, keys.isDisjoint(with: ["timestamp", "startTime", "resourceSpans"]) { return (paged, true) }
    return (keys, false)
  }

  private static func detect(_ keys: Set<String>) -> TraceFormat? {
    func has(_ names: String...) -> Bool { names.allSatisfy { keys.contains($0) } }
    if has("resourceSpans") || has("startTimeUnixNano") || has("start_time", "attributes")
      || has("startTime", "attributes")
    {
      return .opentelemetry
    }
    if has("timestamp", "modelId") { return .bedrock }
    if has("timestamp", "input_length") { return has("chat_id") ? .bailian : .mooncake }
    if has("results", "start_time") { return .openaiUsage }
    if has("startTime", "prompt_tokens") || has("startTime", "spend") { return .litellm }
    if has("startTime", "traceId") || has("startTime", "usageDetails") || has("startTime", "usage") {
      return .langfuse
    }
    return nil
  }
}
