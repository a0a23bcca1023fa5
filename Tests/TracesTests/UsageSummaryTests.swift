// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about what a log has cost: sums checked by hand, a cache of answers checked against a plain one.

import Testing
import TextFormats
import Traces

@Suite("Usage of a log")
struct UsageSummaryTests {
  private let second: Int64 = 1_000_000_000
  private let price = TokenPrice(inputPerMillion: 0.72, outputPerMillion: 0.9)

  private func record(
    at seconds: Double, input: Int32 = 1_000_000, output: Int32 = 500_000, dollars: Double = .nan,
    content: UInt64 = 0
  ) -> TraceRecord {
    var record = TraceRecord(time: Int64(seconds * 1e9), inputTokens: input, outputTokens: output)
    record.dollars = dollars
    record.content = content
    return record
  }

  @Test("Dollars are the log's own, else tokens times price, else unknown, and add up to the cent")
  func dollars() {
    var summary = UsageSummary(cacheTimeToLive: 3600)
    summary.add(record(at: 0), price: price)  // 0.72 + 0.45 = 1.17
    summary.add(record(at: 1, dollars: 2.5), price: price)
    summary.add(record(at: 2, output: 250_000), price: nil)
    var failed = record(at: 3, input: 9, output: 0, dollars: 0.1)
    failed.hasFailed = true
    summary.add(failed, price: price)
    failed.dollars = .nan
    summary.add(failed, price: price)
    let total = summary.total
    #expect((total.requests, total.failed, total.unpricedRequests) == (5, 2, 1))
    #expect((total.inputTokens, total.outputTokens) == (3_000_000, 1_250_000))
    #expect(total.priced == summary.models[0].priced && total.logged.requests == 2)
    #expect(abs((total.dollars ?? 0) - 3.77) < 1e-12)
    // Over the two answers whose cost is known, and a million tokens.
    #expect(abs((total.dollarsPerMillionOutputTokens ?? 0) - 3.77) < 1e-12)
    #expect(abs((total.dollarsPerRequest ?? 0) - 1.885) < 1e-12)
  }

  @Test("What has no price is never free: without any price there are no dollars")
  func unpriced() {
    var summary = UsageSummary(cacheTimeToLive: 3600)
    summary.add(record(at: 0), price: nil)
    // An answer from a cache does not make the others free.
    var cached = record(at: 1)
    cached.wasCached = true
    summary.add(cached, price: nil)
    #expect(summary.total.dollars == nil && summary.total.dollarsPerRequest == nil)
    #expect(summary.total.dollarsPerMillionOutputTokens == nil && summary.total.unpricedRequests == 1)
  }

  @Test("Answers from a cache are no repetitions, cost nothing and have no latency; a logged $0 is counted")
  func cachedAnswers() {
    var summary = UsageSummary(cacheTimeToLive: 3600)
    var answer = record(at: 0, content: 7)
    answer.duration = 2
    summary.add(answer, price: price)
    answer.time += 10 * second
    answer.wasCached = true
    answer.duration = 0.01
    summary.add(answer, price: nil)
    summary.add(record(at: 20, dollars: 0), price: price)
    let total = summary.total
    #expect((total.answeredFromCache, total.repetitions.requests, total.freeRequests) == (1, 0, 1))
    #expect(total.duration.count == 1 && total.unpricedRequests == 0)
    #expect(abs((total.dollars ?? 0) - 1.17) < 1e-12)
  }

  @Test(
    "A cache answers from when the answer is complete until its time to live has passed",
    arguments: [
      // Asked at 0, answered at 2 s, kept for 10 s: hits from after 2 to 12 s.
      (1.0, 0.0), (2.0, 0.0), (2.5, 1.0), (12.0, 1.0), (12.5, 0.0),
    ])
  func timeToLive(second: Double, hits: Double) {
    var summary = UsageSummary(cacheTimeToLive: 10)
    for time in [0, second] {
      var request = record(at: time, content: 5)
      request.duration = 2
      summary.add(request, price: price)
    }
    var other = record(at: second, content: 5)
    other.model = 1
    summary.add(other, price: price)
    #expect(summary.total.repetitions.requests == hits)
    #expect(summary.total.repetitions.outputTokens == hits * 500_000)
    #expect(abs(summary.total.repetitions.dollars - hits * 1.17) < 1e-12)
    #expect(summary.total.identifiedRequests == 3)
  }

