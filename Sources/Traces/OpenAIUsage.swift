// SPDX-License-Identifier: GPL-3.0-or-later
// Pages of OpenAI's usage API: counts and sums per bucket of time, no requests.

import TextFormats

/// Reads pages of `GET /organization/usage/completions`, or their buckets one by one.
struct OpenAIUsage {
  private let pageKeys = JSONKeys(["data", "start_time", "end_time", "results"])
  private let resultKeys = JSONKeys([
    "num_model_requests", "input_tokens", "output_tokens", "input_cached_tokens", "model",
  ])
  private var times = TimeText(unit: .seconds)

  /// Every bucket, by time; one without results stands for a stretch without requests.
  static func read(
    _ json: consuming JSONReader, into sink: inout RecordSink
  ) throws(TextProblem) -> [UsageBucket] {
    var usage = OpenAIUsage()
    var buckets: [UsageBucket] = []
    while true {
      do throws(TextProblem) {
        guard try json.nextDocument() else { break }
        try usage.readPage(&json, into: &buckets, &sink)
      } catch {
        guard sink.skip(error) else { throw error }
        try json.recover()
      }
    }
    sink.hasCalendar = usage.times.hasCalendar
    // Pages may have been fetched in any order; equal times keep the order of the file.
    return buckets.indices.sorted { (buckets[$0].start, $0) < (buckets[$1].start, $1) }.map { buckets[$0] }
  }

  private mutating func readPage(
    _ json: inout JSONReader, into buckets: inout [UsageBucket], _ sink: inout RecordSink
  ) throws(TextProblem) {
    let start = json.mark
    var (first, end): (Int64?, Int64?)
    var results: [UsageBucket]?
    var isPage = false
    try json.beginObject()
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: pageKeys, seen: &seen) {
      switch key {
      case 0:
        isPage = true
        try json.beginArray()
        while try json.nextElement() { try readPage(&json, into: &buckets, &sink) }
      case 1: first = try json.readTime(&times)
      case 2: end = try json.readTime(&times)
      case 3: results = try readResults(&json, &sink)
      default: try json.skipValue()
      }
    }
    if isPage { return }
    guard let first, let end, end > first, let results else {
      throw json.problem(at: start, "a bucket needs start_time, a later end_time, and results")
    }
    let duration = Double(end - first) * 1e-9
    if results.isEmpty {
      buckets.append(UsageBucket(start: first, duration: duration, requests: 0))
    }
    for var result in results {
      result.start = first
      result.duration = duration
      buckets.append(result)
    }
  }

  private func readResults(_ json: inout JSONReader, _ sink: inout RecordSink) throws(TextProblem)
    -> [UsageBucket]
  {
    var results: [UsageBucket] = []
    try json.beginArray()
    while try json.nextElement() {
      var result = UsageBucket(start: 0, duration: 0, requests: 0)
      let start = json.mark
      var requests: Int64?
      try json.beginObject()
      var seen: UInt64 = 0
      while let key = try json.nextKey(of: resultKeys, seen: &seen) {
        switch key {
        case 0: requests = try json.readInt64()
        case 1: result.inputTokens = try json.readDouble() ?? .nan
        case 2: result.outputTokens = try json.readDouble() ?? .nan
        case 3: result.cachedInputTokens = try json.readDouble() ?? .nan
        case 4: result.model = try json.readName(&sink.models, "models")
        default: try json.skipValue()
        }
      }
      guard let requests, requests >= 0 else {
        throw json.problem(at: start, "num_model_requests is missing or negative; each result needs a count")
      }
      result.requests = Double(requests)
      results.append(result)
    }
    return results
  }
}
