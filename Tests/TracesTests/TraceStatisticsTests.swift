// SPDX-License-Identifier: GPL-3.0-or-later
// The streaming statistics against plain ones on the whole trace at once, over many made traces.

import Foundation
import Quantities
import Testing
import Traces

private let second: Int64 = 1_000_000_000

/// Random requests, with ties of time and of lengths.
private func madeRecords(seed: UInt64, count: Int) -> [TraceRecord] {
  var stream = CounterRandom(seed: seed, draw: 0, purpose: .requests)
  var time: Int64 = 1_700_000_000 * second
  return (0..<count).map { _ in
    let uniforms = stream.nextUniforms()
    if uniforms.x < 0.8 { time += Int64(-log(uniforms.y) * 3e9) }
    if uniforms.x < 0.01 { time += 90 * second }
    return TraceRecord(
      time: time, inputTokens: Int32(uniforms.z * 50), outputTokens: Int32(uniforms.w * uniforms.z * 40))
  }
}

/// Mean ranks by counting, in quadratic time.
private func ranks(_ values: [Int32]) -> [Double] {
  values.map { value in
    Double(values.filter { $0 < value }.count) + Double(values.filter { $0 == value }.count + 1) / 2
  }
}

private func pearson(_ left: [Double], _ right: [Double]) -> Double {
  let (count, a, b) = (Double(left.count), left.reduce(0, +), right.reduce(0, +))
  let ab = zip(left, right).reduce(0) { $0 + ($1.0 - a / count) * ($1.1 - b / count) }
  let aa = left.reduce(0) { $0 + ($1 - a / count) * ($1 - a / count) }
  let bb = right.reduce(0) { $0 + ($1 - b / count) * ($1 - b / count) }
  return ab / (aa * bb).squareRoot()
}

@Suite("Trace statistics")
struct TraceStatisticsTests {
  @Test("one pass in batches equals plain formulas on all requests", arguments: UInt64(1)...12)
  func equalsPlainFormulas(seed: UInt64) throws {
    let records = madeRecords(seed: seed, count: 400)
    var statistics = TraceStatistics(hasCalendar: true, blockTokens: nil)
    for start in stride(from: 0, to: records.count, by: 7) {
      var batch = TraceBatch()
      batch.records = Array(records[start..<min(records.count, start + 7)])
      statistics.add(batch)
    }
    let summary = statistics.summary()
    let times = records.map { Double($0.time - records[0].time) * 1e-9 }
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    expectClose(summary.interArrivalCV, variance.squareRoot() / mean, within: 1e-9)
    for (width, measured) in [
      (1.0, summary.indexOfDispersion?.oneSecond), (10.0, summary.indexOfDispersion?.tenSeconds),
      (60.0, summary.indexOfDispersion?.sixtySeconds),
    ] {
      var counts = [Double](repeating: 0, count: Int(times[399] / width))
      for time in times where Int(time / width) < counts.count { counts[Int(time / width)] += 1 }
      let level = counts.reduce(0, +) / Double(counts.count)
      let spread = counts.reduce(0) { $0 + ($1 - level) * ($1 - level) } / Double(counts.count)
      expectClose(measured, spread / level, within: 1e-9, "\(width) s")
    }
    let inputs = records.map(\.inputTokens)
    let expected = pearson(ranks(inputs), ranks(records.map(\.outputTokens)))
    expectClose(summary.rankCorrelation, expected, within: 1e-9)
    let sorted = inputs.sorted()
    #expect(summary.inputTokens?.p90 == Int(sorted[Int((0.9 * 400).rounded(.up)) - 1]))
    let pairs = Set(records.map { [$0.inputTokens, $0.outputTokens] })
    expectClose(summary.duplicateLengthShare, 1 - Double(pairs.count) / 400, within: 1e-9)
  }

  @Test("prefix shares equal a simulated cache of each size", arguments: UInt64(1)...8)
  func equalsSimulatedCache(seed: UInt64) throws {
    var stream = CounterRandom(seed: seed, draw: 1, purpose: .requests)
    var (statistics, batch) = (TraceStatistics(hasCalendar: false, blockTokens: 4), TraceBatch())
    var prompts: [[UInt64]] = []
    for index in 0..<1500 {
      let uniforms = stream.nextUniforms()
      // A block stands for all before it, so prompts of one tree share prefixes.
      let (tree, branch) = (UInt64(uniforms.x * 40), UInt64(uniforms.y * uniforms.y * 60))
      let length = 1 + Int(uniforms.z * 9)
      let prompt = (0..<length).map { depth in
        depth < 3 ? tree * 10_000 + UInt64(depth) : tree * 10_000 + branch * 100 + UInt64(depth)
      }
      prompts.append(prompt)
      var record = TraceRecord(time: Int64(index) * second, inputTokens: Int32(4 * length), outputTokens: 1)
      record.blockCount = Int32(length)
      batch.records.append(record)
      batch.blocks += prompt
    }
    statistics.add(batch)
    let prefixes = try #require(statistics.summary().prefixShare)
    for size in prefixes.cacheSizes {
      var (recent, found, total) = ([UInt64](), 0, 0)
      for prompt in prompts {
        var isPrefix = true
        for block in prompt {
          total += 1
          if let place = recent.lastIndex(of: block) {
            recent.remove(at: place)
            if isPrefix { found += 1 }
          } else {
            isPrefix = false
            if recent.count == size.blocks { recent.removeFirst() }
          }
          recent.append(block)
        }
      }
      expectClose(size.shareOfBlocks, Double(found) / Double(total), within: 1e-9, "\(size.blocks) blocks")
    }
    #expect(prefixes.sampledShare == 1)
  }

