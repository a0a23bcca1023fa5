// SPDX-License-Identifier: GPL-3.0-or-later
// Langfuse's observations as JSON, as its API and its exports write them.

import TextFormats

/// Reads an observation of Langfuse.
///
/// `usageDetails` names kinds of tokens freely: those whose name has "input" or "prompt" in it add up to the prompt (also
/// "cache", which providers count apart), those with "output" or "completion" to the answer; older versions have `usage`
/// with the same names, or `promptTokens` and `completionTokens`.
struct LangfuseSchema: RequestSchema {
  private let keys: JSONKeys
  private var times = TimeText()

  init(useCaseKey: String?) {
    keys = JSONKeys([
      "startTime", "endTime", "completionStartTime", "type", "model", "providedModelName", "usageDetails",
      "usage",
      "promptTokens", "completionTokens", "totalCost", "calculatedTotalCost", "level", "sessionId", "input",
      "timeToFirstToken", "latency", useCaseKey ?? "traceName",
    ])
  }

  mutating func read(_ json: inout JSONReader, into sink: inout RecordSink) throws(TextProblem) {
    var (time, end, first): (Int64?, Int64?, Int64?)
    var usage: Usage?
    var (oldInput, oldOutput): (Int32?, Int32?)
    var row = TraceRecord(time: 0, inputTokens: 0, outputTokens: 0)
    var kind = "GENERATION"
    let start = json.mark
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: keys, seen: &seen) {
      switch key {
      case 0: time = try json.readTime(&times)
      case 1: end = try json.readTime(&times)
      case 2: first = try json.readTime(&times)
      case 3: kind = try json.readText() ?? kind
      case 4, 5:
        let model = try json.readName(&sink.models, "models")
        if row.model == 0 { row.model = model }
      case 6: usage = try readUsage(&json) ?? usage
      case 7:
        let older = try readUsage(&json)
        usage = usage ?? older
      case 8: oldInput = try json.readTokens()
      case 9: oldOutput = try json.readTokens()
      case 10, 11:
        let cost = try json.readDouble().map { Float($0) } ?? .nan
        if row.dollars.isNaN { row.dollars = cost }
      case 12: row.hasFailed = try json.readText() == "ERROR"
      case 13: row.session = try json.readIdentity()
      case 14: row.content = try json.readIdentity()
      case 15: row.firstToken = try json.readDouble().map { Float($0) } ?? .nan
      case 16: row.duration = try json.readDouble().map { Float($0) } ?? .nan
      case 17: row.useCase = try json.readName(&sink.useCases, "use cases")
      default: try json.skipValue()
      }
    }
    guard kind == "GENERATION" else { return sink.note(kind == "EMBEDDING" ? .embedding : .notGeneration) }
    guard let time else { throw json.problem(at: start, "startTime is missing; each observation needs one") }
    let counts = usage ?? oldInput.map { Usage(input: Int64($0), output: Int64(oldOutput ?? 0), cached: 0) }
    if counts == nil, !row.hasFailed { return sink.note(.withoutTokens) }
    let (input, output) = (counts?.input ?? 0, counts?.output ?? 0)
    guard max(input, output) <= Int64(Int32.max) else {
      throw json.problem(at: start, "\(max(input, output)) tokens are too many")
    }
    row.time = time
    row.inputTokens = Int32(input)
    row.outputTokens = Int32(output)
    row.cachedInputTokens = Int32(counts?.cached ?? 0)
    if let end, row.duration.isNaN { row.duration = TraceRecord.seconds(from: time, to: end) }
    if let first, row.firstToken.isNaN { row.firstToken = TraceRecord.seconds(from: time, to: first) }
    sink.hasCalendar = times.hasCalendar
    if let message = sink.add(row) { throw json.problem(at: start, message) }
  }

  /// Tokens by kind, added up.
  private struct Usage {
    var input: Int64 = 0
    var output: Int64 = 0
    var cached: Int64 = 0
  }

  private func readUsage(_ json: inout JSONReader) throws(TextProblem) -> Usage? {
    guard try json.peekKind() == .object else {
      try json.skipValue()
      return nil
    }
    var usage = Usage()
    var hasCounts = false
    try json.beginObject()
    while let key = try json.nextKey() {
      let name = key.lowercased()
      // Costs stand beside the counts in older versions: inputCost, outputCost.
      let isCost = name.contains("cost") || name.contains("price")
      let isOutput = name.contains("output") || name.contains("completion")
      let isInput = !isOutput && (name.contains("input") || name.contains("prompt") || name.contains("cache"))
      guard !isCost, isInput || isOutput else {
        try json.skipValue()
        continue
      }
      guard let count = try json.readTokens() else { continue }
      hasCounts = true
      if isOutput { usage.output += Int64(count) }
      if isInput { usage.input += Int64(count) }
      if isInput, name.contains("cached") || name.contains("cache_read") { usage.cached += Int64(count) }
    }
    return hasCounts ? usage : nil
  }
}
