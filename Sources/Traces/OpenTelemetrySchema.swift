// SPDX-License-Identifier: GPL-3.0-or-later
// OpenTelemetry spans of calls of language models, as the collector's file exporter and SDKs write them.

import TextFormats

/// Reads spans with GenAI attributes (OpenTelemetry semantic conventions for generative AI, 1.41, and the names
/// deprecated before it): OTLP JSON with `resourceSpans`, or one span an object.
struct OpenTelemetrySchema: RequestSchema {
  private let documentKeys = JSONKeys(["resourceSpans"])
  private let resourceKeys = JSONKeys(["resource", "scopeSpans", "instrumentationLibrarySpans"])
  private let attributeListKeys = JSONKeys(["attributes"])
  private let scopeKeys = JSONKeys(["spans"])
  private let spanKeys = JSONKeys([
    "startTimeUnixNano", "endTimeUnixNano", "attributes", "status", "startTime", "endTime", "start_time",
    "end_time", "resource",
  ])
  private let statusKeys = JSONKeys(["code", "status_code"])
  private let pairKeys = JSONKeys(["key", "value"])
  private let valueKeys = JSONKeys(["stringValue", "intValue", "doubleValue", "boolValue"])
  private let attributeNames: JSONKeys
  private var times = TimeText(unit: .nanoseconds)

  init(useCaseKey: String?) {
    attributeNames = JSONKeys([
      "gen_ai.operation.name", "gen_ai.request.model", "gen_ai.response.model", "gen_ai.usage.input_tokens",
      "gen_ai.usage.prompt_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens",
      "gen_ai.usage.cache_read.input_tokens", "gen_ai.response.time_to_first_chunk", "gen_ai.conversation.id",
      "gen_ai.input.messages", "gen_ai.prompt", "error.type", useCaseKey ?? "service.name",
    ])
  }

  /// What the attributes of a span tell.
  private struct Attributes {
    var operation: String?
    var requestModel: UInt16 = 0
    var responseModel: UInt16 = 0
    var input: Int32?
    var output: Int32?
    var cached: Int32 = 0
    var firstToken = Float.nan
    var session: UInt64 = 0
    var content: UInt64 = 0
    var hasFailed = false
    var useCase: UInt16 = 0
  }

  mutating func read(_ json: inout JSONReader, into sink: inout RecordSink) throws(TextProblem) {
    let start = json.mark
    try json.beginObject()
    var seen: UInt64 = 0
    var isExport = false
    while let key = try json.nextKey(of: documentKeys, seen: &seen) {
      guard key == 0 else {
        try json.skipValue()
        continue
      }
      isExport = true
      try json.beginArray()
      while try json.nextElement() { try readResource(&json, into: &sink) }
    }
    if !isExport {
      json.move(to: start)
      try readSpan(&json, into: &sink, useCase: 0)
    }
  }

  private mutating func readResource(_ json: inout JSONReader, into sink: inout RecordSink)
    throws(TextProblem)
  {
    // The resource may stand behind its spans: it is read first.
    let start = json.mark
    var attributes = Attributes()
    for isSecondPass in [false, true] {
      json.move(to: start)
      try json.beginObject()
      var seen: UInt64 = 0
      while let key = try json.nextKey(of: resourceKeys, seen: &seen) {
        if key == 0, !isSecondPass {
          try readAttributes(ofObject: &json, &attributes, &sink)
        } else if key > 0, isSecondPass {
          try json.beginArray()
          while try json.nextElement() { try readScope(&json, into: &sink, useCase: attributes.useCase) }
        } else {
          try json.skipValue()
        }
      }
    }
  }

