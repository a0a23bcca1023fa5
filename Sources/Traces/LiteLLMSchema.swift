// SPDX-License-Identifier: GPL-3.0-or-later
// LiteLLM's spend log as JSON: the rows of its table `LiteLLM_SpendLogs`.

import TextFormats

/// Reads a row of LiteLLM's spend log.
struct LiteLLMSchema: RequestSchema {
  /// The kinds of calls that generate text; an empty one is of an old version, which logged no other.
  static let callTypes = [
    "", "completion", "acompletion", "text_completion", "atext_completion", "responses", "aresponses",
    "anthropic_messages", "generate_content", "agenerate_content", "generate_content_stream",
    "agenerate_content_stream", "pass_through_endpoint", "allm_passthrough_route",
  ]

  private let keys: JSONKeys
  private var times = TimeText()

  init(useCaseKey: String?) {
    keys = JSONKeys([
      "startTime", "endTime", "completionStartTime", "prompt_tokens", "completion_tokens", "model",
      "model_group", "spend", "cache_hit", "status", "call_type", "cache_key", "messages", "session_id",
      useCaseKey ?? "request_tags",
    ])
  }

  mutating func read(_ json: inout JSONReader, into sink: inout RecordSink) throws(TextProblem) {
    var (time, end, first): (Int64?, Int64?, Int64?)
    var (input, output): (Int32?, Int32?)
    var (model, group): (UInt16, UInt16) = (0, 0)
    var (cacheKey, messages): (UInt64, UInt64) = (0, 0)
    var row = TraceRecord(time: 0, inputTokens: 0, outputTokens: 0)
    var callType = ""
    let start = json.mark
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: keys, seen: &seen) {
      switch key {
      case 0: time = try json.readTime(&times)
      case 1: end = try json.readTime(&times)
      case 2: first = try json.readTime(&times)
      case 3: input = try json.readTokens()
      case 4: output = try json.readTokens()
      case 5: model = try json.readName(&sink.models, "models")
      case 6: group = try json.readName(&sink.models, "models")
      case 7: row.dollars = try json.readDouble().map { Float($0) } ?? .nan
      case 8: row.wasCached = try isTrue(&json)
      case 9: row.hasFailed = try json.readText() == "failure"
      case 10: callType = try json.readText() ?? ""
      case 11: cacheKey = try json.readIdentity()
      case 12: messages = try json.readIdentity()
      case 13: row.session = try json.readIdentity()
      case 14: row.useCase = try firstTag(&json, &sink)
      default: try json.skipValue()
      }
    }
    guard Self.callTypes.contains(callType) else {
      return sink.note(callType.contains("embedding") ? .embedding : .otherOperation)
    }
    guard let time else { throw json.problem(at: start, "startTime is missing; each row needs one") }
    guard let input = input ?? (row.hasFailed ? 0 : nil), let output = output ?? (row.hasFailed ? 0 : nil)
    else {
      throw json.problem(
        at: start,
        "\(input == nil ? "prompt_tokens" : "completion_tokens") is missing; each row needs both counts")
    }
    row.time = time
    row.inputTokens = input
    row.outputTokens = output
    row.model = group != 0 ? group : model
    row.content = cacheKey != 0 ? cacheKey : messages
    if let end { row.duration = TraceRecord.seconds(from: time, to: end) }
    // Without streaming the log repeats the end as the first token's time, which says nothing.
    if let first, first != end { row.firstToken = TraceRecord.seconds(from: time, to: first) }
    sink.hasCalendar = times.hasCalendar
    if let message = sink.add(row) { throw json.problem(at: start, message) }
  }

  /// The log writes `True`, `False` and `None` as texts, or truth values.
  private func isTrue(_ json: inout JSONReader) throws(TextProblem) -> Bool {
    switch try json.peekKind() {
    case .string: return try json.readText()?.lowercased() == "true"
    case .bool: return try json.readBool() ?? false
    default:
      try json.skipValue()
      return false
    }
  }

  /// The first of the request's tags, which stand in an array or in a text that holds one; or a plain text.
  private func firstTag(_ json: inout JSONReader, _ sink: inout RecordSink) throws(TextProblem) -> UInt16 {
    switch try json.peekKind() {
    case .array:
      var tag: UInt16?
      try json.beginArray()
      while try json.nextElement() {
        if tag == nil {
          tag = try json.readName(&sink.useCases, "tags")
        } else {
          try json.skipValue()
        }
      }
      return tag ?? 0
    case .string:
      guard let text = try json.readText() else { return 0 }
      return sink.useCases.number(RequestTags.first(text)) ?? 0
    default:
      try json.skipValue()
      return 0
    }
  }
}

/// LiteLLM's tags where they are a text.
enum RequestTags {
  /// The first tag of `["chat", "eu"]`; a text that is no such array itself.
  static func first(_ text: String) -> String {
    guard text.hasPrefix("[") else { return text }
    guard
      let array = try? JSONReader.documents(TextReader(bytes: Array(text.utf8), file: "tags")).first?.elements
    else { return text }
    return array.first?.string ?? ""
  }
}
