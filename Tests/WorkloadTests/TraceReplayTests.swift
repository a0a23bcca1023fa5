// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about replayed traces: exact where they fit, repeated with the same statistics where they do not.

import Foundation
import Quantities
import Testing
import Uncertainty
import Workload

/// Rows at random times within bursts, each with lengths and a content that tell which row it is.
private func trace(rows: Int, seconds: Double, seed: UInt64 = 1, startOfWeek: Double? = nil) -> RequestTrace {
  var random = CounterRandom(seed: seed, draw: 0, purpose: .testing)
  // Half of the requests come in a tenth of the minutes.
  let times = (0..<rows).map { _ -> Double in
    let uniforms = random.nextUniforms()
    let time = uniforms.x * seconds
    return uniforms.y < 0.5
      ? time : (time / 600).rounded(.down) * 600 + time.truncatingRemainder(dividingBy: 60)
  }.sorted()
  let first = times.first ?? 0
  return RequestTrace(
    rows: times.enumerated().map { place, time in
      RequestTrace.Row(
        time: time - first, inputTokens: Int32(place + 10), outputTokens: 5, content: UInt32(place + 1),
        prefix: UInt32(place), sharedTokens: place > 0 ? 3 : 0)
    }, startOfWeek: startOfWeek)
}

private func replay(
  _ replay: TraceReplay, scale: Double = 1, draw: UInt32 = 0, startHour: Double = 0, hours: Double
) -> [Request] {
  all(
    RequestGenerator(
      [.replayed(replay)], scale: scale, noise: quiet, seed: 3, draw: draw, month: 0,
      start: Seconds(startHour * 3600), length: Seconds(hours * 3600)))
}

@Suite("Replayed traces")
struct TraceReplayTests {
  private let hour = trace(rows: 4000, seconds: 3600)

  @Test("the first pass at speed 1 is the trace, row for row")
  func exact() {
    let requests = replay(TraceReplay(hour, speedup: 1, profile: nil), hours: hour.period / 3600)
    #expect(requests.count == 4000)
    for (request, row) in zip(requests, hour.rows) {
      #expect(abs(request.arrival - row.time) < 1e-6 && request.inputTokens == row.inputTokens)
      #expect(request.content == row.content && request.prefix == row.prefix)
    }
  }

  @Test("a higher rate plays the same rows faster", arguments: [0.5, 3])
  func faster(scale: Double) {
    let requests = replay(
      TraceReplay(hour, speedup: 2, profile: nil), scale: scale, hours: hour.period / 3600 / scale / 2)
    #expect(requests.map(\.inputTokens) == hour.rows.map(\.inputTokens))
    for (request, row) in zip(requests, hour.rows) {
      #expect(abs(request.arrival - row.time / scale / 2) < 1e-6)
    }
  }

  @Test(
    "a repeated trace keeps its rate, its rows and its bursts, but repeats neither its gaps nor its texts")
  func repeated() {
    let requests = replay(TraceReplay(hour, speedup: 1, profile: nil), hours: 100)
    expectClose(Double(requests.count), 360_000 / hour.period * 4000, within: 0.03)
    for place in [4000, 8000, 200_000] {
      #expect(requests[place..<place + 4000].map(\.inputTokens) == hour.rows.map(\.inputTokens))
      let gaps = zip(requests[place...], requests[(place + 1)...]).prefix(3999).map {
        $1.arrival - $0.arrival
      }
      let own = zip(hour.rows, hour.rows.dropFirst()).map { $1.time - $0.time }
      #expect(zip(gaps, own).count { abs($0 - $1) < 1e-9 } < 400)
    }
    #expect(Set(requests.map(\.content)).count == requests.count)
    for request in requests where request.prefix != 0 { #expect(request.prefix + 1 == request.content) }
    func dispersion(_ times: [Double], _ seconds: Double) -> Double {
      var counts = [Double](repeating: 0, count: Int((times.last ?? 0) / seconds))
      for time in times where Int(time / seconds) < counts.count { counts[Int(time / seconds)] += 1 }
      return variance(counts) / mean(counts)
    }
    for seconds in [1.0, 10] {
      expectClose(
        dispersion(requests.map(\.arrival), seconds), dispersion(hour.rows.map(\.time), seconds),
        within: 0.15,
        "dispersion at \(seconds) s")
    }
  }

  @Test("a window anywhere in the week, under a load curve too, expects rate times time")
  func windows() {
    let curve = flat.indices.map { $0 % 24 == 14 ? 3.0 : 1.0 }
    let mean168 = mean(curve)
    let replayed = TraceReplay(hour, speedup: 1, profile: curve.map { $0 / mean168 })
    let totals = (0..<400).map { draw in
      Double(replay(replayed, draw: UInt32(draw), startHour: 38.2, hours: 0.1).count)
    }
    let deviation = (variance(totals) / 400).squareRoot()
    let expected = replayed.hourlyRate[38] * 360
    #expect(
      abs(mean(totals) - expected) < 4 * deviation, "\(mean(totals)) ± \(deviation), expected \(expected)")
    let week = replay(replayed, hours: 168)
    let busy = week.count { Int($0.arrival / 3600) % 24 == 14 }
    expectClose(Double(busy) / Double(week.count), 3.0 / 26, within: 0.06)
  }