  private mutating func readScope(
    _ json: inout JSONReader, into sink: inout RecordSink, useCase: UInt16
  ) throws(TextProblem) {
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: scopeKeys, seen: &seen) {
      guard key == 0 else {
        try json.skipValue()
        continue
      }
      try json.beginArray()
      while try json.nextElement() {
        try json.skippingBadValue(in: &sink) { (json, sink) throws(TextProblem) in
          try readSpan(&json, into: &sink, useCase: useCase)
        }
      }
    }
  }

  private mutating func readSpan(
    _ json: inout JSONReader, into sink: inout RecordSink, useCase: UInt16
  ) throws(TextProblem) {
    let start = json.mark
    var (time, end): (Int64?, Int64?)
    var attributes = Attributes()
    attributes.useCase = useCase
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: spanKeys, seen: &seen) {
      switch key {
      case 0, 4, 6: time = try json.readTime(&times) ?? time
      case 1, 5, 7: end = try json.readTime(&times) ?? end
      case 2: try readAttributes(&json, &attributes, &sink)
      case 3: if try statusIsError(&json) { attributes.hasFailed = true }
      case 8: try readAttributes(ofObject: &json, &attributes, &sink)
      default: try json.skipValue()
      }
    }
    switch attributes.operation {
    case "chat", "text_completion", "generate_content": break
    case nil:
      if attributes.input == nil, attributes.output == nil { return sink.note(.notGeneration) }
    case "embeddings": return sink.note(.embedding)
    default: return sink.note(.otherOperation)
    }
    if attributes.input == nil, attributes.output == nil, !attributes.hasFailed {
      return sink.note(.withoutTokens)
    }
    guard let time else {
      throw json.problem(at: start, "startTimeUnixNano is missing; each span needs one")
    }
    var row = TraceRecord(
      time: time, inputTokens: attributes.input ?? 0, outputTokens: attributes.output ?? 0)
    row.cachedInputTokens = attributes.cached
    row.model = attributes.requestModel != 0 ? attributes.requestModel : attributes.responseModel
    row.useCase = attributes.useCase
    row.session = attributes.session
    row.content = attributes.content
    row.hasFailed = attributes.hasFailed
    row.firstToken = attributes.firstToken
    if let end { row.duration = TraceRecord.seconds(from: time, to: end) }
    sink.hasCalendar = times.hasCalendar
    if let message = sink.add(row) { throw json.problem(at: start, message) }
  }

  /// Whether a status is the error: code 2 or a word that ends in ERROR.
  private func statusIsError(_ json: inout JSONReader) throws(TextProblem) -> Bool {
    guard try json.peekKind() == .object else {
      try json.skipValue()
      return false
    }
    var isError = false
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: statusKeys, seen: &seen) {
      guard key >= 0, let range = try json.readScalar() else {
        if key < 0 { try json.skipValue() }
        continue
      }
      let code = String(decoding: json.text.bytes[range], as: UTF8.self)
      if code == "2" || code.hasSuffix("ERROR") { isError = true }
    }
    return isError
  }

  /// Reads the `attributes` of an object such as a resource.
  private func readAttributes(
    ofObject json: inout JSONReader, _ attributes: inout Attributes, _ sink: inout RecordSink
  ) throws(TextProblem) {
    guard try json.peekKind() == .object else { return try json.skipValue() }
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: attributeListKeys, seen: &seen) {
      if key == 0 {
        try readAttributes(&json, &attributes, &sink)
      } else {
        try json.skipValue()
      }
    }
  }

  /// Reads attributes: OTLP's array of pairs, or an object.
  private func readAttributes(
    _ json: inout JSONReader, _ attributes: inout Attributes, _ sink: inout RecordSink
  ) throws(TextProblem) {
    switch try json.peekKind() {
    case .object:
      try json.beginObject()
      var seen: UInt64 = 0
      while let name = try json.nextKey(of: attributeNames, seen: &seen) {
        if name >= 0 {
          try readAttribute(name, &json, &attributes, &sink)
        } else {
          try json.skipValue()
        }
      }
    case .array:
      try json.beginArray()
      while try json.nextElement() { try readPair(&json, &attributes, &sink) }
    default: try json.skipValue()
    }
  }

  /// Reads `{"key": …, "value": {"intValue": …}}`, in either order.
  private func readPair(
    _ json: inout JSONReader, _ attributes: inout Attributes, _ sink: inout RecordSink
  ) throws(TextProblem) {
    var name: Int?
    var value: JSONReader.Mark?
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: pairKeys, seen: &seen) {
      switch key {
      case 0: name = attributeNames.number(of: try json.readText() ?? "")
      case 1:
        value = json.mark
        try json.skipValue()
      default: try json.skipValue()
      }
    }
    guard let name, let value else { return }
    let end = json.mark
    json.move(to: value)
    if try json.peekKind() == .object {
      try json.beginObject()
      var seenValue: UInt64 = 0
      while let kind = try json.nextKey(of: valueKeys, seen: &seenValue) {
        if kind >= 0 {
          try readAttribute(name, &json, &attributes, &sink)
        } else {
          try json.skipValue()
        }
      }
    }
    json.move(to: end)
  }

  private func readAttribute(
    _ name: Int, _ json: inout JSONReader, _ attributes: inout Attributes, _ sink: inout RecordSink
  ) throws(TextProblem) {
    switch name {
    case 0: attributes.operation = try json.readText()
    case 1: attributes.requestModel = try json.readName(&sink.models, "models")
    case 2: attributes.responseModel = try json.readName(&sink.models, "models")
    // The current name goes before the deprecated one, whichever stands first.
    case 3: attributes.input = try json.readTokens()
    case 4:
      let tokens = try json.readTokens()
      attributes.input = attributes.input ?? tokens
    case 5: attributes.output = try json.readTokens()
    case 6:
      let tokens = try json.readTokens()
      attributes.output = attributes.output ?? tokens
    case 7: attributes.cached = try json.readTokens() ?? 0
    case 8: attributes.firstToken = try json.readDouble().map { Float($0) } ?? .nan
    case 9: attributes.session = try json.readIdentity()
    case 10, 11: attributes.content = try json.readIdentity()
    case 12:
      try json.skipValue()
      attributes.hasFailed = true
    default: attributes.useCase = try json.readName(&sink.useCases, "use cases")
    }
  }
}