  @Test("The cache agrees with one that forgets nothing, on random logs", arguments: UInt64(0)..<20)
  func oracle(seed: UInt64) {
    var state = seed
    func next(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    var summary = UsageSummary(cacheTimeToLive: 50)
    var answers: [(model: UInt16, content: UInt64, from: Int64, until: Int64)] = []
    var hits = 0.0
    var time: Int64 = 0
    for _ in 0..<400 {
      time += Int64(next(8)) * second
      var request = TraceRecord(time: time, inputTokens: 10, outputTokens: 10)
      request.content = next(12) + 1
      request.model = UInt16(next(2))
      request.duration = Float(next(20))
      request.hasFailed = next(10) == 0
      summary.add(request, price: nil)
      if request.hasFailed { continue }
      let isKnown = answers.contains {
        $0.model == request.model && $0.content == request.content && $0.from < time && time <= $0.until
      }
      if isKnown {
        hits += 1
      } else {
        let complete = time + Int64(request.duration) * second
        answers.append((request.model, request.content, complete, complete + 50 * second))
      }
    }
    #expect(hits > 50)
    #expect(summary.total.repetitions.requests == hits)
    let parts = summary.models.map(\.repetitions.requests).reduce(0, +)
    #expect(parts == hits && summary.models.count == 2)
  }

  @Test("A log of many prompts forgets those whose time has passed, and still sees the others")
  func forgetting() {
    var summary = UsageSummary(cacheTimeToLive: 100)
    for index in 0..<50_000 {
      summary.add(record(at: Double(index), content: UInt64(index) + 1), price: nil)
      if index % 10 == 9 {
        summary.add(record(at: Double(index) + 0.5, content: UInt64(index) - 8), price: nil)
      }
    }
    #expect(summary.total.repetitions.requests == 5000)
  }

  @Test("Models and use cases add up to the whole; latencies are within 1 % of the exact percentiles")
  func parts() throws {
    var summary = UsageSummary(cacheTimeToLive: 0)
    for index in 0..<1000 {
      var request = record(at: Double(index), dollars: Double(index) * 0.001, content: 1)
      request.model = UInt16(index % 3)
      request.useCase = UInt16(index % 7)
      request.firstToken = Float(index + 1) * 0.001
      request.duration = Float(index + 1) * 0.01
      summary.add(request, price: nil)
    }
    for part in [summary.models, summary.useCases] {
      #expect(part.map(\.requests).reduce(0, +) == 1000)
      #expect(abs(part.compactMap(\.dollars).reduce(0, +) - 499.5) < 1e-9)
    }
    #expect(abs((summary.total.dollars ?? 0) - 499.5) < 1e-9)
    #expect(summary.total.repetitions.requests == 0)
    for share in [0.5, 0.9, 0.99] {
      let first = try #require(summary.total.firstToken.quantile(share))
      let whole = try #require(summary.total.duration.quantile(share))
      #expect(abs(first / share - 1) < 0.01 && abs(whole / (10 * share) - 1) < 0.01)
    }
  }

  @Test("Names beyond the thousandth share figures, so that memory is bounded")
  func manyNames() {
    var summary = UsageSummary(cacheTimeToLive: 0)
    for index in 0..<3000 {
      var request = record(at: Double(index))
      request.useCase = UInt16(index)
      summary.add(request, price: nil)
    }
    #expect(summary.useCases.count == UsageSummary.mostNames)
    #expect(summary.useCases.last?.requests == 2001 && summary.total.requests == 3000)
  }

  @Test("Stretches of time are priced too, where they tell tokens")
  func buckets() throws {
    let pages = """
      {"object":"page","data":[{"object":"bucket","start_time":1764547200,"end_time":1764633600,"results":[
      {"input_tokens":2000000,"output_tokens":1000000,"input_cached_tokens":500000,"num_model_requests":100,"model":"a"},
      {"input_tokens":1000,"output_tokens":10,"num_model_requests":3,"model":"b"}]}],"has_more":false}
      """
    let usage = try UsageReader(TextReader(bytes: Array(pages.utf8), file: "usage"))
    var summary = UsageSummary(cacheTimeToLive: 3600)
    for bucket in usage.buckets {
      summary.add(bucket, price: usage.models[Int(bucket.model)] == "a" ? price : nil)
    }
    let total = summary.total
    #expect((total.requests, total.unpricedRequests, total.pricedCachedTokens) == (103, 3, 500_000))
    #expect(abs((total.dollars ?? 0) - 2.34) < 1e-12)
    #expect(abs((total.dollarsPerRequest ?? 0) - 0.0234) < 1e-12)
    #expect(abs((total.dollarsPerMillionOutputTokens ?? 0) - 2.34) < 1e-12)
    var rates = UsageSummary(cacheTimeToLive: 3600)
    rates.add(UsageBucket(start: 0, duration: 60, requests: 12.5), price: price)
    #expect(rates.total.withoutTokens == 12.5 && rates.total.dollars == nil)
  }
}