  @Test("a trace of a week and a half lies on its own hours, exactly at level 1 and faster in place above")
  func aligned() {
    var rows: [RequestTrace.Row] = []
    // It begins on a Wednesday at 06:30; the hour of the week is the prompt's length.
    let start = 2 * 86_400.0 + 6.5 * 3600
    for second in stride(from: 0, to: 1.5 * 604_800, by: 40) {
      let hourOfWeek = Int((start + second) / 3600) % 168
      for copy in 0..<(hourOfWeek % 24 < 12 ? 1 : 3) {
        rows.append(
          RequestTrace.Row(
            time: second + Double(copy), inputTokens: Int32(hourOfWeek + 1), outputTokens: 1))
      }
    }
    let replayed = TraceReplay(RequestTrace(rows: rows, startOfWeek: start), speedup: 1, profile: nil)
    #expect(replayed.isAligned && replayed.period == 604_800)
    let week = replay(replayed, hours: 168)
    #expect(week.count == 7 * 12 * 90 * 4)
    #expect(week.allSatisfy { Int($0.inputTokens) == Int($0.arrival / 3600) + 1 })
    for scale in [0.4, 2.5] {
      let other = replay(replayed, scale: scale, startHour: 50, hours: 30)
      expectClose(
        Double(other.count), (replayed.hourlyRate[50..<80].reduce(0, +)) * 3600 * scale, within: 0.05)
      let late = other.count { abs(Double($0.inputTokens) - 51 - ($0.arrival / 3600).rounded(.down)) > 1 }
      #expect(late == 0)
    }
  }

  @Test(
    "INV-8: windows that start together have the same requests, whatever the batch", arguments: [0.0, 40.3])
  func determinism(startHour: Double) {
    let replayed = TraceReplay(hour, speedup: 1, profile: nil)
    let long = replay(replayed, startHour: startHour, hours: 5)
    #expect(replay(replayed, startHour: startHour, hours: 2) == long.filter { $0.arrival < 7200 })
    #expect(
      replay(replayed, draw: 1, startHour: 40.3, hours: 2) != replay(replayed, startHour: 40.3, hours: 2))
  }

  @Test("a trace stands beside made-up requests, on the same clock, with texts of its own")
  func mixed() {
    let mixed = all(
      RequestGenerator(
        [.synthesized(statistics(flat)), .replayed(TraceReplay(hour, speedup: 1, profile: nil))], scale: 1,
        noise: quiet, seed: 1, draw: 0, month: 0, start: .zero, length: Seconds(7200)))
    #expect(zip(mixed, mixed.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
    #expect(
      mixed.filter { $0.useCase == 0 }.map(\.arrival)
        == all(generator([statistics(flat)], hours: 2)).map(\.arrival))
    expectClose(Double(mixed.count { $0.useCase == 1 }), 8000, within: 0.15)
  }

  @Test("a single row, and rows at one time, are played once an hour")
  func degenerate() {
    for count in [1, 3] {
      let rows = (0..<count).map { _ in RequestTrace.Row(time: 0, inputTokens: 1, outputTokens: 1) }
      let requests = replay(TraceReplay(RequestTrace(rows: rows), speedup: 1, profile: nil), hours: 100)
      #expect(requests.count > 50 * count && requests.count < 160 * count)
    }
  }
}
