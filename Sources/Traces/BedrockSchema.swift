// SPDX-License-Identifier: GPL-3.0-or-later
// Amazon Bedrock's model invocation log.

import TextFormats

/// Reads a record of Bedrock's model invocation log.
///
/// Token counts lie inside `input` and `output`; what a prompt cache read or wrote is counted beside `inputTokenCount`
/// and belongs to the prompt (Amazon Bedrock user guide, "Prompt caching").
struct BedrockSchema: RequestSchema {
  private let keys = JSONKeys([
    "timestamp", "modelId", "input", "output", "requestMetadata", "errorCode", "schemaType",
  ])
  private let inputKeys = JSONKeys([
    "inputTokenCount", "cacheReadInputTokenCount", "cacheWriteInputTokenCount", "inputBodyJson",
  ])
  private let outputKeys = JSONKeys(["outputTokenCount", "outputBodyJson"])
  private let bodyKeys = JSONKeys(["metrics"])
  private let metricsKeys = JSONKeys(["latencyMs"])
  private let metadataKeys: JSONKeys
  private var times = TimeText()

  init(useCaseKey: String?) { metadataKeys = JSONKeys([useCaseKey ?? "use_case"]) }

  mutating func read(_ json: inout JSONReader, into sink: inout RecordSink) throws(TextProblem) {
    var time: Int64?
    var input: Int32?
    var output: Int32?
    var cacheWritten: Int32 = 0
    var row = TraceRecord(time: 0, inputTokens: 0, outputTokens: 0)
    var isEmbedding = false
    let start = json.mark
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: keys, seen: &seen) {
      switch key {
      case 0: time = try json.readTime(&times)
      case 1:
        row.model = try json.readName(&sink.models, "models")
        isEmbedding = sink.models.names[Int(row.model)].contains("embed")
      case 2:
        guard try json.peekKind() == .object else {
          try json.skipValue()
          continue
        }
        try json.beginObject()
        var seenInput: UInt64 = 0
        while let key = try json.nextKey(of: inputKeys, seen: &seenInput) {
          switch key {
          case 0: input = try json.readTokens()
          case 1: row.cachedInputTokens = try json.readTokens() ?? 0
          case 2: cacheWritten = try json.readTokens() ?? 0
          case 3: row.content = try json.readIdentity()
          default: try json.skipValue()
          }
        }
      case 3:
        guard try json.peekKind() == .object else {
          try json.skipValue()
          continue
        }
        try json.beginObject()
        var seenOutput: UInt64 = 0
        while let key = try json.nextKey(of: outputKeys, seen: &seenOutput) {
          switch key {
          case 0: output = try json.readTokens()
          case 1: row.duration = try latency(&json)
          default: try json.skipValue()
          }
        }
      case 4: row.useCase = try metadata(&json, &sink)
      case 5: row.hasFailed = try json.readText() != nil
      default: try json.skipValue()
      }
    }
    if isEmbedding { return sink.note(.embedding) }
    guard let time else { throw json.problem(at: start, "timestamp is missing; each record needs one") }
    if output == nil, !row.hasFailed {
      sink.note(.emptyLength)
      row.hasFailed = true
    }
    guard let input = input ?? (row.hasFailed ? 0 : nil) else {
      throw json.problem(at: start, "input.inputTokenCount is missing; a call that did not fail needs it")
    }
    let prompt = Int64(input) + Int64(row.cachedInputTokens) + Int64(cacheWritten)
    guard prompt <= Int64(Int32.max) else {
      throw json.problem(at: start, "\(prompt) input tokens are too many")
    }
    row.time = time
    row.inputTokens = Int32(prompt)
    row.outputTokens = output ?? 0
    sink.hasCalendar = times.hasCalendar
    if let message = sink.add(row) { throw json.problem(at: start, message) }
  }

  /// The seconds that the Converse operations report in their body; not a number for others.
  private func latency(_ json: inout JSONReader) throws(TextProblem) -> Float {
    var seconds = Float.nan
    guard try json.peekKind() == .object else {
      try json.skipValue()
      return seconds
    }
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: bodyKeys, seen: &seen) {
      guard key == 0, try json.peekKind() == .object else {
        try json.skipValue()
        continue
      }
      try json.beginObject()
      var seenMetrics: UInt64 = 0
      while let key = try json.nextKey(of: metricsKeys, seen: &seenMetrics) {
        if key == 0 {
          seconds = try json.readDouble().map { Float($0 / 1000) } ?? .nan
        } else {
          try json.skipValue()
        }
      }
    }
    return seconds
  }

  /// The use case that the request's metadata names.
  private func metadata(_ json: inout JSONReader, _ sink: inout RecordSink) throws(TextProblem) -> UInt16 {
    var useCase: UInt16 = 0
    guard try json.peekKind() == .object else {
      try json.skipValue()
      return useCase
    }
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: metadataKeys, seen: &seen) {
      if key == 0 {
        useCase = try json.readName(&sink.useCases, "use cases")
      } else {
        try json.skipValue()
      }
    }
    return useCase
  }
}