  @Test("conversations: turns, waits and growth; contents that repeat")
  func conversations() throws {
    var statistics = TraceStatistics(hasCalendar: false, blockTokens: nil)
    var records: [TraceRecord] = []
    for session in 1...100 {
      // Half have one turn, the others three, 30 s apart; each turn adds 50 tokens to prompt and answer before.
      var context: Int32 = 0
      for turn in 0..<(session % 2 == 0 ? 3 : 1) {
        var record = TraceRecord(
          time: Int64(session + 30 * turn) * second, inputTokens: context + 50, outputTokens: 10)
        record.session = UInt64(session)
        record.content = UInt64(turn == 0 ? 7 : session * 10 + turn)
        context = record.inputTokens + record.outputTokens
        records.append(record)
      }
    }
    records.sort { ($0.time, $0.session) < ($1.time, $1.session) }
    for record in records { statistics.add(record) }
    let summary = statistics.summary()
    let sessions = try #require(summary.sessions)
    #expect(sessions.count == 100 && sessions.meanTurns == 2 && sessions.maxTurns == 3)
    expectClose(sessions.gapSecondsP50, 30, within: 0.003)
    #expect(sessions.growingShare == 1)
    #expect(statistics.turnGrowth.summary?.p50 == 50)
    // 100 first turns are one prompt, the other 100 requests are each their own.
    expectClose(summary.duplicateShare, 99.0 / 200, within: 1e-12)
  }

  @Test("failed requests arrive and have prompts, but no output length")
  func failures() throws {
    var statistics = TraceStatistics(hasCalendar: false, blockTokens: nil)
    for index in 0..<10 {
      var record = TraceRecord(time: Int64(index) * second, inputTokens: 5, outputTokens: index < 4 ? 0 : 20)
      record.hasFailed = index < 4
      record.model = UInt16(index % 2)
      statistics.add(record)
    }
    let summary = statistics.summary(models: ["a", "b"])
    #expect(summary.failed == 4 && summary.requests == 10)
    #expect(summary.outputTokens?.mean == 20)
    #expect(summary.models.map(\.name) == ["a", "b"])
    #expect(summary.models.map(\.requests) == [5, 5])
  }

  @Test("a clock too coarse for the gaps gives no variation of gaps")
  func coarseClock() {
    var statistics = TraceStatistics(hasCalendar: false, blockTokens: nil)
    for index in 0..<3000 {
      statistics.add(TraceRecord(time: Int64(index / 10) * 3 * second, inputTokens: 1, outputTokens: 1))
    }
    #expect(statistics.summary().interArrivalCV == nil)
    #expect(statistics.summary().tickSeconds == 3)
  }

  @Test("one request, and none: nothing is divided by nothing", arguments: [0, 1])
  func tiny(count: Int) throws {
    var statistics = TraceStatistics(hasCalendar: true, blockTokens: 16)
    for _ in 0..<count { statistics.add(TraceRecord(time: 5, inputTokens: 0, outputTokens: 0)) }
    let summary = statistics.summary()
    #expect(summary.ratePerSecond == nil && summary.interArrivalCV == nil && summary.rankCorrelation == nil)
    // The document must be one that JSON can hold: no infinities.
    let json = try JSONEncoder().encode(summary)
    let object = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(object["interArrivalCV"] is NSNull, "a key that cannot be told is null, not absent")
  }

  @Test("two weeks by the hour: weekends and hours of the week, from Monday")
  func weeks() throws {
    var statistics = TraceStatistics(hasCalendar: true, blockTokens: nil)
    // 2024-01-01 was a Monday. Four requests an hour, twelve from 9 to 17 on weekdays.
    let monday: Int64 = 1_704_067_200
    for hour in 0..<336 {
      let isBusy = (hour / 24) % 7 < 5 && (9..<17).contains(hour % 24)
      let count: Int64 = isBusy ? 12 : 4
      for index in 0..<count {
        let time = monday + Int64(hour) * 3600 + index * 3600 / count
        statistics.add(TraceRecord(time: time * second, inputTokens: 1, outputTokens: 1))
      }
    }
    let summary = statistics.summary()
    // A weekday has 16·4 + 8·12 = 160, a weekend day 96.
    expectClose(summary.weekendOverWeekday, 0.6, within: 1e-9)
    let week = try #require(summary.hourOfWeek)
    expectClose(week[9] / week[8], 3, within: 1e-9)
    expectClose(week[5 * 24 + 9] / week[8], 1, within: 1e-9)
    expectClose(summary.peakHourOverMean, 12 / (992.0 / 168), within: 1e-9)
  }
}
