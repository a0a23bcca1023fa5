// SPDX-License-Identifier: GPL-3.0-or-later
// Which columns the known tables of requests have, and how each is told from the others by them.

import TextFormats

/// Columns of the formats that are tables.
enum TableFormats {
  /// The format whose columns a table has; nil where it is none that is known.
  static func detect(_ table: borrowing CSVReader) -> TraceFormat? {
    func has(_ names: String...) -> Bool {
      for name in names where table.column(name) == nil { return false }
      return true
    }
    if has("ContextTokens") || has("GeneratedTokens") { return .azure }
    if has("Request tokens", "Response tokens") { return .burstgpt }
    if has("startTime", "prompt_tokens", "completion_tokens") { return .litellm }
    if has("startTime"), inputNames.contains(where: { table.column($0) != nil }) { return .langfuse }
    if RateTable.rateColumn(table) != nil { return .rateTable }
    return nil
  }

  /// Where Langfuse's exports of several versions have the prompt's tokens.
  static let inputNames = ["inputUsage", "usage.input", "usageDetails.input", "inputTokens", "promptTokens"]
  private static let outputNames = [
    "outputUsage", "usage.output", "usageDetails.output", "outputTokens", "completionTokens",
  ]

  /// The columns of a table in a format.
  /// - Throws: a column that is missing.
  static func columns(
    _ table: borrowing CSVReader, format: TraceFormat, options: TraceReadingOptions
  ) throws(TextProblem) -> RequestColumns {
    switch format {
    case .azure:
      return RequestColumns(
        time: try required("TIMESTAMP", table, among: ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]),
        input: try required(
          "ContextTokens", table, among: ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]),
        output: try required(
          "GeneratedTokens", table, among: ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]))
    case .burstgpt:
      var columns = RequestColumns(
        time: try table.requiredColumn("Timestamp"), input: try table.requiredColumn("Request tokens"),
        output: try table.requiredColumn("Response tokens"))
      columns.model = table.column("Model")
      columns.useCase = table.column(options.useCaseKey ?? "Log Type")
      columns.session = table.column("Session ID")
      columns.duration = table.column("Elapsed time")
      return columns
    case .litellm:
      var columns = RequestColumns(
        time: try table.requiredColumn("startTime"), input: try table.requiredColumn("prompt_tokens"),
        output: try table.requiredColumn("completion_tokens"))
      columns.model = table.column("model_group") ?? table.column("model")
      columns.useCase = table.column(options.useCaseKey ?? "request_tags")
      columns.session = table.column("session_id")
      columns.content = table.column("cache_key")
      columns.firstTokenTime = table.column("completionStartTime")
      columns.end = table.column("endTime")
      columns.cost = table.column("spend")
      columns.cacheHit = table.column("cache_hit")
      columns.status = table.column("status")
      columns.kind = table.column("call_type")
      columns.kinds = LiteLLMSchema.callTypes
      return columns
    case .langfuse:
      guard let input = first(inputNames, table), let output = first(outputNames, table) else {
        throw TextProblem(
          file: table.text.file, line: 1, column: 1,
          message: "no column of tokens; one of \(inputNames.joined(separator: ", ")) and one of "
            + "\(outputNames.joined(separator: ", ")) is needed")
      }
      var columns = RequestColumns(time: try table.requiredColumn("startTime"), input: input, output: output)
      columns.model = table.column("model") ?? table.column("providedModelName")
      columns.useCase = table.column(options.useCaseKey ?? "traceName")
      columns.session = table.column("sessionId")
      columns.firstToken = table.column("timeToFirstToken")
      columns.firstTokenTime = columns.firstToken == nil ? table.column("completionStartTime") : nil
      columns.duration = table.column("latency")
      columns.end = columns.duration == nil ? table.column("endTime") : nil
      columns.cost = table.column("totalCost")
      columns.status = table.column("level")
      columns.kind = table.column("type")
      columns.kinds = ["GENERATION"]
      return columns
    default:
      guard let map = options.columns else {
        throw TextProblem(
          file: table.text.file, line: 1, column: 1,
          message: "a CSV of its own kind needs its columns given as time=…,input=…,output=…")
      }
      func place(_ role: TraceColumns.Role) throws(TextProblem) -> Int? {
        guard let name = map.names[role] else { return nil }
        return try table.requiredColumn(name)
      }
      guard let time = try place(.time), let input = try place(.input), let output = try place(.output) else {
        throw TextProblem(
          file: table.text.file, line: 1, column: 1,
          message: "the map of columns must name one for each of time, input and output")
      }
      var columns = RequestColumns(time: time, input: input, output: output)
      columns.cached = try place(.cached)
      columns.model = try place(.model)
      columns.useCase = try place(.useCase)
      columns.session = try place(.session)
      columns.content = try place(.content)
      columns.firstToken = try place(.firstToken)
      columns.duration = try place(.duration)
      columns.cost = try place(.cost)
      return columns
    }
  }

  private static func first(_ names: [String], _ table: borrowing CSVReader) -> Int? {
    for name in names {
      if let place = table.column(name) { return place }
    }
    return nil
  }

  private static func required(_ name: String, _ table: borrowing CSVReader, among names: [String])
    throws(TextProblem) -> Int
  {
    if let place = table.column(name) { return place }
    throw TextProblem(
      file: table.text.file, line: 1, column: 1,
      message: "the column \(name) is missing; the first line must name \(names.joined(separator: ", "))")
  }
}
